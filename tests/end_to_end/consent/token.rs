//! Where nobody can be asked, the call answers with its preview and a token, and is made by a second call with it.

use serde_json::{Value, json};

use super::{delete, exists, patch, token};
use crate::harness::{Answer, Clerk, Client, HttpServer, KEY};

fn setting() -> (Clerk, HttpServer, String) {
    let clerk = Clerk::sample();
    let (server, sandbox) = (clerk.server(), clerk.organization("sandbox"));
    (clerk, server, sandbox)
}

fn assert_refused(answer: &Answer) {
    let failure = answer.failure();
    assert_eq!(failure["code"], "invalid_confirmation_token", "{failure}");
    assert!(failure["message"].as_str().is_some_and(|message| message.ends_with("nothing was changed")), "{failure}");
}

#[test]
fn the_preview_says_what_goes_and_nothing_goes_without_its_token() {
    let clerk = Clerk::sample();
    let (server, acme) = (clerk.server(), clerk.organization("acme"));
    let asked = delete(&server, &acme, None);
    let preview = &asked.output()["preview"];
    assert_eq!(preview["organization"]["name"], "Acme Robotics");
    assert_eq!((&preview["organization"]["members_count"], &preview["pending_invitations"]), (&json!(16), &json!(3)));
    assert!(preview["cannot_be_undone"].as_str().is_some_and(|text| text.contains("cannot be undone")), "{preview}");
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
    assert!(exists(&clerk, &acme));
    assert_eq!(delete(&server, &acme, Some(&token(&asked))).output()["deleted"], true);
    assert!(!exists(&clerk, &acme));
}

#[test]
fn a_preview_of_a_user_names_them_and_all_that_goes_with_them() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let preview = clerk.server().call("clerk_delete_user", json!({ "user_id": ada })).output()["preview"].clone();
    assert_eq!((&preview["user"]["name"], &preview["active_sessions"]), (&json!("Ada Lovelace"), &json!(2)));
    assert_eq!(preview["user"]["email_address"], "ada@acme.example");
    assert_eq!(preview["organizations"], json!([{ "name": "Acme Robotics", "role": "org:admin" }]));
}

#[test]
fn a_token_is_good_for_one_call() {
    let clerk = Clerk::sample();
    let (server, tim) = (clerk.server(), clerk.user("tim@acme.example"));
    let arguments = json!({ "organization_id": clerk.organization("acme"), "user_id": tim });
    let mut again = arguments.clone();
    again["confirmation_token"] = token(&server.call("clerk_remove_member", arguments));
    server.call("clerk_remove_member", again.clone()).output();
    assert_refused(&server.call("clerk_remove_member", again));
}

#[test]
fn a_token_that_was_edited_counts_for_nothing() {
    let (clerk, server, sandbox) = setting();
    let good = token(&delete(&server, &sandbox, None));
    let good = good.as_str().expect("a text");
    let mut edits: Vec<Value> = [" ", "rs1..", "x"].map(Value::from).into();
    edits.extend((0..good.len()).step_by(7).map(|place| {
        let other = if &good[place..=place] == "A" { "B" } else { "A" };
        Value::from(format!("{}{other}{}", &good[..place], &good[place + 1..]))
    }));
    edits.extend([json!(7), json!(true), json!({}), json!([good])]);
    for edited in edits {
        assert_refused(&delete(&server, &sandbox, Some(&edited)));
    }
    // Clients that fill in every parameter bring none by an empty text: they are asked.
    assert_ne!(token(&delete(&server, &sandbox, Some(&json!("")))), Value::Null);
    assert!(exists(&clerk, &sandbox));
    assert_eq!(delete(&server, &sandbox, Some(&good.into())).output()["deleted"], true);
}

#[test]
fn a_token_of_another_call_counts_for_nothing() {
    let (clerk, server, sandbox) = setting();
    let (acme, tim) = (clerk.organization("acme"), clerk.user("tim@acme.example"));
    let for_sandbox = token(&delete(&server, &sandbox, None));
    assert_refused(&delete(&server, &acme, Some(&for_sandbox)));
    let arguments = json!({ "user_id": tim, "confirmation_token": for_sandbox });
    assert_refused(&server.call("clerk_delete_user", arguments));
    assert!(exists(&clerk, &acme) && exists(&clerk, &sandbox));
}

#[test]
fn arguments_that_change_between_preview_and_consent_ask_anew() {
    let (clerk, program) = super::production();
    let (server, acme) = (program.http(), clerk.organization("acme"));
    let member = |role: &str, token: Value| {
        let tim = clerk.user("tim@acme.example");
        json!({ "organization_id": acme, "user_id": tim, "role": role, "confirmation_token": token })
    };
    let agreed = token(&server.call("clerk_update_member_role", member("org:billing_manager", Value::Null)));
    assert_refused(&server.call("clerk_update_member_role", member("org:admin", agreed)));
}

#[test]
fn the_order_of_the_arguments_does_not_matter() {
    let clerk = Clerk::sample();
    let (server, acme, tim) = (clerk.server(), clerk.organization("acme"), clerk.user("tim@acme.example"));
    let call = |arguments: &str| {
        let parameters = format!(r#"{{"name":"clerk_remove_member","arguments":{arguments}}}"#);
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{parameters}}}"#);
        Answer(server.post(&[], &body).json())
    };
    let agreed = token(&call(&format!(r#"{{"organization_id":"{acme}","user_id":"{tim}"}}"#)));
    call(&format!(r#"{{"user_id":"{tim}","confirmationToken":{agreed},"organization_id":"{acme}"}}"#)).output();
    assert_eq!(clerk.get(&format!("/organizations/{acme}/memberships?user_id={tim}"))["total_count"], 0);
}

#[test]
fn a_target_that_has_changed_is_shown_again() {
    let (clerk, server, sandbox) = setting();
    let before = token(&delete(&server, &sandbox, None));
    patch(&clerk, &format!("/organizations/{sandbox}"), &json!({ "name": "No Sandbox At All" }));
    let asked_again = delete(&server, &sandbox, Some(&before));
    assert_eq!(asked_again.output()["preview"]["organization"]["name"], "No Sandbox At All");
    assert!(exists(&clerk, &sandbox));
    assert_eq!(delete(&server, &sandbox, Some(&token(&asked_again))).output()["deleted"], true);
}

#[test]
fn a_target_that_is_gone_meanwhile_is_not_found() {
    let (clerk, server, sandbox) = setting();
    let token = token(&delete(&server, &sandbox, None));
    delete(&clerk.program().arguments(&["--confirm", "off"]).http(), &sandbox, None).output();
    clerk.requests();
    let failure = delete(&server, &sandbox, Some(&token)).failure();
    assert_eq!((&failure["status"], &failure["code"]), (&json!(404), &json!("resource_not_found")), "{failure}");
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
}

/// Calls that can be made again and again, as nothing in their preview changes by them.
fn sign_out(server: &HttpServer, user: &str, token: Option<&Value>) -> Answer {
    server.call("clerk_ban_user", json!({ "user_id": user, "confirmation_token": token }))
}

#[test]
fn of_all_tokens_of_one_call_one_is_redeemed() {
    let (clerk, program) = super::production();
    let (server, ada) = (program.http(), clerk.user("ada@acme.example"));
    let tokens: Vec<Value> = (0..8).map(|_| token(&sign_out(&server, &ada, None))).collect();
    let done: usize = std::thread::scope(|scope| {
        let calls: Vec<_> = tokens.iter().map(|token| scope.spawn(|| sign_out(&server, &ada, Some(token)).0)).collect();
        let answers = calls.into_iter().map(|call| Answer(call.join().expect("it is answered")));
        answers.filter(|answer| answer.0["result"]["structuredContent"]["banned"] == true).count()
    });
    assert_eq!(done, 1);
    let writes = || clerk.requests().iter().filter(|request| request.method == http::Method::POST).count();
    assert_eq!(writes(), 1);
    super::patch_ban(&clerk, &ada, "unban");
    for token in &tokens {
        assert_refused(&sign_out(&server, &ada, Some(token)));
    }
    assert_eq!(clerk.get(&format!("/users/{ada}"))["banned"], false);
    // A new preview is another matter.
    let again = token(&sign_out(&server, &ada, None));
    assert_eq!(sign_out(&server, &ada, Some(&again)).output()["banned"], true);
}

#[test]
fn a_token_is_short_enough_to_be_repeated() {
    let (_clerk, server, sandbox) = setting();
    let token = token(&delete(&server, &sandbox, None));
    assert!(token.as_str().is_some_and(|token| token.len() <= 120), "{token}");
}

#[test]
fn the_summary_comes_first_and_says_whom_what_and_what_stays() {
    let (_clerk, server, sandbox) = setting();
    let answer = delete(&server, &sandbox, None);
    let text = answer.0["result"]["content"][0]["text"].as_str().expect("a text").to_owned();
    let first = format!(r#"{{"preview":{{"summary":"Delete \"Sandbox\" ({sandbox})? All its memberships"#);
    assert!(text.starts_with(&first), "{text}");
    let dry = server.call("clerk_delete_organization", json!({ "organization_id": sandbox, "dry_run": true }));
    assert_eq!(dry.output()["preview"]["summary"], answer.output()["preview"]["summary"]);
}

#[test]
fn a_process_that_has_just_started_takes_no_token_of_before() {
    let (clerk, server, sandbox) = setting();
    let before = token(&delete(&server, &sandbox, None));
    server.terminate();
    let restarted = clerk.server();
    let refused = delete(&restarted, &sandbox, Some(&before)).failure();
    assert_eq!(refused["code"], "invalid_confirmation_token", "{refused}");
    assert!(refused["message"].as_str().is_some_and(|text| text.contains("before this server started")), "{refused}");
    assert!(exists(&clerk, &sandbox));
    let after = token(&delete(&restarted, &sandbox, None));
    assert_eq!(delete(&restarted, &sandbox, Some(&after)).output()["deleted"], true);
}

#[test]
fn a_replica_with_the_same_key_takes_the_token_of_another() {
    let (clerk, one, sandbox) = setting();
    let other = clerk.server();
    let agreed = token(&delete(&one, &sandbox, None));
    assert_eq!(delete(&other, &sandbox, Some(&agreed)).output()["deleted"], true);
    // The first one has not seen it used; what it was for is gone.
    assert_eq!(delete(&one, &sandbox, Some(&agreed)).failure()["status"], 404);
}

#[test]
fn a_server_with_another_key_takes_no_token_of_this_one() {
    let (clerk, server, sandbox) = setting();
    let agreed = token(&delete(&server, &sandbox, None));
    let other = Clerk::with_key("sk_test_CANARY7f3aAnother0000000000000000000");
    let foreign = other.program().variable("CLERK_SECRET_KEY", "sk_test_CANARY7f3aAnother0000000000000000000").http();
    assert_refused(&delete(&foreign, &sandbox, Some(&agreed)));
    assert!(exists(&clerk, &sandbox) && exists(&other, &sandbox));
}

#[test]
fn a_token_older_than_ten_minutes_counts_for_nothing() {
    let (clerk, server, sandbox) = setting();
    let good = token(&delete(&server, &sandbox, None));
    let arguments = json!({ "organization_id": sandbox }).to_string();
    let redated = |minutes: i64| forged::redated(good.as_str().expect("a text"), &arguments, minutes).into();
    let failure = delete(&server, &sandbox, Some(&redated(-11))).failure();
    assert!(failure["message"].as_str().is_some_and(|message| message.contains("ten minutes")), "{failure}");
    assert!(exists(&clerk, &sandbox));
    // What makes the check above one of the time: the same token a minute ago is good.
    assert_eq!(delete(&server, &sandbox, Some(&redated(-1))).output()["deleted"], true);
}

#[test]
fn ten_deletions_in_a_row_ask_ten_times() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let users = clerk.get("/users?limit=10");
    let users: Vec<&str> = users.as_array().expect("a list").iter().filter_map(|user| user["id"].as_str()).collect();
    assert_eq!(users.len(), 10);
    let mut tokens = Vec::new();
    for user in &users {
        tokens.push(token(&server.call("clerk_delete_user", json!({ "user_id": user }))));
    }
    // A careless assistant mixes them up.
    for (user, token) in users.iter().zip(tokens.iter().rev()) {
        assert_refused(&server.call("clerk_delete_user", json!({ "user_id": user, "confirmation_token": token })));
    }
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
}

#[test]
fn a_token_is_given_back_by_a_call_of_which_nothing_was_sent() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_MAX_WRITES", "1").http();
    let sandbox = clerk.organization("sandbox");
    let token = token(&delete(&server, &sandbox, None));
    server.call("clerk_create_organization", json!({ "name": "Umbrella" })).output();
    for _ in 0..3 {
        let failure = delete(&server, &sandbox, Some(&token)).failure();
        assert_eq!(failure["code"], "budget_exhausted");
        assert!(failure["hint"].as_str().is_some_and(|hint| !hint.contains("used up")), "{failure}");
    }
    assert!(exists(&clerk, &sandbox));
}

#[test]
fn a_dry_run_gives_no_token() {
    let (clerk, server, sandbox) = setting();
    let arguments = json!({ "organization_id": sandbox, "dry_run": true });
    let output = server.call("clerk_delete_organization", arguments).output();
    assert!(output["preview"].is_object() && output["confirmation_token"].is_null(), "{output}");
    assert!(exists(&clerk, &sandbox));
}

/// Tokens as this program makes them, with another time in them: whoever has the key could.
mod forged {
    use std::time::SystemTime;

    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::hmac;
    use sha2::{Digest as _, Sha256};

    use super::KEY;

    /// The token as if it had been made so many minutes from now.
    pub(super) fn redated(token: &str, arguments: &str, minutes: i64) -> String {
        let (body, _) = token.strip_prefix("rs1.").and_then(|rest| rest.split_once('.')).expect("three parts");
        let mut body = URL_SAFE_NO_PAD.decode(body).expect("base64");
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970");
        let expiry = now.as_millis().cast_signed() + i128::from(minutes) * 60_000 + 600_000;
        body[..8].copy_from_slice(&u64::try_from(expiry).expect("it is after 1970").to_be_bytes());
        // Behind it stands when it was given out, which is left as it is: it counts only for what was used since.
        let tag = tag(&body, &belonging("clerk_delete_organization", arguments));
        format!("rs1.{}.{}", URL_SAFE_NO_PAD.encode(&body), URL_SAFE_NO_PAD.encode(tag))
    }

    fn belonging(tool: &str, arguments: &str) -> [u8; 32] {
        let mut digest = Sha256::new();
        for part in [tool, arguments, ""] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }

    fn tag(body: &[u8], belonging: &[u8]) -> Vec<u8> {
        let secret = Sha256::digest(format!("clerk-mcp confirmation token\0Bearer {KEY}"));
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, &secret));
        context.update(DOMAIN);
        context.update(&(belonging.len() as u64).to_be_bytes());
        context.update(belonging);
        context.update(body);
        context.sign().as_ref().to_vec()
    }

    /// Of rmcp's codec, which has no way to set its clock.
    const DOMAIN: &[u8] = b"rmcp/mrtr/request-state/v1";
}
