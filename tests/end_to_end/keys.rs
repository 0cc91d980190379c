//! Whose secret key a call uses, and what is said when there is none or a wrong one.

use std::thread;

use serde_json::{Value, json};

use crate::harness::canary::{KEY, KEY_OF_A_CALLER};
use crate::harness::examples::count_listed;
use crate::harness::upstream::Seen;
use crate::harness::{Clerk, Client, HttpServer, Program, Reply, Upstream, fixtures};

const HEADER: &str = "x-clerk-secret-key";

/// A server without a key of its own.
fn public_server(url: &str) -> HttpServer {
    Program::new(&[]).variable("CLERK_API_URL", url).http()
}

#[test]
fn a_call_from_a_shell_without_a_key_says_what_to_set() {
    let finished = Program::new(&["call", "clerk_list_users"]).run();
    assert_eq!(finished.refusal(), "no secret key: set CLERK_SECRET_KEY (or CLERK_SECRET_KEY_FILE), or use --demo");
}

/// What a client on stdio is told where the key is set so: all is listed, and each call says what is missing.
fn told_without_a_key(variables: &[(&str, &str)]) -> Value {
    let upstream = Upstream::always(Reply::no_users());
    let program = Program::new(&[]).variable("CLERK_API_URL", &upstream.url());
    let session = variables.iter().fold(program, |program, (name, value)| program.variable(name, value)).stdio();
    assert_eq!((session.tools().len(), session.request("ping", json!({})).result()), (count_listed(), &json!({})));
    let prompts = session.request("prompts/list", json!({}));
    assert_eq!(prompts.result()["prompts"].as_array().map(Vec::len), Some(4));
    let read = session.request("resources/read", json!({ "uri": "clerk://users/user_1" }));
    assert!(read.error().1.contains("CLERK_SECRET_KEY"), "{read:?}");
    let failures: Vec<_> = ["clerk_list_users", "clerk_ban_user", "clerk_whoami"]
        .iter()
        .map(|tool| session.call(tool, json!({ "user_id": "user_1" })).failure())
        .collect();
    assert!(failures.iter().all(|failure| failure == &failures[0]), "{failures:?}");
    assert!(failures[0]["hint"].as_str().is_some_and(|hint| hint.contains("CLERK_SECRET_KEY")), "{failures:?}");
    assert_eq!(upstream.count(), 0);
    let ended = session.close();
    assert_eq!(ended.status, 0, "{}", ended.stderr);
    failures[0].clone()
}

#[test]
fn a_client_on_stdio_without_a_key_can_list_and_is_told_in_each_call() {
    for variables in [&[][..], &[("CLERK_SECRET_KEY", "")]] {
        let failure = told_without_a_key(variables);
        assert_eq!(failure["code"], "missing_secret_key");
        assert!(failure["message"].as_str().is_some_and(|message| message.starts_with("no secret key")), "{failure}");
    }
}

const MALFORMED: &str = "a secret key begins with sk_test_ or sk_live_ and goes on with letters and digits";
const PUBLISHABLE: &str =
    "this is a publishable key (pk_…); the Backend API needs the secret key (sk_test_… or sk_live_…)";

#[test]
fn what_is_no_secret_key_is_not_sent_and_not_repeated() {
    for (key, reason) in [
        ("CANARY7f3a", MALFORMED),
        ("sk_test_", MALFORMED),
        ("sk_test_…CANARY7f3a", MALFORMED),
        ("sk_test_CANARY7f3a with spaces", MALFORMED),
        ("sk_test_<CANARY7f3a>", MALFORMED),
        ("${CANARY7f3a}", MALFORMED),
        ("sk_prod_CANARY7f3a", MALFORMED),
        ("SK_TEST_CANARY7f3a", MALFORMED),
        ("pk_test_CANARY7f3a", PUBLISHABLE),
        ("   ", "the secret key is empty"),
    ] {
        let message = format!("CLERK_SECRET_KEY: {reason}");
        let finished = Program::new(&["http"]).variable("CLERK_SECRET_KEY", key).run();
        assert_eq!(finished.refusal(), message);
        let failure = told_without_a_key(&[("CLERK_SECRET_KEY", key)]);
        assert_eq!((&failure["code"], &failure["message"]), (&json!("invalid_secret_key"), &json!(message)));
    }
}

#[test]
fn a_key_can_come_from_a_file_with_a_line_break() {
    let clerk = Clerk::sample();
    let file = fixtures::file("key_with_line_break", format!("{KEY}\n").as_bytes());
    let program = Program::new(&[]).variable("CLERK_API_URL", &clerk.url);
    let server = program.variable("CLERK_SECRET_KEY_FILE", &file.to_string_lossy()).http();
    server.call("clerk_list_users", json!({})).output();
}

#[test]
fn a_key_in_the_place_of_something_else_is_not_repeated() {
    for arguments in [&["call", "clerk_whoami"][..], &["http"]] {
        let finished = Program::new(arguments).variable("CLERK_SECRET_KEY_FILE", KEY).run();
        let said = "CLERK_SECRET_KEY_FILE holds a secret key, and takes the path of a file: ";
        assert!(finished.refusal().starts_with(said) && !finished.stderr.contains(KEY), "{}", finished.stderr);
    }
    let told = told_without_a_key(&[("CLERK_SECRET_KEY_FILE", KEY)]);
    assert!(told["code"] == "invalid_secret_key" && !told.to_string().contains(KEY), "{told}");
    for arguments in [&["init", KEY][..], &["tools", "--mode", KEY], &["tools", "--toolsets", KEY]] {
        let finished = Program::new(arguments).run();
        let all = finished.stdout + &finished.stderr;
        assert!(
            finished.status == 2 && !all.contains(KEY) && all.contains("secret key") | all.contains("sk_"),
            "{all}"
        );
    }
}

#[test]
fn a_missing_key_file_stops_the_start() {
    let finished = Program::new(&["http"]).variable("CLERK_SECRET_KEY_FILE", "/nowhere/key").run();
    assert!(finished.refusal().starts_with("CLERK_SECRET_KEY_FILE /nowhere/key: No such file"), "{}", finished.stderr);
    assert!(finished.refusal().ends_with("or run `clerk-mcp init`"), "{}", finished.stderr);
}

#[test]
fn a_file_that_holds_no_key_is_named() {
    let file = fixtures::file("no_key", b"pk_live_CANARY7f3a");
    let file = file.to_string_lossy();
    let finished = Program::new(&["http"]).variable("CLERK_SECRET_KEY_FILE", &file).run();
    assert!(finished.refusal().contains("publishable key"), "{}", finished.stderr);
    for (file, part) in [(&*file, "publishable key"), ("/nowhere/key", "No such file")] {
        let failure = told_without_a_key(&[("CLERK_SECRET_KEY_FILE", file)]);
        let message = failure["message"].as_str().unwrap_or_default();
        assert!(message.contains(part) && message.contains(file), "{failure}");
        assert_eq!(failure["code"], "invalid_secret_key");
    }
}

#[test]
fn two_sources_of_the_key_leave_none() {
    let file = fixtures::file("one_key_too_many", KEY.as_bytes());
    let both = [("CLERK_SECRET_KEY", KEY), ("CLERK_SECRET_KEY_FILE", &*file.to_string_lossy())];
    let program = both.iter().fold(Program::new(&["http"]), |program, (name, value)| program.variable(name, value));
    assert_eq!(program.run().refusal(), "set CLERK_SECRET_KEY or CLERK_SECRET_KEY_FILE, not both");
    let failure = told_without_a_key(&both);
    assert_eq!(failure["message"], "set CLERK_SECRET_KEY or CLERK_SECRET_KEY_FILE, not both");
}

#[test]
fn a_key_that_clerk_refuses_is_reported_with_what_to_do() {
    let clerk = Clerk::with_key(KEY_OF_A_CALLER);
    let failure = clerk.server().call("clerk_list_users", json!({})).failure();
    assert_eq!((&failure["status"], &failure["code"]), (&json!(401), &json!("clerk_key_invalid")));
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("secret key")), "{failure}");
    assert_eq!(clerk.requests().len(), 1);
}

#[test]
fn a_caller_brings_its_key_in_either_header() {
    let clerk = Clerk::with_key(KEY_OF_A_CALLER);
    let server = public_server(&clerk.url);
    for name in [HEADER, "X-Clerk-Secret-Key", "CLERK_SECRET_KEY"] {
        let answer = server.call_with(&[(name, KEY_OF_A_CALLER)], "clerk_list_users", &json!({ "limit": 1 }));
        assert_eq!(answer.json()["result"]["isError"], false, "{answer:?}");
        assert_eq!(clerk.requests()[0].header("authorization"), Some(&*format!("Bearer {KEY_OF_A_CALLER}")));
    }
}

#[test]
fn a_call_without_a_key_says_how_to_bring_one() {
    let clerk = Clerk::sample();
    let server = public_server(&clerk.url);
    let failure = server.call("clerk_list_users", json!({})).failure();
    assert_eq!(failure["code"], "missing_secret_key");
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("X-Clerk-Secret-Key")), "{failure}");
    assert_eq!(server.tools().len(), count_listed());
    clerk.assert_nothing_sent();
}

#[test]
fn a_malformed_key_in_a_request_is_answered_with_401() {
    let clerk = Clerk::sample();
    let server = public_server(&clerk.url);
    for key in ["CANARY7f3a", "pk_test_CANARY7f3a", "", "sk_test_CANARY7f3a x"] {
        let answer = server.call_with(&[(HEADER, key)], "clerk_list_users", &json!({}));
        assert_eq!(answer.status, 401, "{answer:?}");
        assert!(answer.json()["error"].as_str().is_some_and(|error| error.starts_with(HEADER)), "{answer:?}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn a_server_with_a_key_takes_none_from_requests() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let answer = server.call_with(&[(HEADER, KEY_OF_A_CALLER)], "clerk_list_users", &json!({}));
    assert_eq!(answer.status, 400, "{answer:?}");
    clerk.assert_nothing_sent();
}

/// Tells who asks by the key, without repeating the key.
fn who_asks(seen: &Seen) -> Reply {
    let is = |key: &str| seen.header("authorization") == [format!("Bearer {key}")];
    let name = if is(KEY) {
        "operator"
    } else if is(KEY_OF_A_CALLER) {
        "caller"
    } else {
        "nobody"
    };
    Reply::json(200, &json!([{ "id": "user_1", "username": name }]))
}

#[test]
fn callers_with_different_keys_do_not_mix() {
    let upstream = Upstream::new(who_asks);
    let server = public_server(&upstream.url());
    let asks = |key: &str| -> Value {
        let answer = server.call_with(&[(HEADER, key)], "clerk_list_users", &json!({})).json();
        answer["result"]["structuredContent"]["data"][0]["username"].clone()
    };
    thread::scope(|scope| {
        for (key, name) in [(KEY, "operator"), (KEY_OF_A_CALLER, "caller")].repeat(4) {
            scope.spawn(move || (0..10).for_each(|_| assert_eq!(asks(key), name)));
        }
    });
    assert_eq!(upstream.count(), 80);
    assert_eq!(server.call("clerk_list_users", json!({})).failure()["code"], "missing_secret_key");
}
