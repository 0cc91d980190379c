//! Whether users may sign in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::parameter::UserId;
use crate::request::post;
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Tool, Undo};

/// Whether a user may sign in.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Access {
    id: Option<String>,
    banned: Option<bool>,
    locked: Option<bool>,
    lockout_expires_in_seconds: Option<i64>,
}

/// Lock a user: they cannot sign in until the lock runs out or somebody unlocks them. Sessions go on.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LockUser {
    /// The user's id, `user_…`.
    user_id: UserId,
}

impl Tool for LockUser {
    type Output = Access;

    const ABOUT: About = About {
        name: "clerk_lock_user",
        title: "Lock a user",
        sentence: "Lock {user}",
        effect: Effect::Overwrites,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/users/{user_id}/lock"),
        target: Target::User,
        undo: Undo::With("clerk_unlock_user"),
        lasting: "",
        example: r#"{"user_id":"user_2abc"}"#,
    };
}

/// Unlock a user, so that they can sign in again after too many failed attempts.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnlockUser {
    /// The user's id, `user_…`.
    user_id: UserId,
}

impl Tool for UnlockUser {
    type Output = Access;

    const ABOUT: About = About {
        name: "clerk_unlock_user",
        title: "Unlock a user",
        sentence: "Unlock {user}",
        effect: Effect::Overwrites,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/users/{user_id}/unlock"),
        target: Target::User,
        undo: Undo::With("clerk_lock_user"),
        lasting: "",
        example: r#"{"user_id":"user_2abc"}"#,
    };
}

/// Ban a user: they are signed out everywhere and cannot sign in until somebody unbans them.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BanUser {
    /// The user's id, `user_…`.
    user_id: UserId,
}

impl Tool for BanUser {
    type Output = Access;

    const ABOUT: About = About {
        name: "clerk_ban_user",
        title: "Ban a user",
        sentence: "Ban {user}",
        effect: Effect::Overwrites,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/users/{user_id}/ban"),
        target: Target::User,
        undo: Undo::With("clerk_unban_user"),
        lasting: "They are signed out everywhere; lifting the ban does not bring their sessions back.",
        example: r#"{"user_id":"user_2abc"}"#,
    };
}

/// Lift a user's ban, so that they can sign in again.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UnbanUser {
    /// The user's id, `user_…`.
    user_id: UserId,
}

impl Tool for UnbanUser {
    type Output = Access;

    const ABOUT: About = About {
        name: "clerk_unban_user",
        title: "Unban a user",
        sentence: "Lift the ban of {user}",
        effect: Effect::Overwrites,
        danger: Danger::Access,
        access_parameters: &[],
        endpoint: post("/users/{user_id}/unban"),
        target: Target::User,
        undo: Undo::With("clerk_ban_user"),
        lasting: "",
        example: r#"{"user_id":"user_2abc"}"#,
    };
}
