//! The instance that a call reaches: the one that it names, or for reading the default.

use serde_json::{Value, json};

use super::{PRODUCTION, STAGING, Two};
use crate::harness::examples::{Example, examples, writes};
use crate::harness::issuer::{Issuer, RESOURCE};
use crate::harness::{Answer, Client};

fn name(two: &Two, client: &dyn Client) {
    for (instance, reached, other) in
        [(STAGING, &two.staging, &two.production), (PRODUCTION, &two.production, &two.staging)]
    {
        let user = reached.user("tim@acme.example");
        let users = client.call("clerk_list_users", json!({ "instance": instance })).output();
        assert_eq!(users["instance"], instance);
        assert_eq!(reached.requests().len(), 1);
        let done = client
            .call("clerk_update_user", json!({ "user_id": user, "first_name": instance, "instance": instance }))
            .output();
        assert_eq!(done["instance"], instance, "{done}");
        other.assert_nothing_sent();
        assert_eq!(reached.get(&format!("/users/{user}"))["first_name"], instance);
        assert_ne!(other.get(&format!("/users/{}", other.user("tim@acme.example")))["first_name"], instance);
    }
    let read = client.call("clerk_list_users", json!({})).output();
    assert_eq!(read["instance"], STAGING);
    two.production.assert_nothing_sent();
    assert_eq!(two.staging.requests().len(), 1);
}

#[test]
fn a_call_reaches_the_instance_that_it_names_over_http() {
    let two = Two::new();
    name(&two, &two.usual().http());
}

#[test]
fn a_call_reaches_the_instance_that_it_names_over_stdio() {
    let two = Two::new();
    name(&two, &two.usual().stdio());
}

/// Whatever a tool asks for on its way, it asks of that instance, and what is told of it names that one.
#[test]
fn every_tool_reaches_only_the_instance_that_it_is_given() {
    let two = Two::new();
    let server = two.program("mode = \"full\"\nconfirm = \"off\"", "mode = \"full\"\nconfirm = \"off\"").http();
    let mut reached = 0;
    for example in examples() {
        for mut arguments in [example.dry_run(), example.arguments.clone()] {
            if example.reads() {
                arguments.as_object_mut().map(|arguments| arguments.remove("dry_run"));
            }
            arguments["instance"] = PRODUCTION.into();
            let answer = server.call(&example.tool, arguments);
            let text = answer.result()["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer:?}"));
            assert!(text.starts_with("{\"instance\":\"production\","), "{}: {text}", example.tool);
            reached += two.production.requests().len();
            two.staging.assert_nothing_sent();
        }
    }
    assert!(reached > examples().len(), "{reached}");
}

fn assert_names_them(answer: &Answer) {
    let problems = answer.problems();
    assert!(matches!(&*problems, [problem] if problem.starts_with("/instance: ")), "{problems:?}");
    assert!(problems[0].ends_with("there are: staging, production"), "{problems:?}");
}

#[test]
fn no_tool_that_writes_is_called_without_the_name_of_an_instance() {
    let two = Two::new();
    let server = two.usual().http();
    for Example { tool, arguments, .. } in writes() {
        assert_names_them(&server.call(tool, arguments.clone()));
        let mut misnamed = arguments.clone();
        misnamed["instance"] = Value::Null;
        assert_names_them(&server.call(tool, misnamed));
    }
    two.assert_nothing_sent();
}

#[test]
fn a_name_that_there_is_not_reaches_nothing() {
    let two = Two::new();
    let server = two.usual().http();
    for Example { tool, arguments, .. } in examples() {
        for wrong in [json!("Production"), json!(""), json!("stag"), json!(1), json!(["staging"]), json!({})] {
            let mut arguments = arguments.clone();
            arguments["instance"] = wrong;
            assert_names_them(&server.call(tool, arguments));
        }
    }
    two.assert_nothing_sent();
}

#[test]
fn a_name_is_taken_in_any_case_and_once() {
    let two = Two::new();
    let server = two.usual().http();
    let listed = server.call("clerk_list_users", json!({ "Instance": " production " })).output();
    assert_eq!(listed["instance"], PRODUCTION);
    assert_eq!(two.production.requests().len(), 1);
    assert_names_them(&server.call("clerk_list_users", json!({ "Instance": STAGING, "instance": PRODUCTION })));
    // It names an operation's instance only where it stands beside the operation.
    let misplaced = json!({ "operation": "ListJWTTemplates", "arguments": { "instance": PRODUCTION } });
    assert!(server.call("clerk_api_read", misplaced).problems()[0].starts_with("/arguments/instance: "));
    two.assert_nothing_sent();
}

#[test]
fn what_reads_needs_a_name_where_none_is_the_default() {
    let two = Two::new();
    let text = std::fs::read_to_string(two.file("", "")).expect("it was written");
    let file = super::file(&two.directory, &text.replace("default = \"staging\"\n", ""));
    let server = super::of(&file).http();
    assert_names_them(&server.call("clerk_list_users", json!({})));
    assert!(super::is_required(&super::schema(&server, "clerk_list_users")));
    for (method, parameters) in [
        ("resources/read", json!({ "uri": "clerk://instance" })),
        ("prompts/get", json!({ "name": "diagnose-sign-in", "arguments": {} })),
        (
            "completion/complete",
            json!({ "ref": { "type": "ref/prompt", "name": "x" }, "argument": { "name": "y", "value": "" } }),
        ),
    ] {
        let answer = server.request(method, parameters);
        assert!(answer.error().1.contains("default instance"), "{answer:?}");
    }
    for method in ["resources/list", "resources/templates/list", "prompts/list"] {
        let result = server.request(method, json!({}));
        let lists = result.result().as_object().expect("an object").values().filter_map(Value::as_array);
        assert_eq!(lists.map(Vec::len).sum::<usize>(), 0, "{result:?}");
    }
    let skills = server.request("skills/list", json!({}));
    let uri = skills.result()["skills"][0]["uri"].as_str().expect("a skill").to_owned();
    let read = server.request("resources/read", json!({ "uri": uri }));
    assert!(read.result()["contents"][0]["text"].as_str().is_some_and(|text| text.starts_with("---")), "{read:?}");
    two.assert_nothing_sent();
}

/// Errors of the component, of Clerk, and of this program.
#[test]
fn a_failure_says_which_instance_it_is_of() {
    let two = Two::new();
    let server = two.program("", "mode = \"read-only\"").http();
    for (tool, arguments) in [
        ("clerk_get_user", json!({ "user_id": "user_0nobody", "instance": PRODUCTION })),
        ("clerk_get_user", json!({ "user_id": "nobody", "instance": PRODUCTION })),
        ("clerk_lock_user", json!({ "user_id": "user_0nobody", "instance": PRODUCTION })),
    ] {
        let failure = server.call(tool, arguments).failure();
        assert_eq!(failure["instance"], PRODUCTION, "{failure}");
    }
    let unknown = server.call("clerk_get_usr", json!({ "instance": PRODUCTION }));
    assert!(unknown.error().1.starts_with("instance production: "), "{unknown:?}");
}

#[test]
fn what_has_no_argument_for_an_instance_is_of_the_default() {
    let two = Two::new();
    let server = two.usual().http();
    let user = two.staging.user("ada@acme.example");
    let read = server.request("resources/read", json!({ "uri": format!("clerk://users/{user}") }));
    let text = read.result()["contents"][0]["text"].as_str().unwrap_or_else(|| panic!("{read:?}")).to_owned();
    assert!(text.starts_with("{\"instance\":\"staging\","), "{text}");
    two.production.assert_nothing_sent();
    assert!(!two.staging.requests().is_empty());
}

#[test]
fn a_prompt_says_which_instance_its_tools_are_to_be_given() {
    let two = Two::new();
    let server = two.usual().http();
    let prompts = server.request("prompts/list", json!({}));
    let prompt = &prompts.result()["prompts"][0];
    let arguments = prompt["arguments"].as_array().into_iter().flatten();
    let given: serde_json::Map<String, Value> = arguments
        .filter_map(|argument| Some((argument["name"].as_str()?.to_owned(), json!("ada@acme.example"))))
        .collect();
    let answer = server.request("prompts/get", json!({ "name": prompt["name"], "arguments": given }));
    let text = answer.result()["messages"][0]["content"]["text"].as_str().unwrap_or_else(|| panic!("{answer:?}"));
    assert!(text.starts_with("This is for the instance staging"), "{text}");
}

#[test]
fn a_command_names_the_instance_by_an_option() {
    let two = Two::new();
    let command = |arguments: &[&str]| two.usual().arguments(arguments).run();
    let listed = command(&["call", "clerk_list_users", "--instance", PRODUCTION]);
    assert!(listed.status == 0 && listed.stdout.contains("\"instance\": \"production\""), "{}", listed.stdout);
    two.staging.assert_nothing_sent();
    assert_eq!(two.production.requests().len(), 1);
    let nobody = command(&["call", "clerk_list_users", "--instance", "prod"]);
    assert!(nobody.refusal().contains("staging, production"), "{}", nobody.stderr);
    let both = command(&["call", "clerk_list_users", r#"{"instance":"staging"}"#, "--instance", PRODUCTION]);
    assert!(both.refusal().contains("different instances"), "{}", both.stderr);
    let write = command(&["call", "clerk_create_organization", r#"{"name":"A"}"#]);
    assert!(write.status == 1 && write.stdout.contains("staging, production"), "{}", write.stdout);
    two.assert_nothing_sent();
}

#[test]
fn a_token_for_reading_reads_all_instances_and_writes_to_none() {
    let (two, issuer) = (Two::new(), Issuer::start());
    let program =
        two.program("mode = \"full\"", "toolsets = \"users\"").variable("CLERK_MCP_OAUTH_ISSUER", &issuer.url);
    let token = issuer.key.token(&issuer.claims_with("scope", json!("clerk:read")));
    let server = program.variable("CLERK_MCP_PUBLIC_URL", RESOURCE).http();
    let reader = server.with_header("authorization", &format!("Bearer {token}"));
    let mut refused = Vec::new();
    for instance in [STAGING, PRODUCTION] {
        reader.call("clerk_list_users", json!({ "instance": instance })).output();
        for tool in ["clerk_lock_user", "clerk_delete_organization"] {
            refused.push(reader.call(tool, json!({ "instance": instance })).failure()["code"].clone());
        }
    }
    assert_eq!(refused, ["insufficient_scope", "insufficient_scope", "insufficient_scope", "denied"]);
    assert!(reader.tools().iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
    let sent = two.staging.requests().into_iter().chain(two.production.requests());
    assert!(sent.into_iter().all(|request| request.method == "GET"));
}
