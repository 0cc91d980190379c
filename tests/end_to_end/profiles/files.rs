//! The file of profiles: what it may say, where keys come from, and what stops the start.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{LIVE, Two, file, of};
use crate::harness::{Clerk, Client as _, Directory, KEY, Program};

/// Why a file stops the start.
fn refusal(text: &str) -> String {
    let directory = Directory::new();
    let file = file(&directory, text);
    of(&file).arguments(&["http", "--listen", "127.0.0.1:0"]).run().refusal().to_owned()
}

fn profile(more: &str) -> String {
    format!("[profiles.a]\nkey_env = \"KEY_OF_STAGING\"\n{more}\n")
}

#[test]
fn what_a_file_must_not_say_stops_the_start_with_advice() {
    for (text, parts) in [
        (String::new(), ["no profile", "[profiles.NAME]"]),
        ("[profiles]".into(), ["no profile", "[profiles.NAME]"]),
        ("profiles = 5".into(), ["no profile", "[profiles.NAME]"]),
        ("[profiles.a]".into(), ["no key", "key_file, key_env, key_command"]),
        (profile("key_file = \"x\""), ["key_env and key_file", "leave one"]),
        (profile("key = \"x\""), ["no setting \"key\"", "key_file, key_env, key_command, api_url, mode"]),
        (profile("production = true"), ["no setting \"production\"", "there are"]),
        (profile("timeout = 5"), ["no setting \"timeout\"", "there are"]),
        (profile("mode = \"careful\""), ["'careful'", "read-only, standard, full"]),
        (profile("page_bytes = 5"), ["page-bytes", "1000"]),
        (profile("page_bytes = 5.5"), ["page_bytes takes", "a number"]),
        (profile("read_only = \"yes\""), ["read_only takes", "true or false"]),
        (profile("toolsets = []"), ["--toolsets", "no toolset"]),
        (profile("toolsets = [\"userz\"]"), ["\"a\"", "`userz`"]),
        (profile("mode = \"full\"\nread_only = true"), ["\"a\"", "contradicts --mode full"]),
        (profile("[profiles.a.mode]"), ["mode is a table", "takes a value"]),
        (profile("api_url = \"ftp://x\""), ["\"a\"", "CLERK_API_URL"]),
        (format!("mode = \"full\"\n{}", profile("")), ["no \"mode\"", "[profiles.NAME]"]),
        (format!("default = \"b\"\n{}", profile("")), ["default", "no profile \"b\"; there are: a"]),
        (format!("default = 5\n{}", profile("")), ["default", "name of a profile"]),
        (profile("").replace(".a]", ".A]"), ["\"A\" is no name", "a-z"]),
        (profile("").replace(".a]", ".\"a b\"]"), ["\"a b\" is no name", "a-z"]),
        (profile("").replace(".a]", ".\"\"]"), ["\"\" is no name", "a-z"]),
        (profile("").replace(".a]", ".-a]"), ["\"-a\" is no name", "a-z"]),
        (profile("") + &profile(""), ["no TOML", "duplicate"]),
        ("[profiles.a]\nkey_command = \"pass show x\"".into(), ["a list of texts", "no shell"]),
        ("[profiles.a]\nkey_command = []".into(), ["a list of texts", "no shell"]),
        ("[profiles.a]\nkey_env = \"NO_SUCH_VARIABLE\"".into(), ["\"a\"", "NO_SUCH_VARIABLE is not set"]),
        ("[profiles.a]\nkey_file = \"no-such-file\"".into(), ["\"a\"", "no-such-file"]),
        ("[profiles.a]\nkey_command = [\"no-such-program-7f\"]".into(), ["\"a\"", "cannot be started"]),
        (
            "[profiles.a]\nkey_command = [\"sh\", \"-c\", \"echo locked >&2; exit 3\"]".into(),
            ["exit status: 3", "locked"],
        ),
        ("[profiles.a]\nkey_command = [\"echo\", \"pk_test_x\"]".into(), ["echo", "publishable"]),
        ("[profiles.a]\nkey_command = [\"yes\"]".into(), ["yes", "more than a key"]),
        (format!("[profiles.a]\nkey_file = \"{KEY}\""), ["holds a secret key", "key_file"]),
        (format!("# {LIVE}\n["), ["holds a secret key", "key_file"]),
    ] {
        let said = refusal(&text);
        assert!(said.starts_with("--profiles (CLERK_PROFILES) ") || said.contains("the profile \"a\""), "{said}");
        assert!(parts.iter().all(|part| said.contains(part)), "{said} should have {parts:?}: {text}");
    }
}

/// A refusal names all settings: each is an option, and described.
#[test]
fn each_setting_of_a_profile_is_an_option_and_is_described() {
    let said = refusal(&profile("no_such_setting = 1"));
    let settings: Vec<&str> = said.rsplit("there are: ").next().unwrap_or_default().split(", ").collect();
    assert!(settings.len() > 10, "{said}");
    let (help, page) = (Program::new(&["http", "--help"]).run().stdout, include_str!("../../../docs/profiles.md"));
    for setting in settings {
        assert!(page.contains(&format!("`{setting}`")), "{setting}");
        let option = format!("--{}", setting.replace('_', "-"));
        assert!(setting.starts_with("key_") || help.contains(&option), "{option}");
    }
}

#[test]
fn a_production_instance_is_never_the_default() {
    let text = "default = \"a\"\n[profiles.a]\nkey_env = \"KEY_OF_PRODUCTION\"\n";
    let other = "[profiles.b]\nkey_env = \"KEY_OF_STAGING\"\n";
    for text in [text.to_owned(), format!("{text}{other}")] {
        let said = refusal(&text);
        assert!(said.contains("production instance") && said.contains("leave default out"), "{said}");
    }
}

#[test]
fn a_file_that_others_can_read_is_refused() {
    let directory = Directory::new();
    let path = file(&directory, &profile(""));
    for mode in [0o640, 0o604, 0o620, 0o644] {
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("its mode can be set");
        let said = of(&path).arguments(&["stdio"]).run();
        assert!(said.refusal().contains("chmod 600"), "{mode:o}: {}", said.stderr);
    }
    let nobody = of(&directory.0.join("none.toml")).arguments(&["stdio"]).run();
    assert!(nobody.refusal().contains("name a file"), "{}", nobody.stderr);
    let none = of(&directory.0).arguments(&["stdio"]).run();
    assert!(none.refusal().contains("is no file"), "{}", none.stderr);
}

#[test]
fn a_setting_stands_in_one_place() {
    let two = Two::new();
    let file = two.file("toolsets = \"users\"", "toolsets = \"users\"");
    for (arguments, variables) in [
        (&["--toolsets", "users"][..], &[][..]),
        (&[], &[("CLERK_TOOLSETS", "users")]),
        (&["--api-url", "http://127.0.0.1:1/v1"], &[]),
        (&["--demo"], &[]),
        (&[], &[("CLERK_SECRET_KEY", KEY)]),
        (&[], &[("CLERK_SECRET_KEY_FILE", "/dev/null")]),
    ] {
        let program = of(&file).arguments(&["http", "--listen", "127.0.0.1:0"]).arguments(arguments);
        let program = variables.iter().fold(program, |program, (name, value)| program.variable(name, value));
        let said = program.run();
        assert!(["leave one", "unset it"].iter().any(|advice| said.refusal().contains(advice)), "{}", said.stderr);
    }
    // One of those that no profile has holds for all of them.
    let server = of(&file).arguments(&["--mode", "read-only", "--exclude-tools", "clerk_list_users"]).http();
    for instance in ["staging", "production"] {
        for tool in ["clerk_list_users", "clerk_lock_user"] {
            let failure = server.call(tool, json!({ "user_id": "user_1", "instance": instance })).failure();
            assert_eq!(failure["code"], "denied", "{failure}");
        }
    }
    two.assert_nothing_sent();
    let wider = of(&two.file("mode = \"full\"", "")).arguments(&["--read-only", "stdio"]).run();
    assert!(wider.refusal().contains("contradicts"), "{}", wider.stderr);
}

#[test]
fn a_variable_of_a_key_may_be_one_that_a_profile_names() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let text = format!("[profiles.a]\nkey_env = \"CLERK_SECRET_KEY\"\napi_url = \"{}\"\n", clerk.url);
    let server = of(&file(&directory, &text)).variable("CLERK_SECRET_KEY", KEY).http();
    server.call("clerk_list_users", json!({})).output();
    let empty = Program::new(&["stdio"]).variable("CLERK_PROFILES", "").variable("CLERK_SECRET_KEY", KEY).run();
    assert!(empty.refusal().contains("CLERK_PROFILES"), "{}", empty.stderr);
}

#[test]
fn a_key_comes_from_a_file_beside_or_from_a_command_that_no_shell_sees() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    fs::write(directory.0.join("a key"), format!("{KEY}\r\n")).expect("it can be written");
    let count = directory.0.join("runs");
    let script = format!("echo run >> '{}'; cat 'a key'", count.display());
    let text = format!(
        "[profiles.file]\nkey_file = \"a key\"\napi_url = \"{0}\"\n\
         [profiles.command]\nkey_command = [\"sh\", \"-c\", \"{script}\"]\napi_url = \"{0}\"\n\
         [profiles.words]\nkey_command = [\"echo\", \"$(exit 1) {1}\"]\napi_url = \"{0}\"\n",
        clerk.url, "sk_words"
    );
    let said = of(&file(&directory, &text)).in_directory(&directory.0).arguments(&["http"]).run();
    assert!(said.refusal().contains("\"words\""), "no shell has read the words: {}", said.stderr);
    assert_eq!(fs::read_to_string(&count).expect("it ran"), "run\n");
    let text = text.split("[profiles.words]").next().unwrap_or_default();
    let server = of(&file(&directory, text)).in_directory(&directory.0).http();
    for instance in ["file", "command", "command"] {
        server.call("clerk_list_users", json!({ "instance": instance })).output();
    }
    assert_eq!(fs::read_to_string(&count).expect("it ran"), "run\nrun\n", "once at each start");
}

/// Standard input is MCP's, and a command that leaves another process behind holds nobody up.
#[test]
fn a_command_reads_nothing_of_ours_and_holds_nobody_up() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let script = "cat >/dev/null; sleep 30 2>/dev/null >/dev/null & echo $KEY_OF_STAGING";
    let text = format!("[profiles.a]\nkey_command = [\"sh\", \"-c\", \"{script}\"]\napi_url = \"{}\"\n", clerk.url);
    let begun = Instant::now();
    let session = of(&file(&directory, &text)).stdio();
    session.call("clerk_list_users", json!({})).output();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

/// A client shows nothing of what a server said that has ended.
#[test]
fn an_instance_without_a_key_says_so_and_the_others_go_on() {
    let two = Two::new();
    let text = fs::read_to_string(two.file("", "")).expect("it was written");
    let text = text.replace("KEY_OF_PRODUCTION", "NO_SUCH_VARIABLE");
    let session = of(&file(&two.directory, &text)).stdio();
    session.call("clerk_list_users", json!({})).output();
    let failure = session.call("clerk_list_users", json!({ "instance": "production" })).failure();
    assert_eq!(
        (&failure["code"], &failure["instance"]),
        (&json!("missing_secret_key"), &json!("production")),
        "{failure}"
    );
    assert!(failure["message"].as_str().is_some_and(|said| said.contains("NO_SUCH_VARIABLE")), "{failure}");
    // With CLERK_SECRET_KEY beside profiles, the program would not start.
    let hint = failure["hint"].as_str().unwrap_or_default();
    assert!(hint.contains("its profile") && !hint.contains("CLERK_SECRET_KEY"), "{failure}");
    two.production.assert_nothing_sent();
    let report = session.call("clerk_whoami", json!({})).output();
    assert_eq!(report["instances"][1]["key"], "unknown", "{report}");
    for (instance, status) in [("staging", 0), ("production", 1)] {
        let called =
            of(&file(&two.directory, &text)).arguments(&["call", "clerk_list_users", "--instance", instance]).run();
        assert_eq!(
            (called.status, called.stdout.contains("NO_SUCH_VARIABLE")),
            (status, status == 1),
            "{}",
            called.stdout
        );
    }
}
