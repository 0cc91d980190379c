//! What `doctor` finds of the entries of clients.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::doctor::has;
use super::home::Home;

/// Cursor's file with this entry in it.
fn of_cursor(name: &str, entry: &Value) -> String {
    json!({ "mcpServers": { name: entry } }).to_string()
}

#[test]
fn an_entry_that_does_not_work_is_named() {
    let home = Home::with_clients();
    let entry = |command: &str, more: &str| {
        format!("{{\"mcpServers\": {{\"clerk\": {{\"command\": \"{command}\", \"args\": [\"clerk-mcp\"]{more}}}}}}}")
    };
    for (command, more, level, part) in [
        ("/nowhere/clerk-mcp", "", "problem", "its command /nowhere/clerk-mcp is not there"),
        ("/bin/false", "", "problem", "it ended without a word"),
        ("/bin/echo", "", "problem", "a line that is no MCP: clerk-mcp"),
        ("/bin/ls", "", "problem", "it ended: "),
        (
            "/bin/false",
            ", \"env\": {\"CLERK_SECRET_KEY_FILE\": \"/nowhere\"}",
            "problem",
            "its key file /nowhere is not there",
        ),
        ("/bin/false", ", \"env\": {\"CLERK_SECRET_KEY\": \"x\"}", "warning", "has the secret key itself in it"),
        ("/bin/false", ", \"env\": {\"CLERK_SECRET_KEY\": \"${input:key}\"}", "problem", "it ended without a word"),
        ("/bin/false", ", \"disabled\": true", "warning", "is switched off"),
    ] {
        home.write(".cursor/mcp.json", &entry(command, more));
        let (status, lines) = home.findings(&[], &[("CLERK_MCP_DEMO", "true")]);
        assert_eq!(status, 1);
        has(&lines, &format!("{level} client Cursor: entry clerk in "), part);
        assert!(!more.contains('$') || !lines.concat().contains("the secret key itself"), "the client asks for it");
    }
    home.write(".cursor/mcp.json", "{");
    let lines = home.findings(&[], &[]).1;
    has(&lines, "problem client Cursor: ", "line 1, column ");
    for wrong in ["nothing was changed", "no client has an entry"] {
        assert!(!lines.concat().contains(wrong), "{lines:#?}");
    }
}

#[test]
fn an_entry_is_found_however_it_starts_the_program() {
    let home = Home::new();
    for (name, entry, line, part) in [
        (
            "auth",
            json!({"command": "/nope/docker", "args": ["run", "ghcr.io/clerk-mcp/clerk-mcp:1.2.3"]}),
            "problem",
            "its command /nope/docker",
        ),
        ("clerk", json!({"command": "/nope/run.sh"}), "problem", "its command /nope/run.sh"),
        ("clerk", json!({"command": ["clerk-mcp", "stdio"]}), "problem", "has no command that can be read"),
        ("auth", json!({"command": ["clerk-mcp", "stdio"]}), "problem", "has no command that can be read"),
        (
            "clerk",
            json!({"serverUrl": "http://127.0.0.1:9/mcp"}),
            "problem",
            "nothing answers at http://127.0.0.1:9/mcp",
        ),
        (
            "clerk",
            json!({"url": "https://mcp.example.com/mcp"}),
            "ok",
            "names a server at mcp.example.com, which is not asked",
        ),
    ] {
        home.write(".cursor/mcp.json", &of_cursor(name, &entry));
        let lines = home.findings(&["--demo"], &[]).1;
        has(&lines, &format!("{line} client Cursor: entry {name} in "), part);
        assert!(!lines.concat().contains("no client has an entry"), "{lines:#?}");
    }
    let image = json!({
        "command": "/bin/false",
        "args": ["run", "-e", "CLERK_SECRET_KEY_FILE=/secret-key", "ghcr.io/clerk-mcp/clerk-mcp"],
    });
    home.write(".cursor/mcp.json", &of_cursor("auth", &image));
    let lines = home.findings(&["--demo"], &[]).1;
    assert!(!lines.concat().contains("names no file of a secret key"), "{lines:#?}");
    home.write(".cursor/mcp.json", &of_cursor("other", &json!({"command": "/nope/other", "url": 1})));
    has(&home.findings(&["--demo"], &[]).1, "warning client no client has an entry", "");
}

#[test]
fn in_the_users_directory_a_file_is_looked_at_once() {
    let home = Home::new();
    home.write(".cursor/mcp.json", &of_cursor("clerk", &json!({"command": "/nope/run.sh"})));
    let (_, lines) = Home::lines(home.program(&["doctor", "--demo", "--json"]).in_directory(&home.path("")));
    assert_eq!(lines.iter().filter(|line| line.contains("/nope/run.sh")).count(), 1, "{lines:#?}");
}

#[test]
fn entries_are_tried_at_once_and_not_for_longer_than_their_command_lives() {
    let home = Home::new();
    let slow = json!({"command": "/bin/sh", "args": ["-c", "sleep 95 >/dev/null & sleep 4; exit 1", "clerk-mcp"]});
    for file in [".cursor/mcp.json", ".gemini/settings.json", ".kiro/settings/mcp.json", ".lmstudio/mcp.json"] {
        home.write(file, &of_cursor("clerk", &slow));
    }
    let begun = Instant::now();
    let lines = home.findings(&["--demo"], &[]).1;
    assert_eq!(lines.iter().filter(|line| line.contains("it ended without a word")).count(), 4, "{lines:#?}");
    assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
}
