//! How much leaves for Clerk in which time, and what is said when no more does.

use serde_json::{Value, json};

use crate::harness::{Answer, Clerk, Client, Program};

/// With a budget of these many requests in ten seconds and writes in a minute; none for the others.
fn program(clerk: &Clerk, requests: u32, writes: u32) -> Program {
    let program = clerk.program().variable("CLERK_MAX_REQUESTS", &requests.to_string());
    program.variable("CLERK_MAX_WRITES", &writes.to_string())
}

/// Nothing was sent, and when to try again is said.
fn assert_exhausted(answer: &Answer, of: &str, within: u64) {
    let failure = answer.failure();
    assert_eq!((&failure["code"], &failure["status"]), (&json!("budget_exhausted"), &json!(429)), "{failure}");
    assert!(failure["message"].as_str().is_some_and(|message| message.contains(of)), "{failure}");
    let seconds = failure["retry_after_seconds"].as_u64().unwrap_or_default();
    assert!((1..=within).contains(&seconds), "{failure}");
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains(&format!("after {seconds} s"))), "{failure}");
}

fn create(client: &dyn Client, number: usize) -> Answer {
    client.call("clerk_create_organization", json!({ "name": format!("Number {number}") }))
}

#[test]
fn more_requests_than_the_budget_has_stay_here() {
    let clerk = Clerk::sample();
    // A read would wait for its turn, if its time were not shorter.
    let server = program(&clerk, 3, 0).arguments(&["--timeout", "2"]).http();
    for _ in 0..3 {
        server.call("clerk_list_users", json!({})).output();
    }
    clerk.requests();
    assert_exhausted(&server.call("clerk_list_users", json!({})), "3 requests in 10 s (--max-requests)", 10);
    clerk.assert_nothing_sent();
}

#[test]
fn a_read_waits_for_its_turn_if_it_has_the_time() {
    let clerk = Clerk::sample();
    let server = program(&clerk, 2, 0).http();
    for _ in 0..3 {
        server.call("clerk_list_users", json!({})).output();
    }
    assert_eq!(clerk.requests().len(), 3);
}

#[test]
fn more_writes_than_the_budget_has_stay_here_and_reads_go_on() {
    let clerk = Clerk::sample();
    let server = program(&clerk, 0, 2).http();
    (0..2).for_each(|number| drop(create(&server, number).output()));
    clerk.requests();
    assert_exhausted(&create(&server, 2), "2 writes in 60 s (--max-writes)", 60);
    clerk.assert_nothing_sent();
    server.call("clerk_list_users", json!({})).output();
}

#[test]
fn a_loop_of_an_assistant_is_stopped_where_nothing_is_set() {
    let clerk = Clerk::sample();
    let key = crate::harness::KEY;
    let program = Program::new(&["--timeout", "1"]).variable("CLERK_SECRET_KEY", key);
    let server = program.variable("CLERK_API_URL", &clerk.url).http();
    let answers: Vec<Answer> = (0..100).map(|_| server.call("clerk_list_users", json!({ "limit": 1 }))).collect();
    let went = answers.iter().filter(|answer| answer.result()["isError"] == false).count();
    assert_eq!((went, clerk.requests().len()), (80, 80), "four fifths of what Clerk lets a development instance do");
    assert_exhausted(&answers[99], "80 requests in 10 s", 10);
}

#[test]
fn a_user_is_changed_ten_times_in_ten_seconds() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let change = |user: &str, number: usize| {
        let metadata = json!({ "number": number });
        server.call("clerk_update_user_metadata", json!({ "user_id": user, "public_metadata": metadata }))
    };
    let (ada, grace) = (clerk.user("ada@acme.example"), clerk.user("grace@acme.example"));
    for number in 0..9 {
        change(&ada, number).output();
    }
    server.call("clerk_update_user", json!({ "user_id": ada, "last_name": "Byron" })).output();
    assert_exhausted(&change(&ada, 10), "10 changes of one user in 10 s", 10);
    change(&grace, 0).output();
}

#[test]
fn people_are_invited_250_times_in_an_hour() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let sandbox = server
        .call("clerk_create_organization", json!({ "name": "Roomy", "max_allowed_memberships": 0 }))
        .output()["id"]
        .clone();
    for round in 0..25 {
        let addresses: Vec<String> = (0..10).map(|number| format!("p{round}-{number}@new.example")).collect();
        let arguments = json!({ "organization_id": sandbox, "email_address": addresses, "role": "org:member" });
        let steps = server.call("clerk_create_invitations_bulk", arguments).output();
        assert_eq!(steps["done"].as_array().map(Vec::len), Some(10), "{}", steps["failed"]);
    }
    let one = json!({ "organization_id": sandbox, "email_address": "one@new.example", "role": "org:member" });
    assert_exhausted(&server.call("clerk_create_invitation", one), "250 invitations to organizations in 3600 s", 3600);
}

/// Each of Clerk's requests that invite has a limit of its own.
#[test]
fn operations_that_invite_are_counted_by_themselves() {
    let clerk = Clerk::sample();
    let server = program(&clerk, 0, 0).http();
    let acme = clerk.organization("acme");
    let somebody = |number: u32| json!({ "email_address": format!("p{number}@new.example"), "role": "org:member" });
    let limited = [
        ("CreateInvitation", 100, "100 invitations in 3600 s"),
        ("CreateBulkInvitations", 25, "25 bulk invitations in 3600 s"),
        ("CreateOrganizationInvitationBulk", 50, "50 bulk invitations to organizations in 3600 s"),
    ];
    for (operation, most, message) in limited {
        let invite = |number: u32| {
            let arguments = match operation {
                "CreateInvitation" => json!({ "email_address": format!("p{number}@new.example") }),
                "CreateBulkInvitations" => json!({ "body": [{ "email_address": format!("p{number}@new.example") }] }),
                _ => json!({ "organization_id": acme, "body": [somebody(number)] }),
            };
            server.call("clerk_api_write", json!({ "operation": operation, "arguments": arguments }))
        };
        (0..most).for_each(|_| {
            // Whatever comes of it, it was sent.
            let _ = invite(0).result();
        });
        assert_exhausted(&invite(most), message, 3600);
    }
}

#[test]
fn a_budget_that_ends_in_the_middle_leaves_the_rest_for_later() {
    let clerk = Clerk::sample();
    let (server, sandbox) = (program(&clerk, 0, 3).http(), clerk.organization("sandbox"));
    let addresses: Vec<String> = (0..5).map(|number| format!("p{number}@new.example")).collect();
    let arguments = json!({ "organization_id": sandbox, "email_address": addresses, "role": "org:member" });
    let steps = server.call("clerk_create_invitations_bulk", arguments).output();
    let done: Vec<&Value> = steps["done"].as_array().expect("a list").iter().map(|one| &one["email_address"]).collect();
    assert_eq!(done, ["p0@new.example", "p1@new.example", "p2@new.example"]);
    assert_eq!(
        (&steps["failed"][0]["of"], &steps["failed"][0]["code"]),
        (&json!("p3@new.example"), &json!("budget_exhausted"))
    );
    assert_eq!(steps["not_tried"], json!(["p4@new.example"]));
}

/// The answer is there before the body is.
#[test]
fn a_large_write_that_stays_here_is_told_why() {
    let clerk = Clerk::sample();
    let server = program(&clerk, 0, 1).http();
    let large = json!({ "name": "Umbrella", "public_metadata": { "note": "x".repeat(8000) } });
    server.call("clerk_create_organization", large.clone()).output();
    for _ in 0..8 {
        assert_exhausted(&server.call("clerk_create_organization", large.clone()), "1 writes", 60);
    }
}

#[test]
fn each_instance_has_a_budget_of_its_own() {
    let one = Clerk::with_key(crate::harness::canary::KEY_OF_A_CALLER);
    let program = Program::new(&["--max-writes", "1"]).variable("CLERK_API_URL", &one.url);
    let server = program.http();
    let create = |key: &str| {
        let arguments = json!({ "name": "Umbrella" });
        Answer(server.call_with(&[("x-clerk-secret-key", key)], "clerk_create_organization", &arguments).json())
    };
    create(crate::harness::canary::KEY_OF_A_CALLER).output();
    assert_exhausted(&create(crate::harness::canary::KEY_OF_A_CALLER), "1 writes", 60);
    // Clerk refuses the other key: its request has left.
    assert_eq!(create(crate::harness::KEY).failure()["status"], 401);
}

#[test]
fn what_is_left_can_be_asked() {
    let clerk = Clerk::sample();
    let server = program(&clerk, 50, 5).http();
    create(&server, 0).output();
    let budget = server.call("clerk_whoami", json!({})).output()["budget"].clone();
    assert_eq!(budget["writes"], json!({ "left": 4, "of": 5, "seconds": 60 }));
    assert_eq!(budget["requests"], json!({ "left": 49, "of": 50, "seconds": 10 }));
}
