//! All operations of the API: each can be found, described and called, and none gets past the policy.

use pins::Pins;
use serde_json::{Map, Value, json};

use super::samples;
use crate::call::Call;
use crate::catalogue;
use crate::danger::{Danger, Effect};
use crate::operations::{self, OPERATIONS, Operation, find};
use crate::policy::tests::STANDARD;
use crate::policy::{Mode, Policy};
use crate::problem::Problem;
use crate::tool::Tool;

fn object(value: Value) -> Map<String, Value> {
    serde_json::from_value(value).expect("an object")
}

/// Arguments that the operation takes: those that it requires, or all.
fn arguments(operation: &Operation, all: bool) -> Map<String, Value> {
    let taken = operation.parameters().into_iter().filter(move |parameter| all || parameter.is_required);
    taken.map(|parameter| (parameter.name.to_owned(), samples::fitting(&parameter.kind))).collect()
}

fn tool(name: &str) -> &'static Tool {
    catalogue::find(name).expect("the tool is there")
}

/// The outcome of a call through the tool that leads to an operation: the call, or what is said.
fn called(through: &str, operation: &str, arguments: &Value, policy: &Policy<'_>) -> Result<Call, String> {
    let given = object(json!({ "operation": operation, "arguments": arguments }));
    operations::call(tool(through), given, policy).map_err(|reason| match reason {
        operations::NoCall::Wrong(problems) => {
            let texts = problems.into_iter().map(|Problem { pointer, message }| format!("{pointer}: {message}"));
            texts.collect::<Vec<_>>().join("\n")
        }
        operations::NoCall::Denied(reason) => reason,
    })
}

#[test]
fn each_operation_has_a_name_of_its_own_however_its_words_are_joined() {
    for operation in OPERATIONS {
        let found = find(&operation.name.to_ascii_uppercase().replace("", "_"));
        assert!(found.is_ok_and(|found| found.name == operation.name), "{}", operation.name);
    }
}

#[test]
fn each_operation_is_called_as_its_path_and_parameters_say() {
    assert_eq!(OPERATIONS.len(), 249);
    let full = Policy { mode: Mode::Full, ..STANDARD };
    for operation in OPERATIONS.iter().filter(|operation| operation.obstacle.is_empty()) {
        for all in [false, true] {
            let given = arguments(operation, all);
            let call = called(operation.caller, operation.name, &given.clone().into(), &full);
            let call = call.unwrap_or_else(|message| panic!("{}: {message}", operation.name));
            let path = call.request.path_and_query.split('?').next().unwrap_or_default();
            let fits =
                |(template, part): (&str, &str)| template == part || (template.starts_with('{') && !part.is_empty());
            assert!(operation.endpoint.path.split('/').zip(path.split('/')).all(fits), "{path}");
            assert_eq!(operation.endpoint.path.split('/').count(), path.split('/').count(), "{path}");
            let in_path = operation.endpoint.names_in_path().count();
            let is_sent = call.request.body.is_some() || call.request.path_and_query.contains('?');
            let is_paged = operation.parameters().iter().any(|parameter| parameter.name == "limit");
            assert_eq!(is_sent, given.len() > in_path || is_paged, "{}", operation.name);
        }
    }
}

#[test]
fn each_operation_says_truly_what_it_takes() {
    for operation in OPERATIONS {
        let schema: Value = serde_json::from_str(&operation.tool().input_schema()).expect("a schema is JSON");
        assert!(jsonschema::meta::is_valid(&schema), "{}: {schema}", operation.name);
        for all in [false, true] {
            let given = Value::from(arguments(operation, all));
            assert!(jsonschema::is_valid(&schema, &given), "{}: {given}", operation.name);
        }
        if let Some(required) = operation.parameters().into_iter().find(|parameter| parameter.is_required) {
            let mut without = arguments(operation, false);
            without.remove(required.name);
            let problems = Call::new(operation.tool(), without, Pins::default()).err().unwrap_or_default();
            assert_eq!(problems.len(), 1, "{}: {problems:?}", operation.name);
            assert_eq!(problems[0].pointer, format!("/{}", required.name), "{}", operation.name);
        }
    }
}

#[test]
fn answers_are_verified_by_where_they_carry_what_names_them() {
    for (operation, parameter, place) in [
        ("BanUser", "user_id", Some("id")),
        ("GetTemplate", "slug", Some("slug")),
        ("RevertTemplate", "slug", Some("slug")),
        ("UpdateOrganizationMembership", "user_id", Some("public_user_data.user_id")),
        ("AssignPermissionToOrganizationRole", "organization_role_id", Some("id")),
        ("AssignPermissionToOrganizationRole", "permission_id", None),
        ("GetOAuthAccessToken", "provider", None),
    ] {
        let carried = find(operation).expect("the operation is there").endpoint.object.carried;
        let found = carried.iter().find(|carried| carried.parameter == parameter).map(|carried| carried.place);
        assert_eq!(found, place, "{operation}: {parameter}");
    }
}

#[test]
fn what_is_nullable_is_sent_as_null_and_nothing_else_is() {
    let given = json!({ "user_id": "user_1", "first_name": null, "unknown": null });
    let call = called("clerk_api_write", "UpdateUser", &given, &Policy { mode: Mode::Full, ..STANDARD });
    assert_eq!(call.expect("it is valid").request.body.as_deref(), Some(r#"{"first_name":null}"#));
    let given = json!({ "user_id": null });
    assert!(called("clerk_api_read", "GetUser", &given, &STANDARD).is_err_and(|message| message.contains("missing")));
}

#[test]
fn a_body_that_is_a_list_is_sent_as_one() {
    let given = json!({ "body": [{ "email_address": "ada@example.com", "notify": false }] });
    let call = called("clerk_api_write", "CreateBulkWaitlistEntries", &given, &STANDARD).expect("it is valid");
    let body = r#"[{"email_address":"ada@example.com","notify":false}]"#;
    assert_eq!(call.request.body.as_deref(), Some(body));
    let given = json!({ "body": [{ "notify": false, "odd": 1 }] });
    let message = called("clerk_api_write", "CreateBulkWaitlistEntries", &given, &STANDARD).err();
    assert!(message.is_some_and(|message| message.starts_with("/arguments/body: `odd`")), "a part of it is wrong");
}

#[test]
fn an_operation_is_named_in_any_case_or_by_its_call() {
    for name in [
        "getapikeysecret",
        "get_api_key_secret",
        " GetApiKeySecret ",
        "GET /api_keys/{apiKeyID}/secret",
        "get  /v1/api_keys/{id}/secret/",
        "GET /api_keys/:api_key_id/secret",
    ] {
        assert_eq!(find(name).map(|operation| operation.name), Ok("getApiKeySecret"), "{name}");
    }
    for name in ["", "GET", "GET /api_keys", "GET /users/count", "GET /users/{user_id}"] {
        let found = find(name).map(|operation| operation.name);
        let expected = match name {
            "GET /api_keys" => Some("getApiKeys"),
            "GET /users/count" => Some("GetUsersCount"),
            "GET /users/{user_id}" => Some("GetUser"),
            _ => None,
        };
        assert_eq!(found.ok(), expected, "{name}");
    }
    for name in [
        "GET /api_keys/ak_1/secret",
        "GET //api_keys/{apiKeyID}/secret",
        "GET /api_keys//{apiKeyID}/secret",
        "GET /api_keys/{apiKeyID}%2Fsecret",
        "GET /api_keys/:id%2Fsecret",
        "GET /api_keys/{apiKeyID}/secre%74",
        "GET /api_keys/{apiKeyID}/secret?x=1",
        "GET /x/../api_keys/{apiKeyID}/secret",
        "GET https://api.clerk.com/v1/api_keys/{apiKeyID}/secret",
        "GET\u{0}/api_keys/{apiKeyID}/secret",
    ] {
        assert_eq!(find(name).map(|operation| operation.name).ok(), None, "{name}");
    }
    for (name, suggestion) in [
        ("CreatSignInToken", "`CreateSignInToken`"),
        ("DELETE /v1/users/user_abc/mfa", "`DisableMFA`, and give them as arguments"),
        ("GET /api_keys/ak_1/secret", "`getApiKeySecret`"),
        ("clerk_ban_user", "a tool is called by itself"),
    ] {
        let said = find(name).err().unwrap_or_default();
        assert!(said.contains(suggestion), "{said}");
    }
}

#[test]
fn the_tool_that_does_it_better_is_one_of_ours() {
    for operation in OPERATIONS.iter().filter(|operation| !operation.curated.is_empty()) {
        let better = catalogue::find(operation.curated);
        assert!(better.is_ok_and(|tool| !tool.name.starts_with("clerk_api")), "{}", operation.name);
    }
}

#[test]
fn what_is_critical_and_goes_for_good_is_as_final_as_what_is_irreversible() {
    for (name, is_final) in [
        ("DeleteUser", true),
        ("DeleteSvixApp", true),
        ("DeleteDomain", true),
        ("RotateMachineSecretKey", true),
        ("GetMachineSecretKey", false),
        ("CreateSignInToken", false),
        ("UpdateInstance", false),
        ("RevokeActorToken", false),
    ] {
        assert_eq!(find(name).expect("it is there").tool().is_final(), is_final, "{name}");
    }
}

#[test]
fn each_operation_has_one_tool_that_calls_it() {
    for operation in OPERATIONS {
        let is_read = operation.effect == Effect::Reads && operation.danger == Danger::Read;
        let expected = match operation.effect {
            _ if is_read => "clerk_api_read",
            Effect::Removes => "clerk_api_delete",
            _ => "clerk_api_write",
        };
        assert_eq!(operation.caller, expected, "{}", operation.name);
        assert!(tool(expected).leads_to.contains(&operation.name));
        for other in ["clerk_api_read", "clerk_api_write", "clerk_api_delete"].iter().filter(|name| **name != expected)
        {
            let given = Value::from(arguments(operation, false));
            let full = Policy { mode: Mode::Full, ..STANDARD };
            let refused = called(other, operation.name, &given, &full).err().unwrap_or_default();
            let way = if operation.obstacle.is_empty() { expected } else { operation.obstacle };
            assert!(refused.contains(way), "{}: {refused}", operation.name);
        }
    }
}

#[test]
fn what_reveals_a_credential_is_off_where_only_reading_is_allowed() {
    let read_only = Policy { mode: Mode::ReadOnly, ..STANDARD };
    for operation in OPERATIONS {
        let given = Value::from(arguments(operation, false));
        let is_read = operation.effect == Effect::Reads && operation.danger == Danger::Read;
        let is_callable = operation.obstacle.is_empty();
        let allowed = |policy: &Policy<'_>| called(operation.caller, operation.name, &given, policy).is_ok();
        assert_eq!(allowed(&read_only), is_read && is_callable, "{}", operation.name);
        assert_eq!(allowed(&STANDARD), operation.danger < Danger::Critical && is_callable, "{}", operation.name);
    }
}

#[test]
fn patterns_mean_operations_the_tools_that_call_them_and_those_that_do_it_better() {
    let list = |patterns: &[&str]| patterns.iter().map(|pattern| (*pattern).to_owned()).collect::<Vec<_>>();
    let ban = json!({ "user_id": "user_1" });
    let allows = |tools: &[&str], exclude: &[&str]| {
        let (tools, exclude) = ([list(tools)], list(exclude));
        let policy = Policy { tools: &tools, exclude_tools: &exclude, ..STANDARD };
        let through = policy.check(tool("clerk_api_write").subject()).is_ok();
        through && called("clerk_api_write", "BanUser", &ban, &policy).is_ok()
    };
    assert!(
        allows(&["*"], &[]) && allows(&["clerk_*"], &[]) && allows(&["clerk_api_write"], &[]) && allows(&["Ban*"], &[])
    );
    assert!(!allows(&["clerk_ban_user"], &[]) && !allows(&["clerk_api_read"], &[]) && !allows(&["Lock*"], &[]));
    for exclude in ["BanUser", "*User", "clerk_api_write", "clerk_api_*", "clerk_ban_user"] {
        assert!(!allows(&["*"], &[exclude]), "{exclude}");
    }
    assert!(allows(&["*"], &["UnbanUser", "clerk_unban_user"]));
    let toolsets = list(&["users"]);
    let refused = called("clerk_api_write", "BanUser", &ban, &Policy { toolsets: &toolsets, ..STANDARD }).err();
    assert!(refused.is_some_and(|reason| reason.contains("toolset `api`")));
}
