//! Users: the people who sign in to the application.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{
    Date, Filled, Limit, Many, Metadata, Offset, OrderBy, Organization, Signed, SortKeys, Text, User as UserResource,
    UserId, default_limit,
};
use crate::request::{Parameters, Request, get, patch};
use crate::tool::{About, Danger, Effect, Entry, Tool, Toolset};
use crate::view::{self, HasPrivateMetadata, List, StoredMetadata, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "users",
    tools: &[Entry::of::<ListUsers>(), Entry::of::<GetUser>(), Entry::of::<UpdateUserMetadata>()],
};

/// A user.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct User {
    id: Option<String>,
    external_id: Option<String>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    primary_email_address_id: Option<String>,
    email_addresses: Option<Vec<EmailAddress>>,
    primary_phone_number_id: Option<String>,
    phone_numbers: Option<Vec<PhoneNumber>>,
    external_accounts: Option<Vec<ExternalAccount>>,
    banned: Option<bool>,
    locked: Option<bool>,
    lockout_expires_in_seconds: Option<i64>,
    password_enabled: Option<bool>,
    two_factor_enabled: Option<bool>,
    created_at: Option<Time>,
    updated_at: Option<Time>,
    last_sign_in_at: Option<Time>,
    last_active_at: Option<Time>,
    public_metadata: Option<StoredMetadata>,
    private_metadata: Option<StoredMetadata>,
    unsafe_metadata: Option<StoredMetadata>,
}

#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "the names are Clerk's")]
struct EmailAddress {
    id: Option<String>,
    email_address: Option<String>,
    verification: Option<Verification>,
}

#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
#[expect(clippy::struct_field_names, reason = "the names are Clerk's")]
struct PhoneNumber {
    id: Option<String>,
    phone_number: Option<String>,
    verification: Option<Verification>,
}

#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct Verification {
    status: Option<String>,
}

#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
struct ExternalAccount {
    id: Option<String>,
    provider: Option<String>,
    provider_user_id: Option<String>,
    email_address: Option<String>,
}

impl HasPrivateMetadata for User {
    fn private_metadata(&mut self) -> &mut Option<StoredMetadata> {
        &mut self.private_metadata
    }
}

impl User {
    fn has_email_address(&self, wanted: &str) -> bool {
        let mut addresses = self.email_addresses.iter().flatten().filter_map(|email| email.email_address.as_deref());
        addresses.any(|address| address.eq_ignore_ascii_case(wanted))
    }
}

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
struct ListUsers {
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
        effect: Effect::Reads,
        danger: Danger::Read,
        endpoint: get("/users"),
        example: r#"{"query":"ada","limit":5}"#,
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

/// Get one user by id, email address or external id, with all metadata. Email address and external id must match
/// exactly.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct GetUser {
    /// The user's id, `user_…`. Give exactly one of the three.
    user_id: Option<UserId>,
    /// One of the user's email addresses, whole.
    email_address: Option<Filled>,
    /// The id that your own systems know the user by.
    external_id: Option<Filled>,
}

impl GetUser {
    fn is_wanted(&self, user: &User) -> bool {
        match (&self.email_address, &self.external_id) {
            (Some(address), _) => user.has_email_address(address.as_str()),
            (_, Some(id)) => user.external_id.as_deref() == Some(id.as_str()),
            _ => false,
        }
    }
}

impl Tool for GetUser {
    type Output = User;

    const ABOUT: About = About {
        name: "clerk_get_user",
        title: "Get a user",
        effect: Effect::Reads,
        danger: Danger::Read,
        endpoint: get("/users/{user_id}"),
        example: r#"{"email_address":"ada@example.com"}"#,
    };

    /// Only the id has an endpoint of its own; the other two are filters of the list.
    fn request(&self) -> Result<Request, Problem> {
        match (&self.user_id, &self.email_address, &self.external_id) {
            (Some(_), None, None) => Ok(Parameters::of(self).request(&Self::ABOUT.endpoint)),
            (None, Some(_), None) => Ok(Parameters::of(self).set("limit", 2).request(&get("/users"))),
            (None, None, Some(id)) => {
                // A sign at the start would be read as "include" or "exclude".
                let signed = format!("{}{}", if id.as_str().starts_with(['+', '-']) { "+" } else { "" }, id.as_str());
                Ok(Parameters::of(self).set("external_id", signed).set("limit", 2).request(&get("/users")))
            }
            _ => Err(Problem::overall("give exactly one of `user_id`, `email_address` and `external_id`")),
        }
    }

    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        if self.user_id.is_some() {
            return view::read(body);
        }
        let users: Vec<User> = view::read(body)?;
        users.into_iter().find(|user| self.is_wanted(user)).ok_or_else(|| {
            let message = "no user has exactly this email address or external id";
            Failure::not_found(message, "Search with `query` of clerk_list_users, which takes parts.")
        })
    }
}

/// Merge changes into a user's metadata: nested objects merge, other values (arrays too) are replaced, and null removes
/// a key. What is not named stays. Clerk takes at most 10 such calls in 10 seconds per user.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UpdateUserMetadata {
    /// The user's id, `user_…`.
    user_id: UserId,
    /// Changes to the metadata that the frontend can read. Give at least one of the three.
    public_metadata: Option<Metadata>,
    /// Changes to the metadata that only the backend may see.
    private_metadata: Option<Metadata>,
    /// Changes to the metadata that the user can write from the frontend.
    unsafe_metadata: Option<Metadata>,
}

impl Tool for UpdateUserMetadata {
    type Output = User;

    const ABOUT: About = About {
        name: "clerk_update_user_metadata",
        title: "Update a user's metadata",
        effect: Effect::Overwrites,
        danger: Danger::Reversible,
        endpoint: patch("/users/{user_id}/metadata"),
        example: r#"{"user_id":"user_2abc","public_metadata":{"plan":"pro"}}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Metadata::at_least_one(&[
            ("public_metadata", &self.public_metadata),
            ("private_metadata", &self.private_metadata),
            ("unsafe_metadata", &self.unsafe_metadata),
        ])?;
        Ok(Parameters::of(self).request(&Self::ABOUT.endpoint))
    }
}

#[cfg(test)]
mod tests;
