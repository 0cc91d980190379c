//! Lists and introductions: what clients see of several instances, and that one alone is as if there were no profiles.

use serde_json::{Value, json};

use super::{PRODUCTION, STAGING, Two, instances, is_required, of, schema};
use crate::harness::examples::examples;
use crate::harness::{Clerk, Client, Directory};

/// The parameters of `initialize`, of which other methods take no notice.
fn introduction() -> Value {
    json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" } })
}

#[test]
fn one_profile_is_as_if_its_settings_were_options() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let text =
        format!("[profiles.only]\nkey_env = \"KEY_OF_STAGING\"\napi_url = \"{}\"\ntoolsets = \"users\"\n", clerk.url);
    let file = super::file(&directory, &text);
    let (by_profile, by_options) = (of(&file).http(), clerk.program().arguments(&["--toolsets", "users"]).http());
    for method in ["tools/list", "prompts/list", "resources/list", "skills/list", "initialize"] {
        let [one, other] =
            [&by_profile, &by_options].map(|server| server.request(method, introduction()).0["result"].clone());
        assert_eq!(one, other, "{method}");
    }
    let user = clerk.user("ada@acme.example");
    for (tool, arguments) in [("clerk_list_users", json!({})), ("clerk_get_user", json!({ "user_id": user }))] {
        let [one, other] = [&by_profile, &by_options].map(|server| server.call(tool, arguments.clone()).output());
        assert_eq!(one, other, "{tool}");
    }
    let refused = by_profile.call("clerk_list_users", json!({ "instance": "only" }));
    assert!(refused.problems()[0].starts_with("/instance: "), "{refused:?}");
    let named = of(&file).arguments(&["call", "clerk_list_users", "--instance", "only"]).run();
    assert!(named.status == 0 && !named.stdout.contains("\"instance\""), "{}", named.stdout);
}

#[test]
fn every_tool_takes_an_instance_and_needs_one_where_it_may_write() {
    let two = Two::new();
    let all = "mode = \"full\"\ntoolsets = \"all\"";
    let server = two.program(all, all).http();
    let tools = server.tools();
    assert_eq!(tools.len(), examples().len());
    for tool in &tools {
        let (name, schema) = (tool["name"].as_str().expect("a name"), &tool["inputSchema"]);
        assert_eq!(instances(schema), json!([STAGING, PRODUCTION]), "{name}");
        let parameter = &schema["properties"]["instance"];
        assert!(parameter["type"] == "string" && parameter["description"].is_string(), "{name}: {parameter}");
        let reads = tool["annotations"]["readOnlyHint"] == true;
        assert_eq!(is_required(schema), !reads, "{name}");
        if !tool["outputSchema"].is_null() {
            assert_eq!(tool["outputSchema"]["properties"]["instance"]["type"], "string", "{name}");
        }
    }
}

#[test]
fn only_the_instances_where_a_tool_can_be_called_are_offered() {
    let two = Two::new();
    let server = two.program("", "mode = \"read-only\"\ntoolsets = [\"users\"]").http();
    assert_eq!(instances(&schema(&server, "clerk_list_users")), json!([STAGING, PRODUCTION]));
    assert_eq!(instances(&schema(&server, "clerk_update_user")), json!([STAGING]));
    let denied =
        server.call("clerk_update_user", json!({ "user_id": "user_1", "first_name": "A", "instance": PRODUCTION }));
    assert_eq!(denied.failure()["code"], "denied", "{denied:?}");
    let denied = server.call("clerk_list_organizations", json!({ "instance": PRODUCTION }));
    assert_eq!(denied.failure()["code"], "denied", "{denied:?}");
    two.assert_nothing_sent();
}

#[test]
fn an_assistant_is_told_of_all_instances_first() {
    let two = Two::new();
    let server = two.usual().http();
    let greeted = server.request("initialize", introduction());
    let instructions = greeted.result()["instructions"].as_str().unwrap_or_else(|| panic!("{greeted:?}"));
    let beginning: String = instructions.chars().take(300).collect();
    for part in ["staging (development, default)", "production (production: real people)", "`instance`"] {
        assert!(beginning.contains(part), "{beginning}");
    }
    // Some clients show no more: the names of the skills are in it.
    let shown: String = instructions.chars().take(512).collect();
    assert!(shown.contains("skill://NAME/SKILL.md") && shown.contains("undo-and-audit"), "{instructions}");
}

#[test]
fn what_holds_for_one_instance_is_not_told_of_the_others() {
    let two = Two::new();
    let instructions = |staging: &str, production: &str| {
        let greeted = two.program(staging, production).http().request("initialize", introduction());
        greeted.result()["instructions"].as_str().unwrap_or_else(|| panic!("{greeted:?}")).to_owned()
    };
    let of_all = ["All of it is kept to", "has addresses or numbers masked"];
    let (pinned, masked) = ("organization = \"acme\"", "mask = [\"emails\"]");
    let text = instructions(pinned, "");
    assert!(text.contains("staging (development, default, kept to acme)"), "{text}");
    assert!(text.contains("production (production: real people)"), "{text}");
    assert!(of_all.iter().all(|part| !text.contains(part)), "{text}");
    let text = instructions("", masked);
    assert!(text.contains("real people, with masked values)") && !text.contains(of_all[1]), "{text}");
    let both = format!("{pinned}\n{masked}");
    let text = instructions(&both, &both);
    assert!(of_all.iter().all(|part| text.contains(part)) && !text.contains(", kept to acme"), "{text}");
}

#[test]
fn a_report_has_all_instances_and_no_key() {
    let two = Two::new();
    let report = two.program("mode = \"full\"", "mode = \"read-only\"").http().call("clerk_whoami", json!({})).output();
    let all = json!([
        { "name": STAGING, "key": "development", "mode": "full", "default": true },
        { "name": PRODUCTION, "key": "production", "mode": "read-only", "default": false },
    ]);
    assert_eq!((&report["instance"], &report["mode"], &report["instances"]), (&json!(STAGING), &json!("full"), &all));
    let of_production = two.program("", "").http().call("clerk_whoami", json!({ "instance": PRODUCTION })).output();
    assert_eq!((&of_production["instance"], &of_production["key"]), (&json!(PRODUCTION), &json!("production")));
}

#[test]
fn a_command_lists_what_clients_see_or_what_one_instance_has() {
    let two = Two::new();
    let list = |more: &[&str]| {
        let finished = two
            .program("toolsets = \"all\"", "mode = \"read-only\"")
            .arguments(&["tools", "--json"])
            .arguments(more)
            .run();
        assert_eq!(finished.status, 0, "{}", finished.stderr);
        let tools: Value = serde_json::from_str(&finished.stdout).expect("it is JSON");
        tools["tools"].as_array().expect("a list").clone()
    };
    let server = two.program("toolsets = \"all\"", "mode = \"read-only\"").http();
    assert_eq!(list(&[]), server.tools());
    let of_production = list(&["--instance", PRODUCTION]);
    assert!(of_production.iter().all(|tool| tool["annotations"]["readOnlyHint"] == true));
    assert!(of_production.iter().all(|tool| tool["inputSchema"]["properties"]["instance"].is_null()));
    let alone = crate::harness::Program::new(&["tools", "--instance", "x"]).run();
    assert!(alone.refusal().contains("--profiles"), "{}", alone.stderr);
}

#[test]
fn a_request_narrows_all_instances_and_is_closed_to_one_where_less_is_allowed() {
    let two = Two::new();
    let server = two.program("mode = \"full\"", "mode = \"standard\"\ntoolsets = \"users\"").http();
    let call = |header: (&str, &str), instance: &str, tool: &str, arguments: &Value| {
        let mut arguments = arguments.clone();
        arguments["instance"] = instance.into();
        crate::harness::Answer(server.call_with(&[header], tool, &arguments).json())
    };
    let lock = json!({ "user_id": two.staging.user("ada@acme.example") });
    two.production.requests();
    for instance in [STAGING, PRODUCTION] {
        let failure = call(("x-mcp-readonly", "true"), instance, "clerk_lock_user", &lock).failure();
        assert_eq!(failure["code"], "denied", "{failure}");
    }
    // More than is allowed there, and no more than is allowed here.
    for header in [("x-mcp-mode", "full"), ("x-mcp-toolsets", "users,organizations")] {
        call(header, STAGING, "clerk_list_users", &json!({})).output();
        let failure = call(header, PRODUCTION, "clerk_list_users", &json!({})).failure();
        assert_eq!(failure["code"], "denied", "{failure}");
        let listed = server.post(&[header], r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).json();
        let tools = listed["result"]["tools"].as_array().expect("a list").clone();
        assert!(tools.iter().all(|tool| instances(&tool["inputSchema"]) == json!([STAGING])), "{header:?}");
    }
    two.production.assert_nothing_sent();
    let refused = server.post(&[("x-mcp-toolsets", "nonsense")], r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#);
    assert_eq!(refused.status, 400, "{refused:?}");
}

/// Two sets of rules for one instance: the one keeps to an organization, the other does not.
#[test]
fn a_pin_of_a_profile_holds_for_that_profile_alone() {
    let two = Two::new();
    let profile = |name: &str, more: &str| {
        format!("[profiles.{name}]\nkey_env = \"KEY_OF_STAGING\"\napi_url = \"{}\"\n{more}\n", two.staging.url)
    };
    let text = profile("all", "mode = \"full\"") + &profile("acme", "organization = \"acme\"\nmode = \"full\"");
    let server = of(&super::file(&two.directory, &text)).http();
    let (acme, other) = (two.staging.organization("acme"), two.staging.organization("kestrel-logistics"));
    let get = schema(&server, "clerk_get_organization");
    assert_eq!(instances(&get), json!(["all", "acme"]));
    assert!(get["properties"]["organization_id"].is_object() && get["required"] == json!(["instance"]), "{get}");
    let call = |instance: &str, organization: Option<&str>| {
        let arguments = match organization {
            Some(id) => json!({ "instance": instance, "organization_id": id }),
            None => json!({ "instance": instance }),
        };
        server.call("clerk_get_organization", arguments)
    };
    assert_eq!(call("acme", None).output()["id"], acme.as_str());
    assert!(!call("all", None).problems().is_empty());
    assert_eq!(call("all", Some(&other)).output()["id"], other.as_str());
    two.staging.requests();
    call("acme", Some(&other)).failure();
    assert!(two.staging.requests().iter().all(|request| !request.target.contains(&other)));
    // What cannot be kept to an organization is offered for the other alone.
    assert_eq!(instances(&schema(&server, "clerk_create_organization")), json!(["all"]));
}
