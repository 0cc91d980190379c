//! Where only reading is allowed, nothing reveals a credential: by no tool, by no name and by no argument.

use serde_json::{Map, Value, json};

use super::operations::{full, upstream};
use crate::harness::{Client as _, Directory};

/// Reads that reveal a credential, and the names by which somebody may try to reach them.
const REVEALING: [(&str, &str, &str); 3] = [
    ("getApiKeySecret", "/api_keys/{apiKeyID}/secret", "/api_keys/ak_1/secret"),
    ("GetMachineSecretKey", "/machines/{machine_id}/secret_key", "/machines/mch_1/secret_key"),
    (
        "GetOAuthAccessToken",
        "/users/{user_id}/oauth_access_tokens/{provider}",
        "/users/user_1/oauth_access_tokens/oauth_google",
    ),
];

fn names(operation: &str, template: &str, path: &str) -> Vec<String> {
    let mut names = vec![
        operation.to_owned(),
        operation.to_uppercase(),
        operation.to_lowercase(),
        format!(" {operation}\n"),
        format!("{operation}\u{200b}"),
        format!("{operation}/"),
    ];
    for path in [template, path] {
        for method in ["GET", "get", "HEAD", "POST", ""] {
            names.push(format!("{method} {path}"));
        }
        names.extend([
            format!("GET {path}/"),
            format!("GET {path}//"),
            format!("GET /v1{path}"),
            format!("GET /{path}"),
            format!("GET {}", path.replace('/', "//")),
            format!("GET {}", path.replacen("/s", "/%73", 1)),
            format!("GET {}", path.replace('/', "%2F")),
            format!("GET /users/..{path}"),
            format!("GET {path}?x=1"),
            format!("GET https://api.clerk.com/v1{path}"),
            format!("GET\t{}", path.to_uppercase()),
        ]);
    }
    names
}

#[test]
fn no_name_leads_to_a_credential_where_only_reading_is_allowed() {
    let (upstream, directory) = (upstream(), Directory::new());
    let arguments = json!({
        "apiKeyID": "ak_1", "machine_id": "mch_1", "user_id": "user_1", "provider": "oauth_google",
    });
    let program = || upstream.program().arguments(&["--secrets-dir", &directory.text()]);
    let narrowed = full(program()).http().with_header("X-MCP-Readonly", "true");
    for server in [program().arguments(&["--read-only"]).http(), narrowed] {
        for (operation, template, path) in REVEALING {
            let mut taken: Map<String, Value> = serde_json::from_value(arguments.clone()).expect("an object");
            taken.retain(|name, _| template.contains(name));
            for name in names(operation, template, path) {
                for tool in ["clerk_api_read", "clerk_api_write", "clerk_api_delete", operation] {
                    let answer = server.call(tool, json!({ "operation": name, "arguments": taken }));
                    assert!(
                        answer.0["error"].is_object() || answer.result()["isError"] == true,
                        "{tool} {name:?}: {answer:?}"
                    );
                }
            }
            let denied =
                server.call("clerk_api_write", json!({ "operation": operation, "arguments": taken })).failure();
            assert_eq!(denied["code"], "denied", "{denied}");
        }
    }
    assert_eq!((upstream.count(), directory.contents().len()), (0, 0));
}

#[test]
fn no_argument_makes_another_path_of_one_that_only_reads() {
    let upstream = upstream();
    let server = upstream.program().arguments(&["--read-only"]).http();
    for id in [
        "ak_1/secret",
        "ak_1%2Fsecret",
        "ak_1%2fsecret",
        "../api_keys/ak_1/secret",
        "..",
        ".",
        "ak_1?x",
        "ak_1#x",
        "ak_1;x",
        "",
        " ",
    ] {
        for (operation, name) in [("getApiKey", "apiKeyID"), ("GetMachine", "machine_id"), ("GetUser", "user_id")] {
            let call = json!({ "operation": operation, "arguments": { name: id } });
            let answer = server.call("clerk_api_read", call);
            assert_eq!(answer.problems().len(), 1, "{operation} {id:?}: {answer:?}");
        }
    }
    assert_eq!(upstream.count(), 0);
}
