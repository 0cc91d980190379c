//! Secrets that Clerk gives: each goes to a file of its own where the operator has named a directory, and nowhere else.

mod lost;
mod operations;
mod place;
mod read_only;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::canary::{self, CANARY, KEY};
use crate::harness::reply::asked_for;
use crate::harness::{Clerk, Client, Collector, Directory, Program, Reply, Upstream};

const NOT_SHOWN: &str = "(secret, not shown)";

/// An API that gives a link, which is a secret, wherever it has an invitation, and repeats it where it does not belong.
fn upstream() -> Upstream {
    Upstream::new(|seen| {
        let given: Value = serde_json::from_str(&seen.body).unwrap_or_default();
        let link = link(given["email_address"].as_str().unwrap_or_default());
        let mut one = asked_for(&seen.line);
        if seen.line.contains("/invitations") && !seen.is_read() {
            one["email_address"] = given["email_address"].clone();
            one["url"] = json!(link);
            one["public_metadata"] = json!({ "repeated": format!("see {link}"), link: 1 });
        }
        let is_list = seen.is_read() && seen.line.contains("/invitations");
        Reply::json(200, &if is_list { json!({ "data": [one], "total_count": 1 }) } else { one })
    })
}

fn link(email_address: &str) -> String {
    format!("https://x.example/v1/{CANARY}/{email_address}")
}

fn invitation() -> Value {
    json!({ "organization_id": "org_1", "email_address": "a@b.example", "role": "org:member", "notify": false })
}

/// Verifies that an answer names one file, in which there is this secret.
fn assert_kept(answer: &Value, field: &str, directory: &Directory, secret: &str) {
    let files = answer["secret_files"].as_object().unwrap_or_else(|| panic!("no files: {answer}"));
    let path = Path::new(files[field].as_str().expect("a path"));
    assert_eq!(path.parent(), fs::canonicalize(&directory.0).ok().as_deref());
    assert_eq!(fs::metadata(path).expect("it is there").mode() & 0o7777, 0o600);
    assert_eq!(fs::read_to_string(path).expect("it is there"), secret);
    let name = path.file_name().expect("a name").to_string_lossy();
    assert!(name.contains("-clerk_create_invitation") && !name.contains(CANARY) && !name.contains('@'), "{name}");
}

#[test]
fn a_secret_goes_to_a_file_and_the_answer_says_to_which() {
    let clients: [fn(Program) -> Box<dyn Client>; 2] =
        [|program| Box::new(program.stdio()), |program| Box::new(program.http())];
    for client in clients {
        let directory = Directory::new();
        let client = client(upstream().program().traced().arguments(&["--secrets-dir", &directory.text()]));
        let answer = client.call("clerk_create_invitation", invitation());
        // The text says the same: this reads both.
        let output = answer.output();
        assert_eq!(output["url"], NOT_SHOWN);
        assert_eq!(output["public_metadata"]["repeated"], format!("see {NOT_SHOWN}"));
        assert_kept(&output, "url", &directory, &link("a@b.example"));
        assert!(output["secrets_note"].as_str().is_some_and(|note| note.contains("do not read")), "{output}");
        // Neither a preview nor a list writes anything.
        let mut preview = invitation();
        preview["dry_run"] = json!(true);
        client.call("clerk_create_invitation", preview).output();
        client.call("clerk_list_organization_invitations", json!({ "organization_id": "org_1" })).output();
        assert_eq!(directory.contents().len(), 1);
    }
}

#[test]
fn a_command_writes_secrets_too() {
    let (upstream, directory) = (upstream(), Directory::new());
    let arguments = invitation().to_string();
    let call = ["--confirm", "off", "call", "clerk_create_invitation", &arguments];
    let finished = upstream.program().traced().variable("CLERK_SECRETS_DIR", &directory.text()).arguments(&call).run();
    let output: Value = serde_json::from_str(&finished.stdout).expect("it prints JSON");
    assert_kept(&output, "url", &directory, &link("a@b.example"));
}

#[test]
fn each_of_several_secrets_has_a_file_of_its_own() {
    let (upstream, directory) = (upstream(), Directory::new());
    let server = upstream.program().arguments(&["--secrets-dir", &directory.text()]).http();
    let mut arguments = invitation();
    let addresses: Vec<String> = (0..10).map(|number| format!("p{number}@b.example")).collect();
    arguments["email_address"] = json!(addresses);
    let output = server.call("clerk_create_invitations_bulk", arguments).output();
    for (index, address) in addresses.iter().enumerate() {
        assert_eq!(output["done"][index]["url"], NOT_SHOWN);
        assert_kept(&output, &format!("done.{index}.url"), &directory, &link(address));
    }
    assert_eq!(directory.contents().len(), 10);
}

#[test]
fn without_a_place_a_secret_ends_where_it_was_read() {
    let session = upstream().program().traced().stdio();
    let output = session.call("clerk_create_invitation", invitation()).output();
    assert_eq!(output["url"], NOT_SHOWN);
    for name in ["secret_files", "secrets_lost", "secrets_note"] {
        assert_eq!(output.get(name), None, "{output}");
    }
}

#[test]
fn what_cannot_be_written_is_lost_and_the_answer_says_that_the_call_was_made() {
    let (upstream, directory) = (upstream(), Directory::new());
    let server = upstream.program().traced().arguments(&["--secrets-dir", &directory.text()]).http();
    let lose = |why: &str| {
        let output = server.call("clerk_create_invitation", invitation()).output();
        assert!(output["secrets_lost"]["url"].as_str().is_some_and(|said| said.contains(why)), "{output}");
        assert!(output["secrets_note"].as_str().is_some_and(|note| note.contains("The call was made")), "{output}");
        assert_eq!((output.get("secret_files"), &output["url"]), (None, &json!(NOT_SHOWN)), "{output}");
        assert!(output["id"].is_string() && output["undo"].is_object(), "{output}");
    };
    fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o755)).expect("it is ours");
    lose("others can get into");
    fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o700)).expect("it is ours");
    server.limit_files(10);
    lose("cannot be written");
    assert_eq!(directory.contents(), [""; 0], "no part of a secret stays");
    assert_eq!(upstream.writes().len(), 2);
}

/// All that the program says anywhere, with all of it switched on, on the way by which a person agrees and the one by token.
#[test]
fn a_secret_shows_in_nothing_that_leaves() {
    let (upstream, directory, collector) = (upstream(), Directory::new(), Collector::start());
    let live = KEY.replace("sk_test_", "sk_live_");
    let server = upstream
        .program()
        .variable("CLERK_SECRET_KEY", &live)
        .variable("CLERK_MCP_OTLP_ENDPOINT", &collector.url)
        .arguments(&["--secrets-dir", &directory.text(), "--audit", &directory.file().to_string_lossy()])
        .traced()
        .arguments(&["http", "--listen", "127.0.0.1:0", "--metrics"]);
    let server = crate::harness::HttpServer::start(server);
    let asked = server.call("clerk_create_invitation", invitation()).output();
    let mut agreed = invitation();
    agreed["confirmation_token"] = asked["confirmation_token"].clone();
    let output = server.call("clerk_create_invitation", agreed).output();
    assert_kept(&output, "url", &directory, &link("a@b.example"));
    let meta = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": { "elicitation": {} },
    });
    let mut parameters = json!({ "name": "clerk_create_invitation", "arguments": invitation(), "_meta": meta });
    let ask = |parameters: &Value| {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
        let headers = [
            ("mcp-protocol-version", "2026-07-28"),
            ("mcp-method", "tools/call"),
            ("mcp-name", "clerk_create_invitation"),
        ];
        server.post(&headers, &request.to_string()).json()["result"].clone()
    };
    let question = ask(&parameters);
    let accepted = json!({ "action": "accept", "content": { "decision": "yes" } });
    parameters["inputResponses"] = json!({ "confirm": accepted });
    parameters["requestState"] = question["requestState"].clone();
    let answer = ask(&parameters);
    assert_kept(&answer["structuredContent"], "url", &directory, &link("a@b.example"));
    let said = server.get("/metrics").body + &server.get("/health").body;
    let finished = server.terminate();
    for (what, text) in [
        ("metrics", said),
        ("answers", finished.stdout),
        ("log", finished.stderr),
        ("spans", format!("{:?}", collector.spans())),
        ("audit", fs::read_to_string(directory.file()).expect("there is a log")),
    ] {
        assert!(text.contains("clerk_create_invitation"), "{what}: {text}");
        canary::assert_absent(&text);
    }
}

#[test]
fn an_emulated_link_is_the_one_that_is_written() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let server = clerk.program().arguments(&["--secrets-dir", &directory.text()]).http();
    let organization = clerk.organization("acme");
    let mut arguments = invitation();
    arguments["organization_id"] = json!(organization);
    let output = server.call("clerk_create_invitation", arguments).output();
    let stored = clerk.get(&format!("/organizations/{organization}/invitations?email_address=a@b.example"));
    assert_kept(&output, "url", &directory, stored["data"][0]["url"].as_str().expect("a link"));
}
