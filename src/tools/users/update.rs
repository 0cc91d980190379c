//! What users are: created, changed and deleted.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::User;
use crate::arguments::Problem;
use crate::parameter::{Filled, Many, Metadata, Offset, Rfc3339, UserId, on};
use crate::request::{Parameters, Request, delete, patch, post};
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Tool, Undo};
use crate::tools::organizations::Deleted;

/// Create a user without a password: they sign in by a code or link to their email address or phone number, which count
/// as verified, or set a password with it. Nobody is told. Each call creates another one, so look first.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CreateUser {
    /// Email addresses; the first is the primary one.
    email_address: Option<Many<Filled>>,
    /// Phone numbers (E.164); the first is the primary one.
    phone_number: Option<Many<Filled>>,
    /// A unique username.
    username: Option<Filled>,
    /// The first name.
    first_name: Option<Filled>,
    /// The last name.
    last_name: Option<Filled>,
    /// The id that your own systems know the user by; unique.
    external_id: Option<Filled>,
    /// The language, for example `en-US`.
    locale: Option<Filled>,
    /// Whether they may do without a password.
    #[serde(default = "on")]
    skip_password_requirement: bool,
    /// Metadata that the frontend can read.
    public_metadata: Option<Metadata>,
    /// Metadata that only the backend may see.
    private_metadata: Option<Metadata>,
    /// Metadata that the user can write from the frontend.
    unsafe_metadata: Option<Metadata>,
    /// When they signed up, if not now.
    created_at: Option<Rfc3339>,
}

impl Tool for CreateUser {
    type Output = User;

    const ABOUT: About = About {
        name: "clerk_create_user",
        title: "Create a user",
        sentence: "Create a user with {arguments}",
        effect: Effect::Creates,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/users"),
        target: Target::Nothing,
        undo: Undo::With("clerk_delete_user"),
        lasting: "",
        example: r#"{"email_address":["grace@example.com"],"first_name":"Grace"}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        if self.email_address.is_none() && self.phone_number.is_none() && self.username.is_none() {
            return Err(Problem::overall("give at least one of `email_address`, `phone_number` and `username`"));
        }
        Ok(Parameters::of(self).request(&Self::ABOUT.endpoint))
    }
}

/// Change a user's names or settings. What is not given stays. Email addresses, phone numbers and passwords are not
/// changed here.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateUser {
    /// The user's id, `user_…`.
    user_id: UserId,
    /// The new first name.
    first_name: Option<Filled>,
    /// The new last name.
    last_name: Option<Filled>,
    /// The new username, unique: they sign in with it.
    username: Option<Filled>,
    /// The id that your own systems know the user by; unique.
    external_id: Option<Filled>,
    /// The language, for example `en-US`.
    locale: Option<Filled>,
    /// Whether they may delete their own account.
    delete_self_enabled: Option<bool>,
    /// Whether they may create organizations.
    create_organization_enabled: Option<bool>,
    /// How many organizations they may create; 0 for no limit.
    create_organizations_limit: Option<Offset>,
}

impl Tool for UpdateUser {
    type Output = User;

    const ABOUT: About = About {
        name: "clerk_update_user",
        title: "Update a user",
        sentence: "Update {user}: {changes}",
        effect: Effect::Overwrites,
        danger: Danger::Reversible,
        access_parameters: &[
            "username",
            "external_id",
            "delete_self_enabled",
            "create_organization_enabled",
            "create_organizations_limit",
        ],
        endpoint: patch("/users/{user_id}"),
        target: Target::User,
        undo: Undo::Again,
        lasting: "",
        example: r#"{"user_id":"user_2abc","last_name":"Hopper"}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Parameters::of(self).update(&Self::ABOUT.endpoint)
    }
}

/// Merge changes into a user's metadata: nested objects merge, other values (arrays too) are replaced, and null removes
/// a key. What is not named stays. Clerk takes at most 10 such calls in 10 seconds per user.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpdateUserMetadata {
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
        sentence: "Update the metadata of {user}: {changes}",
        effect: Effect::Overwrites,
        danger: Danger::Reversible,
        access_parameters: &[],
        endpoint: patch("/users/{user_id}/metadata"),
        target: Target::User,
        undo: Undo::Again,
        lasting: "",
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

/// Delete a user with their sessions and memberships. This cannot be undone: make sure that the person you work for means
/// this very user. To keep somebody out, ban them.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DeleteUser {
    /// The user's id, `user_…`.
    user_id: UserId,
}

impl Tool for DeleteUser {
    type Output = Deleted;

    const ABOUT: About = About {
        name: "clerk_delete_user",
        title: "Delete a user",
        sentence: "Delete {user}",
        effect: Effect::Removes,
        danger: Danger::Irreversible,
        access_parameters: &[],
        endpoint: delete("/users/{user_id}"),
        target: Target::User,
        undo: Undo::None,
        lasting: "The account is gone with its sessions, memberships and metadata. This cannot be undone.",
        example: r#"{"user_id":"user_2abc"}"#,
    };
}
