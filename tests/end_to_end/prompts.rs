//! Prompts: texts for what people ask for often.

use serde_json::{Value, json};

use crate::harness::{Answer, Clerk, Client, HttpServer, Program};

fn get(client: &dyn Client, name: &str, arguments: &Value) -> Answer {
    client.request("prompts/get", json!({ "name": name, "arguments": arguments }))
}

fn names(server: &HttpServer) -> Vec<String> {
    let answer = server.request("prompts/list", json!({}));
    let prompts = answer.result()["prompts"].as_array().expect("a list of prompts");
    prompts.iter().map(|prompt| prompt["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn prompts_are_listed_with_their_arguments() {
    let clerk = Clerk::sample();
    let answer = clerk.server().request("prompts/list", json!({}));
    let prompts = answer.result()["prompts"].as_array().expect("a list of prompts");
    for prompt in prompts {
        for part in ["title", "description"] {
            assert!(prompt[part].as_str().is_some_and(|text| !text.is_empty()), "{prompt}");
        }
        assert!(prompt["icons"][0]["src"].is_string(), "{prompt}");
    }
    let required: Vec<_> = prompts[2]["arguments"].as_array().into_iter().flatten().collect();
    assert_eq!((&required[0]["name"], &required[0]["required"]), (&json!("user"), &json!(true)));
    assert_eq!((&required[1]["name"], &required[1]["required"]), (&json!("organization"), &json!(false)));
    clerk.assert_nothing_sent();
}

#[test]
fn a_prompt_is_filled_in_over_both_transports() {
    let clerk = Clerk::sample();
    let (server, session) = (clerk.server(), clerk.program().stdio());
    for client in [&server as &dyn Client, &session] {
        let answer = get(client, "diagnose_sign_in", &json!({ "user": "ada@acme.example" }));
        let messages = answer.result()["messages"].as_array().expect("messages");
        assert_eq!((messages.len(), &messages[0]["role"]), (1, &json!("user")));
        let text = messages[0]["content"]["text"].as_str().expect("a text");
        assert!(text.contains("cannot sign in") && text.contains(": ada@acme.example\n"), "{text}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn what_is_wrong_with_arguments_is_said_at_once() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let answer = get(&server, "onboard_organization", &json!({ "name": "Umbrella", "role": 1 }));
    let (code, message) = answer.error();
    assert_eq!(code, -32602);
    for part in ["name: unknown argument", "organization: required", "email_address: required", "role: must be a text"]
    {
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn an_unknown_prompt_is_an_error_with_a_suggestion() {
    let clerk = Clerk::sample();
    let answer = get(&clerk.server(), "offboard_persons", &json!({}));
    assert_eq!(answer.error(), (-32602, "unknown prompt `offboard_persons`; did you mean `offboard_person`?"));
}

#[test]
fn a_prompt_whose_tools_the_operator_forbids_is_neither_listed_nor_filled_in() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_READ_ONLY", "true").http();
    assert_eq!(names(&server), ["diagnose_sign_in", "audit_organization_admins"]);
    let answer = get(&server, "offboard_person", &json!({ "user": "user_1" }));
    assert!(answer.error().1.contains("--read-only"), "{answer:?}");
    let server = clerk.program().variable("CLERK_TOOLSETS", "users").http();
    assert_eq!(names(&server), [""; 0]);
}

#[test]
fn a_public_server_asks_for_the_callers_key() {
    let clerk = Clerk::sample();
    let server = Program::new(&[]).variable("CLERK_API_URL", &clerk.url).http();
    assert_eq!(names(&server).len(), 4);
    let answer = get(&server, "diagnose_sign_in", &json!({ "user": "user_1" }));
    assert!(answer.error().1.contains("X-Clerk-Secret-Key"), "{answer:?}");
}
