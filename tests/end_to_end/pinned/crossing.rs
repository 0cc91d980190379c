//! Every tool and every operation, named at the other customer: by id, slug, nested id, address, cursor and body.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::tenants::{SLUG, Tenants, Theirs, nobodys, theirs};
use crate::harness::examples::examples;
use crate::harness::{Client, Directory};

/// The calls that name the other customer in every way that a call's arguments have.
fn variants(arguments: &Value, other: &Theirs) -> Vec<Value> {
    let all = theirs(arguments, other);
    let mut nested = all.clone();
    let mut named = arguments.clone();
    if let (Value::Object(nested), Value::Object(named)) = (&mut nested, &mut named) {
        // Filled in with ours, while all the rest is theirs.
        for name in ["organization_id", "organizationId", "slug"] {
            nested.remove(name);
        }
        named.remove("slug");
        named.insert("organization_id".into(), json!(other.organization));
    }
    let mut variants = vec![all, nested, named];
    for (name, value) in [
        ("slug", json!(SLUG)),
        ("organization_id", json!([other.organization])),
        ("organizationID", json!(other.organization)),
        ("user_id", json!(other.user)),
        ("user_id", json!([other.user])),
        ("starting_after", json!(other.user)),
        ("query", json!(other.email_address)),
        ("session_id", json!(other.session)),
        ("subject", json!(other.organization)),
        ("inviter_user_id", json!(other.user)),
    ] {
        let mut more = arguments.as_object().cloned().unwrap_or_default();
        more.remove("organization_id");
        more.insert(name.into(), value);
        variants.push(more.into());
    }
    variants
}

#[derive(Deserialize)]
struct Table {
    places: Map<String, Value>,
    requests: Vec<Tried>,
}

#[derive(Deserialize)]
struct Tried {
    call: String,
    #[serde(default)]
    path: Map<String, Value>,
    #[serde(default)]
    query: String,
    #[serde(default)]
    body: Value,
}

/// The right arguments of every operation, by its method and path.
fn operations() -> Vec<(String, Value)> {
    let text = include_str!("../../../clerk-emulator/tests/operations.json");
    let table: Table = serde_json::from_str(text).expect("the file is as described");
    let fill = |text: String| {
        // A place of the path may name another.
        (0..2).fold(text, |text, _| {
            let fill = |text: String, (name, id): (&String, &Value)| {
                text.replace(&format!("{{{name}}}"), id.as_str().unwrap_or_default())
            };
            table.places.iter().fold(text, fill)
        })
    };
    let arguments = |tried: &Tried| {
        let names = tried.call.split('{').skip(1).filter_map(|part| part.split('}').next());
        let mut all: Map<String, Value> = names.map(|name| (name.into(), json!(format!("{{{name}}}")))).collect();
        all.extend(tried.path.clone());
        for (name, value) in tried.query.split('&').filter_map(|pair| pair.split_once('=')) {
            all.insert(name.into(), json!(value));
        }
        match &tried.body {
            Value::Object(body) => all.extend(body.clone()),
            Value::Null => {}
            body => drop(all.insert("body".into(), body.clone())),
        }
        serde_json::from_str(&fill(Value::Object(all).to_string())).expect("ids change nothing about it")
    };
    let operations: Vec<_> = table.requests.iter().map(|tried| (tried.call.clone(), arguments(tried))).collect();
    deleting_last(&operations, |(call, _)| call).cloned().collect()
}

/// What deletes our own organization comes when all else has been tried.
fn deleting_last<T>(all: &[T], name: impl Fn(&T) -> &str) -> impl Iterator<Item = &T> {
    let (last, others): (Vec<&T>, Vec<&T>) = all.iter().partition(|one| deletes_ours(name(one), Some(name(one))));
    others.into_iter().chain(last)
}

fn deletes_ours(tool: &str, operation: Option<&str>) -> bool {
    tool == "clerk_delete_organization" || operation == Some("DELETE /organizations/{organization_id}")
}

/// The tool that calls an operation is not known from its method alone: all three are tried.
const CALLERS: [&str; 3] = ["clerk_api_read", "clerk_api_write", "clerk_api_delete"];

#[test]
fn no_tool_leads_to_another_customer() {
    let tenants = Tenants::new();
    let secrets = Directory::new();
    let session = tenants.program().arguments(&["--secrets-dir", &secrets.text()]).stdio();
    let mut calls = 0;
    for example in deleting_last(examples(), |example| &example.tool) {
        for arguments in variants(&example.arguments, &tenants.theirs) {
            for dry_run in [true, false] {
                let mut arguments = arguments.clone();
                if dry_run {
                    arguments["dry_run"] = json!(true);
                }
                let call = format!("{} {arguments}", example.tool);
                tenants.assert_nothing_crosses(&call, &session.call(&example.tool, arguments));
                calls += 1;
            }
        }
    }
    tenants.assert_untouched();
    assert!(calls > 1000, "{calls} calls were made");
}

#[test]
fn no_operation_leads_to_another_customer() {
    let tenants = Tenants::new();
    let secrets = Directory::new();
    let session = tenants.program().arguments(&["--secrets-dir", &secrets.text()]).stdio();
    let operations = operations();
    assert_eq!(operations.len(), 249);
    for (operation, arguments) in operations {
        for arguments in variants(&arguments, &tenants.theirs) {
            for tool in CALLERS {
                let call = json!({ "operation": operation, "arguments": arguments });
                let said = format!("{tool} {call}");
                tenants.assert_nothing_crosses(&said, &session.call(tool, call));
            }
        }
    }
    tenants.assert_untouched();
}

/// What is refused about them is refused as what there is not: in the same words, after the same requests.
#[test]
fn what_is_outside_is_as_if_it_did_not_exist() {
    let tenants = Tenants::new();
    let nobody = nobodys(&tenants.theirs);
    let session = tenants.program().stdio();
    let mut refusals = 0;
    let operations = operations().into_iter().flat_map(|(operation, arguments)| {
        let call = move |tool: &&str| ((*tool).to_owned(), arguments.clone(), Some(operation.clone()));
        CALLERS.iter().map(call).collect::<Vec<_>>()
    });
    let tools = examples().iter().map(|example| (example.tool.clone(), example.arguments.clone(), None));
    let calls: Vec<_> =
        tools.chain(operations).filter(|(tool, _, operation)| !deletes_ours(tool, operation.as_deref())).collect();
    for (tool, arguments, operation) in calls {
        let made = |other: &Theirs| {
            let calls = variants(&arguments, other).into_iter().take(3).map(|arguments| match &operation {
                Some(operation) => json!({ "operation": operation, "arguments": arguments }),
                None => arguments,
            });
            calls.map(|call| outcome(&tenants, &session.call(&tool, call), other)).collect::<Vec<_>>()
        };
        let (outside, absent) = (made(&tenants.theirs), made(&nobody));
        for (outside, absent) in outside.into_iter().zip(absent) {
            // What succeeds was about our own organization, and may not succeed twice.
            if outside.0.contains("\"isError\":true") {
                assert_eq!(outside, absent, "{tool} {operation:?} {arguments}");
                refusals += 1;
            }
        }
    }
    assert!(refusals > 1000, "{refusals} calls were refused");
}

/// An answer and the requests that it took, without what names whom they were about.
fn outcome(tenants: &Tenants, answer: &crate::harness::Answer, other: &Theirs) -> (String, Vec<String>) {
    let Theirs { organization, user, session, invitation, email_address } = other;
    let unnamed = |text: String| {
        let escaped = email_address.replace('@', "%40");
        [organization, user, session, invitation, email_address, &escaped]
            .iter()
            .fold(text, |text, name| text.replace(name.as_str(), "…"))
            // Whose session it is, only Clerk knows.
            .replace("user_id=user_0", "user_id=…")
    };
    let requests = tenants.clerk.requests();
    let sent = requests.iter().map(|request| unnamed(format!("{} {}", request.method, request.target)));
    let mut answer = answer.0["result"].clone();
    if let Some(text) = answer["content"][0]["text"].as_str() {
        let mut said: Value = serde_json::from_str(text).unwrap_or_default();
        said.as_object_mut().map(|said| said.remove("trace_id"));
        answer["content"][0]["text"] = json!(said.to_string());
    }
    (unnamed(answer.to_string()), sent.collect())
}
