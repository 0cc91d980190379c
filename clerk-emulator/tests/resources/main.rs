//! What each endpoint does, seen through HTTP.

#![expect(clippy::unwrap_used, reason = "all of this is test code")]

mod client;
mod gate;
mod given;
mod instance;
mod invitation_bulk;
mod invitation_revoke;
mod invitations;
mod links;
mod memberships;
mod metadata;
mod options;
mod organization_changes;
mod organizations;
mod roles;
mod sample;
mod sessions;
mod user_access;
mod user_changes;
mod user_creation;
mod user_filters;
mod user_organizations;
mod users;
