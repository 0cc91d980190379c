//! Many at once: invite-from-list, migrate-metadata.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::job::{Job, data, of_address, text};

/// A list as people bring it: twice the same, a member, somebody invited, and what is no address.
const LIST: [&str; 15] = [
    "one@acme.example",
    " Two@acme.example ",
    "two@acme.example",
    "Three Young <three@acme.example>",
    "ada@acme.example",
    "barbara@acme.example",
    "four@acme",
    "five@acme.example",
    "six@acme.example",
    "seven@acme.example",
    "eight@acme.example",
    "nine@acme.example",
    "ten@acme.example",
    "eleven@acme.example",
    "twelve@acme.example",
];

/// The address in a line.
fn address(line: &str) -> Option<String> {
    let part = line.split(['<', '>', ' ']).find(|part| part.contains('@'))?;
    let (_, domain) = part.split_once('@')?;
    domain.contains('.').then(|| part.to_lowercase())
}

/// The addresses of the list, each once.
fn addresses() -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for one in LIST.into_iter().filter_map(address) {
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

#[test]
fn a_list_is_invited_once_each() {
    let job = Job::new("invite-from-list");
    let found = job.call("clerk_list_organizations", json!({ "query": "acme" }));
    let acme = data(&found)[0]["id"].clone();
    let organization = job.call("clerk_get_organization", json!({ "organization_id": acme }));
    job.call("clerk_list_roles", json!({}));
    let list = addresses();
    assert_eq!(list.len(), 13);
    let members = json!({ "organization_id": acme, "email_address": list });
    let members = job.call("clerk_list_organization_members", members);
    let invited = json!({ "organization_id": acme, "status": "pending", "limit": 500 });
    let pending = job.call("clerk_list_organization_invitations", invited.clone());
    let is_new = |one: &&String| of_address(&members, one).is_none() && of_address(&pending, one).is_none();
    let new: Vec<&String> = list.iter().filter(is_new).collect();
    assert_eq!(new.len(), 11);
    let count = |name: &str| organization[name].as_u64().expect("a number");
    let seats = count("members_count") + count("pending_invitations_count") + 11;
    assert!(seats <= count("max_allowed_memberships"), "{organization}");

    let invite = |addresses: &[&String]| {
        let arguments = json!({ "organization_id": acme, "email_address": addresses, "role": "org:member" });
        job.call("clerk_create_invitations_bulk", arguments)
    };
    assert_eq!(invite(&new[..1])["done"].as_array().map(Vec::len), Some(1));
    for ten in new[1..].chunks(10) {
        let answer = invite(ten);
        assert_eq!((answer["done"].as_array().map(Vec::len), &answer["failed"]), (Some(ten.len()), &json!([])));
    }
    // What was done is not repeated: a failure of this kind is none.
    assert_eq!(invite(&new[..1])["failed"][0]["code"], "organization_invitation_not_unique");

    let pending = job.call("clerk_list_organization_invitations", invited);
    assert_eq!(data(&pending).len(), 3 + 11);
    assert!(new.iter().all(|one| of_address(&pending, one).is_some()), "{pending}");
    let wrong = &of_address(&pending, "twelve@acme.example").expect("just invited")["id"];
    job.call("clerk_revoke_organization_invitation", json!({ "organization_id": acme, "invitation_id": wrong }));
    let left = job.clerk.get(&format!("/organizations/{}/invitations?status=pending&limit=100", text(&acme)));
    assert_eq!(left["total_count"], 3 + 10);
    job.finish(&[]);
}

/// The rule: every user has a `tier`, and it is `free`.
fn tiered(job: &Job, user: &Value, dry_run: bool) -> Value {
    let arguments = json!({ "user_id": user["id"], "public_metadata": { "tier": "free" }, "dry_run": dry_run });
    job.call("clerk_update_user_metadata", arguments)
}

/// All users in the order in which they were made, page by page.
fn all_users(job: &Job) -> Vec<Value> {
    let mut users: Vec<Value> = Vec::new();
    let mut page = json!({ "limit": 25, "order_by": "created_at" });
    loop {
        let answer = job.call("clerk_list_users", page.clone());
        users.extend(data(&answer).iter().cloned());
        if answer["has_more"] == false {
            return users;
        }
        page["starting_after"] = answer["next_cursor"].clone();
    }
}

#[test]
fn metadata_is_migrated_from_one_to_all_and_back() {
    let job = Job::new("migrate-metadata");
    assert!(
        data(&job.call("clerk_list_users", json!({ "limit": 20 })))
            .iter()
            .all(|user| user["public_metadata"]["tier"].is_null())
    );
    let count = job.call("clerk_count_users", json!({}))["total_count"].as_u64().expect("a number");
    let users = all_users(&job);
    assert_eq!(users.len() as u64, count);

    let preview = tiered(&job, &users[0], true)["preview"].clone();
    assert_eq!(preview["changes"], json!([{ "path": "/public_metadata/tier", "after": "free" }]));
    let mut undo = BTreeMap::new();
    undo.insert(0, tiered(&job, &users[0], false));
    let one = job.call("clerk_get_user", json!({ "user_id": users[0]["id"] }));
    assert_eq!(one["public_metadata"]["tier"], "free");
    for (index, user) in all_users(&job).iter().enumerate() {
        // It can be repeated: who has it already is skipped.
        if user["public_metadata"]["tier"] != "free" {
            undo.insert(index, tiered(&job, user, false));
        }
    }
    assert_eq!(undo.len(), users.len());
    let after = all_users(&job);
    assert!(after.iter().all(|user| user["public_metadata"]["tier"] == "free"));
    assert_eq!(after[0]["public_metadata"]["theme"], users[0]["public_metadata"]["theme"], "the rest stays");

    for answer in undo.values().rev() {
        job.undo(answer);
    }
    let metadata = |users: &[Value]| users.iter().map(|user| user["public_metadata"].clone()).collect::<Vec<_>>();
    assert_eq!(metadata(&all_users(&job)), metadata(&users));

    let organizations = job.call("clerk_list_organizations", json!({ "limit": 20 }));
    let arguments = json!({ "organization_id": data(&organizations)[0]["id"], "public_metadata": { "plan": "pro" } });
    let answer = job.call("clerk_update_organization_metadata", arguments);
    assert_eq!(answer["public_metadata"]["plan"], "pro");
    job.finish(&[]);
}

#[test]
fn the_metadata_of_a_member_is_migrated() {
    let job = Job::new("migrate-metadata");
    let acme = job.clerk.organization("acme");
    let members = json!({ "organization_id": acme, "limit": 100, "order_by": "created_at" });
    let members = job.call("clerk_list_organization_members", members);
    let user = &data(&members)[0]["public_user_data"]["user_id"];
    let arguments = json!({ "organization_id": acme, "user_id": user, "public_metadata": { "team": "blue" } });
    let mut dry = arguments.clone();
    dry["dry_run"] = json!(true);
    assert_eq!(job.call("clerk_update_member_metadata", dry)["preview"]["changes"][0]["path"], "/public_metadata/team");
    let changed = job.call("clerk_update_member_metadata", arguments);
    assert_eq!(changed["public_metadata"]["team"], "blue");
    assert_eq!(job.undo(&changed)["public_metadata"], json!({}));
}
