//! `PATCH …/metadata`, which works alike for organizations, memberships and users.

use serde_json::{Value, json};

use crate::client::Clerk;

/// One endpoint for each kind of thing that has metadata.
async fn targets(clerk: &Clerk) -> [String; 3] {
    let (acme, ada) = (clerk.organization("acme").await, clerk.user("ada@acme.example").await);
    [
        format!("/organizations/{acme}/metadata"),
        format!("/organizations/{acme}/memberships/{ada}/metadata"),
        format!("/users/{ada}/metadata"),
    ]
}

#[tokio::test]
async fn changes_merge_deeply_and_null_removes_a_key_at_any_level() {
    let clerk = Clerk::sample();
    for target in targets(&clerk).await {
        let start = json!({ "private_metadata": { "deep": { "kept": 1, "gone": 2, "list": [1, 2] }, "top": true } });
        clerk.patch(&target, start).await.ok();
        let changes = json!({ "private_metadata": { "deep": { "gone": null, "list": [3], "new": {} }, "top": null } });
        let merged = clerk.patch(&target, changes).await.ok();
        assert_eq!(merged["private_metadata"]["deep"], json!({ "kept": 1, "list": [3], "new": {} }), "{target}");
        assert!(merged["private_metadata"].get("top").is_none(), "{target}");
    }
}

#[tokio::test]
async fn metadata_that_is_not_named_stays() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example").await;
    let before = clerk.get(&format!("/users/{ada}")).await.ok();
    let body = json!({ "unsafe_metadata": { "seen_tour": true }, "public_metadata": null });
    let after = clerk.patch(&format!("/users/{ada}/metadata"), body).await.ok();
    assert_eq!(after["public_metadata"], before["public_metadata"]);
    assert_eq!(after["private_metadata"], before["private_metadata"]);
    assert_eq!(after["unsafe_metadata"], json!({ "seen_tour": true }));
    assert_eq!(clerk.get(&format!("/users/{ada}")).await.ok(), after);
}

#[tokio::test]
async fn every_write_moves_updated_at_and_nothing_else_does() {
    let clerk = Clerk::sample();
    for target in targets(&clerk).await {
        let first = clerk.call("PATCH", &target, None).await.ok();
        let second = clerk.patch(&target, json!({})).await.ok();
        assert!(second["updated_at"].as_i64() > first["updated_at"].as_i64(), "{target}");
        assert_eq!(second["created_at"], first["created_at"]);
    }
}

#[tokio::test]
async fn each_metadata_field_holds_eight_kilobytes() {
    let clerk = Clerk::sample();
    // {"a":""} is eight bytes.
    let filled = |bytes: usize| json!({ "x": "y".repeat(bytes - r#"{"x":""}"#.len()) });
    for target in targets(&clerk).await {
        let clear = json!({ "public_metadata": { "title": null, "theme": null, "plan": null, "region": null,
            "features": null, "x": null } });
        clerk.patch(&target, clear).await.ok();
        clerk.patch(&target, json!({ "public_metadata": filled(8192) })).await.ok();
        let reply = clerk.patch(&target, json!({ "public_metadata": { "z": 1 } })).await;
        assert_eq!(reply.refusal(), "422 form_param_exceeds_allowed_size", "{target}");
        assert_eq!(reply.faulty_parameters(), ["public_metadata"]);
    }
}

#[tokio::test]
async fn a_refused_merge_changes_nothing() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example").await;
    let before = clerk.get(&format!("/users/{ada}")).await.ok();
    let body = json!({ "unsafe_metadata": { "fits": 1 }, "public_metadata": { "big": "x".repeat(9000) } });
    assert_eq!(clerk.patch(&format!("/users/{ada}/metadata"), body).await.status, 422);
    assert_eq!(clerk.get(&format!("/users/{ada}")).await.ok(), before);
}

#[tokio::test]
async fn metadata_must_be_an_object_and_known_to_the_endpoint() {
    let clerk = Clerk::sample();
    let [organization, membership, user] = targets(&clerk).await;
    for target in [&organization, &membership] {
        let reply = clerk.patch(target, json!({ "unsafe_metadata": {}, "public_metadata": [] })).await;
        assert_eq!(reply.faulty_parameters(), ["public_metadata", "unsafe_metadata"]);
    }
    assert_eq!(clerk.patch(&user, json!({ "public_metadata": "x" })).await.refusal(), "422 form_param_type_invalid");
}

#[tokio::test]
async fn what_does_not_exist_has_no_metadata() {
    let clerk = Clerk::sample();
    let (acme, maya) = (clerk.organization("acme").await, clerk.user("maya@papaya.example").await);
    let missing = [
        "/organizations/org_unknown/metadata".to_owned(),
        format!("/organizations/{acme}/memberships/{maya}/metadata"),
        "/users/user_unknown/metadata".to_owned(),
    ];
    for target in missing {
        let reply = clerk.patch(&target, json!({ "public_metadata": Value::Null })).await;
        assert_eq!(reply.refusal(), "404 resource_not_found", "{target}");
    }
}
