//! Tools with what the policy does to each, as the component itself says it, and what to paste into clients.

use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};

use super::{rows, shown, text};
use crate::harness::{Clerk, Client as _, Directory, Program};

/// The tools of the page's table by what becomes of them, with the reason.
fn fates(page: &str) -> Vec<(String, String)> {
    let (_, tools) = page.split_once("<h2 id=\"tools\">").expect("there are tools");
    let (tools, _) = tools.split_once("</section>").expect("they end");
    let name = |cell: &str| cell.chars().take_while(|one| one.is_ascii_lowercase() || *one == '_').collect::<String>();
    rows(tools).into_iter().map(|row| (name(&row[0]), row[3].clone())).collect()
}

fn of(fates: &[(String, String)], fate: &str) -> BTreeSet<String> {
    fates.iter().filter(|(_, other)| other.split(':').next() == Some(fate)).map(|(name, _)| name.clone()).collect()
}

fn texts(value: &Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

#[test]
fn what_the_policy_does_is_what_the_component_says() {
    for (options, key) in [
        (&["--mode", "standard"][..], "sk_test_CANARY"),
        (&["--mode", "full"], "sk_live_CANARY"),
        (&["--mode", "standard"], "sk_live_CANARY"),
        (&["--mode", "read-only"], "sk_test_CANARY"),
        (&["--toolsets", "users,instance"], "sk_test_CANARY"),
        (&["--exclude-tools", "clerk_delete_*"], "sk_test_CANARY"),
        (&["--confirm", "off"], "sk_live_CANARY"),
        (&["--organization", "acme"], "sk_live_CANARY"),
    ] {
        let clerk = Clerk::with_key(key);
        let program = clerk.program().variable("CLERK_SECRET_KEY", key).arguments(options);
        let server = program.http();
        let said = server.call("clerk_whoami", json!({})).output();
        let fates = fates(&shown(&server, "/"));
        assert_eq!(of(&fates, "asks first"), texts(&said["tools_that_ask"]), "{options:?} {key}");
        let off = said["tools_off"].as_array().into_iter().flatten().flat_map(|group| texts(&group["tools"])).collect();
        assert_eq!(of(&fates, "off"), off, "{options:?} {key}");
        assert_eq!(json!(of(&fates, "asks first").len() + of(&fates, "runs").len()), said["tools_count"]);
    }
}

#[test]
fn what_is_off_says_why() {
    let clerk = Clerk::sample();
    let reason = |options: &[&str], tool: &str| {
        let fates = fates(&shown(&clerk.program().arguments(options).http(), "/"));
        fates.into_iter().find(|(name, _)| name == tool).map(|(_, fate)| fate).expect("all tools are shown")
    };
    let delete = "clerk_delete_user";
    assert_eq!(reason(&["--read-only"], delete), "off: the mode (--mode)");
    assert_eq!(reason(&["--toolsets", "sessions"], delete), "off: the toolsets (--toolsets)");
    assert_eq!(reason(&["--tools", "clerk_get_*"], delete), "off: the patterns (--tools)");
    assert_eq!(reason(&["--exclude-tools", "*_delete_*"], delete), "off: the exclusions (--exclude-tools)");
    assert_eq!(reason(&["--exclude-tools", "*_delete_*", "--read-only"], delete), "off: more than one setting");
    let pin = "off: the pin (--organization, --user, or that of the access token)";
    assert_eq!(reason(&["--organization", "acme"], "clerk_create_organization"), pin);
    assert_eq!(reason(&["--read-only"], "clerk_get_user"), "runs");
}

#[test]
fn each_instance_has_its_tools_and_mode() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let file = directory.0.join("profiles.toml");
    let profile = |name: &str, mode: &str| {
        format!("[profiles.{name}]\nkey_env = \"CLERK_KEY_OF_{}\"\nmode = \"{mode}\"\n", name.to_uppercase())
    };
    fs::write(&file, profile("staging", "full") + &profile("live", "read-only")).expect("it can be written");
    fs::set_permissions(&file, Permissions::from_mode(0o600)).expect("they are its owner's");
    let program = Program::new(&["--profiles", &file.to_string_lossy()]).variable("CLERK_API_URL", &clerk.url);
    let program =
        program.variable("CLERK_KEY_OF_STAGING", "sk_test_CANARY").variable("CLERK_KEY_OF_LIVE", "sk_live_CANARY");
    let page = shown(&program.http(), "/");
    let instances: Vec<_> = rows(&page).into_iter().take(2).map(|row| row[..3].join(" ")).collect();
    assert_eq!(
        instances.into_iter().collect::<BTreeSet<_>>(),
        BTreeSet::from(["staging development full".into(), "live production read-only".into()])
    );
    let words = text(&page);
    assert!(words.contains("staging: ") && words.contains("live: ") && words.contains("live: requests"), "{words}");
}

#[test]
fn each_client_is_told_what_to_paste() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let page = text(&shown(&server, "/"));
    let url = format!("{}/mcp", server.url);
    for part in [
        format!("npx -y clerk-mcp init --client cursor --http {url}"),
        format!("\"url\": \"{url}\""),
        "Claude Code".into(),
        "No token is needed.".into(),
    ] {
        assert!(page.contains(&part), "{part}: {page}");
    }
    assert!(!page.contains("X-Clerk-Secret-Key"), "the server has a key: {page}");
    let public = crate::harness::Program::new(&["--api-url", &clerk.url]).http();
    let page = text(&shown(&public, "/"));
    assert!(
        page.contains("Each client has to send a secret key of Clerk's, as the header X-Clerk-Secret-Key"),
        "{page}"
    );
    let server = clerk.program().variable("CLERK_MCP_AUTH_TOKEN", super::TOKEN).http();
    let cookie = super::sign_in(&server, super::TOKEN);
    let page = super::get(&server, "/", &cookie).body;
    assert!(page.contains("Authorization: Bearer") && !page.contains(super::TOKEN), "{page}");
}
