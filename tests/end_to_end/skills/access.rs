//! Who gets in: diagnose-sign-in, handle-stolen-account, review-access.

use serde_json::{Value, json};

use super::job::{Job, data, of_address, text};

#[test]
fn a_locked_account_is_diagnosed_and_remedied() {
    let job = Job::new("diagnose-sign-in");
    let user = json!({ "user_id": job.find("trent@mail.example") });
    let account = job.call("clerk_get_user", user.clone());
    assert_eq!((&account["banned"], &account["locked"]), (&json!(false), &json!(true)));
    assert!(account["lockout_expires_in_seconds"].as_u64().is_some_and(|seconds| seconds > 0), "{account}");
    let mut active = user.clone();
    active["status"] = json!("active");
    assert_eq!(data(&job.call("clerk_list_sessions", active)).len(), 1);
    assert_eq!(data(&job.call("clerk_list_user_organizations", user.clone())).len(), 1);
    // Nothing was changed by the diagnosis.
    assert!(job.clerk.requests().iter().all(|request| request.method == http::Method::GET));
    job.call("clerk_unlock_user", user.clone());
    assert_eq!(job.call("clerk_get_user", user.clone())["locked"], false);
    assert_eq!(job.clerk.get(&format!("/users/{}", text(&user["user_id"])))["locked"], false);
    job.finish(&[]);
}

#[test]
fn somebody_without_an_account_is_found_among_the_invited() {
    let job = Job::new("diagnose-sign-in");
    let found = job.call("clerk_find_user", json!({ "query": "yuki@mail.example" }));
    assert_eq!((&found["is_exact"], data(&found).len()), (&json!(false), 0));
    let invited = job.call("clerk_list_invitations", json!({ "query": "yuki@mail.example" }));
    assert_eq!(of_address(&invited, "yuki@mail.example").expect("they are invited")["status"], "pending");
    let waiting = job.call("clerk_list_waitlist_entries", json!({ "query": "uma@mail.example" }));
    assert_eq!(of_address(&waiting, "uma@mail.example").expect("they have asked")["status"], "rejected");
    let restrictions = job.call("clerk_list_restrictions", json!({}));
    assert!(restrictions["blocked"].to_string().contains("spammer@mail.example"), "{restrictions}");
}

/// An account that a thief has used: their address on it, an invitation and a member of theirs.
fn stolen() -> (Job, Value, Value) {
    let job = Job::new("handle-stolen-account");
    let (ada, acme) = (job.clerk.user("ada@acme.example"), job.clerk.organization("acme"));
    let address = json!({ "user_id": ada, "email_address": "thief@mail.example", "verified": true, "primary": true });
    job.meanwhile("clerk_add_email_address", address);
    let invitation = json!({ "organization_id": acme, "email_address": "accomplice@mail.example", "role": "org:admin",
                             "inviter_user_id": ada });
    job.meanwhile("clerk_create_invitation", invitation);
    let member =
        json!({ "organization_id": acme, "user_id": job.clerk.user("newcomer@mail.example"), "role": "org:member" });
    job.meanwhile("clerk_add_member", member);
    (job, json!({ "user_id": ada }), json!({ "organization_id": acme }))
}

#[test]
fn a_stolen_account_is_stopped_cleaned_and_given_back() {
    let (job, user, organization) = stolen();
    assert_eq!(job.find("ada@acme.example"), text(&user["user_id"]));
    let report = job.call("clerk_get_user_access_report", user.clone());
    assert_eq!((data(&report["active_sessions"]).len(), &report["failed"]), (2, &json!([])));
    job.call("clerk_ban_user", user.clone());
    let mut active = user.clone();
    active["status"] = json!("active");
    assert_eq!(data(&job.call("clerk_list_sessions", active)).len(), 0);
    let account = job.call("clerk_get_user", user.clone());
    assert_eq!(account["banned"], true);

    clean_organization(&job, &organization, &text(&user["user_id"]));
    clean_account(&job, &user, &account);

    assert_eq!(job.call("clerk_unban_user", user.clone())["banned"], false);
    let after = job.clerk.get(&format!("/users/{}", text(&user["user_id"])));
    let addresses = after["email_addresses"].as_array().expect("a list of addresses");
    assert_eq!((addresses.len(), &addresses[0]["email_address"]), (1, &json!("ada@acme.example")));
    assert_eq!((&after["primary_email_address_id"], &after["banned"]), (&addresses[0]["id"], &json!(false)));
    job.finish(&["clerk_revoke_all_user_sessions", "clerk_revoke_session"]);
}

/// Takes out of the organization who came by the thief.
fn clean_organization(job: &Job, organization: &Value, user: &str) {
    let with = |more: Value| {
        let mut arguments = organization.clone();
        arguments.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        arguments
    };
    let members = job.call("clerk_list_organization_members", with(json!({ "order_by": "-created_at" })));
    let stranger = of_address(&members, "newcomer@mail.example").expect("they came since")["public_user_data"].clone();
    let statuses = json!({ "status": ["pending", "accepted"] });
    let invitations = job.call("clerk_list_organization_invitations", with(statuses));
    let accomplice = of_address(&invitations, "accomplice@mail.example").expect("they were invited");
    assert_eq!(accomplice["inviter_id"], user);
    job.call("clerk_revoke_organization_invitation", with(json!({ "invitation_id": accomplice["id"] })));
    job.agree("clerk_remove_member", with(json!({ "user_id": stranger["user_id"] })), "newcomer@mail.example");

    let id = text(&organization["organization_id"]);
    let pending = job.clerk.get(&format!("/organizations/{id}/invitations?status=pending"));
    assert!(!pending.to_string().contains("accomplice"), "{pending}");
    let left = job.clerk.get(&format!("/organizations/{id}/memberships?user_id={}", text(&stranger["user_id"])));
    assert_eq!(left["total_count"], 0);
}

/// Takes off the account what the thief has left.
fn clean_account(job: &Job, user: &Value, account: &Value) {
    let api = |operation: &str, arguments: Value| json!({ "operation": operation, "arguments": arguments });
    let of = |address: &str| {
        let addresses = account["email_addresses"].as_array().expect("a list of addresses");
        addresses.iter().find(|known| known["email_address"] == address).expect("it is there")["id"].clone()
    };
    let mut compromised = user.clone();
    compromised["revoke_all_sessions"] = json!(true);
    job.call("clerk_api_write", api("SetUserPasswordCompromised", compromised));
    let primary = json!({ "email_address_id": of("ada@acme.example"), "primary": true });
    job.call("clerk_api_write", api("UpdateEmailAddress", primary));
    let theirs = api("DeleteEmailAddress", json!({ "email_address_id": of("thief@mail.example") }));
    job.agree("clerk_api_delete", theirs, "thief@mail.example");
    let keys = job.call("clerk_api_read", api("getApiKeys", json!({ "subject": user["user_id"] })));
    let key = json!({ "apiKeyID": data(&keys)[0]["id"] });
    job.agree("clerk_api_delete", api("revokeApiKey", key), "Nightly export");
    let keys =
        job.call("clerk_api_read", api("getApiKeys", json!({ "subject": user["user_id"], "include_invalid": "true" })));
    assert_eq!(data(&keys)[0]["revoked"], true, "{keys}");
}

#[test]
fn a_review_of_an_organization_changes_nothing_and_finds_what_there_is() {
    let job = Job::new("review-access");
    let organizations = job.call("clerk_list_organizations", json!({ "query": "papaya" }));
    assert_eq!(data(&organizations)[0]["slug"], "papaya-studio");
    let found = job.call("clerk_get_organization", json!({ "slug": "papaya-studio" }));
    let roles = job.call("clerk_list_roles", json!({}));
    let manages = |role: &&Value| role["permissions"].to_string().contains("org:sys_memberships:manage");
    let roles: Vec<&Value> = data(&roles).iter().filter(manages).map(|role| &role["key"]).collect();
    assert_eq!(roles, ["org:admin"]);
    let all = json!({ "organization_id": found["id"], "limit": 100 });
    let members = job.call("clerk_list_organization_members", all);
    assert_eq!((data(&members).len(), &members["has_more"]), (2, &json!(false)));
    assert_eq!(found["members_count"], data(&members).len());
    let admins = json!({ "organization_id": found["id"], "role": ["org:admin"] });
    let admins = job.call("clerk_list_organization_members", admins);
    let maya = job.call("clerk_get_user", json!({ "user_id": data(&admins)[0]["public_user_data"]["user_id"] }));
    assert_eq!((&maya["first_name"], &maya["two_factor_enabled"]), (&json!("Maya"), &json!(false)));
    let pending = json!({ "organization_id": found["id"], "status": "pending" });
    let pending = job.call("clerk_list_organization_invitations", pending);
    assert!(of_address(&pending, "freelance@mail.example").is_some(), "{pending}");
    // One person, and the whole instance.
    let user = json!({ "user_id": job.find("maya@papaya.example") });
    assert_eq!(data(&job.call("clerk_get_user_access_report", user)["organizations"])[0]["role"], "org:admin");
    let review = job.call("clerk_security_review", json!({}));
    assert!(of_address(&review["administrators_without_second_factor"], "maya@papaya.example").is_some(), "{review}");
    let missing = json!({ "include_missing_member_with_elevated_permissions": true, "limit": 100 });
    let missing = job.call("clerk_list_organizations", missing);
    let without = data(&missing).iter().filter(|one| one["missing_member_with_elevated_permissions"] == true);
    assert_eq!(without.map(|one| &one["slug"]).collect::<Vec<_>>(), ["sandbox"]);
    assert_eq!(job.call("clerk_count_users", json!({ "banned": true }))["total_count"], 1);
    assert!(job.clerk.requests().iter().all(|request| request.method == http::Method::GET));
    job.finish(&[]);
}
