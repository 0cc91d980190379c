//! The sample data itself: believable, complete, and the same at every start.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::{Clerk, each, text};

/// Everything there is, in one list of lists.
async fn everything(clerk: &Clerk) -> Vec<Value> {
    let organizations = clerk.get("/organizations?limit=500").await.ok();
    let users = clerk.get("/users?limit=500").await.ok();
    let mut all = vec![users.clone(), organizations["data"].clone()];
    for id in each(&users, "id") {
        all.push(clerk.get(&format!("/sessions?user_id={}&limit=500", text(id))).await.ok());
    }
    for id in each(&organizations["data"], "id") {
        for kind in ["memberships", "invitations"] {
            let list = clerk.get(&format!("/organizations/{}/{kind}?limit=500", text(id))).await.ok();
            all.push(list["data"].clone());
        }
    }
    all
}

fn ids_in(value: &Value, ids: &mut Vec<String>) {
    match value {
        Value::Array(list) => list.iter().for_each(|value| ids_in(value, ids)),
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_str).map(str::to_owned));
            fields.values().for_each(|value| ids_in(value, ids));
        }
        _ => {}
    }
}

#[tokio::test]
async fn two_starts_give_the_same_data() {
    assert_eq!(everything(&Clerk::sample()).await, everything(&Clerk::sample()).await);
}

#[tokio::test]
async fn stable_ids_stay_what_documents_say() {
    let clerk = Clerk::sample();
    assert_eq!(clerk.organization("acme").await, "org_3Kw5TwPoISTH6rkmN4kjt8yDOYQ");
    assert_eq!(clerk.user("ada@acme.example").await, "user_3f52u5b9F5UOrOd4b8C551cCfyc");
    let ada = clerk.user("ada@acme.example").await;
    let sessions = clerk.get(&format!("/sessions?user_id={ada}&status=active")).await.ok();
    assert_eq!(each(&sessions, "id"), ["sess_3x3ljteRakQCSLa451u8LviwqVU", "sess_3A1Pi7kA1FxKG4WleFQdefcV9AT"]);
}

#[tokio::test]
async fn ids_have_clerks_form() {
    let mut ids = Vec::new();
    for list in everything(&Clerk::sample()).await {
        ids_in(&list, &mut ids);
    }
    assert!(ids.len() > 200);
    for id in ids {
        let (prefix, tail) = id.rsplit_once('_').unwrap();
        let prefixes = ["user", "org", "orgmem", "orginv", "idn", "eac", "sess", "sess_activity"];
        assert!(prefixes.contains(&prefix), "{id}");
        assert!(tail.len() == 27 && tail.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{id}");
    }
}

#[tokio::test]
async fn users_organizations_memberships_invitations_and_sessions_have_ids_of_their_own() {
    let clerk = Clerk::sample();
    let mut seen = BTreeSet::new();
    for list in everything(&clerk).await {
        for id in each(&list, "id") {
            assert!(seen.insert(text(id)), "{id} is there twice");
        }
    }
}

#[tokio::test]
async fn nothing_happened_after_the_first_of_june_2026() {
    let text = serde_json::to_string(&everything(&Clerk::sample()).await).unwrap();
    for field in ["created_at", "updated_at", "last_sign_in_at", "last_active_at"] {
        for value in text.split(&format!("\"{field}\":")).skip(1) {
            let digits: String = value.chars().take_while(char::is_ascii_digit).collect();
            let moment: i64 = digits.parse().unwrap_or(1_780_000_000_000);
            assert!((1_717_200_000_000..1_780_272_000_000).contains(&moment), "{field} {moment}");
        }
    }
}

#[tokio::test]
async fn every_address_is_in_a_reserved_domain() {
    let text = serde_json::to_string(&everything(&Clerk::sample()).await).unwrap();
    for address in text.split('"').filter(|part| part.contains('@')) {
        assert!(address.ends_with(".example"), "{address}");
    }
}

#[tokio::test]
async fn there_is_somebody_of_every_kind() {
    let users = Clerk::sample().get("/users?limit=500").await.ok();
    let users = users.as_array().unwrap();
    let some = |has: fn(&Value) -> bool| users.iter().any(has);
    assert!(some(|user| user["first_name"].is_null()));
    assert!(some(|user| user["email_addresses"].as_array().unwrap().is_empty()));
    assert!(some(|user| user["email_addresses"].as_array().unwrap().len() > 1));
    assert!(some(|user| user["email_addresses"][0]["verification"]["status"] == "unverified"));
    assert!(some(|user| user["first_name"].as_str().is_some_and(|name| !name.is_ascii())));
    assert!(some(|user| user["locked"] == true && user["lockout_expires_in_seconds"].is_i64()));
    assert!(some(|user| user["two_factor_enabled"] == true));
    assert!(some(|user| user["last_sign_in_at"].is_null()));
    assert!(some(|user| !user["web3_wallets"].as_array().unwrap().is_empty()));
}

#[tokio::test]
async fn an_inviter_is_an_administrator_of_the_organization() {
    let clerk = Clerk::sample();
    for id in each(&clerk.get("/organizations").await.ok()["data"], "id") {
        let path = format!("/organizations/{}", text(id));
        let admins = clerk.get(&format!("{path}/memberships?role=org:admin")).await.ok();
        let admins: Vec<String> =
            each(&admins["data"], "public_user_data").iter().map(|user| text(&user["user_id"])).collect();
        for inviter in each(&clerk.get(&format!("{path}/invitations")).await.ok()["data"], "inviter_id") {
            assert!(inviter.is_null() || admins.contains(&text(inviter)));
        }
    }
}
