//! Users are created, changed and deleted.

use super::user::{USER, WRITE};
use crate::arguments::clear;
use crate::danger::{Danger, Effect};
use crate::kind::{Fallback, Kind, Parameter, Sent, parameter};
use crate::request::{delete, patch, post};
use crate::rule::Rule;
use crate::tool::{Answer, Tool, Undo};
use crate::tools::organizations::DELETED;
use crate::tools::parameters::{
    PRIVATE_CHANGES, PRIVATE_METADATA, PUBLIC_CHANGES, PUBLIC_METADATA, UNSAFE_CHANGES, UNSAFE_METADATA, USER_ID,
};
use crate::tools::{objects, targets};

const USERNAME: Parameter = parameter("username", Kind::Word, "A unique username.");
const FIRST_NAME: Parameter = parameter("first_name", Kind::Text, "The first name.");
const LAST_NAME: Parameter = parameter("last_name", Kind::Text, "The last name.");
const EXTERNAL_ID: Parameter =
    parameter("external_id", Kind::Text, "The id that your own systems know the user by; unique.");
const LOCALE: Parameter = parameter("locale", Kind::Word, "The language, for example `en-US`.");

pub(super) static CREATE_USER: Tool = Tool {
    name: "clerk_create_user",
    title: "Create a user",
    description: "Create a user without a password: they sign in by a code or link to their email address or phone \
                  number, which count as verified, or set a password with it. Nobody is told. Each call creates another \
                  one, so look first.",
    endpoint: post("/users", &objects::USER),
    parameters: &[
        parameter(
            "email_address",
            Kind::Many(&Kind::EmailAddress, 100),
            "Email addresses; the first is the primary one.",
        ),
        parameter(
            "phone_number",
            Kind::Many(&Kind::PhoneNumber, 100),
            "Phone numbers (E.164); the first is the primary one.",
        ),
        USERNAME,
        FIRST_NAME,
        LAST_NAME,
        EXTERNAL_ID,
        LOCALE,
        parameter("skip_password_requirement", Kind::Flag, "Whether they may do without a password.")
            .or(Fallback::Flag(true)),
        PUBLIC_METADATA,
        PRIVATE_METADATA,
        UNSAFE_METADATA,
        parameter("created_at", Kind::Time(Sent::Rfc3339), "When they signed up, if not now."),
    ],
    rules: &[Rule::AtLeastOne(&["email_address", "phone_number", "username"])],
    answer: Answer::One(&USER),
    effect: Effect::Creates,
    danger: Danger::Access,
    undo: Undo::With(&DELETE_USER),
    sentence: "Create a user with {arguments}",
    // Text in a conversation is no secret: no passwords, no factors. Nothing that leaves out checks, either.
    not_offered: &[
        "backup_codes",
        "banned",
        "bypass_client_trust",
        "create_organization_enabled",
        "create_organizations_limit",
        "delete_self_enabled",
        "email_address_identification_status",
        "legal_accepted_at",
        "locked",
        "password",
        "password_digest",
        "password_hasher",
        "phone_number_identification_status",
        "skip_legal_checks",
        "skip_password_checks",
        "skip_user_requirement",
        "totp_secret",
        "web3_wallet",
    ],
    example: r#"{"email_address":["grace@example.com"],"first_name":"Grace"}"#,
    ..WRITE
};

pub(super) static UPDATE_USER: Tool = Tool {
    name: "clerk_update_user",
    title: "Update a user",
    description: "Change a user's names or settings. What is not given stays. Email addresses, phone numbers and \
                  passwords are not changed here.",
    endpoint: patch("/users/{user_id}", &objects::USER),
    parameters: &[
        USER_ID.required(),
        FIRST_NAME.described("The new first name."),
        LAST_NAME.described("The new last name."),
        USERNAME.described("The new username, unique: they sign in with it."),
        EXTERNAL_ID,
        LOCALE,
        parameter("delete_self_enabled", Kind::Flag, "Whether they may delete their own account."),
        parameter("create_organization_enabled", Kind::Flag, "Whether they may create organizations."),
        parameter(
            "create_organizations_limit",
            Kind::Integer { min: 0, max: u32::MAX },
            "How many organizations they may create; 0 for no limit.",
        ),
        clear(&Kind::Many(&Kind::OneOf(&["first_name", "last_name", "username", "external_id", "locale"]), 5)),
    ],
    rules: &[Rule::SomethingToChange],
    answer: Answer::One(&USER),
    effect: Effect::Overwrites,
    danger: Danger::Reversible,
    access_parameters: &[
        "username",
        "external_id",
        "delete_self_enabled",
        "create_organization_enabled",
        "create_organizations_limit",
    ],
    target: Some(&targets::USER),
    undo: Undo::Again,
    sentence: "Update {user}: {changes}",
    // No passwords, no factors, and nothing that changes how somebody signs in but their username.
    not_offered: &[
        "backup_codes",
        "bypass_client_trust",
        "created_at",
        "legal_accepted_at",
        "notify_primary_email_address_changed",
        "password",
        "password_digest",
        "password_hasher",
        "primary_email_address_id",
        "primary_phone_number_id",
        "primary_web3_wallet_id",
        "profile_image_id",
        "sign_out_of_other_sessions",
        "skip_legal_checks",
        "skip_password_checks",
        "totp_secret",
    ],
    example: r#"{"user_id":"user_2abc","last_name":"Hopper"}"#,
    ..WRITE
};

pub(super) static UPDATE_USER_METADATA: Tool = Tool {
    name: "clerk_update_user_metadata",
    title: "Update a user's metadata",
    description: "Merge changes into a user's metadata: nested objects merge, other values (arrays too) are replaced, and \
                  null removes a key. What is not named stays. Clerk takes at most 10 such calls in 10 seconds per user.",
    endpoint: patch("/users/{user_id}/metadata", &objects::USER),
    parameters: &[
        USER_ID.required(),
        PUBLIC_CHANGES.described("Changes to the metadata that the frontend can read. Give at least one of the three."),
        PRIVATE_CHANGES,
        UNSAFE_CHANGES,
    ],
    rules: &[Rule::AtLeastOne(&["public_metadata", "private_metadata", "unsafe_metadata"])],
    answer: Answer::One(&USER),
    effect: Effect::Overwrites,
    danger: Danger::Reversible,
    target: Some(&targets::USER),
    undo: Undo::Again,
    sentence: "Update the metadata of {user}: {changes}",
    example: r#"{"user_id":"user_2abc","public_metadata":{"plan":"pro"}}"#,
    ..WRITE
};

pub(super) static DELETE_USER: Tool = Tool {
    name: "clerk_delete_user",
    title: "Delete a user",
    description: "Delete a user with their sessions and memberships. This cannot be undone: make sure that the person you \
                  work for means this very user. To keep somebody out, ban them.",
    endpoint: delete("/users/{user_id}", &objects::USER),
    parameters: &[USER_ID.required()],
    answer: Answer::One(&DELETED),
    effect: Effect::Removes,
    danger: Danger::Irreversible,
    target: Some(&targets::USER),
    sentence: "Delete {user}",
    lasting: "The account is gone with its sessions, memberships and metadata. This cannot be undone.",
    example: r#"{"user_id":"user_2abc"}"#,
    ..WRITE
};
