//! What each endpoint does, seen through HTTP.

#![expect(clippy::unwrap_used, reason = "all of this is test code")]

mod client;
mod gate;
mod invitations;
mod memberships;
mod metadata;
mod options;
mod organizations;
mod roles;
mod sample;
mod user_filters;
mod users;
