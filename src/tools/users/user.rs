//! A user as tools show it.

use serde_json::Value;

use super::sign_in;
use crate::tool::{self, Tool};
use crate::view::{View, any, count, flag, made, many, metadata, private, text, time, untrusted};

pub(super) const READ: Tool = Tool { toolset: "users", ..tool::READ };
pub(super) const WRITE: Tool = Tool { toolset: "users", ..tool::WRITE };

pub(super) static USER: View = View(&[
    text("id"),
    text("external_id"),
    untrusted("username"),
    untrusted("first_name"),
    untrusted("last_name"),
    text("locale"),
    text("primary_email_address_id"),
    many("email_addresses", &sign_in::EMAIL_ADDRESS),
    text("primary_phone_number_id"),
    many("phone_numbers", &sign_in::PHONE_NUMBER),
    many("external_accounts", &sign_in::EXTERNAL_ACCOUNT),
    any("saml_accounts", &sign_in::SAML_ACCOUNT),
    any("enterprise_accounts", &sign_in::ENTERPRISE_ACCOUNT),
    any("passkeys", &sign_in::PASSKEY),
    any("web3_wallets", &sign_in::WEB3_WALLET),
    flag("banned"),
    flag("deprovisioned"),
    flag("locked"),
    count("lockout_expires_in_seconds"),
    made("lock_note", lock_note),
    flag("password_enabled"),
    flag("two_factor_enabled"),
    flag("totp_enabled"),
    flag("backup_code_enabled"),
    flag("delete_self_enabled"),
    flag("create_organization_enabled"),
    count("create_organizations_limit"),
    time("created_at"),
    time("updated_at"),
    time("last_sign_in_at"),
    time("last_active_at"),
    metadata("public_metadata"),
    private("private_metadata"),
    metadata("unsafe_metadata"),
]);

/// The sentence on a lock that has no end.
pub(super) fn lock_note(user: &Value) -> Value {
    let is_endless = user["locked"] == true && user["lockout_expires_in_seconds"].is_null();
    if is_endless { "The lock does not end by itself.".into() } else { Value::Null }
}
