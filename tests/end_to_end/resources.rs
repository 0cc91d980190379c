//! Resources: organizations and users by URI, and completion of what names them.

use serde_json::{Value, json};

use crate::harness::{Answer, Clerk, Client, Reply, Upstream};

fn read(client: &dyn Client, uri: &str) -> Answer {
    client.request("resources/read", json!({ "uri": uri }))
}

/// The values that are offered for an argument.
fn offered(client: &dyn Client, of: &Value, name: &str, value: &str) -> Value {
    let argument = json!({ "name": name, "value": value });
    let answer = client.request("completion/complete", json!({ "ref": of, "argument": argument }));
    answer.result()["completion"]["values"].clone()
}

fn of_template(uri: &str) -> Value {
    json!({ "type": "ref/resource", "uri": uri })
}

fn of_prompt(name: &str) -> Value {
    json!({ "type": "ref/prompt", "name": name })
}

#[test]
fn kinds_of_resources_are_listed() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let answer = server.request("resources/templates/list", json!({}));
    let uris: Vec<&Value> = answer.result()["resourceTemplates"].as_array().into_iter().flatten().collect();
    assert_eq!(uris[0]["uriTemplate"], "clerk://organizations/{id}");
    assert_eq!(uris[1]["uriTemplate"], "clerk://users/{id}");
    clerk.assert_nothing_sent();
}

#[test]
fn a_resource_is_what_the_tool_gets() {
    let clerk = Clerk::sample();
    let (acme, ada) = (clerk.organization("acme"), clerk.user("ada@acme.example"));
    let (server, session) = (clerk.server(), clerk.program().stdio());
    for client in [&server as &dyn Client, &session] {
        for (uri, tool, arguments) in [
            (format!("clerk://organizations/{acme}"), "clerk_get_organization", json!({ "organization_id": acme })),
            ("clerk://organizations/acme".into(), "clerk_get_organization", json!({ "slug": "acme" })),
            (format!("clerk://users/{ada}"), "clerk_get_user", json!({ "user_id": ada })),
        ] {
            let answer = read(client, &uri);
            let contents = &answer.result()["contents"][0];
            assert_eq!((&contents["uri"], &contents["mimeType"]), (&json!(uri), &json!("application/json")));
            let text: Value = serde_json::from_str(contents["text"].as_str().expect("a text")).expect("JSON");
            assert_eq!(text, client.call(tool, arguments).output(), "{uri}");
        }
    }
}

#[test]
fn what_is_no_resource_is_not_found_and_not_asked_for() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for uri in
        ["", "clerk://users/", "clerk://users/../organizations/x", "clerk://sessions/sess_1", "file:///etc/passwd"]
    {
        let answer = read(&server, uri);
        assert_eq!((answer.error().0, &answer.0["error"]["data"]["uri"]), (-32002, &json!(uri)), "{answer:?}");
    }
    clerk.assert_nothing_sent();
    assert_eq!(read(&server, "clerk://users/user_nobody").error(), (-32002, "there is no such user"));
}

#[test]
fn a_failure_of_the_api_is_told_with_its_details() {
    let upstream = Upstream::always(Reply::refusal(422, "form_param_invalid", "is wrong"));
    let answer = read(&upstream.server(), "clerk://users/user_1");
    assert_eq!(answer.error(), (-32603, "is wrong"));
    assert_eq!(answer.0["error"]["data"]["status"], 422);
    assert_eq!(answer.0["error"]["data"]["trace_id"], "trace-1");
}

#[test]
fn the_operators_policy_holds_for_resources() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_TOOLSETS", "users").http();
    let answer = server.request("resources/templates/list", json!({}));
    assert_eq!(answer.result()["resourceTemplates"].as_array().map(Vec::len), Some(1));
    assert!(read(&server, "clerk://organizations/acme").error().1.contains("--toolsets"));
    assert_eq!(offered(&server, &of_template("clerk://organizations/{id}"), "id", "ac"), json!([]));
    clerk.assert_nothing_sent();
}

#[test]
fn ids_slugs_addresses_and_roles_are_completed() {
    let clerk = Clerk::sample();
    let (acme, ada) = (clerk.organization("acme"), clerk.user("ada@acme.example"));
    let server = clerk.server();
    let organizations = of_template("clerk://organizations/{id}");
    assert_eq!(offered(&server, &organizations, "id", "acme"), json!(["acme"]));
    assert_eq!(offered(&server, &organizations, "id", &acme), json!([acme]));
    assert_eq!(offered(&server, &of_template("clerk://users/{id}"), "id", "lovelace"), json!([ada]));
    assert_eq!(offered(&server, &of_prompt("diagnose_sign_in"), "user", "lovelace"), json!(["ada@acme.example"]));
    assert_eq!(offered(&server, &of_prompt("audit_organization_admins"), "organization", "acme"), json!(["acme"]));
    assert_eq!(offered(&server, &of_prompt("onboard_organization"), "role", "org:ad"), json!(["org:admin"]));
    assert_eq!(offered(&server, &of_prompt("onboard_organization"), "organization", "Umb"), json!([]), "free text");
}

#[test]
fn what_cannot_be_completed_is_an_error() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    for (of, name) in [
        (of_template("clerk://users/{id}"), "user"),
        (of_template("clerk://sessions/{id}"), "id"),
        (of_prompt("diagnose_sign_in"), "organization"),
        (of_prompt("banana"), "user"),
    ] {
        let argument = json!({ "name": name, "value": "a" });
        let answer = server.request("completion/complete", json!({ "ref": of, "argument": argument }));
        assert_eq!(answer.error().0, -32602, "{answer:?}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn only_what_can_be_read_can_be_subscribed_to() {
    let clerk = Clerk::sample();
    let session = clerk.program().variable("CLERK_TOOLSETS", "users").stdio();
    let subscribe = |uri: &str| session.request("resources/subscribe", json!({ "uri": uri }));
    subscribe("clerk://users/user_1").result();
    let endless = format!("clerk://users/{}", "x".repeat(3000));
    for uri in ["clerk://organizations/org_1", "clerk://sessions/sess_1", "", &endless] {
        assert_eq!(subscribe(uri).error().0, -32002, "{uri}");
    }
}

#[test]
fn a_subscriber_hears_of_what_a_tool_has_changed() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let session = clerk.program().stdio();
    let uri = format!("clerk://users/{ada}");
    session.request("resources/subscribe", json!({ "uri": uri })).result();
    session.call("clerk_get_user", json!({ "user_id": ada })).output();
    let change = json!({ "user_id": ada, "public_metadata": { "plan": "pro" } });
    let call = json!({ "name": "clerk_update_user_metadata", "arguments": change });
    session.write(&json!({ "jsonrpc": "2.0", "id": 77, "method": "tools/call", "params": call }).to_string());
    let mut heard = [session.read(), session.read()];
    heard.sort_by_key(|message| message["id"].is_null());
    assert_eq!(heard[0]["result"]["isError"], false);
    assert_eq!(
        (&heard[1]["method"], &heard[1]["params"]["uri"]),
        (&json!("notifications/resources/updated"), &json!(uri))
    );
}
