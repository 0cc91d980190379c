//! Users and their sessions.

use serde_json::{Value, json};

use super::{Case, case, listing};

const USER: &str = "/users/{user_id}";
const METADATA: &str = "/users/{user_id}/metadata";
const MEMBERSHIPS: &str = "/users/{user_id}/organization_memberships";
const INVITATIONS: &str = "/users/{user_id}/organization_invitations";
const SESSION: &str = "/sessions/{session_id}";
const REVOCATION: &str = "/sessions/{session_id}/revoke";

/// With one of everything.
fn new_user() -> Value {
    json!({
        "email_address": ["one@new.example", "two@new.example"],
        "email_address_identification_status": ["verified", "reserved"],
        "phone_number": ["+12025550190"],
        "web3_wallet": ["0x00000000000000000000000000000000000beef1"],
        "username": "new-user",
        "password": "correct horse battery staple",
        "totp_secret": "JBSWY3DPEHPK3PXP",
        "backup_codes": ["code"],
        "locked": true,
        "banned": true,
    })
}

pub(super) fn user_cases(ada: &str) -> Vec<Case> {
    let metadata = Some(json!({ "unsafe_metadata": { "a": { "b": null, "c": [1] } } }));
    vec![
        listing("/users", &[], "?limit=500", 200),
        listing("/users", &[], "?limit=0&starting_after=user_x&provider=oauth_google", 422),
        listing("/users/count", &[], "?banned=true", 200),
        listing("/users/count", &[], "?banned=maybe", 422),
        listing(USER, &[ada], "", 200),
        listing(USER, &["user_x"], "", 404),
        case("POST", "/users", &[], Some(new_user()), 200),
        case("POST", "/users", &[], Some(new_user()), 422),
        case("PATCH", USER, &[ada], Some(json!({ "first_name": "Augusta", "username": null })), 200),
        case("PATCH", USER, &["user_x"], Some(json!({ "first_name": "Nobody" })), 404),
        case("PATCH", USER, &[ada], metadata.clone(), 422),
        case("PATCH", METADATA, &[ada], metadata.clone(), 200),
        case("PATCH", METADATA, &[ada], Some(json!(1)), 400),
        case("PATCH", METADATA, &["user_x"], metadata, 404),
        case("PATCH", METADATA, &[ada], Some(json!({ "public_metadata": [] })), 422),
    ]
}

pub(super) fn access_cases(ada: &str) -> Vec<Case> {
    let paths = ["/users/{user_id}/ban", "/users/{user_id}/unban", "/users/{user_id}/lock", "/users/{user_id}/unlock"];
    let good_and_bad = |path| [case("POST", path, &[ada], None, 200), case("POST", path, &["user_x"], None, 404)];
    paths.into_iter().flat_map(good_and_bad).collect()
}

pub(super) fn session_cases(session: &str, ada: &str) -> Vec<Case> {
    vec![
        listing("/sessions", &[], &format!("?user_id={ada}&status=active"), 200),
        listing("/sessions", &[], "", 400),
        listing("/sessions", &[], "?status=pending&limit=0", 422),
        listing(SESSION, &[session], "", 200),
        listing(SESSION, &["sess_x"], "", 404),
        case("POST", REVOCATION, &[session], None, 200),
        case("POST", REVOCATION, &["sess_x"], None, 404),
    ]
}

/// What organizations have to do with a user; the intern was invited.
pub(super) fn organization_cases(ada: &str, intern: &str) -> Vec<Case> {
    vec![
        listing(MEMBERSHIPS, &[ada], "?limit=500", 200),
        listing(MEMBERSHIPS, &["user_x"], "", 404),
        listing(INVITATIONS, &[intern], "?status=accepted", 200),
        listing(INVITATIONS, &["user_x"], "", 404),
    ]
}

/// To be sent when nothing needs the user any more.
pub(super) fn deletion_cases(ada: &str) -> Vec<Case> {
    vec![case("DELETE", USER, &["user_x"], None, 404), case("DELETE", USER, &[ada], None, 200)]
}
