//! Real-looking files of clients, with comments and other servers: before and after.

mod merging;
mod real_files;
mod removing;

use super::*;
use crate::setup::clients::{CLIENTS, Client};
use crate::setup::entry::Launch;

pub(super) fn launch() -> Launch {
    Launch {
        command: r"C:\Program Files\clerk-mcp.exe".into(),
        arguments: vec!["stdio".into(), "--mode".into(), "read-only".into()],
        environment: vec![("CLERK_SECRET_KEY_FILE".into(), "/home/ada b/secret: \"key\"".into())],
    }
}

pub(super) fn place(client: &Client) -> Place<'static> {
    Place { format: client.format, servers: client.servers, name: "clerk" }
}

/// Files as people and clients write them; `SERVERS` stands for the key of the servers.
fn files(format: Format) -> &'static [&'static str] {
    match format {
        Format::Json => &[
            "",
            "{}",
            "{}\n",
            "// nothing yet\n",
            "{\"SERVERS\":{}}",
            "{\"n\":1.50,\"SERVERS\":{\"a\":{\"command\":\"x\"}},\"z\":[ 1,2 ]}",
            "{ \"n\": 1 }\n",
            "{\n  // my servers\n  \"SERVERS\": {\n    \"a\": {\n      \"command\": \"x\", // why\n    },\n    // end\n  },\n  \"z\": true,\n}\n",
            "{\n\t\"theme\": \"dark\",   \"list\": [1,\n2],\n\t\"SERVERS\": {\n\t\t\"a\": {\"command\": \"x\", \"args\": [ \"-y\",\"@a/b\" ]}\n\t}\n}",
            "{\r\n    \"SERVERS\": {\r\n        \"a\": { \"command\": \"x\" }\r\n    }\r\n}\r\n",
            "{\n  \"theme\": \"x\" // last\n}\n",
            "/* head */\n{\n  \"SERVERS\": {\n    \"a\": 1,\n    \"b\": 2 /* c */\n  }\n}\n\n\n",
            "{\n  \"SERVERS\": {\n  }\n}\n",
            "{\n  \"n\": 1,\n  \"SERVERS\": null\n}\n",
            "{\n  \"other\": {\"SERVERS\": {\"clerk\": 1}}\n}\n",
        ],
        Format::Toml => &[
            "",
            "model = \"gpt\"",
            "# mine\nmodel = \"gpt\" # best\n\n[SERVERS.a]\ncommand = \"x\"\nargs = [\n  \"-y\", # yes\n  \"b\",\n]\n\n[SERVERS.a.env]\nK = 'v'\n\n# before z\n[z]\nn = 1_000\n# end\n",
            "[SERVERS]\n\n[SERVERS.a]\ncommand = \"x\"\n",
            "SERVERS = { a = { command = \"x\" } }\n",
            "a = 1\r\n[SERVERS.a]\r\ncommand = \"x\"\r\n",
            "SERVERS.a.command = \"x\"\n[t]\nb = 1\n",
            "[projects.\"/home/ada\"]\ntrust_level = \"trusted\"\n\n\n",
        ],
        Format::Yaml => &[
            "",
            "# nothing yet\n",
            "GOOSE_MODEL: x",
            "A: 1\nSERVERS: {} # none\nB: 2\n",
            "SERVERS: # none\nA: 1\n",
            "# mine\nGOOSE_PROVIDER: anthropic # x\nSERVERS:\n  # builtin\n  developer:\n    enabled: true\n    args:\n    - -y # yes\n    - 'x: y'\n    envs: {}\n\n# tail\nGOOSE_MODEL: gpt  \n",
            "SERVERS:\n    d:\n        enabled: true",
            "SERVERS:\r\n  d:\r\n    enabled: true\r\nB: 2\r\n",
            "SERVERS: {d: {enabled: true}}\n",
            "{}",
            "# mine\n{} # none\n",
            "A: 1\n\"SERVERS\": {}\nB: 2\n",
            "'SERVERS' : {}\nB: 2\n",
            "{\"X\": 1}\n",
            "{\n  \"X\": 1,\n  \"SERVERS\": {}\n}\n",
            "---\nA: |\n  SERVERS: no\n  b\n",
        ],
    }
}

#[test]
fn what_is_added_can_be_taken_out_again_and_nothing_else_changes() {
    for client in CLIENTS {
        let place = place(client);
        let entry = client.shape.entry("clerk", &launch());
        for file in files(client.format) {
            let before = file.replace("SERVERS", client.servers);
            let case = format!("{}: {before:?}", client.name);
            let after = place.put(&before, &entry).unwrap_or_else(|problem| panic!("{case}: {problem}"));
            assert_eq!(place.entry(&after), Ok(Some(entry.to_json())), "{case}");
            assert_eq!(place.put(&after, &entry).as_deref(), Ok(after.as_str()), "{case}: a second time");
            let backups = ["unrelated: 1".to_owned(), before.clone()];
            assert_eq!(place.restore(&after, &backups).as_deref(), Ok(before.as_str()), "{case}");
        }
    }
}

#[test]
fn a_server_that_runs_already_is_named_by_its_url() {
    for client in CLIENTS {
        let Some(shape) = client.http else { continue };
        let entry = shape.entry("clerk", "http://127.0.0.1:3000/mcp");
        let after = place(client).put("", &entry).expect("it can be added");
        let found = place(client).entry(&after).expect("it can be read").unwrap_or_default();
        assert_eq!(found[shape.url], "http://127.0.0.1:3000/mcp", "{}", client.name);
        assert!(client.shape.launch(&found).is_none(), "{}: it starts nothing", client.name);
    }
}

/// All lines are still there, in their order, but for a comma, a bracket or an end that the entry needs.
#[test]
fn every_line_of_a_person_stays() {
    for client in CLIENTS {
        let entry = client.shape.entry("clerk", &launch());
        for file in files(client.format).iter().filter(|file| file.trim().contains('\n') && !file.contains("null")) {
            let before = file.replace("SERVERS", client.servers);
            let after = place(client).put(&before, &entry).expect("it can be added");
            let plain = |line: &str| line.replace([',', '{', '}', ' ', '\t'], "");
            let mut lines = after.split('\n').map(plain);
            for line in before.split('\n').map(plain).filter(|line| !line.trim().is_empty()) {
                assert!(lines.any(|other| other == line), "{}: {line:?} of {before:?} is gone: {after}", client.name);
            }
            assert_eq!(
                before.matches("\r\n").count() > 0,
                after.matches('\n').count() == after.matches("\r\n").count()
            );
        }
    }
}

#[test]
fn an_entry_is_replaced_where_it_stands() {
    let json = Place { format: Format::Json, servers: "mcpServers", name: "clerk" };
    let entry = Field::Fields(vec![("command".into(), Field::Text("new".into()))]);
    let before = "{\n  \"mcpServers\": {\n    // ours\n    \"clerk\": { \"command\": \"old\" }, // here\n    \"b\": {}\n  }\n}\n";
    assert_eq!(json.put(before, &entry).as_deref(), Ok(&*before.replace("old", "new")));
    let toml = Place { format: Format::Toml, servers: "mcp_servers", ..json };
    let before = "# ours\n[mcp_servers.clerk]\ncommand = \"old\"\n\n[mcp_servers.clerk.env]\nA = \"b\"\n\n[z]\na = 1\n";
    assert_eq!(toml.put(before, &entry).as_deref(), Ok(&*before.replace("old", "new")));
    let yaml = Place { format: Format::Yaml, servers: "extensions", ..json };
    let before = "extensions:\n  clerk:\n    command: old # mine\n    envs:\n      x: y\n  b:\n    c: 1\n";
    assert_eq!(yaml.put(before, &entry).as_deref(), Ok(&*before.replace("old", "new")));
}

#[test]
fn an_entry_of_yaml_can_be_added_again_after_it_was_taken_out() {
    let place = Place { format: Format::Yaml, servers: "extensions", name: "clerk" };
    let entry = Field::Fields(vec![("command".into(), Field::Text("new".into()))]);
    let added = "extensions:\n  clerk:\n    command: new\n";
    for before in ["", "{}", "{}\n", added] {
        assert_eq!(place.put(before, &entry).as_deref(), Ok(added), "{before:?}");
    }
    assert_eq!(place.remove(added, false).as_deref(), Ok(""));
    let with_comment = place.put("{} # none\n", &entry);
    assert_eq!(with_comment.as_deref(), Ok(&*format!("# none\n{added}")));
}

#[test]
fn servers_in_one_line_stay_in_one_line() {
    let entry = Field::Fields(vec![("url".into(), Field::Text("x".into()))]);
    let before = "{\n  \"n\": 1,\n  \"servers\": { \"a\": {\"b\": 1}, \"c\":{} },\n  \"z\": 2\n}\n";
    for format in [Format::Json, Format::Yaml] {
        let place = Place { format, servers: "servers", name: "clerk" };
        let after = before.replace("\"c\":{}", "\"c\":{},\"clerk\":{\"url\":\"x\"}");
        assert_eq!(place.put(before, &entry).as_deref(), Ok(&*after), "{format:?}");
        assert_eq!(place.remove(&after, false).as_deref(), Ok(before), "{format:?}");
    }
}

#[test]
fn a_change_of_the_rest_is_not_taken() {
    for (format, text, edited) in [
        (Format::Json, "{\"a\": 1}", "{\"a\": 2}"),
        (Format::Toml, "[a]\nb = 1\n", "[a]\nb = 2\n"),
        (Format::Yaml, "a:\n  b: 1\n", "a:\n  b: 2\n"),
    ] {
        let place = Place { format, servers: "servers", name: "clerk" };
        assert_eq!(place.prove(text, text, None), Ok(()), "{format:?}");
        assert_eq!(place.prove(text, edited, None), Err(Uneditable::TooIntricate), "{format:?}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_its_place() {
    let of = |format, text: &str| {
        let place = Place { format, servers: "servers", name: "clerk" };
        place.put(text, &Field::Fields(Vec::new())).map_err(|problem| problem.to_string()).err().unwrap_or_default()
    };
    for (format, text, said) in [
        (Format::Json, "{\n  \"servers\": {\n    \"a\": {", "line 3, column 10: "),
        (Format::Json, "servers = 1", "line 1, column 1: "),
        (Format::Json, "{\"a\" 1}", "line 1, column 6: "),
        (Format::Json, "[]", "the whole of it is no object with names in it"),
        (Format::Json, "{\"servers\": []}", "servers is no object with names in it"),
        (Format::Json, "{\"servers\": {}, \"servers\": {}}", "servers is there twice"),
        (Format::Json, "{\"servers\": {\"clerk\": {}, \"clerk\": {}}}", "clerk is there twice"),
        (Format::Toml, "a = 1\nb = \n", "line 2, column 5: "),
        (Format::Toml, "servers = 3\n", "servers is no object with names in it"),
        (Format::Yaml, "a: 1\nb: [\n", "line 3, column 1: "),
        (Format::Yaml, "- servers\n", "the whole of it is no object with names in it"),
        (Format::Yaml, "servers: 3\n", "servers is no object with names in it"),
        (Format::Yaml, "servers:\n  clerk:\n    a: 1\n  clerk:\n    a: 2\n", "clerk is there twice"),
        (Format::Yaml, "servers:\n\ta:\n\t\tb: 1\n", "line 2, column 1: a tab"),
        (Format::Yaml, "servers: &e\n  a:\n    b: 1\nX: *e\n", "it is written in a way"),
        (Format::Yaml, "a: 1\nb:\n  c: 1\n  c: 2\n", "c is there twice"),
        (Format::Yaml, "a: 1\n---\nb: 1\n", "it is written in a way"),
    ] {
        let problem = of(format, text);
        assert!(problem.starts_with(said), "{text:?}: {problem}");
    }
}
