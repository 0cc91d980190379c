//! The secret key shows nowhere, whatever goes wrong and however much is logged. Each server and session of the harness
//! checks all that it ever said when it is dropped; here they log all there is to log.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::canary::{KEY, KEY_OF_A_CALLER};
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
    client.call("clerk_update_user_metadata", json!({ "user_id": "user_1", "public_metadata": { "a": 1 } }));
    client.call("clerk_list_users", json!({ "limit": 0 }));
    client.call("clerk_unknown", json!({}));
    client.request("tools/forget", json!({}));
}

#[test]
fn the_key_shows_in_no_output_over_standard_input_and_output() {
    for reply in mishaps() {
        let upstream = Upstream::always(reply);
        let session = upstream.program().traced().arguments(&["--timeout", "1"]).stdio();
        call_everything(&session);
        let finished = session.close();
        assert!(finished.stderr.contains("TRACE"), "all there is is logged");
        assert!(upstream.seen()[0].header("authorization")[0].contains(KEY));
    }
}

#[test]
fn the_key_shows_in_no_output_over_http() {
    for reply in mishaps() {
        let upstream = Upstream::always(reply);
        let server = upstream.program().traced().arguments(&["--timeout", "1"]).http();
        for (tool, arguments) in [("clerk_list_users", json!({})), ("clerk_list_users", json!({ "limit": 0 }))] {
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
    crate::harness::canary::assert_absent(&format!("before {KEY} after"));
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

/// What no output may hold, whatever Clerk answers.
const SECRETS: [&str; 8] = [
    "TICKETCANARY",
    "DIGESTCANARY",
    "TOTPCANARY",
    "BACKUPCANARY",
    "TOKENCANARY",
    "LIVECANARY",
    "HOOKCANARY",
    "METACANARY",
];

/// An answer with every secret there is, in the fields that Clerk has for them and in others.
fn indiscreet() -> Value {
    json!({
        "id": "user_1", "user_id": "user_1", "total_count": 1, "role": "org:member", "status": "pending",
        "url": "https://x.example/v1/tickets/accept?ticket=TICKETCANARY.a_b-c",
        "first_name": "See https://x.example/?__clerk_ticket=TICKETCANARY", "name": "sk_live_LIVECANARY",
        "email_addresses": [{ "email_address": "whsec_HOOKCANARY" }], "public_metadata": { "a": "sk_test_LIVECANARY" },
        "password_digest": "DIGESTCANARY", "totp_secret": "TOTPCANARY", "backup_codes": ["BACKUPCANARY"],
        "token": "TOKENCANARY", "jwt": "TOKENCANARY", "secret": "TOKENCANARY", "last_active_token": { "jwt": "TOKENCANARY" },
        "phone_numbers": [{ "backup_codes": ["BACKUPCANARY"] }], "external_accounts": [{ "token": "TOKENCANARY" }],
        "organization": { "id": "org_1", "secret": "TOKENCANARY" }, "public_user_data": { "user_id": "user_1" },
    })
}

fn indiscreet_refusal() -> Reply {
    let meta = json!({ "param_name": "a", "secret": "METACANARY", "backup_codes": ["METACANARY"] });
    let message = "The link https://x.example/?__clerk_ticket=TICKETCANARY of sk_live_LIVECANARY is not valid";
    let error = json!({ "code": "some_code", "message": message, "long_message": message, "meta": meta });
    Reply::json(422, &json!({ "errors": [error] }))
}

#[test]
fn no_secret_of_an_answer_shows_in_any_output_of_any_tool() {
    let directory = std::env::temp_dir().join(format!("clerk-mcp-secrecy-{}", std::process::id()));
    std::fs::create_dir_all(&directory).expect("a directory can be made");
    for refuses in [false, true] {
        let upstream = Upstream::new(move |seen| {
            let is_list = seen.line.contains("/sessions?") || seen.line.contains("/users?");
            match seen.line.starts_with("GET") {
                _ if refuses && !seen.line.starts_with("GET") => indiscreet_refusal(),
                true if is_list => Reply::json(200, &json!([indiscreet()])),
                _ => {
                    let mut answer = indiscreet();
                    answer["data"] = json!([indiscreet()]);
                    Reply::json(200, &answer)
                }
            }
        });
        let file = directory.join(format!("audit-{refuses}"));
        let program = upstream.program().traced().arguments(&["--confirm", "off", "--audit", &file.to_string_lossy()]);
        let session = program.stdio();
        let tools = session.tools();
        assert_eq!(tools.len(), 35);
        for tool in &tools {
            let name = tool["name"].as_str().expect("a name");
            let mut arguments = crate::examples::arguments(tool);
            let answer = session.call(name, arguments.clone()).0.to_string();
            assert!(!answer.contains("unexpected_response"), "{answer}");
            if tool["annotations"]["readOnlyHint"] == false {
                arguments["dry_run"] = json!(true);
                session.call(name, arguments).output();
            }
        }
        let finished = session.close();
        let audit = std::fs::read_to_string(&file).expect("there is an audit log");
        assert!(audit.lines().count() > 40 && finished.stderr.contains("TRACE"));
        for output in [&finished.stdout, &finished.stderr, &audit] {
            for secret in SECRETS {
                let place =
                    output.find(secret).map(|at| &output[output.floor_char_boundary(at.saturating_sub(200))..at]);
                assert_eq!(place, None, "{secret}");
            }
        }
    }
    let _ = std::fs::remove_dir_all(&directory);
}
