//! What cannot be done: a sentence, and nothing lost.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use super::home::{CLAUDE, Home};
use crate::harness::KEY;

const KEY_FILE: &str = ".config/clerk-mcp/secret-key";
const OTHER: &str = "sk_test_CANARY7f3aOther00000000000000000000";

#[test]
fn a_key_that_is_refused_or_none_is_written_nowhere() {
    let home = Home::with_clients();
    for (input, said) in [
        (OTHER, "the API refuses the key, and nothing was changed: "),
        ("pk_test_x", "the key on standard input: this is a publishable key"),
        ("sk_test_CANARY7f3a\nb", "the key on standard input: a secret key begins with"),
        ("", "no secret key: name its file with --key-file, set CLERK_SECRET_KEY"),
    ] {
        let refused = home.run(&["init", "--client", "claude-code", "--yes"], input);
        assert_eq!(refused.status, 2, "{input}: {}", refused.stdout);
        assert!(refused.stderr.starts_with(&format!("clerk-mcp: {said}")), "{}", refused.stderr);
        assert!(home.read(".claude.json") == CLAUDE && !home.path(KEY_FILE).exists(), "{input}");
    }
    let away = home.program(&["init", "--client", "claude-code", "--yes", "--api-url", "http://127.0.0.1:9/v1"]);
    let away = away.variable("CLERK_SECRET_KEY", KEY).run();
    let said = "the key could not be checked, and nothing was changed: no connection to the API could be made";
    assert!(away.stderr.contains(said), "{}", away.stderr);
    assert!(!home.path(KEY_FILE).exists());
    let unchecked = home.run(&["init", "--client", "claude-code", "--yes", "--no-check"], OTHER);
    assert_eq!((unchecked.status, home.read(KEY_FILE).trim()), (0, OTHER));
}

#[test]
fn another_key_is_not_overwritten_unless_it_is_said() {
    let home = Home::with_clients();
    home.write(KEY_FILE, OTHER);
    for arguments in [&["init", "--client", "claude-code"][..], &["init", "--client", "claude-code", "--yes"]] {
        let refused = home.run(arguments, KEY);
        let said = "holds another key, of a development instance: --replace-key replaces it";
        assert!(refused.status == 2 && refused.stderr.contains(said), "{}", refused.stderr);
        assert!(home.read(KEY_FILE) == OTHER && home.read(".claude.json") == CLAUDE);
    }
    let replaced = home.run(&["init", "--client", "claude-code", "--yes", "--replace-key"], KEY);
    assert_eq!((replaced.status, home.read(KEY_FILE).trim()), (0, KEY), "{}", replaced.stderr);
}

#[test]
fn a_file_that_cannot_be_edited_is_named_with_the_place_and_left_alone() {
    let home = Home::new();
    for (client, file, text, said) in [
        ("claude-code", ".claude.json", "{\n  \"mcpServers\": {\n    \"a\": ", "line 3, column "),
        ("claude-code", ".claude.json", "{\"mcpServers\": []}", "mcpServers is no object with names in it"),
        ("cursor", ".cursor/mcp.json", "servers: 1", "line 1, column 1: "),
        ("codex", ".codex/config.toml", "a = 1\n[mcp_servers\n", "line 2, column "),
        ("codex", ".codex/config.toml", "mcp_servers = 1\n", "mcp_servers is no object"),
        ("goose", ".config/goose/config.yaml", "a: 1\nextensions: [x\n", "line "),
        ("goose", ".config/goose/config.yaml", "extensions: 1\n", "extensions is no object"),
    ] {
        home.write(file, text);
        for arguments in [&["--demo", "--yes"][..], &["--remove", "--yes"]] {
            let refused = home.run(&[&["init", "--client", client], arguments].concat(), "");
            assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{text}");
            let path = home.path(file).to_string_lossy().into_owned();
            assert!(refused.stderr.starts_with(&format!("clerk-mcp: {path}: {said}")), "{}", refused.stderr);
            assert!(refused.stderr.contains("`clerk-mcp init --print` shows the entry"), "{}", refused.stderr);
        }
        assert!(home.read(file) == text && !home.path(&format!("{file}.clerk-mcp-first.bak")).exists(), "{file}");
    }
}

#[test]
fn odd_files_are_refused_or_edited_where_they_truly_are() {
    let home = Home::new();
    let add = |client: &str| home.run(&["init", "--client", client, "--demo", "--yes"], "");
    fs::create_dir_all(home.path(".cursor/mcp.json")).expect("a directory can be made");
    assert!(add("cursor").stderr.contains("is a directory"), "{}", add("cursor").stderr);
    home.write("dotfiles/claude.json", CLAUDE);
    symlink("dotfiles/claude.json", home.path(".claude.json")).expect("a link can be made");
    assert_eq!(add("claude-code").status, 0);
    assert!(home.path(".claude.json").is_symlink() && home.read("dotfiles/claude.json").contains("\"clerk\": {"));
    home.write(".gemini/settings.json", "");
    assert_eq!(add("gemini").status, 0);
    assert!(home.read(".gemini/settings.json").starts_with("{\n  \"mcpServers\": {\n"));
    home.write(".kiro/settings/mcp.json", "\u{feff}{\r\n\t\"mcpServers\": {}\r\n}\r\n");
    assert_eq!(add("kiro").status, 0);
    let kiro = home.read(".kiro/settings/mcp.json");
    assert!(kiro.starts_with('\u{feff}') && kiro.matches('\n').count() == kiro.matches("\r\n").count(), "{kiro:?}");
    home.write(".lmstudio/mcp.json", "{}");
    fs::set_permissions(home.path(".lmstudio/mcp.json"), fs::Permissions::from_mode(0o444))
        .expect("its mode can be set");
    assert!(add("lm-studio").stderr.contains("is read-only"), "{}", add("lm-studio").stderr);
    assert_eq!(home.read(".lmstudio/mcp.json"), "{}");
}

#[test]
fn without_a_terminal_what_is_missing_is_named() {
    let home = Home::with_clients();
    let refused = home.run(&["init"], "");
    assert!(
        refused.stderr.contains("name the client with --client, for example --client claude-code"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("found here: claude-code, codex, zed, goose"), "{}", refused.stderr);
    let refused = home.run(&["init", "--remove"], "");
    assert!(refused.stderr.contains("no client has the entry clerk"), "{}", refused.stderr);
    let refused = home.run(&["init", "--client", "zed", "--demo"], "");
    assert!(refused.status == 2 && refused.stderr.contains("--yes makes the change"), "{}", refused.stderr);
    for wrong in [["--name", "my clerk"], ["--client", "emacs"], ["--http", "ftp://x"]] {
        let refused = home.run(&[&["init", "--client", "claude-code", "--demo", "--yes"], &wrong[..]].concat(), "");
        assert_eq!(refused.status, 2, "{wrong:?}");
    }
    let homeless = home.program(&["init", "--client", "zed", "--demo", "--yes"]).variable("HOME", "").run();
    assert!(homeless.stderr.contains("the directory of the user is not known: set HOME"), "{}", homeless.stderr);
}

#[test]
fn a_file_that_cannot_be_edited_does_not_keep_the_others_from_it() {
    let home = Home::with_clients();
    home.write(".cursor/mcp.json", "{");
    let done = home.run(&["init", "--client", "cursor,claude-code,zed", "--yes"], KEY);
    let said = format!("{}: line 1, column ", home.path(".cursor/mcp.json").display());
    assert!(done.status == 2 && done.stderr.starts_with(&format!("clerk-mcp: {said}")), "{}", done.stderr);
    assert!(done.stdout.contains(&format!("Left as it is: {said}")), "{}", done.stdout);
    assert_eq!((home.read(".cursor/mcp.json").as_str(), home.read(KEY_FILE).trim()), ("{", KEY));
    for file in [".claude.json", ".config/zed/settings.json"] {
        assert!(home.read(file).contains("\"clerk\": {"), "{file}");
    }
    let removed = home.run(&["init", "--client", "cursor,claude-code", "--remove", "--yes"], "");
    assert_eq!((removed.status, home.read(".claude.json").as_str()), (2, CLAUDE), "{}", removed.stderr);
}

#[test]
fn no_key_is_read_where_no_file_can_be_changed() {
    let home = Home::new();
    home.write(".cursor/mcp.json", "{}");
    fs::set_permissions(home.path(".cursor/mcp.json"), fs::Permissions::from_mode(0o444)).expect("its mode can be set");
    let refused = home.run(&["init", "--client", "cursor", "--yes"], "pk_test_x");
    assert!(refused.status == 2 && refused.stderr.contains("is read-only"), "{}", refused.stderr);
    assert!(home.clerk.requests().is_empty() && !home.path(KEY_FILE).exists());
}

#[test]
fn a_home_that_cannot_be_written_is_named_before_anything_is_shown() {
    let home = Home::new();
    fs::set_permissions(home.path(""), fs::Permissions::from_mode(0o755)).expect("its mode can be set");
    let init = |client: &str| {
        let program = home.program(&["init", "--client", client, "--yes"]).variable("CLERK_SECRET_KEY", KEY);
        program.by_nobody().run()
    };
    let refused = init("cursor");
    if refused.stderr.contains("sh:") || refused.stderr.contains("setpriv") {
        return eprintln!("skipped: nobody else can start the program: {}", refused.stderr);
    }
    let said = format!("clerk-mcp: {} cannot be written: Permission denied", home.path(".cursor/mcp.json").display());
    assert!(refused.status == 2 && refused.stderr.starts_with(&said), "{}", refused.stderr);
    assert!(refused.stderr.contains("`clerk-mcp init --print` shows the entry") && refused.stdout.is_empty());
    home.write(".cursor/mcp.json", "{}");
    fs::set_permissions(home.path(".cursor"), fs::Permissions::from_mode(0o777)).expect("its mode can be set");
    let refused = init("cursor");
    let said = format!("clerk-mcp: the key cannot be kept in {}: Permission denied", home.path(KEY_FILE).display());
    assert!(refused.status == 2 && refused.stderr.starts_with(&said), "{}", refused.stderr);
    assert!(refused.stdout.is_empty() && home.clerk.requests().is_empty(), "{}", refused.stdout);
    assert_eq!(home.read(".cursor/mcp.json"), "{}");
    fs::set_permissions(home.path(".cursor"), fs::Permissions::from_mode(0o755)).expect("its mode can be set");
    home.write(".cursor/mcp.json", r#"{"mcpServers":{"clerk":{"command":"x"}}}"#);
    let kept = home.program(&["init", "--remove", "--client", "cursor", "--yes"]).by_nobody().run();
    let said = format!("clerk-mcp: {} cannot be written: Permission denied", home.path(".cursor/mcp.json").display());
    assert!(kept.stderr.starts_with(&said) && kept.stdout.is_empty(), "{} {}", kept.stderr, kept.stdout);
}

#[test]
fn a_path_of_another_kind_than_it_has_to_be_is_named_with_what_to_do() {
    let home = Home::new();
    home.write(".cursor", "");
    let refused = home.run(&["init", "--client", "cursor", "--demo", "--yes"], "");
    assert!(
        refused.stderr.contains(".cursor is a file, and has to be a directory: move it away"),
        "{}",
        refused.stderr
    );
    let missing = home.program(&["init", "--client", "zed", "--yes", "--key-file", "/nope"]).run();
    let said = "--key-file: there is no file /nope: name one that holds the secret key";
    assert_eq!(missing.refusal(), said);
    for (arguments, variable) in [(&["--key-file", "."][..], ""), (&[], ".")] {
        let program = home.program(&[&["init", "--client", "zed", "--yes"], arguments].concat());
        let refused = program.variable("CLERK_SECRET_KEY_FILE", variable).run();
        let setting = arguments.first().unwrap_or(&"CLERK_SECRET_KEY_FILE");
        assert!(refused.refusal().starts_with(&format!("{setting}: ")), "{}", refused.stderr);
        assert!(refused.refusal().contains(" is a directory: name the file in it"), "{}", refused.stderr);
    }
}

#[test]
fn a_key_in_the_place_of_its_file_is_not_repeated() {
    let home = Home::with_clients();
    for (arguments, variable) in
        [(&["--yes"][..], KEY), (&["--yes", "--key-file", KEY], ""), (&["--print", "--key-file", KEY], "")]
    {
        let program = home.program(&[&["init", "--client", "cursor"], arguments].concat());
        let refused = program.variable("CLERK_SECRET_KEY_FILE", variable).run();
        assert!(
            refused.refusal().contains(" holds a secret key, and takes the path of a file: "),
            "{}",
            refused.stderr
        );
        assert!(!refused.stderr.contains(KEY) && refused.stdout.is_empty(), "{}", refused.stderr);
    }
}

#[test]
fn options_with_which_no_server_starts_are_given_to_no_client() {
    let home = Home::with_clients();
    for (option, value, said) in [
        ("--audit", "/nope/x", "the audit file /nope/x cannot be created"),
        ("--secrets-dir", "/nope/y", "there is no directory /nope/y"),
        ("--toolsets", "userz", "userz"),
        ("--api-url", "nowhere", "CLERK_API_URL (--api-url): it is not a URL"),
    ] {
        for more in [&["--demo"][..], &["--no-check"], &["--demo", "--dry-run"]] {
            let arguments = [&["init", "--client", "claude-code", "--yes", option, value], more].concat();
            let refused = home.run(&arguments, KEY);
            assert!(refused.status == 2 && refused.stderr.contains(said), "{option}: {}", refused.stderr);
            assert_eq!(refused.stdout, "", "{option}");
        }
    }
    assert!(home.read(".claude.json") == CLAUDE && !home.path(KEY_FILE).exists());
}
