//! How somebody signs in, and where they are signed in: accounts of every kind and age.

use serde_json::{Value, json};

use crate::harness::{Client as _, Reply, Upstream};

fn get_user(user: &Value) -> Value {
    Upstream::always(Reply::json(200, user)).server().call("clerk_get_user", json!({ "user_id": "user_1" })).output()
}

#[test]
fn every_way_to_sign_in_is_shown() {
    let verified = json!({ "status": "verified", "strategy": "saml", "attempts": 1 });
    let account = json!({
        "object": "saml_account", "id": "samlacc_1", "provider": "saml_okta", "active": true,
        "email_address": "ada@acme.example", "provider_user_id": "u7", "last_authenticated_at": 1_717_411_902_327_i64,
        "verification": verified, "saml_connection": { "idp_certificate": "secret" }, "public_metadata": {},
    });
    let user = get_user(&json!({
        "object": "user", "id": "user_1", "deprovisioned": true, "totp_enabled": true, "backup_code_enabled": false,
        "external_accounts": [
            { "object": "google_account", "id": "idn_1", "google_id": "1106959810036444", "given_name": "Ada",
              "approved_scopes": "email openid", "email_address": "ada@example.com",
              "verification": { "status": "verified", "strategy": "oauth_google" } },
            { "object": "facebook_account", "id": "idn_2", "facebook_id": "9" },
            { "object": "external_account", "id": "eac_1", "provider": "oauth_github", "provider_user_id": "8" },
        ],
        "saml_accounts": [account], "enterprise_accounts": [],
        "passkeys": [{ "object": "passkey", "id": "idn_3", "name": "Laptop", "last_used_at": null }],
        "web3_wallets": [{ "object": "web3_wallet", "id": "idn_4", "web3_wallet": "0xabc" }],
    }));
    let providers: Vec<&Value> =
        user["external_accounts"].as_array().into_iter().flatten().map(|account| &account["provider"]).collect();
    assert_eq!(providers, ["oauth_google", "oauth_facebook", "oauth_github"]);
    assert_eq!(user["external_accounts"][0]["provider_user_id"], "1106959810036444");
    assert_eq!(
        user["saml_accounts"],
        json!([{
            "id": "samlacc_1", "provider": "saml_okta", "active": true, "email_address": "ada@acme.example",
            "provider_user_id": "u7", "last_authenticated_at": "2024-06-03T10:51:42.327Z",
            "verification": { "status": "verified", "strategy": "saml" },
        }])
    );
    assert_eq!(
        (&user["passkeys"][0]["name"], &user["web3_wallets"][0]["web3_wallet"]),
        (&json!("Laptop"), &json!("0xabc"))
    );
    assert_eq!((&user["deprovisioned"], &user["totp_enabled"]), (&json!(true), &json!(true)));
    assert_eq!(user.get("enterprise_accounts"), None, "what there is none of takes no room");
    assert!(
        user["untrusted_text"].as_str().is_some_and(|names| names.contains("name") && names.contains("email_address"))
    );
}

#[test]
fn a_lock_without_an_end_is_told() {
    let note = |locked: bool, seconds: Value| {
        get_user(&json!({ "id": "user_1", "locked": locked, "lockout_expires_in_seconds": seconds }))["lock_note"]
            .clone()
    };
    assert_eq!(note(true, Value::Null), "The lock does not end by itself.");
    assert_eq!(note(true, json!(60)), Value::Null);
    assert_eq!(note(false, Value::Null), Value::Null);
    let upstream = Upstream::new(|seen| {
        Reply::json(200, &json!({ "id": "user_1", "locked": seen.line.starts_with("POST"), "banned": [] }))
    });
    let locked = upstream.server().call("clerk_lock_user", json!({ "user_id": "user_1" })).output();
    assert_eq!(locked["changes"], json!([{ "path": "/locked", "before": false, "after": true }]), "{locked}");
}

fn session(number: usize, status: &str) -> Value {
    json!({ "object": "session", "id": format!("sess_{number}"), "user_id": "user_1", "status": status })
}

#[test]
fn signed_out_everywhere_includes_pending_sessions() {
    let all: Vec<Value> =
        (0..500).map(|number| session(number, if number == 7 { "pending" } else { "ended" })).collect();
    let rest = json!([session(500, "pending"), session(501, "active")]);
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        line if line.contains("status=active") => Reply::json(200, &json!([session(501, "active")])),
        line if line.contains("offset=500") => Reply::json(200, &rest),
        line if line.starts_with("GET /v1/sessions") => Reply::json(200, &json!(all)),
        line if line.starts_with("POST /v1/sessions") => Reply::new(204, &[], ""),
        _ => Reply::json(200, &json!({ "id": "user_1" })),
    });
    let server = upstream.server();
    let preview =
        server.call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1", "dry_run": true })).output();
    assert_eq!(preview["preview"]["active_sessions"], "2 or more", "a full page was looked through");
    let revoked = server.call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!(revoked["sessions"]["done"], json!(["sess_501", "sess_7", "sess_500"]));
    assert_eq!(revoked["has_more"], false);
}

#[test]
fn what_was_not_looked_through_may_be_left() {
    let ended: Vec<Value> = (0..500).map(|number| session(number, "ended")).collect();
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        line if line.contains("status=active") => Reply::json(200, &json!([])),
        line if line.starts_with("GET /v1/sessions") => Reply::json(200, &json!(ended)),
        "GET /v1/users/user_1/organization_memberships?limit=100" => Reply::json(
            200,
            &json!({ "data": [{ "public_user_data": { "user_id": "user_1" }, "organization": {} }], "total_count": 1 }),
        ),
        _ => Reply::json(200, &json!({ "id": "user_1" })),
    });
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    let revoked = server.call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!((&revoked["sessions"]["done"], &revoked["has_more"]), (&json!([]), &json!(true)));
    let off = server.call("clerk_offboard_user", json!({ "user_id": "user_1" })).output();
    assert_eq!((&off["memberships"]["done"], &off["is_complete"]), (&json!([]), &json!(false)), "{off}");
    let report = server.call("clerk_get_user_access_report", json!({ "user_id": "user_1" })).output();
    assert_eq!(report["active_sessions"]["has_more"], true, "{report}");
}

#[test]
fn a_session_tells_who_uses_it_in_the_users_place() {
    let mut impersonated = session(1, "active");
    impersonated["actor"] = json!({ "iss": "https://dashboard.clerk.example", "sub": "user_9", "sid": "secret" });
    let upstream = Upstream::always(Reply::json(200, &json!([impersonated, session(2, "active")])));
    let sessions = upstream.server().call("clerk_list_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!(sessions["data"][0]["actor"], json!({ "sub": "user_9" }));
    assert_eq!(sessions["data"][1].get("actor"), None);
}
