//! Many users: lists of them, and how many there are.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::User;
use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{
    Date, Filled, Limit, Many, Offset, OrderBy, Organization, Signed, SortKeys, Text, User as UserResource, UserId,
    default_limit,
};
use crate::request::{Parameters, Request, get};
use crate::tool::{About, READS, Tool};
use crate::view::{self, List};

enum UserKeys {}

impl SortKeys for UserKeys {
    const KEYS: &'static [&'static str] = &[
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
}

/// List users, newest first, or search them. All filters given must match. To get one known user, use
/// `clerk_get_user`.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ListUsers {
    /// Text to search for in email addresses, phone numbers, usernames, wallets, user ids, first and last names.
    query: Option<Filled>,
    /// Only users with one of these exact email addresses.
    email_address: Option<Many<Filled>>,
    /// Only users with one of these exact phone numbers (E.164).
    phone_number: Option<Many<Filled>>,
    /// Only users with one of these external ids; `-` before one excludes it, `+` includes it (needed when it begins with
    /// a sign).
    external_id: Option<Many<Filled>>,
    /// Only users with one of these exact usernames.
    username: Option<Many<Filled>>,
    /// Only users with one of these exact wallet addresses.
    web3_wallet: Option<Many<Filled>>,
    /// Only these users; `-` before an id excludes it.
    user_id: Option<Many<Text<Signed<UserResource>>>>,
    /// Only members of one of these organizations; `-` before an id excludes its members.
    organization_id: Option<Many<Text<Signed<Organization>>>>,
    /// Only users whose email address contains this.
    email_address_query: Option<Filled>,
    /// Only users whose phone number contains this.
    phone_number_query: Option<Filled>,
    /// Only users whose username contains this.
    username_query: Option<Filled>,
    /// Only users whose first or last name contains this.
    name_query: Option<Filled>,
    /// Only banned users (true), or only others (false).
    banned: Option<bool>,
    /// Only users last active before this time.
    last_active_at_before: Option<Date>,
    /// Only users last active after this time.
    last_active_at_after: Option<Date>,
    /// Only users created before this time.
    created_at_before: Option<Date>,
    /// Only users created after this time.
    created_at_after: Option<Date>,
    /// Only users who last signed in before this time.
    last_sign_in_at_before: Option<Date>,
    /// Only users who last signed in after this time.
    last_sign_in_at_after: Option<Date>,
    /// Only users with an account at this OAuth provider, for example `oauth_google`; needs `provider_user_id`.
    provider: Option<Filled>,
    /// Only users with one of these ids at the `provider`.
    provider_user_id: Option<Many<Filled>>,
    /// Sort key, `-` before it for descending. Default `-created_at`.
    order_by: Option<OrderBy<UserKeys>>,
    /// Whether to return metadata that only the backend may see.
    #[serde(default, skip_serializing)]
    #[schemars(extend("default" = false))]
    include_private_metadata: bool,
    /// How many to return.
    #[serde(default = "default_limit")]
    limit: Limit,
    /// How many to skip: the `next_offset` of the page before. Slow when large, so prefer `starting_after`.
    offset: Option<Offset>,
    /// The `next_cursor` of the page before. Only when ordered by `created_at`, and without `offset`.
    starting_after: Option<UserId>,
}

impl ListUsers {
    /// One more user than asked for tells whether another page follows, without a second request. Clerk returns at
    /// most 500, so a full page of 500 only suggests it.
    fn limit_with_probe(&self) -> u64 {
        (self.limit.get() + 1).min(500)
    }

    fn is_ordered_by_creation(&self) -> bool {
        self.order_by.as_ref().is_none_or(|order| order.key() == "created_at")
    }

    fn page(&self, mut users: Vec<User>) -> List<User> {
        let limit = self.limit.get();
        let has_more = users.len() as u64 > limit || users.len() == 500;
        users.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let offset = self.offset.map_or(0, Offset::get);
        let by_cursor = has_more && offset == 0 && self.is_ordered_by_creation();
        let next_cursor = users.last().and_then(|user| user.id.clone()).filter(|_| by_cursor);
        let next_offset = (has_more && !by_cursor).then_some(offset + limit);
        List { data: users, total_count: None, has_more, next_offset, next_cursor }
    }
}

impl Tool for ListUsers {
    type Output = List<User>;

    const ABOUT: About = About {
        name: "clerk_list_users",
        title: "List users",
        endpoint: get("/users"),
        example: r#"{"query":"ada","limit":5}"#,
        ..READS
    };

    fn request(&self) -> Result<Request, Problem> {
        if self.starting_after.is_some() && self.offset.is_some_and(|offset| offset.get() > 0) {
            return Err(Problem::overall("give `starting_after` or `offset`, not both"));
        }
        if self.starting_after.is_some() && !self.is_ordered_by_creation() {
            return Err(Problem::overall("`starting_after` works only when ordered by `created_at`; use `offset`"));
        }
        if self.provider.is_some() != self.provider_user_id.is_some() {
            return Err(Problem::overall("`provider` and `provider_user_id` need each other"));
        }
        Ok(Parameters::of(self).set("limit", self.limit_with_probe()).request(&Self::ABOUT.endpoint))
    }

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        Ok(self.page(view::read(body)?).with_private_metadata(self.include_private_metadata))
    }
}

/// Count users, all of them or those that match all filters given. A filtered count is slow where there are very many.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountUsers {
    /// Text to search for in email addresses, phone numbers, usernames, wallets, user ids, first and last names.
    query: Option<Filled>,
    /// Only members of one of these organizations; `-` before an id excludes its members.
    organization_id: Option<Many<Text<Signed<Organization>>>>,
    /// Only users whose email address contains this.
    email_address_query: Option<Filled>,
    /// Only banned users (true), or only others (false).
    banned: Option<bool>,
    /// Only users last active before this time.
    last_active_at_before: Option<Date>,
    /// Only users last active after this time.
    last_active_at_after: Option<Date>,
    /// Only users created before this time.
    created_at_before: Option<Date>,
    /// Only users created after this time.
    created_at_after: Option<Date>,
}

#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Count {
    total_count: u64,
}

impl Tool for CountUsers {
    type Output = Count;

    const ABOUT: About = About {
        name: "clerk_count_users",
        title: "Count users",
        endpoint: get("/users/count"),
        example: r#"{"banned":true}"#,
        ..READS
    };
}
