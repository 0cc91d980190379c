//! `/users/{user_id}/ban` and `/unban`, `/lock` and `/unlock`

use serde_json::{Value, json};

use crate::client::{Clerk, each};

async fn act(clerk: &Clerk, email_address: &str, action: &str) -> Value {
    let user = clerk.user(email_address).await;
    clerk.call("POST", &format!("/users/{user}/{action}"), None).await.ok()
}

async fn active_sessions(clerk: &Clerk, email_address: &str) -> usize {
    let user = clerk.user(email_address).await;
    let list = clerk.get(&format!("/sessions?user_id={user}&status=active&limit=500")).await.ok();
    list.as_array().unwrap().len()
}

#[tokio::test]
async fn a_ban_signs_the_user_out_everywhere() {
    let clerk = Clerk::sample();
    assert_eq!(active_sessions(&clerk, "ada@acme.example").await, 2);
    let banned = act(&clerk, "ada@acme.example", "ban").await;
    assert_eq!(banned["banned"], true);
    assert_eq!(active_sessions(&clerk, "ada@acme.example").await, 0);
    let list = clerk.get(&format!("/sessions?user_id={}", clerk.user("ada@acme.example").await)).await.ok();
    assert_eq!(each(&list, "status"), ["revoked", "revoked", "ended"]);
    assert_eq!(active_sessions(&clerk, "grace@acme.example").await, 1);
    assert_eq!(clerk.get("/users/count?banned=true").await.ok()["total_count"], 2);
}

#[tokio::test]
async fn the_end_of_a_ban_brings_no_session_back() {
    let clerk = Clerk::sample();
    act(&clerk, "ada@acme.example", "ban").await;
    assert_eq!(act(&clerk, "ada@acme.example", "unban").await["banned"], false);
    assert_eq!(active_sessions(&clerk, "ada@acme.example").await, 0);
}

#[tokio::test]
async fn a_lock_lasts_an_hour_and_leaves_the_sessions() {
    let clerk = Clerk::sample();
    let locked = act(&clerk, "ada@acme.example", "lock").await;
    assert_eq!((&locked["locked"], &locked["lockout_expires_in_seconds"]), (&json!(true), &json!(3600)));
    assert_eq!(active_sessions(&clerk, "ada@acme.example").await, 2);
}

#[tokio::test]
async fn unlocking_gives_all_attempts_back() {
    let clerk = Clerk::sample();
    let unlocked = act(&clerk, "trent@mail.example", "unlock").await;
    assert_eq!((&unlocked["locked"], &unlocked["lockout_expires_in_seconds"]), (&json!(false), &Value::Null));
    assert_eq!(unlocked["verification_attempts_remaining"], 100);
}

#[tokio::test]
async fn each_moves_updated_at_and_needs_a_user() {
    let clerk = Clerk::sample();
    let mut last = None;
    for action in ["ban", "ban", "unban", "lock", "lock", "unlock"] {
        let updated_at = act(&clerk, "ada@acme.example", action).await["updated_at"].as_i64();
        assert!(updated_at > last, "{action}");
        last = updated_at;
        let reply = clerk.call("POST", &format!("/users/user_unknown/{action}"), None).await;
        assert_eq!(reply.refusal(), "404 resource_not_found");
    }
}
