//! The whole API through five tools: from a wish to a call, and no way past the policy.

use serde_json::{Value, json};

use crate::harness::{Answer, Clerk, Client, Reply, Upstream, fixtures};

fn api(client: &dyn Client, tool: &str, operation: &str, arguments: impl Into<Value>) -> Answer {
    client.call(tool, json!({ "operation": operation, "arguments": arguments.into() }))
}

#[test]
fn a_wish_leads_to_a_call() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let found = server.call("clerk_api_search", json!({ "query": "lock a user out" })).output();
    let first = &found["operations"][0];
    assert_eq!((&first["operation"], &first["better"]), (&json!("LockUser"), &json!("clerk_lock_user")), "{found}");
    let described = server.call("clerk_api_describe", json!({ "operation": first["operation"] })).output();
    assert_eq!(described["arguments"]["required"], json!(["user_id"]), "{described}");
    // What every write takes stands beside them.
    assert_eq!(described["arguments"]["properties"].as_object().map(serde_json::Map::len), Some(1), "{described}");
    let ada = clerk.user("ada@acme.example");
    let tool = described["tool"].as_str().expect("the tool that calls it");
    let locked = api(&server, tool, "LockUser", json!({ "user_id": ada })).output();
    assert_eq!((&locked["id"], &locked["locked"]), (&json!(ada), &json!(true)));
    assert_eq!(locked["changes"][0]["path"], "/locked", "{locked}");
}

#[test]
fn arguments_are_read_as_those_of_any_tool() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let ada = clerk.user("ada@acme.example");
    for arguments in [
        json!({ "operation": "getuser", "arguments": { "userId": ada } }),
        json!({ "operation": "GET /users/{user_id}", "arguments": json!({ "user_id": ada }).to_string() }),
        json!({ "Operation": "get /v1/users/:id", "arguments": { "user-id": ada, "nothing": null } }),
    ] {
        assert_eq!(server.call("clerk_api_read", arguments).output()["id"], json!(ada));
    }
    let problems = |arguments: Value| api(&server, "clerk_api_read", "GetUser", arguments).problems();
    assert_eq!(problems(json!({})), ["/arguments/user_id: required, but missing"]);
    assert_eq!(
        problems(json!({ "user_id": "../organizations", "usr": 1 })),
        [
            "/arguments/user_id: expected an id of the form `user_…` with letters and digits only, not \"../organizations\"",
            "/arguments/usr: unknown parameter `usr`; the parameters are user_id",
        ]
    );
    clerk.requests();
    for (tool, arguments) in [
        ("clerk_api_read", json!({})),
        ("clerk_api_read", json!({ "operation": "GetUzer", "arguments": { "user_id": ada } })),
        ("clerk_api_read", json!({ "operation": "GetUser", "user_id": ada })),
        ("clerk_api_read", json!({ "operation": "LockUser", "arguments": { "user_id": ada } })),
        ("clerk_api_write", json!({ "operation": "DeleteUser", "arguments": { "user_id": ada } })),
        ("clerk_api_delete", json!({ "operation": "GetUser", "arguments": { "user_id": ada } })),
        ("clerk_api_write", json!({ "operation": "UpdateUser", "arguments": { "user_id": ada, "locale": ["de"] } })),
        (
            "clerk_api_read",
            json!({ "operation": "GetUser", "arguments": format!(r#"{{"user_id":"user_1","user_id":"{ada}"}}"#) }),
        ),
    ] {
        let answer = server.call(tool, arguments);
        assert_eq!(answer.result()["isError"], true, "{answer:?}");
    }
    assert!(clerk.requests().is_empty(), "nothing was sent");
}

#[test]
fn a_write_is_previewed_with_what_it_is_about() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let ada = clerk.user("ada@acme.example");
    let arguments = json!({
        "operation": "DeleteExternalAccount", "dry_run": true,
        "arguments": { "user_id": ada, "external_account_id": "eac_1" },
    });
    let preview = server.call("clerk_api_delete", arguments).output()["preview"].clone();
    assert_eq!(
        (&preview["tool"], &preview["operation"]),
        (&json!("clerk_api_delete"), &json!("DeleteExternalAccount"))
    );
    let summary = preview["summary"].as_str().unwrap_or_default();
    assert!(summary.contains("Ada Lovelace") && summary.contains("eac_1"), "{summary}");
    let arguments = json!({
        "operation": "RevokeActorToken", "dry_run": true, "arguments": { "actor_token_id": "act_1" },
    });
    let preview = server.call("clerk_api_delete", arguments).output()["preview"].clone();
    assert!(preview["not_looked_at"].is_string(), "{preview}");
    assert!(preview["summary"].as_str().is_some_and(|summary| summary.contains("act_1")), "{preview}");
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
}

/// Operations that are critical, by each name that they have, and one that reads.
const CRITICAL: [(&str, &str, &str); 6] = [
    ("clerk_api_write", "CreateActorToken", r#"{"user_id":"user_1","actor":{"sub":"user_2"}}"#),
    ("clerk_api_write", "POST /sign_in_tokens", r#"{"user_id":"user_1"}"#),
    ("clerk_api_write", "getapikeysecret", r#"{"apiKeyID":"ak_1"}"#),
    ("clerk_api_write", "GET /machines/{machine_id}/secret_key", r#"{"machine_id":"mch_1"}"#),
    ("clerk_api_write", "patch /instance", r#"{"test_mode":true}"#),
    ("clerk_api_read", "GetOAuthAccessToken", r#"{"user_id":"user_1","provider":"oauth_google"}"#),
];

#[test]
fn what_is_critical_is_off_in_every_mode_but_full() {
    for mode in ["standard", "read-only"] {
        let upstream = Upstream::always(Reply::json(200, &json!({ "id": "ak_1", "secret": "s3cr3t" })));
        let server = upstream.program().arguments(&["--mode", mode]).http();
        for (tool, operation, arguments) in CRITICAL {
            let arguments: Value = serde_json::from_str(arguments).expect("JSON");
            let answer = api(&server, tool, operation, arguments);
            assert!(answer.0.to_string().contains(mode_of_refusal(mode)), "{mode} {operation}: {answer:?}");
        }
        assert_eq!(upstream.count(), 0, "{mode}");
    }
}

fn mode_of_refusal(mode: &str) -> &'static str {
    if mode == "standard" { "only the mode `full`" } else { "read-only" }
}

#[test]
fn a_header_that_narrows_holds_for_operations() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let ada = clerk.user("ada@acme.example");
    let lock = json!({ "operation": "LockUser", "arguments": { "user_id": ada } });
    for (header, value) in [
        ("X-MCP-Readonly", "true"),
        ("X-MCP-Toolsets", "users"),
        ("X-MCP-Tools", "clerk_api_read"),
        ("X-MCP-Tools", "GetUser,clerk_lock_user"),
        ("X-MCP-Exclude-Tools", "LockUser"),
        ("X-MCP-Exclude-Tools", "clerk_lock_user"),
        ("X-MCP-Exclude-Tools", "clerk_api_*"),
    ] {
        let answer = Answer(server.call_with(&[(header, value)], "clerk_api_write", &lock).json());
        assert_eq!(answer.failure()["code"], "denied", "{header}: {value}: {answer:?}");
    }
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
    let allowed = Answer(server.call_with(&[("X-MCP-Tools", "LockUser")], "clerk_api_write", &lock).json());
    assert_eq!(allowed.output()["locked"], true);
}

/// A dry run that is asked for in the wrong place is one.
#[test]
fn a_dry_run_is_one_wherever_it_is_asked_for() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let ada = clerk.user("ada@acme.example");
    let call = |given: Value| api(&server, "clerk_api_write", "LockUser", given);
    let preview = call(json!({ "user_id": ada, "dry_run": true })).output()["preview"].clone();
    assert_eq!(preview["operation"], "LockUser");
    let mixed = json!({ "operation": "LockUser", "arguments": { "user_id": ada, "dry_run": true }, "dry_run": false });
    let problems = server.call("clerk_api_write", mixed).problems();
    assert!(problems[0].starts_with("/arguments/dry_run: another value"), "{problems:?}");
    assert_eq!(server.call("clerk_get_user", json!({ "user_id": ada })).output()["locked"], false);
}

/// A refusal that no setting changes is not put down to the operator.
#[test]
fn what_cannot_be_called_from_a_conversation_says_so() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let upload = json!({ "organization_id": clerk.organization("acme") });
    for (tool, operation, given, why) in [
        ("clerk_api_write", "UploadOrganizationLogo", upload, "takes a file"),
        ("clerk_api_read", "GetPublicInterstitial", json!({}), "answers with a web page"),
    ] {
        clerk.requests();
        let failure = api(&server, tool, operation, given).failure();
        assert_eq!(failure["problems"][0]["pointer"], "/operation", "{failure}");
        assert!(failure["problems"][0]["message"].as_str().is_some_and(|text| text.contains(why)), "{failure}");
        clerk.assert_nothing_sent();
    }
}

/// A preview shows how settings are, and who is meant by an id in a body; it says so where nothing was looked at.
#[test]
fn a_preview_shows_what_is_changed_and_who_is_meant() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--mode", "full"]).http();
    let preview = |operation: &str, given: Value| {
        let call = json!({ "operation": operation, "arguments": given, "dry_run": true });
        server.call("clerk_api_write", call).output()["preview"].clone()
    };
    let settings = preview("UpdateInstance", json!({ "allowed_origins": [] }));
    let change = json!({ "path": "/allowed_origins", "before": ["http://localhost:3000"], "after": [] });
    assert_eq!(settings["changes"], json!([change]), "{settings}");
    let ada = clerk.user("ada@acme.example");
    let added = preview("CreateEmailAddress", json!({ "user_id": ada, "email_address": "new@acme.example" }));
    assert_eq!(added["user"]["name"], "Ada Lovelace", "{added}");
    let banned = preview("UsersBan", json!({ "user_ids": [ada] }));
    assert!(banned["not_looked_at"].is_string(), "{banned}");
    // What only a list shows is looked up there.
    let call = |id: &Value| json!({ "operation": "DeleteAllowlistIdentifier", "arguments": { "identifier_id": id }, "dry_run": true });
    let listed = api(&server, "clerk_api_read", "ListAllowlistIdentifiers", json!({})).output()["data"][0].clone();
    let allowed = server.call("clerk_api_delete", call(&listed["id"])).output()["preview"].clone();
    assert_eq!(allowed["target"]["identifier"], listed["identifier"], "{allowed}");
    let unknown = server.call("clerk_api_delete", call(&json!("alid_1"))).output()["preview"].clone();
    assert!(unknown["not_looked_at"].is_string() && unknown.get("target").is_none(), "{unknown}");
}

/// A list that is empty is not a list that is not given.
#[test]
fn a_list_can_be_set_to_nothing() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--mode", "full", "--confirm", "off"]).http();
    let block = |countries: Value| {
        let given = json!({ "blocked_country_codes": countries });
        api(&server, "clerk_api_write", "UpdateInstanceCommunication", given).output()["blocked_country_codes"].clone()
    };
    assert_eq!(block(json!(["NG"])), json!(["NG"]));
    assert_eq!(block(json!([])), json!([]));
}

/// Where metadata is replaced, what is not given goes.
#[test]
fn a_replacement_shows_what_goes() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--private-metadata", "show"]).http();
    let ada = clerk.user("ada@acme.example");
    let stored = server.call("clerk_get_user", json!({ "user_id": ada })).output();
    let [public, private] = ["public_metadata", "private_metadata"].map(|name| stored[name].clone());
    assert!(public["theme"].is_string() && private["seats"].is_object(), "{stored}");
    let arguments = json!({ "user_id": ada, "public_metadata": { "theme": public["theme"] }, "private_metadata": {} });
    let call = json!({ "operation": "ReplaceUserMetadata", "arguments": arguments, "dry_run": true });
    let preview = server.call("clerk_api_write", call).output()["preview"].clone();
    let changes: Vec<Value> = preview["changes"].as_array().expect("there are changes").clone();
    let gone = |path: &str, before: &Value| json!({ "path": path, "before": before });
    assert!(changes.contains(&gone("/public_metadata/title", &public["title"])), "{changes:?}");
    assert!(changes.contains(&gone("/private_metadata/seats", &private["seats"])), "{changes:?}");
    assert!(!changes.iter().any(|change| change["path"] == "/public_metadata/theme"), "{changes:?}");
}

#[test]
fn the_audit_log_names_the_operation() {
    let clerk = Clerk::sample();
    let audit = fixtures::file("api-audit.jsonl", b"");
    let server = clerk.program().arguments(&["--audit", &audit.to_string_lossy()]).http();
    let ada = clerk.user("ada@acme.example");
    api(&server, "clerk_api_write", "lockuser", json!({ "user_id": ada })).output();
    let log = std::fs::read_to_string(&audit).expect("the log is text");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let [begun, last] = lines.as_slice() else { panic!("a write has two lines: {log}") };
    assert_eq!((&begun["operation"], &begun["ids"]), (&json!("lockuser"), &json!([ada])), "{begun}");
    assert_eq!((&last["tool"], &last["operation"]), (&json!("clerk_api_write"), &json!("LockUser")), "{last}");
    assert_eq!((&last["danger"], &last["ids"]), (&json!("access"), &json!([ada])), "{last}");
    // Arguments that come as text name as much, also of a call that only asked.
    api(&server, "clerk_api_delete", "DeleteUser", json!({ "user_id": ada }).to_string()).output();
    let log = std::fs::read_to_string(&audit).expect("the log is text");
    let last: Value = serde_json::from_str(log.lines().last().unwrap_or_default()).expect("a line is JSON");
    assert_eq!((&last["decision"], &last["ids"]), (&json!("asked for a token"), &json!([ada])), "{last}");
}

#[test]
fn an_answer_about_another_object_is_no_answer() {
    let upstream =
        Upstream::always(Reply::json(200, &json!({ "object": "jwt_template", "id": "jtmp_2", "name": "x" })));
    let server = upstream.server();
    let answer = api(&server, "clerk_api_read", "GetJWTTemplate", json!({ "template_id": "jtmp_1" }));
    assert_eq!(answer.failure()["code"], "unexpected_object");
    let writes = |tool, operation| {
        api(&server, tool, operation, json!({ "template_id": "jtmp_1", "name": "y", "claims": {} })).failure()
    };
    assert_eq!(writes("clerk_api_write", "UpdateJWTTemplate")["code"], "unexpected_object");
    assert!(upstream.writes().is_empty(), "it was looked at first");
}

#[test]
fn bodies_of_all_shapes_are_sent() {
    let upstream = Upstream::new(|seen| match seen.line.as_str() {
        line if line.starts_with("DELETE") => Reply::json(204, &json!(null)),
        _ => Reply::json(200, &json!([])),
    });
    let server = upstream.program().arguments(&["--mode", "full", "--confirm", "off"]).http();
    let sent = |tool: &str, operation: &str, arguments: Value| {
        api(&server, tool, operation, arguments);
        let last = upstream.seen().last().cloned().expect("it was sent");
        (last.line.split(' ').take(2).collect::<Vec<_>>().join(" "), serde_json::from_str::<Value>(&last.body).ok())
    };
    assert_eq!(
        sent("clerk_api_write", "CreateBulkInvitations", json!({ "body": [{ "email_address": "a@b.example" }] })),
        ("POST /v1/invitations/bulk".into(), Some(json!([{ "email_address": "a@b.example" }])))
    );
    assert_eq!(
        sent(
            "clerk_api_read",
            "ListAllOrganizationDomains",
            json!({ "enrollment_mode": "manual_invitation,-enterprise_sso" })
        )
        .0,
        "GET /v1/organization_domains?enrollment_mode=manual_invitation%2C-enterprise_sso&limit=20"
    );
    let role_set =
        json!({ "name": "A", "default_role_key": "b", "creator_role_key": "c", "description": null, "roles": [] });
    assert_eq!(
        sent("clerk_api_write", "CreateRoleSet", role_set.clone()),
        ("POST /v1/role_sets".into(), Some(role_set))
    );
    let nested = json!({
        "enterprise_connection_id": "entconn_1", "name": "Okta", "saml": { "idp_metadata_url": null, "force_authn": true },
    });
    assert_eq!(
        sent("clerk_api_write", "UpdateEnterpriseConnection", nested).0,
        "GET /v1/enterprise_connections/entconn_1"
    );
}
