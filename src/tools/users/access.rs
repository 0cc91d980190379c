//! Changes whether users may sign in.

use super::user::{WRITE, lock_note};
use crate::danger::{Danger, Effect};
use crate::request::post;
use crate::tool::{Answer, Tool, Undo};
use crate::tools::parameters::USER_ID;
use crate::tools::{objects, targets};
use crate::view::{View, count, flag, made, text};

/// The fields that say whether a user may sign in.
static STANDING: View = View(&[
    text("id"),
    flag("banned"),
    flag("locked"),
    count("lockout_expires_in_seconds"),
    made("lock_note", lock_note),
]);

/// The parts that tools which change whether somebody may sign in have alike.
const ACCESS: Tool = Tool {
    parameters: &[USER_ID.required()],
    answer: Answer::One(&STANDING),
    effect: Effect::Overwrites,
    danger: Danger::Access,
    target: Some(&targets::USER),
    example: r#"{"user_id":"user_2abc"}"#,
    ..WRITE
};

pub(super) static LOCK_USER: Tool = Tool {
    name: "clerk_lock_user",
    title: "Lock a user",
    description: "Lock a user: they cannot sign in until the lock runs out or somebody unlocks them. Sessions go on.",
    endpoint: post("/users/{user_id}/lock", &objects::USER),
    undo: Undo::With(&UNLOCK_USER),
    sentence: "Lock {user}",
    ..ACCESS
};

pub(super) static UNLOCK_USER: Tool = Tool {
    name: "clerk_unlock_user",
    title: "Unlock a user",
    description: "Unlock a user, so that they can sign in again after too many failed attempts.",
    endpoint: post("/users/{user_id}/unlock", &objects::USER),
    undo: Undo::With(&LOCK_USER),
    sentence: "Unlock {user}",
    ..ACCESS
};

pub(super) static BAN_USER: Tool = Tool {
    name: "clerk_ban_user",
    title: "Ban a user",
    description: "Ban a user: they are signed out everywhere and cannot sign in until somebody unbans them.",
    endpoint: post("/users/{user_id}/ban", &objects::USER),
    undo: Undo::With(&UNBAN_USER),
    sentence: "Ban {user}",
    lasting: "They are signed out everywhere; lifting the ban does not bring their sessions back.",
    ..ACCESS
};

pub(super) static UNBAN_USER: Tool = Tool {
    name: "clerk_unban_user",
    title: "Unban a user",
    description: "Lift a user's ban, so that they can sign in again.",
    endpoint: post("/users/{user_id}/unban", &objects::USER),
    undo: Undo::With(&BAN_USER),
    sentence: "Lift the ban of {user}",
    ..ACCESS
};
