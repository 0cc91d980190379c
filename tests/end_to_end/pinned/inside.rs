//! What a connection that is kept to one customer can still do, and how it is told.

use serde_json::{Value, json};

use super::tenants::Tenants;
use crate::harness::{Client, Reply, StdioSession, Upstream};

/// Somebody of acme who is a member of another organization too.
const IN_TWO: &str = "sorland-energi";

fn ids(page: &Value) -> Vec<String> {
    let mut ids: Vec<String> = page["data"].as_array().expect("a list").iter().map(|item| text(&item["id"])).collect();
    ids.sort();
    ids
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

/// The members of an organization.
fn members(tenants: &Tenants, organization: &str) -> Vec<String> {
    let page = tenants.clerk.get(&format!("/organizations/{organization}/memberships?limit=100"));
    let list = page["data"].as_array().expect("a list");
    let mut members: Vec<String> = list.iter().map(|item| text(&item["public_user_data"]["user_id"])).collect();
    members.sort();
    members
}

fn in_two(tenants: &Tenants) -> String {
    let others = members(tenants, &tenants.clerk.organization(IN_TWO));
    members(tenants, &tenants.ours).into_iter().find(|user| others.contains(user)).expect("one is a member of both")
}

#[test]
fn what_is_pinned_is_in_no_schema_and_filled_in() {
    let tenants = Tenants::new();
    let session = tenants.program().arguments(&["--toolsets", "all"]).stdio();
    let tools = session.tools();
    assert!(tools.len() > 30, "{} tools", tools.len());
    for tool in &tools {
        let properties = &tool["inputSchema"]["properties"];
        assert!(properties["organization_id"].is_null() && properties["slug"].is_null(), "{tool}");
    }
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool["name"].as_str()).collect();
    for off in ["clerk_add_member", "clerk_create_user", "clerk_list_invitations", "clerk_security_review"] {
        assert!(!names.contains(&off), "{names:?}");
        assert_eq!(session.call(off, json!({})).failure()["code"], "denied");
    }
    let organization = session.call("clerk_get_organization", json!({})).output();
    assert_eq!(organization["slug"], "acme");
    let all = session.call("clerk_list_organizations", json!({ "query": "a" })).output();
    assert_eq!(ids(&all), [tenants.ours.as_str()]);
    // Who says it all the same means what is meant.
    let ours = json!({ "organization_id": tenants.ours });
    assert_eq!(session.call("clerk_list_organization_members", ours).output()["total_count"], 16);
    let described = json!({ "operation": "UpdateOrganization" });
    let described = session.call("clerk_api_describe", described).output();
    assert_eq!(described["arguments"]["required"], Value::Null, "{described}");
    assert_eq!(described["arguments"]["properties"]["organization_id"], Value::Null, "{described}");
}

#[test]
fn whoever_asks_is_told_what_the_connection_is_kept_to_and_what_is_off() {
    let tenants = Tenants::new();
    let session = tenants.program().stdio();
    let standing = session.call("clerk_whoami", json!({})).output();
    assert_eq!(standing["organization"], tenants.ours.as_str());
    // What is left of it would tell what is done for others.
    assert_eq!(standing["budget"], Value::Null);
    let off = &standing["tools_off"].as_array().expect("some are off")[0];
    assert!(off["because"].as_str().is_some_and(|because| because.contains("--organization")), "{off}");
    assert!(off["tools"].as_array().is_some_and(|tools| tools.contains(&json!("clerk_add_member"))), "{off}");
    let client = json!({ "name": "tests", "version": "1" });
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    let server = tenants.program().http();
    let hello = server.request("initialize", hello);
    let beginning: String = text(&hello.result()["instructions"]).chars().take(300).collect();
    assert!(beginning.contains(&tenants.ours), "{beginning}");
}

#[test]
fn users_are_reached_as_members() {
    let tenants = Tenants::new();
    let session = tenants.program().stdio();
    let ada = tenants.clerk.user("ada@acme.example");
    let members = members(&tenants, &tenants.ours);
    assert_eq!(session.call("clerk_get_user", json!({ "user_id": ada })).output()["id"], ada.as_str());
    let requests: Vec<String> = tenants.clerk.requests().into_iter().map(|request| request.target).collect();
    let look_up = format!("/v1/organizations/{}/memberships?limit=1&user_id={ada}", tenants.ours);
    assert_eq!(requests, [look_up, format!("/v1/users/{ada}")]);
    assert_eq!(ids(&session.call("clerk_list_users", json!({ "limit": 100 })).output()), members);
    assert_eq!(session.call("clerk_count_users", json!({})).output()["total_count"], members.len());
    let found = session.call("clerk_find_user", json!({ "query": "ada@acme.example" })).output();
    assert_eq!((&found["is_exact"], ids(&found)), (&json!(true), vec![ada.clone()]));
    let theirs = json!({ "query": tenants.theirs.email_address });
    assert_eq!(session.call("clerk_find_user", theirs).output()["data"], json!([]));
    let by_address = json!({ "email_address": tenants.theirs.email_address });
    assert_eq!(session.call("clerk_get_user", by_address).failure()["code"], "resource_not_found");
    let locked = session.call("clerk_lock_user", json!({ "user_id": ada })).output();
    assert_eq!(locked["undo"]["tool"], "clerk_unlock_user");
    let undo = locked["undo"]["arguments"].clone();
    assert_eq!(session.call("clerk_unlock_user", undo).output()["locked"], false);
}

#[test]
fn of_somebody_in_two_organizations_one_is_seen() {
    let tenants = Tenants::new();
    let session = tenants.program().stdio();
    let (user, other) = (in_two(&tenants), tenants.clerk.organization(IN_TWO));
    let organizations = session.call("clerk_list_user_organizations", json!({ "user_id": user })).output();
    assert_eq!(
        (&organizations["total_count"], &organizations["data"][0]["organization"]["slug"]),
        (&json!(1), &json!("acme"))
    );
    for (tool, arguments) in [
        ("clerk_get_user_access_report", json!({ "user_id": user })),
        ("clerk_list_sessions", json!({ "user_id": user })),
        ("clerk_offboard_user", json!({ "user_id": user, "dry_run": true })),
        ("clerk_delete_user", json!({ "user_id": user, "dry_run": true })),
        ("clerk_api_read", json!({ "operation": "UsersGetOrganizationMemberships", "arguments": { "user_id": user } })),
    ] {
        let said = session.call(tool, arguments).output().to_string();
        assert!(!said.contains(&other) && !said.contains(IN_TWO) && !said.contains("Sørland"), "{tool}: {said}");
    }
    let off = session.call("clerk_offboard_user", json!({ "user_id": user })).output();
    assert_eq!((&off["memberships"]["done"], &off["is_complete"]), (&json!([tenants.ours]), &json!(true)));
    assert!(members(&tenants, &other).contains(&user), "the other membership stays");
    assert!(!members(&tenants, &tenants.ours).contains(&user));
}

#[test]
fn sessions_are_reached_as_those_of_members() {
    let tenants = Tenants::new();
    let session = tenants.program().stdio();
    let ada = tenants.clerk.user("ada@acme.example");
    let active = json!({ "user_id": ada, "status": "active" });
    let sessions = session.call("clerk_list_sessions", active).output();
    let id = text(&sessions["data"][0]["id"]);
    assert_eq!(session.call("clerk_revoke_session", json!({ "session_id": id })).output()["status"], "revoked");
    let theirs = json!({ "session_id": tenants.theirs.session });
    assert_eq!(session.call("clerk_revoke_session", theirs).failure()["code"], "resource_not_found");
}

/// An upstream that ignores the filter shows everybody.
#[test]
fn a_list_shows_members_whatever_the_api_lets_through() {
    let tenants = Tenants::new();
    let url = tenants.clerk.url.clone();
    let ours = tenants.ours.clone();
    let careless = Upstream::new(move |seen| {
        let mut seen = seen.clone();
        if seen.line.starts_with("GET /v1/users?") {
            seen.line = seen.line.replace(&format!("organization_id={ours}"), "");
        }
        Reply::of_api(&url, &seen)
    });
    let session = careless.program().arguments(&["--organization", &tenants.ours]).stdio();
    let listed = session.call("clerk_list_users", json!({ "limit": 500 })).output();
    assert_eq!(ids(&listed), members(&tenants, &tenants.ours));
    let found = session.call("clerk_find_user", json!({ "query": tenants.theirs.email_address })).output();
    assert_eq!(found["data"], json!([]));
}

#[test]
fn nobody_is_named_in_a_write_who_is_no_member_and_no_unique_name_is_tried() {
    let tenants = Tenants::new();
    let session = tenants.program().stdio();
    let invitation =
        json!({ "email_address": "new@acme.example", "role": "org:member", "inviter_user_id": tenants.theirs.user });
    assert_eq!(session.call("clerk_create_invitation", invitation).failure()["code"], "resource_not_found");
    let several = json!({ "operation": "CreateOrganizationInvitationBulk", "arguments": { "body": [
        { "email_address": "new@acme.example", "role": "org:member", "inviter_user_id": tenants.theirs.user },
    ] } });
    assert_eq!(session.call("clerk_api_write", several).failure()["code"], "resource_not_found");
    let ada = tenants.clerk.user("ada@acme.example");
    tenants.clerk.requests();
    for (tool, arguments) in [
        ("clerk_update_user", json!({ "user_id": ada, "username": "agnes" })),
        ("clerk_update_user", json!({ "user_id": ada, "externalId": "x" })),
        ("clerk_update_user", json!({ "user_id": ada, "clear": ["first_name", "external_id"] })),
        ("clerk_update_user", json!({ "user_id": ada, "clear": r#"["first_name", "\u0065xternal_id"]"# })),
        ("clerk_update_user", json!({ "user_id": ada, "clear": "username" })),
        ("clerk_update_organization", json!({ "slug": "maison-dubois" })),
    ] {
        let problems = session.call(tool, arguments).problems();
        assert!(problems[0].contains("is one for all customers"), "{problems:?}");
    }
    // What opens an account opens it everywhere.
    for (operation, arguments) in [
        ("UpdateUser", json!({ "user_id": ada, "password": "correct horse" })),
        ("UpdateUser", json!({ "user_id": ada, "totpSecret": "x" })),
        ("UpdateUser", json!({ "user_id": ada, "first_name": "Ada", "username": null })),
        ("VerifyPassword", json!({ "user_id": ada, "password": "12345678" })),
        ("CreateSessionToken", json!({ "session_id": tenants.theirs.session })),
        ("UpdateOrganizationDomain", json!({ "domain_id": "orgdmn_1", "verified": true })),
    ] {
        let call = json!({ "operation": operation, "arguments": arguments });
        let refused = session.call("clerk_api_write", call).failure();
        let is_refused = ["invalid_arguments", "denied"].iter().any(|code| refused["code"] == *code);
        assert!(is_refused, "{operation}: {refused}");
    }
    tenants.clerk.assert_nothing_sent();
}

/// Among a user's invitations are those of others, and they are counted too.
#[test]
fn of_a_users_invitations_ours_are_told_and_counted() {
    let tenants = Tenants::new();
    let (ada, free) = (tenants.clerk.user("ada@acme.example"), tenants.program_without_pins().stdio());
    let session = tenants.program().stdio();
    let told = || {
        let listed = |arguments: Value| {
            let call = json!({ "operation": "UsersGetOrganizationInvitations", "arguments": arguments });
            session.call("clerk_api_read", call).output()
        };
        let report = session.call("clerk_get_user_access_report", json!({ "user_id": ada })).output();
        let offsets = [0, 1, 50].map(|offset| listed(json!({ "user_id": ada, "offset": offset, "limit": 1 })));
        json!([offsets, report["pending_invitations"], listed(json!({ "user_id": ada, "status": "pending" }))])
    };
    let before = told();
    let organization = &tenants.theirs.organization;
    let invitation =
        json!({ "organization_id": organization, "email_address": "ada@acme.example", "role": "org:member" });
    free.call("clerk_create_invitation", invitation).output();
    assert_eq!(told(), before);
    let theirs = json!({ "operation": "UsersGetOrganizationInvitations", "arguments": { "user_id": ada } });
    assert_eq!(free.call("clerk_api_read", theirs).output()["total_count"], 1, "there is one to be seen");
}

/// An upstream that says more of a user than was asked for, and counts everybody.
#[test]
fn what_belongs_to_others_is_left_out_wherever_it_stands() {
    let tenants = Tenants::new();
    let (url, other) = (tenants.clerk.url.clone(), tenants.theirs.organization.clone());
    let generous = Upstream::new(move |seen| {
        let mut seen = seen.clone();
        if seen.line.starts_with("GET /v1/users/count") {
            seen.line = "GET /v1/users/count".into();
        }
        if !seen.line.starts_with("GET /v1/users/user_") {
            return Reply::of_api(&url, &seen);
        }
        let organization = json!({ "id": other, "name": "Maison Dubois" });
        let membership = json!({ "id": "orgmem_1", "organization": organization, "role": "org:admin" });
        let connection = json!({ "organization_id": other, "name": "Dubois Okta" });
        let id = seen.line.rsplit('/').next().unwrap_or_default();
        let user = json!({
            "id": id, "object": "user", "organization_memberships": [membership], "first_name": other,
            "enterprise_accounts": [{ "provider": "saml_okta", "enterprise_connection": connection }],
        });
        Reply::json(200, &user)
    });
    let session = generous.program().arguments(&["--organization", &tenants.ours]).stdio();
    let ada = tenants.clerk.user("ada@acme.example");
    let user = json!({ "operation": "GetUser", "arguments": { "user_id": ada } });
    let user = session.call("clerk_api_read", user).output();
    // Somebody may be called so.
    let user = user.to_string();
    assert!(user.contains(&format!(r#""first_name":"{}""#, tenants.theirs.organization)), "{user}");
    assert!(user.contains(&ada) && !user.contains("Dubois") && !user.contains("org:admin"), "{user}");
    let counted = session.call("clerk_count_users", json!({})).failure();
    assert_eq!(counted["code"], "unexpected_object");
    assert!(!counted.to_string().contains("org_"), "{counted}");
}

#[test]
fn a_slug_is_looked_up_first() {
    let tenants = Tenants::new();
    let program = |slug: &str| tenants.clerk.program().arguments(&["--organization", slug]);
    let session = program("acme").stdio();
    session.call("clerk_list_organization_members", json!({})).output();
    let requests: Vec<String> = tenants.clerk.requests().into_iter().map(|request| request.target).collect();
    let list = format!("/v1/organizations/{}/memberships?limit=20", tenants.ours);
    assert_eq!(requests, ["/v1/organizations/acme", &list]);
    let missing = program("no-such-customer").stdio().call("clerk_list_organization_members", json!({})).failure();
    assert_eq!(missing["code"], "missing_organization");
    for wrong in ["org_1/../org_2", "Acme Inc", "org_", "acme_1"] {
        let finished = program(wrong).arguments(&["stdio"]).run();
        assert!(finished.refusal().contains("--organization"), "{wrong}");
    }
    let finished = tenants.clerk.program().arguments(&["--user", "ada@acme.example", "stdio"]).run();
    assert!(finished.refusal().contains("--user"), "{}", finished.stderr);
}

#[test]
fn a_connection_may_be_kept_to_one_user() {
    let tenants = Tenants::new();
    let (ada, grace) = (tenants.clerk.user("ada@acme.example"), tenants.clerk.user("grace@acme.example"));
    let session = tenants.clerk.program().arguments(&["--user", &ada, "--confirm", "off"]).stdio();
    let names = session.tool_names();
    assert!(names.contains(&"clerk_get_user".into()) && !names.contains(&"clerk_list_users".into()), "{names:?}");
    assert_eq!(session.call("clerk_get_user", json!({})).output()["id"], ada.as_str());
    assert_eq!(session.call("clerk_list_sessions", json!({})).output()["data"][0]["user_id"], ada.as_str());
    let other = session.call("clerk_get_user", json!({ "user_id": grace })).problems();
    assert!(other[0].starts_with("/user_id: "), "{other:?}");
    assert_eq!(session.call("clerk_get_organization", json!({ "slug": "acme" })).failure()["code"], "denied");
    // In an organization too: no other member is seen.
    let pins = ["--user", &ada, "--organization", &tenants.ours, "--toolsets", "all"];
    let session = tenants.clerk.program().arguments(&pins).stdio();
    let members = session.call("clerk_list_organization_members", json!({})).output();
    assert_eq!((&members["total_count"], &members["data"][0]["public_user_data"]["user_id"]), (&json!(1), &json!(ada)));
    assert_eq!(session.call("clerk_list_organization_invitations", json!({})).failure()["code"], "denied");
    let revoke = |id: &str| session.call("clerk_revoke_session", json!({ "session_id": id, "dry_run": true }));
    let outside = revoke(&tenants.theirs.session).failure();
    assert_eq!(outside["code"], "resource_not_found", "{outside}");
    assert_eq!(revoke("sess_nobodys").failure(), outside);
    let own = session.call("clerk_list_sessions", json!({ "status": "active" })).output()["data"][0]["id"].clone();
    revoke(own.as_str().expect("an id")).output();
    let pins = ["--user", &tenants.theirs.user, "--organization", &tenants.ours];
    let stranger = tenants.clerk.program().arguments(&pins).stdio();
    let outside = stranger.call("clerk_get_user", json!({})).failure();
    assert_eq!(outside["code"], "resource_not_found");
    // What there is not is told in the same words after the same requests.
    let pins = ["--user", &tenants.theirs.user, "--organization", "org_0nobodys"];
    let nowhere = tenants.clerk.program().arguments(&pins).stdio();
    let requests = |session: &StdioSession| {
        tenants.clerk.requests();
        let told = session.call("clerk_get_user", json!({})).failure();
        (told, tenants.clerk.requests().len())
    };
    assert_eq!(requests(&nowhere), requests(&stranger));
    assert_eq!(requests(&nowhere).0, outside);
}
