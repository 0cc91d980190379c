//! `POST /users`

use serde_json::{Value, json};

use crate::client::{Clerk, each, text};

async fn refusal(clerk: &Clerk, body: Value) -> String {
    clerk.post("/users", body).await.refusal()
}

#[tokio::test]
async fn a_new_user_has_what_was_given() {
    let clerk = Clerk::sample();
    let body = json!({
        "email_address": ["New.Person@acme.example", "second@acme.example"],
        "phone_number": ["+12025550177"],
        "username": "New.Person",
        "first_name": "New",
        "last_name": "Person",
        "external_id": "crm-2000",
        "locale": "en-US",
        "public_metadata": { "plan": "pro" },
        "created_at": "2012-10-20T07:15:20.902Z",
        "create_organizations_limit": 3,
        "delete_self_enabled": false,
        "skip_password_requirement": true,
    });
    let user = clerk.post("/users", body).await.ok();
    assert_eq!(each(&user["email_addresses"], "email_address"), ["new.person@acme.example", "second@acme.example"]);
    assert_eq!(user["primary_email_address_id"], user["email_addresses"][0]["id"]);
    assert_eq!(user["primary_phone_number_id"], user["phone_numbers"][0]["id"]);
    assert_eq!(user["email_addresses"][0]["verification"]["status"], "verified");
    assert_eq!((&user["username"], &user["external_id"]), (&json!("new.person"), &json!("crm-2000")));
    assert_eq!((&user["first_name"], &user["locale"]), (&json!("New"), &json!("en-US")));
    assert_eq!(user["created_at"], 1_350_717_320_902_i64);
    assert_eq!((&user["password_enabled"], &user["delete_self_enabled"]), (&json!(false), &json!(false)));
    assert_eq!((&user["create_organizations_limit"], &user["last_sign_in_at"]), (&json!(3), &Value::Null));
    assert_eq!(clerk.get(&format!("/users/{}", text(&user["id"]))).await.ok(), user);
    assert_eq!(clerk.get("/users/count").await.ok()["total_count"], 62);
}

#[tokio::test]
async fn secrets_are_never_answered() {
    let clerk = Clerk::sample();
    let body = json!({
        "username": "careful",
        "password": "correct-horse",
        "totp_secret": "JBSWY3DPEHPK3PXP",
        "backup_codes": ["backup-one"],
    });
    let user = clerk.post("/users", body).await.ok();
    for flag in ["password_enabled", "totp_enabled", "backup_code_enabled", "two_factor_enabled"] {
        assert_eq!(user[flag], true, "{flag}");
    }
    let everything = clerk.get("/users?limit=500").await.ok().to_string();
    for secret in ["correct-horse", "JBSWY3DPEHPK3PXP", "backup-one"] {
        assert!(!everything.contains(secret) && !user.to_string().contains(secret));
    }
}

#[tokio::test]
async fn identifiers_can_be_reserved_instead_of_verified() {
    let clerk = Clerk::sample();
    let body = json!({
        "email_address": ["a@new.example", "b@new.example"],
        "email_address_identification_status": ["verified", "reserved"],
    });
    let user = clerk.post("/users", body).await.ok();
    assert_eq!(each(&user["email_addresses"], "reserved"), [false, true]);
    assert_eq!(user["email_addresses"][1]["verification"], Value::Null);
    for statuses in [json!(["reserved"]), json!(["reserved", "maybe"])] {
        let body = json!({ "email_address": ["c@new.example", "d@new.example"], "email_address_identification_status": statuses });
        let reply = clerk.post("/users", body).await;
        assert_eq!(reply.faulty_parameters(), ["email_address_identification_status"]);
    }
}

#[tokio::test]
async fn what_somebody_has_is_taken() {
    let clerk = Clerk::sample();
    for (field, value) in [
        ("email_address", json!(["new@acme.example", "ADA@acme.example"])),
        ("phone_number", json!(["+12025550101"])),
        ("web3_wallet", json!(["0x000000000000000000000000000000000000dEaD"])),
        ("username", json!("ADA")),
    ] {
        let reply = clerk.post("/users", json!({ field: value })).await;
        assert_eq!((reply.refusal().as_str(), reply.faulty_parameters()), ("422 form_identifier_exists", vec![field]));
    }
    let body = json!({ "username": "other", "external_id": "crm-1001" });
    assert_eq!(clerk.post("/users", body).await.faulty_parameters(), ["external_id"]);
    let twice = json!({ "email_address": ["one@new.example", "One@new.example"] });
    assert_eq!(refusal(&clerk, twice).await, "422 form_identifier_exists");
}

#[tokio::test]
async fn identifiers_must_look_like_what_they_are() {
    let clerk = Clerk::sample();
    for (field, value, code) in [
        ("email_address", json!(["nobody"]), "422 form_param_format_invalid"),
        ("email_address", json!("one@new.example"), "422 form_param_type_invalid"),
        ("phone_number", json!(["2025550101"]), "422 form_param_format_invalid"),
        ("web3_wallet", json!(["0x12"]), "422 form_param_format_invalid"),
        ("username", json!("two words"), "422 form_username_invalid_character"),
        ("username", json!("x".repeat(65)), "422 form_username_invalid_length"),
    ] {
        let reply = clerk.post("/users", json!({ field: value })).await;
        assert_eq!((reply.refusal().as_str(), reply.faulty_parameters()), (code, vec![field]));
    }
}

#[tokio::test]
async fn a_user_needs_something_to_be_known_by() {
    let clerk = Clerk::sample();
    assert_eq!(refusal(&clerk, json!({})).await, "422 form_data_missing");
    let body = json!({ "first_name": "No", "external_id": "crm-3000", "skip_user_requirement": true });
    assert_eq!(refusal(&clerk, body).await, "422 form_data_missing");
    assert_eq!(clerk.get("/users/count").await.ok()["total_count"], 61);
}

#[tokio::test]
async fn a_short_password_is_refused_unless_checks_are_skipped() {
    let clerk = Clerk::sample();
    let mut body = json!({ "username": "short", "password": "seven77" });
    assert_eq!(refusal(&clerk, body.clone()).await, "422 form_password_length_too_short");
    body["skip_password_checks"] = json!(true);
    assert_eq!(clerk.post("/users", body).await.ok()["password_enabled"], true);
}

#[tokio::test]
async fn a_digest_and_its_hasher_come_together() {
    let clerk = Clerk::sample();
    let body = |field: &str| json!({ "username": "hashed", field: "bcrypt" });
    assert_eq!(clerk.post("/users", body("password_hasher")).await.faulty_parameters(), ["password_digest"]);
    assert_eq!(clerk.post("/users", body("password_digest")).await.faulty_parameters(), ["password_hasher"]);
    let both = json!({ "username": "hashed", "password_digest": "$2a$12$x", "password_hasher": "bcrypt" });
    assert_eq!(clerk.post("/users", both).await.ok()["password_enabled"], true);
}

#[tokio::test]
async fn a_user_can_be_banned_or_locked_from_the_start() {
    let clerk = Clerk::sample();
    let user = clerk.post("/users", json!({ "username": "outcast", "banned": true, "locked": true })).await.ok();
    assert_eq!((&user["banned"], &user["locked"]), (&json!(true), &json!(true)));
}

#[tokio::test]
async fn what_is_wrong_with_a_new_user_is_named_at_once() {
    let body = json!({ "email_address": ["x"], "password": "short", "banned": "no", "colour": "green" });
    let reply = Clerk::sample().post("/users", body).await;
    assert_eq!(reply.faulty_parameters(), ["email_address", "password", "banned", "colour"]);
}
