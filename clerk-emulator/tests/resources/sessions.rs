//! `/sessions`

use serde_json::{Value, json};

use crate::client::{Clerk, each, text};

/// The sessions of the user with an email address.
async fn sessions(clerk: &Clerk, email_address: &str, parameters: &str) -> Value {
    let user = clerk.user(email_address).await;
    clerk.get(&format!("/sessions?user_id={user}{parameters}")).await.ok()
}

#[tokio::test]
async fn a_list_is_a_bare_array_with_the_newest_first() {
    let list = sessions(&Clerk::sample(), "ada@acme.example", "").await;
    assert_eq!(each(&list, "status"), ["active", "active", "ended"]);
    let dates: Vec<i64> = each(&list, "created_at").iter().map(|date| date.as_i64().unwrap()).collect();
    assert!(dates.is_sorted_by(|newer, older| newer > older));
}

#[tokio::test]
async fn a_list_asked_for_in_pages_is_an_envelope() {
    let clerk = Clerk::sample();
    let page = sessions(&clerk, "frontdesk@brightwater.example", "&paginated=true&limit=5&offset=10").await;
    assert_eq!((&page["total_count"], page["data"].as_array().unwrap().len()), (&json!(12), 2));
    let bare = sessions(&clerk, "frontdesk@brightwater.example", "&paginated=false&limit=5&offset=10").await;
    assert_eq!(bare, page["data"]);
}

#[tokio::test]
async fn a_page_holds_ten_sessions_unless_said_otherwise() {
    let clerk = Clerk::sample();
    let count = async |parameters: &str| {
        sessions(&clerk, "frontdesk@brightwater.example", parameters).await.as_array().unwrap().len()
    };
    assert_eq!((count("").await, count("&limit=500").await, count("&status=active&limit=11").await), (10, 12, 11));
}

#[tokio::test]
async fn a_status_or_a_client_filters() {
    let clerk = Clerk::sample();
    let active = sessions(&clerk, "ada@acme.example", "&status=active").await;
    assert_eq!(each(&active, "status"), ["active", "active"]);
    let client = text(&active[0]["client_id"]);
    let list = clerk.get(&format!("/sessions?client_id={client}")).await.ok();
    assert_eq!(each(&list, "id"), [&active[0]["id"]]);
    assert_eq!(sessions(&clerk, "grace@acme.example", &format!("&client_id={client}")).await, json!([]));
    assert_eq!(sessions(&clerk, "kenji@brightwater.example", "").await, json!([]));
}

#[tokio::test]
async fn a_list_needs_a_user_or_a_client() {
    let clerk = Clerk::sample();
    for target in ["/sessions", "/sessions?status=active", "/sessions?user_id="] {
        assert_eq!(clerk.get(target).await.refusal(), "400 missing_query_parameter", "{target}");
    }
    assert_eq!(clerk.get("/sessions?user_id=user_unknown").await.ok(), json!([]));
}

#[tokio::test]
async fn what_is_wrong_with_a_list_is_named_at_once() {
    let reply = Clerk::sample().get("/sessions?status=pending&paginated=1&limit=501").await;
    assert_eq!(reply.faulty_parameters(), ["status", "paginated", "limit"]);
}

#[tokio::test]
async fn a_session_shows_from_where_it_was_used() {
    let clerk = Clerk::sample();
    let listed = sessions(&clerk, "ada@acme.example", "").await[1].clone();
    let session = clerk.get(&format!("/sessions/{}", text(&listed["id"]))).await.ok();
    assert_eq!(session, listed);
    assert_eq!(session["latest_activity"]["is_mobile"], true);
    assert_eq!(session["last_active_organization_id"], clerk.organization("acme").await);
    assert_eq!(clerk.get("/sessions/sess_unknown").await.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn the_last_sign_in_of_a_user_began_the_newest_session() {
    let clerk = Clerk::sample();
    for user in clerk.get("/users?limit=500").await.ok().as_array().unwrap() {
        let list = clerk.get(&format!("/sessions?user_id={}&limit=500", text(&user["id"]))).await.ok();
        for session in list.as_array().unwrap() {
            assert_eq!(user["last_sign_in_at"], list[0]["created_at"]);
            assert!(session["created_at"].as_i64() >= user["created_at"].as_i64(), "{session}");
        }
    }
}

#[tokio::test]
async fn a_revoked_session_stays_and_says_so() {
    let clerk = Clerk::sample();
    let before = sessions(&clerk, "ada@acme.example", "").await;
    let target = format!("/sessions/{}", text(&before[0]["id"]));
    let revoked = clerk.call("POST", &format!("{target}/revoke"), None).await.ok();
    assert_eq!((&revoked["id"], &revoked["status"]), (&before[0]["id"], &json!("revoked")));
    assert!(revoked["updated_at"].as_i64() > before[0]["updated_at"].as_i64());
    assert_eq!(clerk.get(&target).await.ok(), revoked);
    let after = sessions(&clerk, "ada@acme.example", "").await;
    assert_eq!(each(&after, "status"), ["revoked", "active", "ended"]);
    let unknown = clerk.call("POST", "/sessions/sess_unknown/revoke", None).await;
    assert_eq!(unknown.refusal(), "404 resource_not_found");
}

#[tokio::test]
async fn the_banned_have_no_active_session() {
    let list = sessions(&Clerk::sample(), "mallory@mail.example", "").await;
    assert_eq!(each(&list, "status"), ["revoked", "revoked"]);
}
