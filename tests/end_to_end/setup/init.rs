//! What `init` writes, and that it writes nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::home::{CLAUDE, Home};
use crate::harness::KEY;

const FOUR: &str = "claude-code,codex,goose,zed";
const PROXY: &str = "\"HTTPS_PROXY\": \"http://127.0.0.1:9\"";
const KEY_FILE: &str = ".config/clerk-mcp/secret-key";

#[test]
fn clients_get_an_entry_that_names_the_key_file_and_lose_it_again() {
    let home = Home::with_clients();
    let done = home.run(&["init", "--client", FOUR, "--mode", "read-only", "--yes"], KEY);
    assert_eq!((done.status, done.stderr.as_str()), (0, ""), "{}", done.stdout);
    assert_eq!(home.read(KEY_FILE).trim(), KEY);
    for (file, mode) in [(KEY_FILE, 0o600), (".config/clerk-mcp", 0o700)] {
        let metadata = fs::metadata(home.path(file)).expect("it is there");
        assert_eq!(metadata.permissions().mode() & 0o7777, mode, "{file}");
    }
    let key_file = home.path(KEY_FILE).to_string_lossy().into_owned();
    let claude: Value = serde_json::from_str(&home.read(".claude.json")).expect("it is JSON");
    let arguments = json!(["stdio", "--mode", "read-only", "--api-url", home.clerk.url]);
    assert_eq!(
        claude["mcpServers"]["clerk"],
        json!({ "type": "stdio", "command": Home::command(), "args": arguments, "env": { "CLERK_SECRET_KEY_FILE": key_file } })
    );
    for (file, before) in Home::files() {
        let after = home.read(file);
        assert!(after.contains("clerk") && after.contains(&key_file) && !after.contains(KEY), "{file}: {after}");
        assert_eq!(home.read(&format!("{file}.clerk-mcp-first.bak")), before);
    }
    let again = home.run(&["init", "--client", FOUR, "--mode", "read-only", "--yes"], "");
    assert_eq!(again.status, 0, "{}", again.stderr);
    assert_eq!(again.stdout.matches("stays as it is").count(), 4, "{}", again.stdout);
    assert!(!home.path(".claude.json.clerk-mcp-last.bak").exists());
    let removed = home.run(&["init", "--client", FOUR, "--remove", "--yes"], "");
    assert_eq!((removed.status, removed.stderr.as_str()), (0, ""), "{}", removed.stdout);
    for (file, before) in Home::files() {
        assert_eq!(home.read(file), before, "{file}");
    }
    assert!(removed.stdout.contains(&format!("The key is still in {key_file}")), "{}", removed.stdout);
    let without_key = home.run(&["init", "--client", "zed", "--remove", "--remove-key", "--yes"], "");
    assert_eq!(without_key.status, 0, "{}", without_key.stderr);
    assert!(!home.path(KEY_FILE).exists());
}

#[test]
fn what_is_only_shown_changes_nothing_and_needs_no_key() {
    let home = Home::with_clients();
    for arguments in [
        &["--dry-run"][..],
        &["--print"],
        &["--dry-run", "--demo"],
        &["--dry-run", "--http", "http://127.0.0.1:3000/mcp"],
    ] {
        let shown = home.run(&[&["init", "--client", "claude-code,zed"], arguments].concat(), "");
        assert_eq!((shown.status, shown.stderr.as_str()), (0, ""), "{arguments:?}");
        assert!(shown.stdout.contains("\"clerk\": {"), "{}", shown.stdout);
        assert_eq!(
            arguments.contains(&"--demo"),
            !shown.stdout.contains("CLERK_SECRET_KEY_FILE") && shown.stdout.contains("\"--demo\"")
        );
        assert_eq!(arguments.contains(&"--http"), shown.stdout.contains("\"url\": \"http://127.0.0.1:3000/mcp\""));
    }
    for (file, before) in Home::files() {
        assert!(home.read(file) == before && !home.path(&format!("{file}.clerk-mcp-first.bak")).exists(), "{file}");
    }
    assert!(!home.path(KEY_FILE).exists());
    assert!(home.clerk.requests().is_empty());
}

#[test]
fn what_is_set_here_is_in_the_entry() {
    let home = Home::new();
    let given = [
        "--read-only",
        "--toolsets",
        "users,sessions",
        "--confirm",
        "elicit",
        "--page-bytes",
        "30000",
        "--ask-metadata",
        "--mask",
        "phones,emails",
    ];
    let program = home.program(&[&["init", "--client", "cursor", "--demo", "--yes"], &given[..]].concat());
    let done = program.variable("CLERK_MCP_AUDIT", "/tmp/a.jsonl").variable("CLERK_MAX_WRITES", "5").run();
    assert_eq!((done.status, done.stderr.as_str()), (0, ""));
    let cursor: Value = serde_json::from_str(&home.read(".cursor/mcp.json")).expect("it is JSON");
    let words = "stdio --mode read-only --confirm elicit --toolsets users,sessions --mask phones,emails --page-bytes 30000 --max-writes 5 --audit \
                 /tmp/a.jsonl --ask-metadata --demo";
    let entry = json!({ "type": "stdio", "command": Home::command(), "args": words.split(' ').collect::<Vec<_>>() });
    assert_eq!(cursor["mcpServers"]["clerk"], entry);
}

#[test]
fn an_entry_of_the_same_name_is_shown_and_changed_only_with_a_yes() {
    let home = Home::new();
    let old = CLAUDE.replace("\"github\"", "\"clerk\"").replace(
        "\"env\": {}",
        &format!("\"env\": {{ \"CLERK_SECRET_KEY\": \"{KEY}\", {PROXY} }},\n      \"timeout\": 9, \"disabled\": true"),
    );
    home.write(".claude.json", &old);
    let asked = home.run(&["init", "--client", "claude-code"], KEY);
    assert_eq!(asked.status, 2);
    assert!(
        asked.stdout.contains("has another entry clerk, which is changed, and stays switched off."),
        "{}",
        asked.stdout
    );
    assert!(asked.stdout.contains("-      \"env\": { \"CLERK_SECRET_KEY\": …\n"), "{}", asked.stdout);
    assert!(asked.stderr.contains("--yes makes the change"), "{}", asked.stderr);
    assert_eq!(home.read(".claude.json"), old);
    assert!(!home.path(KEY_FILE).exists());
    let done = home.run(&["init", "--client", "claude-code", "--yes"], KEY);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let (file, backup) = (home.read(".claude.json"), home.path(".claude.json.clerk-mcp-first.bak"));
    assert!(!file.contains(KEY) && home.read(".claude.json.clerk-mcp-first.bak") == old);
    assert!(file.contains("\"HTTPS_PROXY\": \"http://127.0.0.1:9\"") && file.contains("\"timeout\": 9"), "{file}");
    let warning = format!("{} has a secret key in it: remove it", backup.display());
    assert!(done.stdout.contains(&warning), "{}", done.stdout);
    let removed = home.run(&["init", "--client", "claude-code", "--remove", "--yes"], "");
    let kept = format!("An older entry clerk is kept in {}.", backup.display());
    assert!(removed.stdout.contains(&kept), "{}", removed.stdout);
}

#[test]
fn setting_an_entry_up_again_loosens_nothing() {
    let home = Home::new();
    let arguments = json!(["stdio", "--mode", "read-only", "--audit", "/a.log", "--exclude-tools", "clerk_delete_*"]);
    let entry = json!({ "command": "/gone/clerk-mcp", "args": arguments, "envFile": ".env" });
    home.write(".cursor/mcp.json", &json!({ "mcpServers": { "clerk": entry } }).to_string());
    let args = || {
        let cursor: Value = serde_json::from_str(&home.read(".cursor/mcp.json")).expect("it is JSON");
        cursor["mcpServers"]["clerk"]["args"].clone()
    };
    let done = home.run(&["init", "--client", "cursor", "--yes"], KEY);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(done.stdout.contains("Cursor: the entry has an envFile too"), "{}", done.stdout);
    let mut kept = arguments.as_array().expect("it is a list").clone();
    kept.extend([json!("--api-url"), json!(home.clerk.url)]);
    assert_eq!(args(), json!(kept));
    let done = home.run(&["init", "--client", "cursor", "--mode", "full", "--yes"], "");
    assert_eq!(done.status, 0, "{}", done.stderr);
    kept[2] = json!("full");
    assert_eq!(args(), json!(kept), "what is asked for is done");
}

#[test]
fn a_project_has_a_file_of_its_own_and_a_key_file_can_be_ones_own() {
    let home = Home::new();
    home.write("my key", &format!("{KEY}\n"));
    let key_file = home.path("my key").to_string_lossy().into_owned();
    let within = |arguments: &[&str]| {
        let script = format!("cd \"$HOME\" && exec {} \"$@\"", Home::command());
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &script, "sh"]).args(arguments).env("HOME", home.path(""));
        command.env("CLERK_API_URL", &home.clerk.url).output().expect("it runs")
    };
    let arguments =
        ["init", "--client", "vscode,cursor", "--scope", "project", "--key-file", "my key", "--name", "mine", "--yes"];
    let done = within(&arguments);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for (file, servers) in [(".vscode/mcp.json", "servers"), (".cursor/mcp.json", "mcpServers")] {
        let written: Value = serde_json::from_str(&home.read(file)).expect("it is JSON");
        assert_eq!(written[servers]["mine"]["env"]["CLERK_SECRET_KEY_FILE"], key_file.as_str(), "{file}");
    }
    assert!(!home.path(KEY_FILE).exists(), "no second copy");
    let without = within(&["init", "--client", "windsurf", "--scope", "project", "--dry-run"]);
    assert!(String::from_utf8_lossy(&without.stderr).contains("Windsurf has no file for a project"));
}

#[test]
fn the_entry_starts_a_server_that_answers() {
    let home = Home::with_clients();
    assert_eq!(home.run(&["init", "--client", "zed", "--yes"], KEY).status, 0);
    let found = home.run(&["doctor"], "");
    assert!(found.stdout.contains("Zed: entry clerk in"), "{}", found.stdout);
    assert!(
        found.stdout.contains(" starts (stdio --api-url ") && found.stdout.contains("), and answers as clerk-mcp "),
        "{}",
        found.stdout
    );
}

#[test]
fn a_key_that_another_entry_names_is_not_removed() {
    let home = Home::with_clients();
    assert_eq!(home.run(&["init", "--client", "claude-code,zed", "--yes"], KEY).status, 0);
    let before = home.read(".config/zed/settings.json");
    let refused = home.run(&["init", "--client", "zed", "--remove", "--remove-key", "--yes"], "");
    let said = format!("Claude Code: entry clerk in {}", home.path(".claude.json").display());
    assert!(refused.status == 2 && refused.stderr.contains(&said), "{}", refused.stderr);
    assert!(refused.stderr.contains("is still used, and nothing was changed"), "{}", refused.stderr);
    assert!(home.path(KEY_FILE).exists() && home.read(".config/zed/settings.json") == before);
    let claude = home.read(".claude.json");
    home.write(".claude.json", &claude.replace("\"projects\"", ", \"projects\""));
    let unknown = home.run(&["init", "--client", "zed", "--remove", "--remove-key", "--yes"], "");
    assert!(unknown.status == 2 && unknown.stderr.contains("may still be used"), "{}", unknown.stderr);
    let file = format!("Claude Code: {}: line ", home.path(".claude.json").display());
    assert!(unknown.stderr.contains(&file) && home.path(KEY_FILE).exists(), "{}", unknown.stderr);
    home.write(".claude.json", &claude);
    let removed = home.run(&["init", "--client", "zed,claude-code", "--remove", "--remove-key", "--yes"], "");
    assert_eq!(removed.status, 0, "{}", removed.stderr);
    assert!(!home.path(KEY_FILE).exists());
}

#[test]
fn an_entry_is_changed_and_removed_in_the_file_that_has_it() {
    let home = Home::new();
    let (first, second) = (".config/opencode/opencode.json", ".config/opencode/opencode.jsonc");
    home.write(first, "{}\n");
    home.write(second, "{ \"mcp\": { \"clerk\": { \"command\": [\"x\"] } } }\n");
    let add = ["init", "--client", "opencode", "--demo", "--yes"];
    assert_eq!(home.run(&add, "").status, 0);
    assert!(home.read(first) == "{}\n" && home.read(second).contains("--demo"), "{}", home.read(second));
    home.write(first, &home.read(second));
    let removed = home.run(&["init", "--client", "opencode", "--remove", "--yes"], "");
    assert_eq!(removed.status, 0, "{}", removed.stderr);
    for file in [first, second] {
        assert!(!home.path(file).exists() || !home.read(file).contains("clerk"), "{file}: {}", removed.stdout);
    }
}

#[test]
fn a_file_that_was_made_for_the_entry_is_removed_with_it() {
    let home = Home::new();
    for (client, file) in
        [("cursor", ".cursor/mcp.json"), ("codex", ".codex/config.toml"), ("goose", ".config/goose/config.yaml")]
    {
        for round in 0..2 {
            let added = home.run(&["init", "--client", client, "--demo", "--yes"], "");
            assert_eq!(added.status, 0, "{client} {round}: {}", added.stderr);
            let removed = home.run(&["init", "--client", client, "--remove", "--yes"], "");
            assert!(removed.status == 0 && !home.path(file).exists(), "{client} {round}: {}", removed.stderr);
            assert!(!removed.stdout.contains("+{}"), "{}", removed.stdout);
        }
    }
    home.write(".cursor/mcp.json", "{}\n");
    assert_eq!(home.run(&["init", "--client", "cursor", "--demo", "--yes"], "").status, 0);
    assert_eq!(home.run(&["init", "--client", "cursor", "--remove", "--yes"], "").status, 0);
    assert_eq!(home.read(".cursor/mcp.json"), "{}\n", "it was there before");
    home.write(".kiro/settings/mcp.json", r#"{ "mcpServers": { "clerk": { "command": "clerk-mcp" } } }"#);
    assert_eq!(home.run(&["init", "--client", "kiro", "--remove", "--yes"], "").status, 0);
    assert!(home.path(".kiro/settings/mcp.json").exists(), "a person wrote it");
}
