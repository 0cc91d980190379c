//! The findings of a review, and its words on lists that it could not have.

use super::*;
use crate::api::tests::Told;

fn reviewed(lists: Value) -> Value {
    review(&Arguments::default(), &Told::by_path(lists)).expect("a review is made of what there is")
}

fn ids(review: &Value, finding: &str) -> Option<Vec<String>> {
    let found = review[finding]["data"].as_array()?;
    let id = |item: &Value| item["id"].as_str().or(item["public_user_data"]["user_id"].as_str()).map(Into::into);
    Some(found.iter().filter_map(id).collect())
}

#[test]
fn only_what_deserves_attention_is_found() {
    let member = |id: &str, role: &str, more: Value| {
        let mut person = json!({ "user_id": id });
        person["banned"] = more["banned"].clone();
        json!({ "public_user_data": person, "role": role, "permissions": more["permissions"] })
    };
    let review = reviewed(json!({
        "/organization_memberships": [
            member("user_1", "org:admin", json!({ "banned": false })),
            member("user_2", "org:owner", json!({ "permissions": ["org:sys_memberships:manage"] })),
            member("user_3", "org:member", json!({ "permissions": ["org:sys_memberships:read"], "banned": true })),
        ],
        "/users": [
            { "id": "user_1", "two_factor_enabled": true, "locked": true, "lockout_expires_in_seconds": 60 },
            { "id": "user_2", "two_factor_enabled": false, "locked": true, "lockout_expires_in_seconds": null },
            { "id": "user_3", "locked": false },
        ],
        "/organization_invitations": { "data": [{ "id": "orginv_1" }], "total_count": 1 },
        "/invitations": [],
    }));
    for (finding, expected) in [
        ("administrators_without_second_factor", &["user_2"][..]),
        ("banned_members", &["user_3"]),
        ("locks_without_end", &["user_2"]),
        ("pending_organization_invitations", &["orginv_1"]),
        ("pending_app_invitations", &[]),
    ] {
        assert_eq!(
            ids(&review, finding).as_deref(),
            Some(&expected.iter().map(ToString::to_string).collect::<Vec<_>>()[..]),
            "{finding}"
        );
    }
    assert_eq!(review["looked_at"].as_array().map(Vec::len), Some(5));
    assert_eq!(review["failed"], json!([]));
}

/// Otherwise a list that could not be had would look like one in which nothing was found.
#[test]
fn of_a_list_that_could_not_be_had_nothing_is_said() {
    let review = reviewed(json!({ "/users": [], "/invitations": [] }));
    assert_eq!(ids(&review, "banned_members"), None);
    assert_eq!(ids(&review, "administrators_without_second_factor"), None);
    assert_eq!(ids(&review, "locks_without_end"), Some(Vec::new()));
    let failed: Vec<&Value> = review["failed"].as_array().into_iter().flatten().map(|step| &step["of"]).collect();
    assert_eq!(failed, ["organization_memberships", "organization_invitations"]);
    assert_eq!(
        review["looked_at"],
        json!([
            { "list": "users", "count": 0, "has_more": false }, { "list": "invitations", "count": 0, "has_more": false },
        ])
    );
}

/// A part that was left out is told, and not taken for harmless.
#[test]
fn administrators_and_items_beyond_the_first_are_told() {
    let member = |number| json!({ "role": "org:admin", "public_user_data": { "user_id": format!("user_{number}") } });
    let memberships = |count| json!({ "data": (0..count).map(member).collect::<Vec<_>>(), "total_count": 900 });
    let users = json!((0..60).map(|number| json!({ "id": number, "two_factor_enabled": false })).collect::<Vec<_>>());
    for (count, is_cut) in [(MOST_BY_ID, false), (MOST_BY_ID + 1, true)] {
        let review = reviewed(json!({ "/organization_memberships": memberships(count), "/users": users }));
        let looked_at = &review["looked_at"];
        assert_eq!((&looked_at[0]["total_count"], &looked_at[0]["has_more"]), (&json!(900), &json!(true)));
        assert_eq!((&looked_at[1]["list"], &looked_at[1]["has_more"]), (&json!("administrators"), &json!(is_cut)));
        let found = &review["administrators_without_second_factor"];
        assert_eq!((&found["total_count"], &found["has_more"]), (&json!(60), &json!(true)));
        assert_eq!(found["data"].as_array().map(Vec::len), Some(MOST_SHOWN));
    }
}

#[test]
fn without_administrators_nobody_is_looked_up() {
    let review = reviewed(json!({ "/organization_memberships": [] }));
    assert_eq!(ids(&review, "administrators_without_second_factor"), Some(Vec::new()));
    let looked_at = review["looked_at"].as_array().into_iter().flatten();
    assert!(looked_at.map(|list| &list["list"]).eq(["organization_memberships"]));
}
