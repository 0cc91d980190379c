//! The tools that operators reach for first: finding people, what they can get into, and taking them out.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Clerk, Client as _, Reply, Upstream};

fn list<'a>(value: &'a Value, name: &str) -> &'a Vec<Value> {
    value[name].as_array().unwrap_or_else(|| panic!("no {name}: {value}"))
}

fn session(number: &str) -> Value {
    json!({ "id": format!("sess_{number}"), "user_id": "user_1", "status": "active" })
}

#[test]
fn a_person_is_found_by_whatever_is_known() {
    let clerk = Clerk::sample();
    let (server, ada) = (clerk.server(), clerk.user("ada@acme.example"));
    for (query, exact) in [
        (ada.as_str(), true),
        ("ada@acme.example", true),
        (" ada@acme.example ", true),
        ("+12025550101", true),
        ("lovelace", false),
        ("ada@acme", false),
    ] {
        let found = server.call("clerk_find_user", json!({ "query": query })).output();
        assert!(list(&found, "data").iter().any(|user| user["id"] == ada), "{query}: {found}");
        assert_eq!(found["is_exact"], exact, "{query}");
    }
}

#[test]
fn what_matches_nothing_exactly_is_searched_for() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let found = server.call("clerk_find_user", json!({ "query": "ada@acme.examples" })).output();
    assert_eq!((list(&found, "data").len(), &found["is_exact"]), (0, &json!(false)));
    let lines: Vec<String> = clerk.requests().iter().map(|request| request.target.clone()).collect();
    assert_eq!(lines.len(), 2, "{lines:?}");
    assert!(lines[0].contains("email_address=") && lines[1].contains("query="), "{lines:?}");
    let many = server.call("clerk_find_user", json!({ "query": "example" })).output();
    assert_eq!((list(&many, "data").len(), &many["has_more"]), (10, &json!(true)));
}

#[test]
fn a_report_has_everything_that_somebody_can_get_into() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let report = clerk.server().call("clerk_get_user_access_report", json!({ "user_id": ada })).output();
    assert_eq!(report["user"]["first_name"], "Ada");
    assert_eq!(report["organizations"]["data"][0]["organization"]["slug"], "acme");
    assert_eq!(list(&report["active_sessions"], "data").len(), 2);
    assert_eq!((list(&report, "failed").len(), &report["pending_invitations"]["total_count"]), (0, &json!(0)));
}

#[test]
fn a_part_of_a_report_that_fails_leaves_the_others() {
    let user = json!({ "id": "user_1", "first_name": "Ada" });
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        "GET /v1/users/user_1" => Reply::json(200, &user),
        line if line.contains("/organization_") => {
            Reply::refusal(403, "organization_not_enabled_in_instance", "is off")
        }
        _ => Reply::json(200, &json!([{ "id": "sess_1", "user_id": "user_1", "status": "active" }])),
    });
    let report = upstream.server().call("clerk_get_user_access_report", json!({ "user_id": "user_1" })).output();
    assert_eq!(report["active_sessions"]["data"][0]["id"], "sess_1");
    let failed: Vec<&Value> = list(&report, "failed").iter().map(|step| &step["of"]).collect();
    assert_eq!(failed, ["organizations", "pending_invitations"]);
}

#[test]
fn counting_counts_what_matches() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let count = |arguments: Value| server.call("clerk_count_users", arguments).output()["total_count"].clone();
    assert_eq!(count(json!({ "banned": true })), clerk.get("/users/count?banned=true")["total_count"]);
    assert_eq!(count(json!({})), clerk.get("/users/count")["total_count"]);
}

#[test]
fn somebody_is_signed_out_everywhere() {
    let clerk = Clerk::sample();
    let (server, desk) = (clerk.server(), clerk.user("frontdesk@brightwater.example"));
    let active = || {
        list(&server.call("clerk_list_sessions", json!({ "user_id": desk, "status": "active" })).output(), "data").len()
    };
    assert_eq!(active(), 12);
    let revoked = server.call("clerk_revoke_all_user_sessions", json!({ "user_id": desk })).output();
    assert_eq!((list(&revoked["sessions"], "done").len(), &revoked["has_more"]), (12, &json!(false)));
    assert_eq!(active(), 0);
}

#[test]
fn a_session_that_cannot_be_revoked_leaves_the_others() {
    let sessions = json!([session("1"), session("2"), session("3")]);
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        "POST /v1/sessions/sess_2/revoke" => Reply::refusal(404, "resource_not_found", "not found"),
        line if line.starts_with("GET /v1/sessions") => Reply::json(200, &sessions),
        line if line.starts_with("POST /v1/sessions") => Reply::json(200, &json!({})),
        _ => Reply::json(200, &json!({ "id": "user_1" })),
    });
    let revoked = upstream.server().call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!(revoked["sessions"]["done"], json!(["sess_1", "sess_3"]));
    assert_eq!((&revoked["sessions"]["failed"][0]["of"], &revoked["has_more"]), (&json!("sess_2"), &json!(true)));
}

#[test]
fn more_sessions_than_one_call_revokes_are_left_for_the_next() {
    let sessions: Vec<Value> = (0..51).map(|number| session(&number.to_string())).collect();
    let sessions = Value::from(sessions);
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        line if line.starts_with("GET /v1/sessions") => Reply::json(200, &sessions),
        line if line.starts_with("POST /v1/sessions") => Reply::json(200, &json!({})),
        _ => Reply::json(200, &json!({ "id": "user_1" })),
    });
    let revoked = upstream.server().call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
    assert_eq!((list(&revoked["sessions"], "done").len(), &revoked["has_more"]), (50, &json!(true)));
}

#[test]
fn somebody_is_taken_out_step_by_step() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    let priya = clerk.user("priya@acme.example");
    let done = server.call("clerk_offboard_user", json!({ "user_id": priya })).output();
    assert_eq!(done["is_complete"], true, "{done}");
    let user = clerk.get(&format!("/users/{priya}"));
    assert_eq!(user["banned"], true);
    assert_eq!(clerk.get(&format!("/users/{priya}/organization_memberships"))["total_count"], 0);
    assert_eq!(clerk.get(&format!("/sessions?user_id={priya}&status=active")), json!([]));
    // Once more changes nothing, and says so.
    let again = server.call("clerk_offboard_user", json!({ "user_id": priya })).output();
    assert_eq!((&again["is_complete"], &again["sessions"]["done"]), (&json!(true), &json!([])));
}

#[test]
fn a_step_that_fails_is_reported_and_the_others_are_made() {
    let membership = |id: &str| json!({ "organization": { "id": id }, "public_user_data": { "user_id": "user_1" } });
    let memberships = json!({ "data": [membership("org_1"), membership("org_2")], "total_count": 2 });
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        line if line.starts_with("GET /v1/sessions") => Reply::new(500, &[], ""),
        line if line.contains("organization_memberships") => Reply::json(200, &memberships),
        "DELETE /v1/organizations/org_1/memberships/user_1" => {
            Reply::refusal(400, "last_admin", "the last administrator")
        }
        line if line.starts_with("DELETE ") => Reply::json(200, &json!({})),
        _ => Reply::json(200, &json!({ "id": "user_1" })),
    });
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    let done = server.call("clerk_offboard_user", json!({ "user_id": "user_1" })).output();
    assert_eq!((&done["is_complete"], &done["sessions"]["failed"][0]["of"]), (&json!(false), &json!("sessions")));
    assert_eq!(done["memberships"]["failed"][0]["of"], "org_1");
    assert_eq!((&done["memberships"]["done"], &done["ban"]["done"]), (&json!(["org_2"]), &json!(["user_1"])));
}

#[test]
fn several_people_are_invited_and_each_failure_is_told() {
    let clerk = Clerk::sample();
    let (server, acme) = (clerk.server(), clerk.organization("acme"));
    let addresses = json!(["new@acme.example", "ada@acme.example", "no-address", "other@acme.example"]);
    let arguments = json!({ "organization_id": acme, "email_address": addresses, "role": "org:member" });
    let steps = server.call("clerk_create_invitations_bulk", arguments).output();
    let emails = |name: &str, field: &str| list(&steps, name).iter().map(|one| one[field].clone()).collect::<Vec<_>>();
    assert_eq!(emails("done", "email_address"), ["new@acme.example", "other@acme.example"]);
    assert_eq!(emails("failed", "of"), ["ada@acme.example", "no-address"]);
    let eleven: Vec<String> = (0..11).map(|number| format!("p{number}@x.example")).collect();
    let arguments = json!({ "organization_id": acme, "email_address": eleven, "role": "org:member" });
    assert!(server.call("clerk_create_invitations_bulk", arguments).problems()[0].contains("1 to 10"));
}

/// The ban is what protects: it comes first, and no list keeps it from being made.
#[test]
fn the_ban_is_never_what_is_left() {
    let hangs = || Reply::nothing().then_pause(Duration::from_secs(30));
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        "GET /v1/users/user_1" | "POST /v1/users/user_1/ban" => Reply::json(200, &json!({ "id": "user_1" })),
        _ => hangs(),
    });
    let server = upstream.program().arguments(&["--mode", "full", "--timeout", "3"]).http();
    let done = server.call("clerk_offboard_user", json!({ "user_id": "user_1" })).output();
    assert_eq!((&done["ban"]["done"], &done["is_complete"]), (&json!(["user_1"]), &json!(false)), "{done}");
    assert_eq!(upstream.writes(), ["POST /v1/users/user_1/ban"]);
}

/// What a person is shown first may hang: there is time left for the ban.
#[test]
fn looks_leave_time_for_the_write() {
    let upstream = Upstream::new(|seen| match seen.line.as_str() {
        "GET /v1/users/user_1" | "POST /v1/users/user_1/ban" => Reply::json(200, &json!({ "id": "user_1" })),
        _ => Reply::nothing().then_pause(Duration::from_secs(30)),
    });
    let server = upstream.program().arguments(&["--timeout", "6"]).http();
    let mut arguments = json!({ "user_id": "user_1" });
    arguments["confirmation_token"] =
        server.call("clerk_offboard_user", arguments.clone()).output()["confirmation_token"].clone();
    let done = server.call("clerk_offboard_user", arguments).output();
    assert_eq!(done["ban"]["done"], json!(["user_1"]), "{done}");
}

#[test]
fn a_small_budget_is_spent_on_the_ban() {
    let clerk = Clerk::sample();
    let desk = clerk.user("frontdesk@brightwater.example");
    let off = |name: &str, budget: &str| {
        let program = clerk.program().variable(name, budget).arguments(&["--confirm", "off", "--timeout", "3"]);
        program.http()
    };
    for (name, budget) in [("CLERK_MAX_WRITES", "1"), ("CLERK_MAX_REQUESTS", "2")] {
        let server = off(name, budget);
        let done = server.call("clerk_offboard_user", json!({ "user_id": desk })).output();
        assert_eq!((&done["ban"]["done"], &done["is_complete"]), (&json!([desk]), &json!(false)), "{done}");
    }
    // Where not even the ban is let out, nothing is.
    let server = off("CLERK_MAX_WRITES", "1");
    server.call("clerk_unban_user", json!({ "user_id": desk })).output();
    clerk.requests();
    let failure = server.call("clerk_offboard_user", json!({ "user_id": desk })).failure();
    assert_eq!(failure["code"], "budget_exhausted", "{failure}");
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("nothing was changed")), "{failure}");
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
}

#[test]
fn without_a_ban_sessions_and_memberships_end() {
    let clerk = Clerk::sample();
    let priya = clerk.user("priya@acme.example");
    let server = clerk.program().arguments(&["--confirm", "off"]).http();
    let done = server.call("clerk_offboard_user", json!({ "user_id": priya, "ban": false })).output();
    assert_eq!((&done["ban"]["done"], &done["is_complete"]), (&json!([]), &json!(true)));
    let writes: Vec<String> = clerk
        .requests()
        .iter()
        .filter(|request| request.method != http::Method::GET)
        .map(|request| request.target.clone())
        .collect();
    for part in ["/v1/sessions/", "/v1/organizations/"] {
        assert!(writes.iter().any(|target| target.starts_with(part)), "{writes:?}");
    }
    assert!(writes.iter().all(|target| !target.ends_with("/ban")), "{writes:?}");
}

#[test]
fn a_list_of_sessions_that_cannot_be_had_leaves_nothing_in_doubt() {
    let upstream = Upstream::new(|seen| match seen.line.as_str() {
        line if line.starts_with("GET /v1/sessions") => Reply::new(500, &[], ""),
        _ => Reply::json(200, &json!({ "id": "user_1" })),
    });
    let failure = upstream.server().call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).failure();
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.starts_with("Nothing was changed")), "{failure}");
}
