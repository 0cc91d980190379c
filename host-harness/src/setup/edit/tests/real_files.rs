//! Files of each client, as their documentation and their users write them: added and removed again, they have the same bytes.

use super::{launch, place};
use crate::setup::clients::{CLIENTS, Client};

const CLAUDE_DESKTOP: &str = "{\n  \"mcpServers\": {\n    \"filesystem\": {\n      \"command\": \"npx\",\n      \"args\": [\n        \"-y\",\n        \"@modelcontextprotocol/server-filesystem\",\n        \"/Users/ada/Desktop\"\n      ]\n    }\n  },\n  \"globalShortcut\": \"STATE\"\n}";
const CURSOR: &str = "{\n    \"mcpServers\": {\n        \"github\": {\n            \"url\": \"https://api.githubcopilot.com/mcp/\",\n            \"headers\": { \"Authorization\": \"Bearer ${env:T}\" }\n        },\n\n        \"docs\": {\"command\": \"npx\", \"args\": [\"STATE\"]}\n    }\n}\n";
const VSCODE: &str = "{\n\t// keys are asked for\n\t\"inputs\": [\n\t\t{ \"type\": \"promptString\", \"id\": \"STATE\", \"password\": true },\n\t],\n\t\"servers\": {\n\t\t/* a local one */\n\t\t\"playwright\": {\n\t\t\t\"type\": \"stdio\", // the default\n\t\t\t\"command\": \"npx\",\n\t\t\t\"args\": [\"-y\", \"@microsoft/mcp-server-playwright\"]\n\t\t} // keep\n\t\t// \"old\": { \"url\": \"https://example.com\" },\n\n\t}\n}\n";
const ZED: &str = "// Zed settings\n//\n// For information on how to configure Zed, see the Zed\n// documentation: https://zed.dev/docs/configuring-zed\n{\n  \"ui_font_size\": 16,\n  \"theme\": { \"mode\": \"STATE\", \"light\": \"One Light\", \"dark\": \"One Dark\", },\n  \"context_servers\": {\n    \"postgres\": {\n      \"source\": \"custom\",\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"server-postgres\"],\n      \"env\": {},\n    }, // local\n\n    // more to come\n  },\n  \"vim_mode\": true, // yes\n}\n";
const CODEX: &str = "# how I like it\nmodel = \"gpt-5-codex\"   # STATE\nnotify = [\n  \"python3\", # script\n  \"/home/ada/notify.py\",\n]\n\n# servers\n[mcp_servers.docs]\ncommand = \"npx\"\nargs = [\"-y\", \"docs\"]   # pinned\n\n  [mcp_servers.docs.env]\n  \"API_KEY\" = 'v'\n\n[\"mcp_servers\".\"figma\"]\nurl = \"https://mcp.figma.com/mcp\" # remote\n# bearer_token_env_var = \"FIGMA\"\n\n# trusted\n[projects.\"/home/ada/work\"]\ntrust_level = \"trusted\"\n# end\n";
const GOOSE: &str = "GOOSE_PROVIDER: anthropic # mine\nextensions:\n  # built in\n  developer:\n    bundled: true\n    enabled: true\n    name: developer\n    timeout: 300\n    type: builtin\n\n  tavily: # search\n    cmd: npx\n    args:\n    - -y # yes\n    - 'tavily: mcp'\n    envs: {}\n    env_keys:\n    - TAVILY_API_KEY\n    description: >-\n      Web\n      search\n    # available_tools: []\n\n  # to come: more\nGOOSE_MODEL: STATE  \nGOOSE_MODE: auto\n";
const OPENCODE: &str = "{\n  \"$schema\": \"https://opencode.ai/config.json\",\n  \"theme\": \"STATE\",\n  \"mcp\": {\n    // docs\n    \"context7\": { \"type\": \"remote\", \"url\": \"https://mcp.context7.com/mcp\", \"enabled\": true },\n  },\n}\n";
/// As a program writes it, all in one line.
const COMPACT: &str = "{\"n\":\"STATE\",\"SERVERS\":{\"a\":{\"command\":\"x\"}},\"z\":[1,2.50]}";

/// The files of a client; `STATE` stands for what the client changes in between.
fn files(name: &str) -> &'static [&'static str] {
    match name {
        "cursor" | "windsurf" | "kiro" => &[CURSOR, CLAUDE_DESKTOP, COMPACT],
        "vscode" => &[VSCODE, COMPACT],
        "zed" => &[ZED, COMPACT],
        "codex" => &[
            CODEX,
            "a = \"STATE\"\n\n[mcp_servers]\n# none yet\n",
            "mcp_servers = { docs = { command = \"x\" } } # mine\na = \"STATE\"",
            "mcp_servers = { docs = { command = \"x\" } ,} # mine\na = \"STATE\"",
            "[mcp_servers]\ndocs = { command = \"x\" }\nold.command = \"y\" # z\n\n\n[t]\na = \"STATE\"\n",
        ],
        "goose" => &[
            GOOSE,
            "A: STATE\nextensions:\n    d:\n        enabled: true\n\n\n",
            "extensions: {d: {enabled: true} } # flow\nA: STATE\n",
            "extensions: {\n  d: {enabled: true}, # first\n  e: {enabled: false}\n}\nA: STATE\n",
            "extensions: {} # none yet\nA: STATE\n",
        ],
        "opencode" => &[OPENCODE, COMPACT, "{\n  \"n\": \"STATE\",\n  \"SERVERS\": { // mine\n  }\n}\n"],
        _ => &[CLAUDE_DESKTOP, COMPACT, "{\n  \"SERVERS\": {\n    \"a\": {} \t\n  }, \"n\": \"STATE\" }\n"],
    }
}

/// With the ends of lines of Unix, of Windows and of both, with and without one at the end.
fn variants(text: &str) -> Vec<String> {
    let mixed = text
        .split_inclusive('\n')
        .enumerate()
        .map(|(number, line)| if number % 3 == 1 { line.replace('\n', "\r\n") } else { line.to_owned() });
    let mut variants = vec![text.to_owned(), text.replace('\n', "\r\n"), mixed.collect()];
    variants.extend(variants.clone().iter().map(|text| text.trim_end_matches(['\r', '\n']).to_owned()));
    variants
}

#[test]
fn without_a_backup_a_file_has_the_same_bytes_again() {
    for client in CLIENTS {
        let (place, entry) = (place(client), client.shape.entry("clerk", &launch()));
        let files = files(client.name).iter().flat_map(|file| variants(&file.replace("SERVERS", client.servers)));
        for before in files {
            let case = format!("{}: {before:?}", client.name);
            let after = place.put(&before, &entry).unwrap_or_else(|problem| panic!("{case}: {problem}"));
            assert_eq!(place.entry(&after), Ok(Some(entry.to_json())), "{case}");
            assert_eq!(place.restore(&after, &[]).as_deref(), Ok(&*before), "{case}: {after}");
        }
    }
}

#[test]
fn what_changed_in_between_stays() {
    for client in CLIENTS {
        let (place, entry) = (place(client), client.shape.entry("clerk", &launch()));
        let empty = match client.format {
            super::Format::Json => "{\n  \"n\": \"STATE\",\n  \"SERVERS\": {}\n}\n",
            super::Format::Toml => "n = \"STATE\"\n\n[SERVERS]\n",
            super::Format::Yaml => "n: STATE\nSERVERS: {}\n",
        };
        for file in files(client.name).iter().chain([&empty]) {
            let before = file.replace("SERVERS", client.servers);
            let after = place.put(&before, &entry).expect("it can be added").replace("STATE", "changed");
            let removed = place.restore(&after, &["unrelated".to_owned(), before.clone()]);
            assert_eq!(removed.as_deref(), Ok(&*before.replace("STATE", "changed")), "{}: {after}", client.name);
        }
    }
}

#[test]
fn all_that_a_person_wrote_stays_in_its_order() {
    for client in CLIENTS {
        let entry = client.shape.entry("clerk", &launch());
        for before in files(client.name) {
            let before = before.replace("SERVERS", client.servers);
            let after = place(client).put(&before, &entry).expect("it can be added");
            let mut letters = after.chars();
            let is_of_person = |letter: &char| !"{} ".contains(*letter);
            assert!(
                before.chars().filter(is_of_person).all(|letter| letters.any(|other| other == letter)),
                "{}: {after}",
                client.name
            );
        }
    }
}

/// A comment is about what is above it, or right below.
#[test]
fn no_comment_comes_to_stand_beside_the_entry() {
    for (name, file, above) in [
        ("vscode", VSCODE, "\t\t// \"old\": { \"url\": \"https://example.com\" },\n\t\t\"clerk\": {"),
        ("codex", CODEX, "# bearer_token_env_var = \"FIGMA\"\n\n[mcp_servers.clerk]\n"),
        ("codex", "[mcp_servers.a]\nb = 1\n# c\n[d]\n", "[mcp_servers.a]\nb = 1\n\n[mcp_servers.clerk]\n"),
        ("goose", GOOSE, "    # available_tools: []\n  clerk:\n"),
    ] {
        let client = Client::named(name).expect("it is in the table");
        let after = place(client).put(file, &client.shape.entry("clerk", &launch())).expect("it can be added");
        assert!(after.contains(above), "{name}: {after}");
    }
}

#[test]
fn a_brace_does_not_come_to_stand_in_a_comment() {
    let place = place(&CLIENTS[0]);
    let before = "{\n  \"mcpServers\": {\n    \"a\": 1, // more\n    \"clerk\": { \"command\": \"x\" } }\n}\n";
    let after = "{\n  \"mcpServers\": {\n    \"a\": 1 // more\n    }\n}\n";
    assert_eq!(place.restore(before, &[]).as_deref(), Ok(after));
}
