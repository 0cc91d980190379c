//! What `doctor` finds of the entries of clients.

use std::fs;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::doctor::has;
use super::home::Home;
use crate::harness::{KEY, Program, program};

/// Cursor's file with this entry in it.
fn of_cursor(name: &str, entry: &Value) -> String {
    json!({ "mcpServers": { name: entry } }).to_string()
}

#[test]
fn an_entry_that_does_not_work_is_named() {
    let home = Home::with_clients();
    let entry = |command: &str, more: &str| {
        format!(
            "{{\"mcpServers\": {{\"clerk\": {{\"command\": \"{command}\", \"args\": [\"clerk-mcp\", \"stdio\"]{more}}}}}}}"
        )
    };
    for (command, more, level, part) in [
        ("/nowhere/clerk-mcp", "", "problem", "its command /nowhere/clerk-mcp is not there"),
        ("/bin/false", "", "problem", "it ended without a word"),
        ("/bin/echo", "", "problem", "a line that is no MCP: clerk-mcp stdio"),
        ("/bin/ls", "", "problem", "it ended: "),
        (
            "/bin/false",
            ", \"env\": {\"CLERK_SECRET_KEY_FILE\": \"/nowhere\"}",
            "problem",
            "its key file /nowhere is not there",
        ),
        (
            "/bin/false",
            ", \"env\": {\"CLERK_SECRET_KEY\": \"x\"}",
            "problem",
            "has no key in CLERK_SECRET_KEY: a secret",
        ),
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
    let slow =
        json!({"command": "/bin/sh", "args": ["-c", "sleep 95 >/dev/null & sleep 4; exit 1", "clerk-mcp", "stdio"]});
    for file in [".cursor/mcp.json", ".gemini/settings.json", ".kiro/settings/mcp.json", ".lmstudio/mcp.json"] {
        home.write(file, &of_cursor("clerk", &slow));
    }
    let begun = Instant::now();
    let lines = home.findings(&["--demo"], &[]).1;
    assert_eq!(lines.iter().filter(|line| line.contains("it ended without a word")).count(), 4, "{lines:#?}");
    assert!(begun.elapsed() < Duration::from_secs(14), "{:?}", begun.elapsed());
}

#[test]
fn what_an_entry_says_of_the_key_is_understood() {
    let home = Home::new();
    let problem = |part: &str| format!("problem client Cursor: entry clerk {part}");
    let shown = "warning client Cursor: entry clerk in PATH has the secret key itself in it".to_owned();
    let none = "names no file of a secret key";
    for (entry, said) in [
        (json!({"env": {"CLERK_SECRET_KEY": KEY}}), Some(shown.clone())),
        (
            json!({"env": {"CLERK_SECRET_KEY": "", "CLERK_SECRET_KEY_FILE": "/x"}}),
            Some(problem("in PATH: its key file /x is")),
        ),
        (
            json!({"env": {"CLERK_SECRET_KEY": KEY, "CLERK_SECRET_KEY_FILE": "/x"}}),
            Some(problem("in PATH has CLERK_SECRET_KEY and")),
        ),
        (json!({"env": {"CLERK_SECRET_KEY": "YOUR_KEY"}}), Some(problem("in PATH has no key in CLERK_SECRET_KEY: "))),
        (json!({"env": {"A": "b"}, "headers": {"X-Clerk-Secret-Key": KEY}}), Some(shown)),
        (json!({"env": {"CLERK_SECRET_KEY": "$CLERK_SECRET_KEY"}}), None),
        (json!({"env": {"CLERK_SECRET_KEY": "{env:CLERK_SECRET_KEY}"}}), None),
        (json!({"env": {"CLERK_SECRET_KEY_FILE": "{env:HOME}/key"}}), None),
        (json!({"env_vars": ["CLERK_SECRET_KEY"]}), None),
        (json!({"env_keys": ["CLERK_SECRET_KEY_FILE"]}), None),
        (json!({"env": {"CLERK_PROFILES": "/x"}}), None),
        (json!({"args": ["stdio", "--profiles", "/x"]}), None),
        (json!({"env": {"A": "b"}}), Some(format!("warning client Cursor: entry clerk in PATH {none}"))),
    ] {
        let mut all = json!({"command": "/nope/clerk-mcp", "args": ["stdio"]});
        all.as_object_mut().expect("an object").extend(entry.as_object().expect("an object").clone());
        home.write(".cursor/mcp.json", &of_cursor("clerk", &all));
        let lines = home.findings(&["--demo"], &[]).1;
        let path = home.path(".cursor/mcp.json").display().to_string();
        let lines: Vec<String> = lines.iter().map(|line| line.replace(&path, "PATH")).collect();
        let about_keys = lines.iter().filter(|line| {
            ["the secret key itself", "key file", " key in ", none].iter().any(|part| line.contains(part))
        });
        let about_keys: Vec<&String> = about_keys.collect();
        match &said {
            Some(said) => has(&lines, said, ""),
            None => assert!(about_keys.is_empty(), "{entry}: {about_keys:#?}"),
        }
        assert!(!lines.concat().contains(KEY), "{entry}");
    }
}

#[test]
fn an_entry_without_a_command_of_the_program_or_with_another_path_is_explained() {
    let home = Home::new();
    let program = program::path().to_string_lossy();
    home.write(".cursor/mcp.json", &of_cursor("clerk", &json!({"command": program, "args": []})));
    has(
        &home.findings(&["--demo"], &[]).1,
        "problem client Cursor: entry clerk in ",
        "have no `stdio` / run `clerk-mcp init",
    );
    let server = Program::new(&["--demo"]).http();
    for (path, level, part) in
        [("/mcp", "ok", "that serves at"), ("/", "problem", "serves MCP at /mcp / correct the URL")]
    {
        let url = format!("http://127.0.0.1:{}{path}", server.port());
        home.write(".cursor/mcp.json", &of_cursor("clerk", &json!({"url": url})));
        has(&home.findings(&["--demo"], &[]).1, &format!("{level} client Cursor: entry clerk in "), part);
    }
}

#[test]
fn a_backup_with_a_secret_key_in_it_is_named_though_the_file_is_gone() {
    let home = Home::new();
    let entry = json!({"command": "/nope/clerk-mcp", "args": ["stdio"], "env": {"CLERK_SECRET_KEY": KEY}});
    home.write(".cursor/mcp.json.clerk-mcp-first.bak", &of_cursor("clerk", &entry));
    home.write(".kiro/settings/mcp.json.clerk-mcp-last.bak", &of_cursor("clerk", &json!({"command": "clerk-mcp"})));
    let (_, lines) = home.findings(&["--demo"], &[]);
    let backups: Vec<&String> = lines.iter().filter(|line| line.contains(" backup ")).collect();
    let [backup] = backups[..] else { panic!("{lines:#?}") };
    assert!(backup.starts_with("warning backup ") && backup.contains("mcp.json.clerk-mcp-first.bak"), "{backup}");
    assert!(backup.contains("has a secret key in it / remove it when you need it no more"), "{backup}");
}

#[test]
fn a_file_of_variables_with_the_other_variable_is_a_problem() {
    let home = Home::new();
    let of_file = json!({"command": "/bin/false", "args": ["stdio"], "envFile": home.path(".env"),
        "env": {"CLERK_SECRET_KEY_FILE": home.path("secret-key")}});
    home.write("secret-key", KEY);
    home.write(".cursor/mcp.json", &of_cursor("clerk", &of_file));
    for (text, is_twice) in [(format!("# mine\nexport CLERK_SECRET_KEY=\"{KEY}\"\n"), true), ("A=b\n".into(), false)] {
        home.write(".env", &text);
        let lines = home.findings(&["--demo"], &[]).1.concat();
        assert_eq!(lines.contains("one of them in its envFile: with both, no key is used"), is_twice, "{lines}");
    }
}

#[test]
fn what_is_no_file_is_named_with_what_to_do() {
    let home = Home::new();
    fs::create_dir_all(home.path(".cursor/mcp.json")).expect("a directory can be made");
    let lines = home.findings(&["--demo"], &[]).1;
    has(&lines, "problem client Cursor: ", "mcp.json is a directory / move it away: Cursor takes a file there");
    assert!(!lines.concat().contains("another client"), "{lines:#?}");
}
