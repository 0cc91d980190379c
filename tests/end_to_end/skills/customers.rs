//! Who comes and who goes: onboard-customer, offboard-person.

use serde_json::{Value, json};

use super::job::{Job, data, of_address, text};

#[test]
fn a_customer_is_onboarded_once() {
    let job = Job::new("onboard-customer");
    let existing = job.call("clerk_list_organizations", json!({ "query": "Umbrella" }));
    assert_eq!(data(&existing).len(), 0);
    let first = job.call("clerk_find_user", json!({ "query": "alice@umbrella.example" }));
    assert_eq!(first["is_exact"], false);
    let roles = job.call("clerk_list_roles", json!({}));
    assert!(data(&roles).iter().any(|role| role["key"] == "org:admin"), "{roles}");
    let others = job.call("clerk_list_organizations", json!({ "limit": 3 }));
    assert!(data(&others).iter().any(|other| other["public_metadata"]["plan"].is_string()), "{others}");
    let settings = json!({ "name": "Umbrella", "max_allowed_memberships": 25, "public_metadata": { "plan": "trial" } });
    let made = job.call("clerk_create_organization", settings);
    let invite =
        |address: &str| json!({ "organization_id": made["id"], "email_address": address, "role": "org:admin" });
    // The wrong person first: the way back that the skill names.
    let wrong = job.call("clerk_create_invitation", invite("alice@umbrella.invalid"));
    let wrong = json!({ "organization_id": made["id"], "invitation_id": wrong["id"] });
    job.call("clerk_revoke_organization_invitation", wrong);
    job.call("clerk_create_invitation", invite("alice@umbrella.example"));
    let again = job.failure("clerk_create_invitation", invite("alice@umbrella.example"));
    assert_eq!(again["code"], "organization_invitation_not_unique");
    let found = job.call("clerk_get_organization", json!({ "organization_id": made["id"] }));
    assert_eq!(found["pending_invitations_count"], 1);

    let id = text(&made["id"]);
    let all = job.clerk.get("/organizations?query=Umbrella");
    assert_eq!((&all["total_count"], &all["data"][0]["public_metadata"]["plan"]), (&json!(1), &json!("trial")));
    let pending = job.clerk.get(&format!("/organizations/{id}/invitations?status=pending"));
    assert_eq!(pending["data"][0]["email_address"], "alice@umbrella.example");
    assert_eq!((&pending["total_count"], &pending["data"][0]["role"]), (&json!(1), &json!("org:admin")));
    job.finish(&[]);
}

#[test]
fn a_person_leaves_and_leaves_an_administrator_behind() {
    let job = Job::new("offboard-person");
    let dubois = job.clerk.organization("maison-dubois");
    let back = json!({ "organization_id": dubois, "email_address": "ines@kestrel.example", "role": "org:member" });
    job.meanwhile("clerk_create_invitation", back);

    let user = json!({ "user_id": job.find("ines@kestrel.example") });
    let kestrel = job.call("clerk_get_organization", json!({ "slug": "kestrel-logistics" }));
    let report = job.call("clerk_get_user_access_report", user.clone());
    assert_eq!(data(&report["organizations"])[0]["organization"]["id"], kestrel["id"]);
    job.call("clerk_list_roles", json!({}));
    let admins = json!({ "organization_id": kestrel["id"], "role": ["org:admin"] });
    assert_eq!(data(&job.call("clerk_list_organization_members", admins.clone())).len(), 1, "she is the last one");
    let heir = json!({ "organization_id": kestrel["id"], "user_id": job.clerk.user("pat@kestrel.example"), "role": "org:admin" });
    job.call("clerk_update_member_role", heir);
    for invitation in data(&report["pending_invitations"]) {
        let one = json!({ "organization_id": invitation["organization_id"], "invitation_id": invitation["id"] });
        job.call("clerk_revoke_organization_invitation", one);
    }
    let done = job.agree("clerk_offboard_user", user.clone(), "ines@kestrel.example");
    assert_eq!(done["is_complete"], true, "{done}");
    let after = job.call("clerk_get_user_access_report", user.clone());
    for part in ["organizations", "pending_invitations", "active_sessions"] {
        assert_eq!(data(&after[part]).len(), 0, "{part}: {after}");
    }

    assert_eq!(job.clerk.get(&format!("/users/{}", text(&user["user_id"])))["banned"], true);
    let left = job.call("clerk_list_organization_members", admins);
    assert!(data(&left).len() == 1 && of_address(&left, "pat@kestrel.example").is_some(), "{left}");
    let pending = job.clerk.get(&format!("/organizations/{dubois}/invitations?status=pending"));
    assert!(!pending.to_string().contains("ines@"), "{pending}");
    job.finish(&["clerk_remove_member", "clerk_unban_user"]);
}

#[test]
fn a_person_leaves_one_of_two_customers() {
    let job = Job::new("offboard-person");
    let user = job.find("priya@acme.example");
    let report = job.call("clerk_get_user_access_report", json!({ "user_id": user }));
    assert_eq!(data(&report["organizations"]).len(), 2);
    let acme = job.call("clerk_get_organization", json!({ "slug": "acme" }));
    let admins = json!({ "organization_id": acme["id"], "role": ["org:admin"] });
    assert_eq!(data(&job.call("clerk_list_organization_members", admins)).len(), 2, "she is none of them");
    let membership = json!({ "organization_id": acme["id"], "user_id": user });
    job.agree("clerk_remove_member", membership, "priya@acme.example");
    let left: Value = job.clerk.get(&format!("/users/{user}/organization_memberships"));
    assert_eq!((&left["total_count"], &left["data"][0]["organization"]["slug"]), (&json!(1), &json!("sorland-energi")));
    assert_eq!(job.clerk.get(&format!("/users/{user}"))["banned"], false);
}
