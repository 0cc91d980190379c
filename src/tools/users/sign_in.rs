//! The ways in which somebody signs in.

use serde_json::Value;

use crate::view::{View, flag, made, one, text, time, untrusted};

pub(super) static EMAIL_ADDRESS: View =
    View(&[text("id"), untrusted("email_address"), one("verification", &VERIFICATION)]);

pub(super) static PHONE_NUMBER: View = View(&[text("id"), text("phone_number"), one("verification", &VERIFICATION)]);

pub(super) static EXTERNAL_ACCOUNT: View = View(&[
    text("id"),
    made("provider", provider),
    made("provider_user_id", provider_user_id),
    untrusted("email_address"),
    one("verification", &VERIFICATION),
]);

pub(super) static SAML_ACCOUNT: View = View(&[
    text("id"),
    text("provider"),
    flag("active"),
    untrusted("email_address"),
    text("provider_user_id"),
    time("last_authenticated_at"),
    one("verification", &VERIFICATION),
]);

pub(super) static ENTERPRISE_ACCOUNT: View = View(&[
    text("id"),
    text("protocol"),
    text("provider"),
    flag("active"),
    untrusted("email_address"),
    text("provider_user_id"),
    time("last_authenticated_at"),
    one("verification", &VERIFICATION),
]);

pub(super) static PASSKEY: View =
    View(&[text("id"), untrusted("name"), time("last_used_at"), one("verification", &VERIFICATION)]);

pub(super) static WEB3_WALLET: View = View(&[text("id"), text("web3_wallet"), one("verification", &VERIFICATION)]);

static VERIFICATION: View = View(&[text("status"), text("strategy")]);

/// The provider of an account. Older accounts name it in their kind only: `google_account`.
fn provider(account: &Value) -> Value {
    let strategy = account["verification"]["strategy"].as_str().filter(|strategy| strategy.starts_with("oauth_"));
    match (&account["provider"], strategy, older_provider(account)) {
        (Value::String(provider), ..) => provider.as_str().into(),
        (_, Some(strategy), _) => strategy.into(),
        (_, None, Some(provider)) => format!("oauth_{provider}").into(),
        _ => Value::Null,
    }
}

/// The provider's id of the user: `google_id` in an older account.
fn provider_user_id(account: &Value) -> Value {
    let older = older_provider(account).map(|provider| account[format!("{provider}_id")].clone());
    let id =
        if account["provider_user_id"].is_string() { &account["provider_user_id"] } else { &older.unwrap_or_default() };
    if id.is_string() { id.clone() } else { Value::Null }
}

fn older_provider(account: &Value) -> Option<&str> {
    account["object"].as_str()?.strip_suffix("_account").filter(|provider| *provider != "external")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::read::Reading;
    use serde_json::json;

    #[test]
    fn an_older_account_names_its_provider() {
        for (object, id) in [("google_account", "google_id"), ("facebook_account", "facebook_id")] {
            let account = json!({ "object": object, "id": "idn_1", id: "7", "verification": { "status": "verified" } });
            let shown = Reading::default().object(&EXTERNAL_ACCOUNT, account);
            let provider = format!("oauth_{}", object.trim_end_matches("_account"));
            assert_eq!((&shown["provider"], &shown["provider_user_id"]), (&json!(provider), &json!("7")));
        }
        let account = json!({ "object": "external_account", "provider": "oauth_github", "provider_user_id": "8" });
        let shown = Reading::default().object(&EXTERNAL_ACCOUNT, account);
        assert_eq!(shown, json!({ "provider": "oauth_github", "provider_user_id": "8" }));
        assert_eq!(Reading::default().object(&EXTERNAL_ACCOUNT, json!({ "provider": 1 })), json!({}));
    }
}
