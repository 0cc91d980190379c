//! An entry of a person is brought to what this program writes, and what the person set in it stays.

use super::super::{Format, Place};
use crate::setup::clients::Client;
use crate::setup::entry::Launch;

fn put(client: &str, servers: &str, format: Format, before: &str) -> String {
    let client = Client::named(client).expect("it is in the table");
    let launch = Launch {
        command: "/bin/clerk-mcp".into(),
        arguments: vec!["stdio".into()],
        environment: vec![("CLERK_SECRET_KEY_FILE".into(), "/k".into())],
    };
    let entry = client.shape.entry("clerk", &launch);
    let place = Place { format, servers, name: "clerk" };
    let after = place.put(before, &entry).unwrap_or_else(|problem| panic!("{before}: {problem}"));
    assert_eq!(place.put(&after, &entry).as_deref(), Ok(&*after), "a second time");
    after
}

#[test]
fn what_a_person_set_in_json_stays() {
    let before = "{\n  \"mcpServers\": {\n    // ours\n    \"clerk\": {\n      \"command\": \"npx\", // why\n      \"args\": [\"-y\", \"clerk-mcp\"],\n      \"env\": {\n        // the proxy\n        \"HTTPS_PROXY\": \"http://p\",\n        \"CLERK_SECRET_KEY\": \"sk_test_x\"\n      },\n      \"autoApprove\": [\"a\"],\n      \"disabled\": true,\n    },\n    \"b\": {}\n  }\n}\n";
    let after = "{\n  \"mcpServers\": {\n    // ours\n    \"clerk\": {\n      \"command\": \"/bin/clerk-mcp\", // why\n      \"args\": [\"stdio\"],\n      \"env\": {\n        // the proxy\n        \"HTTPS_PROXY\": \"http://p\",\n        \"CLERK_SECRET_KEY_FILE\": \"/k\"\n      },\n      \"autoApprove\": [\"a\"],\n      \"disabled\": true,\n    },\n    \"b\": {}\n  }\n}\n";
    assert_eq!(put("kiro", "mcpServers", Format::Json, before), after);
    let before =
        "{\"mcpServers\":{\"clerk\":{\"command\":\"x\",\"env\":{\"CLERK_SECRET_KEY\":\"sk_test_x\"},\"timeout\":9}}}";
    let after = "{\"mcpServers\":{\"clerk\":{\"command\":\"/bin/clerk-mcp\",\"env\":{\"CLERK_SECRET_KEY_FILE\":\"/k\"},\"timeout\":9,\"args\":[\"stdio\"]}}}";
    assert_eq!(put("kiro", "mcpServers", Format::Json, before), after);
    let before = "{\n  \"mcpServers\": {\n    \"clerk\": { \"command\": \"x\", \"args\": [], \"env\": {\"CLERK_SECRET_KEY\":\"sk_test_x\"}, },\n  }\n}\n";
    let after = "{\n  \"mcpServers\": {\n    \"clerk\": { \"command\": \"/bin/clerk-mcp\", \"args\": [\"stdio\"], \"env\": {\"CLERK_SECRET_KEY_FILE\":\"/k\"}, },\n  }\n}\n";
    assert_eq!(put("kiro", "mcpServers", Format::Json, before), after);
}

#[test]
fn what_a_person_set_in_toml_stays() {
    let before = "[mcp_servers.clerk] # ours\ncommand = \"npx\" # why\nargs = [\n  \"-y\", # yes\n]\nstartup_timeout_sec = 20 # slow\nenv_vars = [\"CLERK_SECRET_KEY\", \"LANG\"]\n\n[mcp_servers.clerk.env]\n# the proxy\nHTTPS_PROXY = \"http://p\"\nCLERK_SECRET_KEY = \"sk_test_x\"\n\n[mcp_servers.clerk.tools.a]\napproval_mode = \"approve\"\n";
    let after = "[mcp_servers.clerk] # ours\ncommand = \"/bin/clerk-mcp\" # why\nargs = [\"stdio\"]\nstartup_timeout_sec = 20 # slow\nenv_vars = [\"LANG\"]\n\n[mcp_servers.clerk.env]\n# the proxy\nHTTPS_PROXY = \"http://p\"\nCLERK_SECRET_KEY_FILE = \"/k\"\n\n[mcp_servers.clerk.tools.a]\napproval_mode = \"approve\"\n";
    assert_eq!(put("codex", "mcp_servers", Format::Toml, before), after);
    let before = "[mcp_servers]\nclerk = { command = \"x\", env = { A = \"b\", CLERK_SECRET_KEY = \"sk_test_x\" }, enabled = false }\nb.command = \"y\"\n";
    let after = "[mcp_servers]\nclerk = { command = \"/bin/clerk-mcp\", env = { A = \"b\", CLERK_SECRET_KEY_FILE = \"/k\" }, enabled = false, args = [\"stdio\"] }\nb.command = \"y\"\n";
    assert_eq!(put("codex", "mcp_servers", Format::Toml, before), after);
    let before = "mcp_servers.clerk.command = \"x\" # why\nmcp_servers.clerk.env.A = \"b\"\n[t]\na = 1\n";
    let after = "mcp_servers.clerk.command = \"/bin/clerk-mcp\" # why\nmcp_servers.clerk.args = [\"stdio\"]\nmcp_servers.clerk.env.A = \"b\"\nmcp_servers.clerk.env.CLERK_SECRET_KEY_FILE = \"/k\"\n[t]\na = 1\n";
    assert_eq!(put("codex", "mcp_servers", Format::Toml, before), after);
}

#[test]
fn an_entry_of_toml_that_is_only_implied_gets_a_header() {
    let before = "m = 1\n\n# the proxy\n[mcp_servers.clerk.env]\nA = \"b\"\n\n[mcp_servers.clerk.tools.x]\nc = 1\n";
    let after = "m = 1\n\n# the proxy\n[mcp_servers.clerk]\ncommand = \"/bin/clerk-mcp\"\nargs = [\"stdio\"]\n\n[mcp_servers.clerk.env]\nA = \"b\"\nCLERK_SECRET_KEY_FILE = \"/k\"\n\n[mcp_servers.clerk.tools.x]\nc = 1\n";
    assert_eq!(put("codex", "mcp_servers", Format::Toml, before), after);
    let place = Place { format: Format::Toml, servers: "mcp_servers", name: "clerk" };
    assert_eq!(place.remove(after, false).as_deref(), Ok("m = 1\n\n# the proxy\n"));
}

#[test]
fn what_a_person_set_in_yaml_stays() {
    let before = "extensions:\n  clerk: # ours\n    enabled: false\n    type: stdio\n    name: Clerk\n    cmd: npx # why\n    args:\n    - -y\n    - clerk-mcp\n    envs:\n      # the proxy\n      HTTPS_PROXY: http://p\n      CLERK_SECRET_KEY: sk_test_x\n    env_keys: [CLERK_SECRET_KEY]\n    timeout: 900\n    available_tools: [] # all\n\nA: 1\n";
    let after = "extensions:\n  clerk: # ours\n    enabled: false\n    type: stdio\n    name: Clerk\n    cmd: /bin/clerk-mcp # why\n    args:\n      - stdio\n    envs:\n      # the proxy\n      HTTPS_PROXY: http://p\n      CLERK_SECRET_KEY_FILE: /k\n    env_keys: []\n    timeout: 900\n    available_tools: [] # all\n    description: \"Clerk's users and organizations\"\n\nA: 1\n";
    assert_eq!(put("goose", "extensions", Format::Yaml, before), after);
    let before = "extensions:\n    clerk:\n        cmd: # none\n        envs:\n        args: ~\n        type: stdio\n        description: |\n          Mine\n    b: {}\n";
    let after = "extensions:\n    clerk:\n        cmd: /bin/clerk-mcp # none\n        envs:\n          CLERK_SECRET_KEY_FILE: /k\n        args:\n          - stdio\n        type: stdio\n        description: |\n          Mine\n        enabled: true\n        name: clerk\n        timeout: 300\n    b: {}\n";
    assert_eq!(put("goose", "extensions", Format::Yaml, before), after);
    let before = "extensions: {clerk: {type: stdio, cmd: npx, args: [-y], envs: {A: b}, timeout: 9}}\n";
    let after = "extensions: {clerk: {type: stdio, cmd: \"/bin/clerk-mcp\", args: [\"stdio\"], envs: {A: b,\"CLERK_SECRET_KEY_FILE\":\"/k\"}, timeout: 9,\"enabled\":true,\"name\":\"clerk\",\"description\":\"Clerk's users and organizations\"}}\n";
    assert_eq!(put("goose", "extensions", Format::Yaml, before), after);
}

#[test]
fn what_belongs_to_the_other_transport_goes() {
    let url = "{\n  \"mcpServers\": {\n    \"clerk\": {\n      \"type\": \"http\",\n      \"url\": \"http://127.0.0.1:3000/mcp\",\n      \"headers\": { \"A\": \"b\" },\n      \"disabled\": false\n    }\n  }\n}\n";
    let after = put("gemini", "mcpServers", Format::Json, url);
    assert_eq!(
        after,
        "{\n  \"mcpServers\": {\n    \"clerk\": {\n      \"disabled\": false,\n      \"command\": \"/bin/clerk-mcp\",\n      \"args\": [\"stdio\"],\n      \"env\": {\n        \"CLERK_SECRET_KEY_FILE\": \"/k\"\n      }\n    }\n  }\n}\n"
    );
    let after = put("claude-code", "mcpServers", Format::Json, url);
    assert!(
        after.contains("\"type\": \"stdio\"") && !after.contains("\"url\"") && !after.contains("headers"),
        "{after}"
    );
    let shape = Client::named("gemini").and_then(|client| client.http).expect("it takes a URL");
    let place = Place { format: Format::Json, servers: "mcpServers", name: "clerk" };
    let command = "{\"mcpServers\":{\"clerk\":{\"type\":\"stdio\",\"command\":\"x\",\"args\":[],\"env\":{\"A\":\"b\"},\"trust\":true}}}";
    let after = place.put(command, &shape.entry("clerk", "http://127.0.0.1:3000/mcp"));
    assert_eq!(
        after.as_deref(),
        Ok("{\"mcpServers\":{\"clerk\":{\"trust\":true,\"httpUrl\":\"http://127.0.0.1:3000/mcp\"}}}")
    );
}

#[test]
fn variables_in_other_forms_stay_but_for_the_key() {
    let before = "[mcp_servers.clerk]\ncommand = \"x\"\nargs = []\nenv_vars = [{ name = \"FOO\", source = \"remote\" }, { name = \"CLERK_SECRET_KEY\" }, \"CLERK_SECRET_KEY\", \"A\"]\n";
    let after = put("codex", "mcp_servers", Format::Toml, before);
    assert!(after.contains("env_vars = [{ name = \"FOO\", source = \"remote\" }, \"A\"]\n"), "{after}");
    let before = r#"{ "context_servers": { "clerk": { "command": { "path": "x", "args": [], "env": { "A": "b", "CLERK_SECRET_KEY": "c" } }, "settings": {} } } }"#;
    let after = put("zed", "context_servers", Format::Json, before);
    assert!(after.contains(r#""A":"b""#) && !after.contains(r#""CLERK_SECRET_KEY""#), "{after}");
    let before = before.replace(r#""settings": {}"#, r#""env": { "A": "newer" }"#);
    let after = put("zed", "context_servers", Format::Json, &before);
    assert!(after.contains(r#""A": "newer""#) && !after.contains(r#""b""#), "{after}");
}

#[test]
fn an_entry_that_is_no_object_is_replaced() {
    let before = "{\n  \"mcpServers\": {\n    \"clerk\": null, // off\n    \"b\": {}\n  }\n}\n";
    let after = put("kiro", "mcpServers", Format::Json, before);
    assert!(
        after.contains("    \"clerk\": {\n      \"command\": \"/bin/clerk-mcp\",") && after.contains("    }, // off\n"),
        "{after}"
    );
}
