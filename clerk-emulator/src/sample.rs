//! The sample data: made from tables, and the same at every start.

mod companies;
mod identifiers;
mod others;
mod people;
mod sign_ins;

use crate::clock::{DAY, HOUR};
use crate::ids;
use crate::invitations::{Invitation, Status};
use crate::memberships::Membership;
use crate::metadata::Metadata;
use crate::organizations::Organization;
use crate::roles::{self, Role};
use crate::state::World;
use crate::users::{User, Verification};
use companies::{COMPANIES, Company, INVITES, Invite};
use identifiers::{add_email, add_enterprise_account, add_google_account, add_passkey, add_phone, add_wallet, by_code};
use people::{NEVER, PEOPLE, Person, Trait};
use sign_ins::{SIGN_INS, sessions};

/// 2026-06-01T00:00:00Z: nothing in the sample happened later.
const END: i64 = 1_780_272_000_000;

pub(crate) fn world() -> World {
    let mut world = World::new();
    for person in PEOPLE {
        let user = user(person);
        world.users.insert(user.id.clone(), user);
    }
    for company in COMPANIES {
        let organization = organization(company);
        let memberships = members(company).map(|(key, role_key)| membership(&world, &organization, key, role_key));
        world.memberships.extend(memberships.collect::<Vec<_>>());
        world.organizations.insert(organization.id.clone(), organization);
    }
    let invitations: Vec<Invitation> = INVITES.iter().map(|invite| invitation(&world, invite)).collect();
    world.invitations.extend(invitations);
    for sign_ins in SIGN_INS {
        let sessions = sessions(&world, sign_ins).collect::<Vec<_>>();
        world.sessions.extend(sessions);
    }
    others::add(&mut world);
    world
}

fn user_id(key: &str) -> String {
    ids::id("user", key)
}

fn organization_id(slug: &str) -> String {
    ids::id("org", slug)
}

/// A moment in the day that was `days` before the end; which moment follows from `seed`.
fn moment(days: i64, seed: &str) -> i64 {
    // Kept away from midnight, so that the day is the same in most time zones.
    let within = i64::try_from(ids::fingerprint(seed) % 40_000).unwrap_or_default();
    END - days * DAY + 6 * HOUR + within * 1000 + within % 997
}

fn metadata(json: &str) -> Metadata {
    serde_json::from_str(json).expect("the tables hold JSON objects")
}

fn role(world: &World, key: &str) -> Role {
    roles::find(world, key).expect("the tables name roles that exist")
}

fn organization(company: &Company) -> Organization {
    let created_at = moment(company.age, company.slug);
    let admin = company.admins.split_whitespace().next();
    Organization {
        slug: company.slug.to_owned(),
        max_allowed_memberships: company.max_allowed_memberships,
        public_metadata: metadata(company.public_metadata),
        private_metadata: metadata(company.private_metadata),
        created_by: admin.map(user_id),
        updated_at: created_at + company.age / 3 * DAY,
        last_active_at: admin.map(|_| END - DAY),
        ..Organization::new(organization_id(company.slug), company.name.to_owned(), created_at)
    }
}

/// The keys of people and of their roles.
fn members(company: &Company) -> impl Iterator<Item = (&'static str, &'static str)> {
    let with = |keys: &'static str, role_key| keys.split_whitespace().map(move |key| (key, role_key));
    with(company.admins, "org:admin")
        .chain(with(company.billing_managers, "org:billing_manager"))
        .chain(with(company.members, "org:member"))
}

fn membership(world: &World, organization: &Organization, key: &str, role_key: &str) -> Membership {
    let user = &world.users[&user_id(key)];
    let id = ids::id("orgmem", &format!("{key} in {}", organization.slug));
    // Joined an hour after both were there.
    let joined = user.created_at.max(organization.created_at) + HOUR;
    let public_metadata = match role_key {
        "org:billing_manager" => metadata(r#"{"cost_center":"finance"}"#),
        _ => Metadata::new(),
    };
    Membership {
        public_metadata,
        ..Membership::new(id, organization.id.clone(), user.id.clone(), role(world, role_key), joined)
    }
}

fn invitation(world: &World, invite: &Invite) -> Invitation {
    let created_at = moment(invite.age, invite.email_address);
    let expires_at = created_at + invite.lifetime * DAY;
    let updated_at = match invite.status {
        Status::Pending => created_at,
        Status::Accepted | Status::Revoked => created_at + 9 * HOUR,
        Status::Expired => expires_at,
    };
    Invitation {
        id: ids::id("orginv", &format!("{} to {}", invite.email_address, invite.slug)),
        organization_id: organization_id(invite.slug),
        email_address: invite.email_address.to_owned(),
        role: role(world, invite.role),
        inviter_id: Some(invite.inviter).filter(|key| !key.is_empty()).map(user_id),
        status: invite.status,
        public_metadata: Metadata::new(),
        private_metadata: Metadata::new(),
        expires_at,
        created_at,
        updated_at,
    }
}

/// Somebody with a name and at most an email address; their traits come on top.
fn user(person: &Person) -> User {
    let id = user_id(person.key);
    let created_at = moment(person.joined, person.key);
    let signed_in = (person.seen != NEVER).then(|| moment(person.seen, person.last_name).max(created_at));
    let mut user = User {
        first_name: some(person.first_name),
        last_name: some(person.last_name),
        password_enabled: !person.domain.is_empty(),
        password_last_updated_at: (!person.domain.is_empty()).then_some(created_at),
        last_sign_in_at: signed_in,
        // Clerk keeps the day of the last activity, not its time.
        last_active_at: signed_in.map(|moment| moment - moment % DAY),
        updated_at: signed_in.unwrap_or(created_at),
        legal_accepted_at: Some(created_at),
        ..User::new(id, created_at)
    };
    if !person.domain.is_empty() {
        add_email(&mut user, &format!("{}@{}", person.key, person.domain));
    }
    for extra in person.traits {
        apply(&mut user, extra);
    }
    user
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn apply(user: &mut User, extra: &Trait) {
    match *extra {
        Trait::Username(name) => user.username = some(name),
        Trait::ExternalId(id) => user.external_id = some(id),
        Trait::Locale(locale) => user.locale = some(locale),
        Trait::Public(json) => user.public_metadata = metadata(json),
        Trait::Private(json) => user.private_metadata = metadata(json),
        Trait::Image => user.has_image = true,
        Trait::Banned => user.banned = true,
        Trait::SecondEmail(address) => add_email(user, address),
        Trait::Phone(number) => add_phone(user, number),
        Trait::Wallet(address) => add_wallet(user, address),
        Trait::Google(id) => add_google_account(user, id),
        Trait::Passkey(name) => add_passkey(user, name),
        Trait::Enterprise(id) => add_enterprise_account(user, id),
        Trait::Locked => {
            user.locked = true;
            user.lockout_expires_in_seconds = Some(1800);
            user.verification_attempts_remaining = Some(0);
        }
        Trait::TwoFactor => {
            user.two_factor_enabled = true;
            user.totp_enabled = true;
            user.backup_code_enabled = true;
            user.mfa_enabled_at = Some(user.created_at + DAY);
        }
        Trait::Unverified => {
            for email in &mut user.email_addresses {
                let verification = Verification { status: "unverified", ..by_code("email_code", user.created_at) };
                email.verification = Some(verification);
            }
        }
    }
}
