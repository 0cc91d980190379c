//! Everything the emulator knows, and how to find things in it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::errors::Refusal;
use crate::ids;
use crate::invitations::{Invitation, Status};
use crate::memberships::Membership;
use crate::organizations::Organization;
use crate::roles;
use crate::sessions::{self, Session};
use crate::store::{Store, has};
use crate::users::User;

/// All resources: users and organizations by id, the others in the order they were made.
#[derive(Default)]
pub(crate) struct World {
    /// Whether the instance is one for production, as opposed to development.
    pub(crate) is_production: bool,
    pub(crate) users: BTreeMap<String, User>,
    pub(crate) organizations: BTreeMap<String, Organization>,
    pub(crate) memberships: Vec<Membership>,
    pub(crate) invitations: Vec<Invitation>,
    pub(crate) sessions: Vec<Session>,
    /// Everything that has no type of its own here.
    pub(crate) store: Store,
    ids_given: u64,
}

impl World {
    /// Nothing but what every instance has.
    pub(crate) fn new() -> Self {
        let mut world = Self::default();
        roles::set_up(&mut world.store);
        world
    }

    pub(crate) fn new_id(&mut self, prefix: &str) -> String {
        self.ids_given += 1;
        ids::id(prefix, &format!("new {}", self.ids_given))
    }

    pub(crate) fn user(&self, id: &str) -> Result<&User, Refusal> {
        self.users.get(id).ok_or_else(|| no_user(id))
    }

    pub(crate) fn user_mut(&mut self, id: &str) -> Result<&mut User, Refusal> {
        self.users.get_mut(id).ok_or_else(|| no_user(id))
    }

    pub(crate) fn organization(&self, id: &str) -> Result<&Organization, Refusal> {
        self.organizations.get(id).ok_or_else(no_organization)
    }

    pub(crate) fn organization_mut(&mut self, id: &str) -> Result<&mut Organization, Refusal> {
        self.organizations.get_mut(id).ok_or_else(no_organization)
    }

    pub(crate) fn organization_with_slug(&self, slug: &str) -> Option<&Organization> {
        self.organizations.values().find(|organization| organization.slug == slug)
    }

    pub(crate) fn members_of<'a>(&'a self, organization_id: &'a str) -> impl Iterator<Item = &'a Membership> {
        self.memberships.iter().filter(move |membership| membership.organization_id == organization_id)
    }

    pub(crate) fn memberships_of<'a>(&'a self, user_id: &'a str) -> impl Iterator<Item = &'a Membership> {
        self.memberships.iter().filter(move |membership| membership.user_id == user_id)
    }

    pub(crate) fn membership(&self, organization_id: &str, user_id: &str) -> Option<&Membership> {
        let is_it =
            |membership: &&Membership| membership.user_id == user_id && membership.organization_id == organization_id;
        self.memberships.iter().find(is_it)
    }

    pub(crate) fn invitations_of<'a>(&'a self, organization_id: &'a str) -> impl Iterator<Item = &'a Invitation> {
        self.invitations.iter().filter(move |invitation| invitation.organization_id == organization_id)
    }

    pub(crate) fn pending_invitations_of<'a>(
        &'a self,
        organization_id: &'a str,
    ) -> impl Iterator<Item = &'a Invitation> {
        self.invitations_of(organization_id).filter(|invitation| invitation.status == Status::Pending)
    }

    /// Has the pending invitations expired whose time is over.
    pub(crate) fn expire(&mut self, now: i64) {
        let is_due =
            |invitation: &&mut Invitation| invitation.status == Status::Pending && invitation.expires_at <= now;
        self.invitations.iter_mut().filter(is_due).for_each(|invitation| invitation.status = Status::Expired);
        for invitation in self.store.all_mut("invitations") {
            let end = invitation.get("expires_at").and_then(Value::as_i64);
            if has(invitation, "status", "pending") && end.is_some_and(|end| end <= now) {
                invitation.insert("status".to_owned(), "expired".into());
            }
        }
    }

    /// Signs a user out everywhere.
    pub(crate) fn revoke_active_sessions_of(&mut self, user_id: &str) {
        let is_open = |session: &&mut Session| session.user_id == user_id && session.status == sessions::Status::Active;
        self.sessions.iter_mut().filter(is_open).for_each(Session::revoke);
    }

    pub(crate) fn admins_of(&self, organization_id: &str) -> usize {
        self.members_of(organization_id).filter(|membership| membership.role.key == roles::ADMIN).count()
    }

    /// 403 if nobody may join any more: members and pending invitations count, and a limit of 0 is none.
    pub(crate) fn check_room_in(&self, organization: &Organization) -> Result<(), Refusal> {
        let id = &organization.id;
        let taken = self.members_of(id).count() + self.pending_invitations_of(id).count();
        let limit = usize::try_from(organization.max_allowed_memberships).unwrap_or_default();
        if limit > 0 && taken >= limit { Err(Refusal::organization_full(limit)) } else { Ok(()) }
    }
}

pub(crate) fn no_user(id: &str) -> Refusal {
    Refusal::not_found(format!("No user has the id {id}."))
}

pub(crate) fn no_organization() -> Refusal {
    Refusal::not_found("There is no such organization.")
}

#[cfg(test)]
mod tests {
    use crate::clock::DAY;
    use crate::invitations::Status;
    use crate::sample;

    #[test]
    fn a_pending_invitation_is_expired_from_its_end_on() {
        let mut world = sample::world();
        let end = world.invitations.iter().find(|invitation| invitation.status == Status::Pending).unwrap().expires_at;
        let pending = |world: &super::World| {
            let to_application = world.store.all("invitations").iter().filter(|one| one["status"] == "pending").count();
            let status = world.invitations.iter().find(|invitation| invitation.expires_at == end).unwrap().status;
            (to_application, status)
        };
        world.expire(end - 1);
        assert_eq!(pending(&world).1, Status::Pending);
        world.expire(end);
        assert_eq!(pending(&world).1, Status::Expired);
        world.expire(end + 365 * DAY);
        assert_eq!(pending(&world), (0, Status::Expired));
    }
}
