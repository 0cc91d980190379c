//! Users: the people who sign in to the application.

mod access;
mod find;
mod list;
mod offboard;
mod update;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{Filled, UserId};
use crate::request::{Parameters, Request, get};
use crate::tool::{About, Entry, READS, Tool, Toolset};
use crate::view::{self, HasPrivateMetadata, StoredMetadata, Time};

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "users",
    tools: &[
        Entry::of::<list::ListUsers>(),
        Entry::of::<list::CountUsers>(),
        Entry::of::<GetUser>(),
        Entry::of::<find::FindUser>(),
        Entry::of::<find::ListUserOrganizations>(),
        Entry::of::<find::GetUserAccessReport>(),
        Entry::of::<update::CreateUser>(),
        Entry::of::<update::UpdateUser>(),
        Entry::of::<update::UpdateUserMetadata>(),
        Entry::of::<access::LockUser>(),
        Entry::of::<access::UnlockUser>(),
        Entry::of::<access::BanUser>(),
        Entry::of::<access::UnbanUser>(),
        Entry::of::<offboard::OffboardUser>(),
        Entry::of::<update::DeleteUser>(),
    ],
};

/// A user.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct User {
    id: Option<String>,
    external_id: Option<String>,
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    locale: Option<String>,
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
    delete_self_enabled: Option<bool>,
    create_organization_enabled: Option<bool>,
    create_organizations_limit: Option<u64>,
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
        endpoint: get("/users/{user_id}"),
        example: r#"{"email_address":"ada@example.com"}"#,
        ..READS
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

#[cfg(test)]
mod tests;
