//! Users: list, count, create, get, update, delete, ban, lock, and merge metadata.

pub(crate) mod access;
pub(crate) mod create;
mod filter;
mod identifiers;
mod profile;
mod shape;
pub(crate) mod update;

use serde_json::json;

use crate::clock;
use crate::endpoint::{Answer, Call, answer};
use crate::errors::Fault;
use crate::metadata;
use crate::query::{Choice, Order, Query};
use crate::state::{World, no_user};

pub(crate) use filter::{Filter, Span, compare};
pub(crate) use identifiers::{EmailAddress, ExternalAccount, Link, PhoneNumber, Verification, Web3Wallet};
pub(crate) use shape::User;

const ORDER_FIELDS: [&str; 10] = [
    "created_at",
    "updated_at",
    "email_address",
    "web3wallet",
    "first_name",
    "last_name",
    "phone_number",
    "username",
    "last_active_at",
    "last_sign_in_at",
];

/// The filters that only the list and the count of all users have.
struct Search {
    common: Filter,
    external_ids: Choice,
    organizations: Choice,
    banned: Option<bool>,
    last_active_at_since: Option<i64>,
    signed_in: Span,
    provider: Option<String>,
    provider_user_ids: Vec<String>,
}

impl Search {
    fn read(query: &mut Query) -> Self {
        let search = Self {
            common: Filter::read(query),
            external_ids: query.choice("external_id"),
            organizations: query.choice("organization_id"),
            banned: query.flag("banned"),
            last_active_at_since: query.milliseconds("last_active_at_since"),
            signed_in: Span::read(query, "last_sign_in_at_after", "last_sign_in_at_before"),
            provider: query.text("provider"),
            provider_user_ids: query.texts("provider_user_id"),
        };
        if search.provider.is_some() && search.provider_user_ids.is_empty() {
            query.refuse(Fault::requires("provider_user_id", "provider"));
        }
        if search.provider.is_none() && !search.provider_user_ids.is_empty() {
            query.refuse(Fault::requires("provider", "provider_user_id"));
        }
        search
    }

    fn find<'a>(&self, world: &'a World) -> Vec<&'a User> {
        world.users.values().filter(|user| self.common.matches(user) && self.matches(world, user)).collect()
    }

    fn matches(&self, world: &World, user: &User) -> bool {
        let is_external = |wanted: &str| user.external_id.as_deref() == Some(wanted);
        let is_member = |organization_id: &str| world.membership(organization_id, &user.id).is_some();
        let has_account = |provider: &String| {
            user.external_accounts.iter().any(|account| {
                account.provider == *provider && self.provider_user_ids.contains(&account.provider_user_id)
            })
        };
        self.external_ids.allows_any(is_external)
            && self.organizations.allows_any(is_member)
            && self.banned.is_none_or(|banned| user.banned == banned)
            && self.last_active_at_since.is_none_or(|since| user.last_active_at.is_some_and(|active| active >= since))
            && self.signed_in.contains(user.last_sign_in_at)
            && self.provider.as_ref().is_none_or(has_account)
    }
}

pub(crate) fn list(world: &mut World, call: &mut Call) -> Answer {
    let query = &mut call.query;
    let search = Search::read(query);
    let order = query.order(&ORDER_FIELDS);
    let page = query.page();
    let cursor = query.text("starting_after");
    if let Some(id) = &cursor {
        if order.field != "created_at" {
            query.refuse(Fault::excluded_by("starting_after", "`order_by` is anything but created_at"));
        }
        if page.offset > 0 {
            query.refuse(Fault::excluded_by("starting_after", "`offset` is not zero"));
        }
        if !world.users.contains_key(id) {
            query.refuse(Fault::no_such_resource("starting_after"));
        }
    }
    query.finish()?;

    let by_order = |left: &User, right: &User| in_order(order, left, right);
    let mut found = search.find(world);
    found.sort_by(|left, right| by_order(left, right));
    if let Some(last) = cursor.and_then(|id| world.users.get(&id)) {
        found.retain(|user| by_order(user, last).is_gt());
    }
    answer(&page.of(found).collect::<Vec<_>>())
}

/// Who never was active or never signed in comes last in both directions.
fn in_order(order: Order, left: &User, right: &User) -> std::cmp::Ordering {
    let never = |user: &User| match order.field {
        "last_active_at" => user.last_active_at.is_none(),
        "last_sign_in_at" => user.last_sign_in_at.is_none(),
        _ => false,
    };
    let by_field = || order.apply(compare(order.field, left, right).then_with(|| left.id.cmp(&right.id)));
    never(left).cmp(&never(right)).then_with(by_field)
}

pub(crate) fn count(world: &mut World, call: &mut Call) -> Answer {
    let search = Search::read(&mut call.query);
    call.query.finish()?;
    answer(&json!({ "object": "total_count", "total_count": search.find(world).len() }))
}

pub(crate) fn get(world: &mut World, call: &mut Call) -> Answer {
    answer(world.user(&call.parameter("user_id"))?)
}

/// Invitations that the user made stay, and so do organizations without any other administrator.
pub(crate) fn delete(world: &mut World, call: &mut Call) -> Answer {
    let id = call.parameter("user_id");
    let user = world.users.remove(&id).ok_or_else(|| no_user(&id))?;
    world.memberships.retain(|membership| membership.user_id != id);
    world.sessions.retain(|session| session.user_id != id);
    world.store.forget("", &["user_id", "subject"], &id);
    let mut deleted = json!({ "object": "user", "id": id, "deleted": true });
    if let Some(external_id) = user.external_id {
        deleted["external_id"] = external_id.into();
    }
    answer(&deleted)
}

pub(crate) fn merge_metadata(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let (public, private) = (fields.changes("public_metadata"), fields.changes("private_metadata"));
    let unsafe_changes = fields.changes("unsafe_metadata");
    fields.finish()?;
    let user = world.user_mut(&call.parameter("user_id"))?;
    metadata::merge_all([
        ("public_metadata", &mut user.public_metadata, public),
        ("private_metadata", &mut user.private_metadata, private),
        ("unsafe_metadata", &mut user.unsafe_metadata, unsafe_changes),
    ])?;
    user.updated_at = clock::after(user.updated_at);
    answer(user)
}
