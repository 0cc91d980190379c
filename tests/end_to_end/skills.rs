//! Skills: what an assistant should know how to do. They are listed, read and verified as MCP's extension has it, and each is
//! followed to the end by a script that knows nothing else.

mod access;
mod customers;
mod job;
mod many;
mod records;

use std::fmt::Write as _;
use std::fs;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::harness::program::workspace;
use crate::harness::{Answer, Clerk, Client, Program};
use crate::protocol::modern;

const EXTENSION: &str = "io.modelcontextprotocol/skills";

/// The entries of `skills/list`.
fn listed(client: &dyn Client) -> Vec<Value> {
    let answer = client.request("skills/list", json!({}));
    answer.result()["skills"].as_array().expect("a list of skills").clone()
}

fn names(client: &dyn Client) -> Vec<String> {
    listed(client).iter().map(|skill| skill["frontmatter"]["name"].as_str().expect("a name").to_owned()).collect()
}

fn of_uri(client: &dyn Client, method: &str, uri: &str) -> Answer {
    client.request(method, json!({ "uri": uri }))
}

/// The text of a file of a skill.
fn read(client: &dyn Client, uri: &str) -> String {
    let answer = of_uri(client, "resources/read", uri);
    let contents = &answer.result()["contents"][0];
    assert_eq!((&contents["uri"], &contents["mimeType"]), (&json!(uri), &json!("text/markdown")));
    contents["text"].as_str().expect("a text").to_owned()
}

fn uris(children: &Answer) -> Vec<String> {
    let children = children.result()["resources"].as_array().expect("a list of resources");
    children.iter().map(|child| child["uri"].as_str().expect("a URI").to_owned()).collect()
}

#[test]
fn every_file_of_the_folder_is_served_as_it_is() {
    let clerk = Clerk::sample();
    let (server, session) = (clerk.server(), clerk.program().stdio());
    for client in [&server as &dyn Client, &session] {
        let skills = listed(client);
        assert_eq!(skills.len(), 9);
        for skill in &skills {
            let (uri, name) = (skill["uri"].as_str().expect("a URI"), &skill["frontmatter"]["name"]);
            assert_eq!(uri, format!("skill://{}/SKILL.md", name.as_str().expect("a name")));
            assert_eq!(skill["resources"][0]["uri"], uri);
            assert_eq!(of_uri(client, "skills/get", uri).result()["skill"], *skill);
            for file in skill["resources"].as_array().expect("a list of files") {
                assert_is_on_the_disk(client, file);
            }
        }
    }
    clerk.assert_nothing_sent();
}

fn assert_is_on_the_disk(client: &dyn Client, file: &Value) {
    let uri = file["uri"].as_str().expect("a URI");
    let path = workspace().join("skills").join(uri.strip_prefix("skill://").expect("a file of a skill"));
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(read(client, uri), text, "{uri}");
    let digest = Sha256::digest(text.as_bytes()).iter().fold(String::from("sha256:"), |mut digest, byte| {
        write!(digest, "{byte:02x}").expect("writing to memory does not fail");
        digest
    });
    assert_eq!((&file["digest"], &file["size"]), (&json!(digest), &json!(text.len())), "{uri}");
}

#[test]
fn both_eras_are_told_of_the_extension() {
    let server = Program::new(&["--demo"]).http();
    let client = json!({ "name": "tests", "version": "1" });
    for version in ["2024-11-05", "2025-11-25"] {
        let hello = json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client });
        let answer = server.request("initialize", hello);
        assert_eq!(answer.result()["capabilities"]["extensions"][EXTENSION], json!({ "directoryRead": true }));
        assert!(answer.result()["capabilities"]["resources"].is_object(), "{answer:?}");
    }
    let discovered = modern(&server, "server/discover", None, json!({}));
    assert_eq!(discovered["capabilities"]["extensions"][EXTENSION], json!({ "directoryRead": true }));
    let uri = "skill://review-access/SKILL.md";
    let folder = json!({ "uri": "skill://review-access" });
    for (method, parameters) in
        [("skills/list", json!({})), ("skills/get", json!({ "uri": uri })), ("resources/directory/read", folder)]
    {
        let result = modern(&server, method, None, parameters);
        assert_eq!(result["resultType"], "complete", "{method}");
        assert_eq!((&result["ttlMs"], &result["cacheScope"]), (&json!(3_600_000), &json!("public")), "{method}");
    }
    let read = modern(&server, "resources/read", Some(uri), json!({ "uri": uri }));
    assert!(read["contents"][0]["text"].as_str().is_some_and(|text| text.starts_with("---\nname: review-access\n")));
}

#[test]
fn a_folder_is_read_by_its_uri() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let children = of_uri(&server, "resources/directory/read", "skill://diagnose-sign-in");
    let [main, folder] = ["SKILL.md", "references"].map(|name| format!("skill://diagnose-sign-in/{name}"));
    assert_eq!(uris(&children), [main.clone(), folder.clone()]);
    let (first, second) = (&children.result()["resources"][0], &children.result()["resources"][1]);
    assert_eq!((&first["name"], &first["mimeType"]), (&json!("diagnose-sign-in"), &json!("text/markdown")));
    assert_eq!((&second["name"], &second["mimeType"]), (&json!("references"), &json!("inode/directory")));
    let files = ["no-account.md", "remedies.md"].map(|name| format!("{folder}/{name}"));
    assert_eq!(uris(&of_uri(&server, "resources/directory/read", &folder)), files);
    for wrong in [&main, "skill://diagnose-sign-in/", "skill://", "skill://nothing", "clerk://users", ""] {
        assert_eq!(of_uri(&server, "resources/directory/read", wrong).error().0, -32602, "{wrong}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn what_is_no_skill_is_an_error() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let reference = "skill://diagnose-sign-in/references/remedies.md";
    for uri in ["", "skill://nothing/SKILL.md", "skill://diagnose-sign-in", reference, "clerk://users/user_1"] {
        assert_eq!(of_uri(&server, "skills/get", uri).error().0, -32602, "{uri}");
    }
    for uri in ["skill://nothing/SKILL.md", "skill://diagnose-sign-in/../review-access/SKILL.md", "skill://x"] {
        assert_eq!(of_uri(&server, "resources/read", uri).error().0, -32002, "{uri}");
    }
    for (method, parameters) in [
        ("skills/get", json!({})),
        ("skills/get", json!({ "uri": 7 })),
        ("skills/list", json!({ "cursor": "x" })),
        ("resources/directory/read", json!({})),
        ("resources/directory/read", json!({ "uri": "skill://review-access", "cursor": "x" })),
    ] {
        assert_eq!(server.request(method, parameters.clone()).error().0, -32602, "{method} {parameters}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn a_client_without_the_extension_finds_them_among_the_resources() {
    let clerk = Clerk::sample();
    let answer = clerk.server().request("resources/list", json!({}));
    let resources = answer.result()["resources"].as_array().expect("a list of resources");
    assert_eq!(resources.len(), 9);
    for resource in resources {
        let name = resource["name"].as_str().expect("a name");
        assert_eq!(resource["uri"], format!("skill://{name}/SKILL.md"));
        assert!(resource["description"].as_str().is_some_and(|text| text.contains("Use it")), "{resource}");
    }
}

const READ_ONLY: [&str; 4] = ["diagnose-sign-in", "reach-whole-api", "review-access", "undo-and-audit"];

#[test]
fn only_skills_whose_tools_the_operator_allows_are_there() {
    let clerk = Clerk::sample();
    let server = clerk.program().variable("CLERK_READ_ONLY", "true").http();
    assert_eq!(names(&server), READ_ONLY);
    assert_eq!(server.request("resources/list", json!({})).result()["resources"].as_array().map(Vec::len), Some(4));
    let offboard = "skill://offboard-person/SKILL.md";
    assert_eq!(of_uri(&server, "skills/get", offboard).error().0, -32602);
    assert!(of_uri(&server, "resources/read", offboard).error().1.contains("--read-only"));
    assert_eq!(of_uri(&server, "resources/directory/read", "skill://offboard-person").error().0, -32602);
    // What a reference needs may be off where its skill is not.
    let folder = "skill://diagnose-sign-in/references";
    assert_eq!(uris(&of_uri(&server, "resources/directory/read", folder)), [format!("{folder}/no-account.md")]);
    assert!(of_uri(&server, "resources/read", &format!("{folder}/remedies.md")).error().1.contains("--read-only"));
    assert_eq!(listed(&server)[0]["resources"].as_array().map(Vec::len), Some(2));
    for (setting, value, expected) in [
        ("CLERK_TOOLSETS", "sessions", 0),
        ("CLERK_TOOLSETS", "api,instance", 2),
        ("CLERK_EXCLUDE_TOOLS", "clerk_offboard_user", 8),
        ("CLERK_TOOLS", "clerk_whoami", 1),
    ] {
        assert_eq!(names(&clerk.program().variable(setting, value).http()).len(), expected, "{setting}={value}");
    }
    clerk.assert_nothing_sent();
}

#[test]
fn a_request_may_want_less() {
    let clerk = Clerk::sample();
    let narrowed = clerk.server().with_header("x-mcp-readonly", "true");
    assert_eq!(names(&narrowed), READ_ONLY);
    assert_eq!(of_uri(&narrowed, "skills/get", "skill://offboard-person/SKILL.md").error().0, -32602);
    assert_eq!(of_uri(&narrowed, "resources/directory/read", "skill://offboard-person").error().0, -32602);
    assert!(of_uri(&narrowed, "resources/read", "skill://offboard-person/SKILL.md").error().1.contains("read-only"));
}

/// The tests of the texts themselves hold their tools, parameters and words against the catalogue.
#[test]
fn the_options_and_commands_that_are_named_exist() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let help = |arguments: &[&str]| Program::new(arguments).run().stdout;
    let known = help(&["http", "--help"]) + &help(&["audit", "verify", "--help"]) + &help(&["audit", "show", "--help"]);
    let files =
        listed(&server).into_iter().flat_map(|skill| skill["resources"].as_array().cloned().unwrap_or_default());
    let mut seen = 0;
    for file in files {
        let text = read(&server, file["uri"].as_str().expect("a URI"));
        let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-' && letter != '_');
        for word in words.filter(|word| word.len() > 3 && (word.starts_with("--") || word.starts_with("CLERK_"))) {
            assert!(known.contains(word), "{}: {word}", file["uri"]);
            seen += 1;
        }
        for command in text.split("`clerk-mcp ").skip(1).filter_map(|rest| rest.split(" FILE").next()) {
            let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
            assert_eq!(Program::new(&words).run().status, 0, "{command}");
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}
