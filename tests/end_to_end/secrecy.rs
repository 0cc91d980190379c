//! The secret key shows nowhere, whatever goes wrong and however much is logged. Each server and session of the harness
//! checks all that it ever said when it is dropped; here they log all there is to log.

mod answers;

use std::time::Duration;

use serde_json::json;

use crate::harness::canary::{self, KEY, KEY_OF_A_CALLER};
use crate::harness::{Client, Program, Reply, Upstream, fixtures};

/// Everything that can go wrong between the program and the API.
fn mishaps() -> Vec<Reply> {
    vec![
        Reply::refusal(401, "clerk_key_invalid", "The provided Clerk Secret Key is invalid."),
        Reply::refusal(422, "form_param_value_invalid", "is invalid"),
        Reply::new(429, &["retry-after: 60"], ""),
        Reply::new(500, &[], "<html>"),
        Reply::new(200, &[], "<html>"),
        Reply::new(302, &["location: http://127.0.0.1:9/"], ""),
        Reply::head(1000).then("[").then_hang_up(),
        Reply::nothing().then_hang_up(),
        Reply::nothing().then("no http\r\n\r\n").then_hang_up(),
        Reply::nothing().then_pause(Duration::from_secs(10)),
    ]
}

fn call_everything(client: &dyn Client) {
    client.call("clerk_list_users", json!({}));
    client.call("clerk_create_organization", json!({ "name": "Umbrella" }));
    client.call("clerk_update_user_metadata", json!({ "user_id": "user_1", "public_metadata": { "a": 1 } }));
    client.call("clerk_ban_user", json!({ "user_id": "user_2" }));
    client.call("clerk_delete_user", json!({ "user_id": "user_1" }));
    client.call("clerk_list_users", json!({ "limit": 0 }));
    client.call("clerk_unknown", json!({}));
    client.request("tools/forget", json!({}));
}

#[test]
fn the_key_shows_in_no_output_over_standard_input_and_output() {
    for reply in mishaps() {
        // This one user can be looked at, so that what is written to them goes wrong too.
        let upstream = Upstream::new(move |seen| match seen.line.as_str() {
            "GET /v1/users/user_1" => Reply::whatever_is_looked_at(&seen.line),
            _ => reply.clone(),
        });
        let session = upstream.program().traced().arguments(&["--timeout", "1"]).stdio();
        call_everything(&session);
        let finished = session.close();
        assert!(finished.stderr.contains("DEBUG"), "all there is is logged");
        let seen = upstream.seen();
        assert!(seen.iter().all(|seen| seen.header("authorization")[0].contains(KEY)));
        assert_eq!(upstream.writes(), ["POST /v1/organizations", "PATCH /v1/users/user_1/metadata"]);
    }
}

#[test]
fn the_key_shows_in_no_output_over_http() {
    for reply in mishaps() {
        let upstream = Upstream::always(reply);
        let server = upstream.program().traced().arguments(&["--timeout", "1"]).http();
        for (tool, arguments) in [
            ("clerk_list_users", json!({})),
            ("clerk_create_organization", json!({ "name": "Umbrella" })),
            ("clerk_list_users", json!({ "limit": 0 })),
        ] {
            server.call(tool, arguments).failure();
        }
        server.post(&[("x-clerk-secret-key", KEY_OF_A_CALLER)], "{}");
        server.get("/health");
    }
}

#[test]
fn the_key_of_a_caller_shows_in_no_output() {
    for reply in mishaps() {
        let upstream = Upstream::always(reply);
        let program = Program::new(&["--timeout", "1"]).variable("CLERK_API_URL", &upstream.url()).traced();
        let server = program.http().with_header("x-clerk-secret-key", KEY_OF_A_CALLER);
        server.call("clerk_list_users", json!({})).failure();
        server.post(&[], "{");
        assert!(upstream.seen()[0].header("authorization")[0].contains(KEY_OF_A_CALLER));
    }
}

#[test]
fn the_key_shows_in_no_output_of_a_misbehaving_tool() {
    let upstream = Upstream::always(Reply::no_users());
    let server = upstream.program().traced().component(fixtures::guest()).http();
    for tool in ["trap", "spin", "allocate"] {
        server.call(tool, json!({})).failure();
    }
    server.call("reach", json!({ "url": "http://127.0.0.1:9/v1/users" })).output();
    server.call("scan_memory", json!({ "masked": [1] })).output();
}

#[test]
fn the_key_shows_in_no_output_of_a_call_on_the_command_line() {
    for reply in mishaps() {
        let upstream = Upstream::always(reply);
        let finished = upstream.program().traced().arguments(&["--timeout", "1", "call", "clerk_list_users"]).run();
        assert_eq!(finished.status, 1, "{}", finished.stderr);
    }
}

/// The check behind all of these.
#[test]
#[should_panic(expected = "a secret key shows in the output")]
fn a_key_in_an_output_is_noticed() {
    canary::assert_absent(&format!("before {KEY} after"));
}

#[test]
fn a_key_that_an_api_gives_away_is_left_out() {
    let upstream = Upstream::new(|seen| {
        let key = seen.header("authorization").join("");
        Reply::json(200, &json!([{ "id": "user_1", "first_name": key }]))
    });
    let users = upstream.server().call("clerk_list_users", json!({})).output();
    assert_eq!(users["data"][0]["first_name"], "Bearer sk_test_(not shown)");
}
