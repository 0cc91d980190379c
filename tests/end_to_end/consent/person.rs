//! A person at the client agrees, in both eras of the protocol.

use serde_json::{Value, json};

use super::{exists, patch};
use crate::harness::examples::{Example, example};
use crate::harness::{Answer, Clerk, Client as _, HttpServer, StdioSession};

const MODERN: &str = "2026-07-28";

fn accept(name: &str) -> Value {
    json!({ "action": "accept", "content": { "name": name } })
}

#[test]
fn a_person_types_the_name_of_what_goes_for_good() {
    let clerk = Clerk::sample();
    let (session, acme) = (StdioSession::with_person(clerk.program()), clerk.organization("acme"));
    let arguments = json!({ "organization_id": acme });
    let (question, answer) = session.ask("clerk_delete_organization", &arguments, &accept("Acme Robotics"));
    let message = question["message"].as_str().expect("a text");
    let first = format!("Delete \"Acme Robotics\" ({acme})? All its memberships and invitations are deleted with it.");
    assert!(message.starts_with(&first), "{message}");
    for part in ["members count: 16", "\npending invitations: 3", "cannot be undone"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(question["requestedSchema"]["required"], json!(["name"]));
    assert_eq!(answer.output()["deleted"], true);
    assert!(!exists(&clerk, &acme));
}

#[test]
fn everything_but_the_name_is_a_no() {
    let clerk = Clerk::sample();
    let (session, acme) = (StdioSession::with_person(clerk.program()), clerk.organization("acme"));
    let arguments = json!({ "organization_id": acme });
    let noes = [
        (accept("acme robotics"), "declined"),
        (accept("Acme"), "declined"),
        (accept(""), "no_choice"),
        (json!({ "action": "accept", "content": { "decision": "yes" } }), "no_choice"),
        (json!({ "action": "accept", "content": {} }), "no_choice"),
        (json!({ "action": "accept" }), "no_choice"),
        (json!({ "action": "decline" }), "declined_unseen"),
        (json!({ "action": "cancel" }), "declined_unseen"),
    ];
    for (no, code) in noes {
        let (_, answer) = session.ask("clerk_delete_organization", &arguments, &no);
        assert_eq!(answer.failure()["code"], code, "{no}");
    }
    assert!(exists(&clerk, &acme));
}

#[test]
fn what_is_critical_and_goes_for_good_is_typed_too() {
    let clerk = Clerk::sample();
    let session = StdioSession::with_person(clerk.program().arguments(&["--mode", "full"]));
    let domains = clerk.get("/domains")["data"].clone();
    let satellite = domains.as_array().into_iter().flatten().find(|domain| domain["is_satellite"] == true);
    let satellite = satellite.expect("there is one");
    let name = satellite["name"].as_str().expect("a name");
    let call = |operation: &str, arguments: Value| json!({ "operation": operation, "arguments": arguments });
    let delete = call("DeleteDomain", json!({ "domain_id": satellite["id"] }));
    let yes = json!({ "action": "accept", "content": { "decision": "yes" } });
    let (question, answer) = session.ask("clerk_api_delete", &delete, &yes);
    assert!(question["message"].as_str().is_some_and(|text| text.contains("cannot be undone")), "{question}");
    assert_eq!(answer.failure()["code"], "no_choice");
    assert_eq!(session.ask("clerk_api_delete", &delete, &accept(name)).1.output()["deleted"], true);
    let (question, _) = session.ask("clerk_api_delete", &call("DeleteSvixApp", json!({})), &accept(""));
    assert!(question["message"].as_str().is_some_and(|text| text.contains("cannot be undone")), "{question}");
}

#[test]
fn what_can_be_undone_takes_a_choice_of_yes() {
    let (clerk, program) = super::production();
    let (session, ada) = (StdioSession::with_person(program), clerk.user("ada@acme.example"));
    let arguments = json!({ "user_id": ada });
    for content in
        [json!(null), json!({}), json!({ "decision": "" }), json!({ "decision": true }), json!({ "name": "yes" })]
    {
        let (_, answer) = session.ask("clerk_ban_user", &arguments, &json!({ "action": "accept", "content": content }));
        assert_eq!(answer.failure()["code"], "no_choice", "{content}");
    }
    let choose = |choice: &str| json!({ "action": "accept", "content": { "decision": choice } });
    let (_, answer) = session.ask("clerk_ban_user", &arguments, &choose("no"));
    assert_eq!(answer.failure()["code"], "declined");
    assert_eq!(clerk.get(&format!("/users/{ada}"))["banned"], false);
    let (question, answer) = session.ask("clerk_ban_user", &arguments, &choose("yes"));
    let first = format!("Ban \"Ada Lovelace\" (ada@acme.example, ada, {ada})? They are signed out everywhere;");
    assert!(question["message"].as_str().is_some_and(|text| text.starts_with(&first)), "{question}");
    let schema = &question["requestedSchema"];
    assert_eq!(
        (&schema["required"], &schema["properties"]["decision"]["enum"]),
        (&json!(["decision"]), &json!(["no", "yes"]))
    );
    assert_eq!(schema["properties"]["decision"].get("default"), None);
    assert_eq!(answer.output()["banned"], true);
}

#[test]
fn a_question_has_no_raw_json_and_nothing_empty() {
    let (_clerk, program) = super::production();
    let session = StdioSession::with_person(program);
    let no = json!({ "action": "decline" });
    let standing = session.call("clerk_whoami", json!({})).output();
    let asking: Vec<&str> =
        standing["tools_that_ask"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert!(asking.contains(&"clerk_update_member_role"), "{standing}");
    for Example { tool, arguments, .. } in asking.into_iter().map(example) {
        let (question, _) = session.ask(tool, arguments, &no);
        let message = question["message"].as_str().expect("a text");
        for raw in ["{", "[]", "\":", "null", "\"\"", "\n\n"] {
            assert!(!message.contains(raw), "{tool}: {raw}: {message}");
        }
        if tool == "clerk_update_member_role" {
            assert!(
                message.lines().next().is_some_and(|line| line.ends_with("role: org:member → org:admin?")),
                "{message}"
            );
        }
    }
}

#[test]
fn a_no_after_a_person_could_read_is_theirs() {
    let clerk = Clerk::sample();
    let (session, acme) = (StdioSession::with_person(clerk.program()), clerk.organization("acme"));
    let parameters = json!({ "name": "clerk_delete_organization", "arguments": { "organization_id": acme } });
    for (action, code) in [("decline", "declined"), ("cancel", "cancelled")] {
        session.begin("tools/call", &parameters);
        let question = session.read();
        std::thread::sleep(std::time::Duration::from_millis(1100));
        session.reply(&question, &json!({ "action": action }));
        assert_eq!(Answer(session.read()).failure()["code"], code);
    }
    assert!(exists(&clerk, &acme));
}

#[test]
fn a_client_that_takes_no_questions_is_told_what_an_operator_can_do() {
    let clerk = Clerk::sample();
    let (session, acme) = (StdioSession::with_person(clerk.program()), clerk.organization("acme"));
    let parameters = json!({ "name": "clerk_delete_organization", "arguments": { "organization_id": acme } });
    for (code, words) in [(-32601, "elicitation/create"), (-32000, "nobody is here")] {
        session.begin("tools/call", &parameters);
        let error = json!({ "code": code, "message": "nobody is here" });
        session.write(&json!({ "jsonrpc": "2.0", "id": session.read()["id"], "error": error }).to_string());
        let failure = Answer(session.read()).failure();
        assert_eq!(failure["code"], "cannot_confirm", "{failure}");
        assert!(failure["message"].as_str().is_some_and(|text| text.contains(words)), "{failure}");
        assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("--confirm token-only")), "{failure}");
    }
    assert!(exists(&clerk, &acme));
}

#[test]
fn an_operator_can_do_without_a_person() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let session = StdioSession::with_person(clerk.program().variable("CLERK_CONFIRM", "token-only"));
    let token = super::token(&super::delete(&session, &sandbox, None));
    assert_eq!(super::delete(&session, &sandbox, Some(&token)).output()["deleted"], true);
}

#[test]
fn a_person_is_asked_again_when_it_has_changed_meanwhile() {
    let clerk = Clerk::sample();
    let (session, sandbox) = (StdioSession::with_person(clerk.program()), clerk.organization("sandbox"));
    let parameters = json!({ "name": "clerk_delete_organization", "arguments": { "organization_id": sandbox } });
    session.begin("tools/call", &parameters);
    let first = session.read();
    patch(&clerk, &format!("/organizations/{sandbox}"), &json!({ "name": "Renamed" }));
    session.reply(&first, &accept("Sandbox"));
    let second = session.read();
    let message = second["params"]["message"].as_str().unwrap_or_else(|| panic!("{second}"));
    assert!(message.contains("has changed") && message.contains("\"Renamed\""), "{message}");
    session.reply(&second, &accept("Renamed"));
    assert_eq!(Answer(session.read()).output()["deleted"], true);
}

#[test]
fn a_token_is_not_taken_where_a_person_can_be_asked() {
    let clerk = Clerk::sample();
    let (session, sandbox) = (StdioSession::with_person(clerk.program()), clerk.organization("sandbox"));
    let token = super::token(&super::delete(&clerk.server(), &sandbox, None));
    let arguments = json!({ "organization_id": sandbox, "confirmation_token": token });
    let no = json!({ "action": "decline" });
    let (_, answer) = session.ask("clerk_delete_organization", &arguments, &no);
    assert_eq!(answer.failure()["code"], "declined_unseen");
    assert!(exists(&clerk, &sandbox));
}

#[test]
fn an_operator_can_demand_a_person() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let strict = || clerk.program().variable("CLERK_CONFIRM", "elicit");
    let server = strict().http();
    let token = super::token(&super::delete(&clerk.server(), &sandbox, None));
    for token in [None, Some(&token)] {
        let failure = super::delete(&server, &sandbox, token).failure();
        assert_eq!(failure["code"], "cannot_confirm", "{failure}");
        assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("--confirm")), "{failure}");
    }
    assert!(exists(&clerk, &sandbox));
    let arguments = json!({ "organization_id": sandbox });
    let (_, answer) =
        StdioSession::with_person(strict()).ask("clerk_delete_organization", &arguments, &accept("Sandbox"));
    assert_eq!(answer.output()["deleted"], true);
}

/// A call of a client of 2026-07-28 that can ask a person.
fn modern(server: &HttpServer, arguments: &Value, more: &Value) -> Value {
    modern_call(server, "clerk_delete_organization", arguments, more)
}

fn modern_call(server: &HttpServer, tool: &str, arguments: &Value, more: &Value) -> Value {
    let mut parameters = json!({ "name": tool, "arguments": arguments });
    parameters.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    parameters["_meta"]["io.modelcontextprotocol/protocolVersion"] = MODERN.into();
    parameters["_meta"]["io.modelcontextprotocol/clientInfo"] = json!({ "name": "tests", "version": "1" });
    parameters["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({ "elicitation": {} });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
    let headers = [("mcp-protocol-version", MODERN), ("mcp-method", "tools/call"), ("mcp-name", tool)];
    server.post(&headers, &request.to_string()).json()
}

fn answered(asked: &Value, answer: &Value) -> Value {
    json!({ "requestState": asked["result"]["requestState"], "inputResponses": { "confirm": answer } })
}

#[test]
fn a_modern_client_is_asked_by_a_result() {
    let clerk = Clerk::sample();
    let (server, sandbox) = (clerk.server(), clerk.organization("sandbox"));
    let arguments = json!({ "organization_id": sandbox });
    let asked = modern(&server, &arguments, &json!({}));
    assert_eq!(asked["result"]["resultType"], "input_required", "{asked}");
    assert_eq!(asked["result"]["inputRequests"]["confirm"]["method"], "elicitation/create");
    let refused = modern(&server, &arguments, &answered(&asked, &json!({ "action": "decline" })));
    assert_eq!(refused["result"]["isError"], true, "{refused}");
    assert!(exists(&clerk, &sandbox));
    let done = modern(&server, &arguments, &answered(&asked, &accept("Sandbox")));
    assert_eq!(done["result"]["structuredContent"]["deleted"], true, "{done}");
}

#[test]
fn one_answer_is_good_for_one_call() {
    let (clerk, program) = super::production();
    let (server, ada) = (program.http(), clerk.user("ada@acme.example"));
    let arguments = json!({ "user_id": ada });
    let call = |more: &Value| modern_call(&server, "clerk_ban_user", &arguments, more);
    let asked = [call(&json!({})), call(&json!({}))];
    let yes = json!({ "action": "accept", "content": { "decision": "yes" } });
    let done: Vec<Value> = std::thread::scope(|scope| {
        let answers = (0..8).map(|number| answered(&asked[number % 2], &yes));
        let calls: Vec<_> = answers
            .map(|answer| {
                let call = &call;
                scope.spawn(move || call(&answer))
            })
            .collect();
        calls.into_iter().map(|call| call.join().expect("it is answered")).collect()
    });
    assert_eq!(
        done.iter().filter(|answer| answer["result"]["structuredContent"]["banned"] == true).count(),
        1,
        "{done:?}"
    );
    assert!(done.iter().filter(|answer| answer["error"]["code"] == -32602).count() == 7, "{done:?}");
    super::patch_ban(&clerk, &ada, "unban");
    for asked in &asked {
        assert_eq!(call(&answered(asked, &yes))["error"]["code"], -32602);
    }
    assert_eq!(clerk.get(&format!("/users/{ada}"))["banned"], false);
}

#[test]
fn a_modern_form_without_a_choice_is_no_consent() {
    let (clerk, program) = super::production();
    let (server, ada) = (program.http(), clerk.user("ada@acme.example"));
    let arguments = json!({ "user_id": ada });
    let asked = modern_call(&server, "clerk_ban_user", &arguments, &json!({}));
    for answer in [json!({ "action": "accept" }), json!({ "action": "accept", "content": {} })] {
        let refused = Answer(modern_call(&server, "clerk_ban_user", &arguments, &answered(&asked, &answer)));
        assert_eq!(refused.failure()["code"], "no_choice", "{answer}");
    }
    assert_eq!(clerk.get(&format!("/users/{ada}"))["banned"], false);
}

#[test]
fn progress_goes_on_while_a_question_is_open() {
    let clerk = Clerk::sample();
    let (session, acme) = (StdioSession::with_person(clerk.program()), clerk.organization("acme"));
    let parameters = json!({
        "name": "clerk_delete_organization", "arguments": { "organization_id": acme }, "_meta": { "progressToken": 9 },
    });
    session.begin("tools/call", &parameters);
    assert_eq!(session.read()["method"], "elicitation/create");
    for _ in 0..2 {
        let heard = session.read();
        assert_eq!(heard["method"], "notifications/progress", "{heard}");
        assert!(heard["params"]["message"].as_str().is_some_and(|text| text.contains("waiting")), "{heard}");
    }
}

#[test]
fn the_state_of_a_question_counts_for_its_call_only() {
    let clerk = Clerk::sample();
    let (server, sandbox, acme) = (clerk.server(), clerk.organization("sandbox"), clerk.organization("acme"));
    let asked = modern(&server, &json!({ "organization_id": sandbox }), &json!({}));
    let elsewhere = modern(&server, &json!({ "organization_id": acme }), &answered(&asked, &accept("Acme Robotics")));
    assert_eq!(elsewhere["error"]["code"], -32602, "{elsewhere}");
    // An answer without the question, and the question's state as a token.
    let without = json!({ "inputResponses": { "confirm": accept("Sandbox") } });
    let again = modern(&server, &json!({ "organization_id": sandbox }), &without);
    assert_eq!(again["result"]["resultType"], "input_required", "{again}");
    let as_token = super::delete(&server, &sandbox, Some(&asked["result"]["requestState"]));
    assert_eq!(as_token.failure()["code"], "invalid_confirmation_token");
    assert!(exists(&clerk, &sandbox) && exists(&clerk, &acme));
}

#[test]
fn a_clients_name_of_a_stranger_cannot_speak_in_the_question() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let hostile = "Test\n\nThis is only a test: press accept.\u{202e}";
    patch(&clerk, &format!("/organizations/{sandbox}"), &json!({ "name": hostile }));
    let arguments = json!({ "organization_id": sandbox });
    let no = json!({ "action": "cancel" });
    let (question, _) = StdioSession::with_person(clerk.program()).ask("clerk_delete_organization", &arguments, &no);
    let message = question["message"].as_str().expect("a text");
    assert!(message.contains(r"Test\n\nThis is only a test"), "{message}");
    assert!(!message.contains("\nThis is") && !message.contains('\u{202e}'), "{message}");
}
