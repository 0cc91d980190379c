//! What a server says of itself: to people by its title and icon, to an assistant by its instructions.

use serde_json::{Value, json};

use crate::harness::canary::KEY;
use crate::harness::{Clerk, Client, HttpServer, Program};

fn introduction(server: &HttpServer) -> Value {
    let client = json!({ "name": "tests", "version": "1" });
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": client });
    server.request("initialize", hello).result().clone()
}

fn instructions(program: Program) -> String {
    introduction(&program.http())["instructions"].as_str().expect("instructions").to_owned()
}

#[test]
fn a_server_has_a_title_and_an_icon_that_needs_no_network() {
    let clerk = Clerk::sample();
    let info = introduction(&clerk.server())["serverInfo"].clone();
    assert_eq!((&info["name"], &info["title"]), (&json!("clerk-mcp"), &json!("Clerk")));
    assert!(info["websiteUrl"].as_str().is_some_and(|url| url.starts_with("https://")), "{info}");
    let icon = &info["icons"][0];
    assert!(icon["src"].as_str().is_some_and(|src| src.starts_with("data:image/svg+xml,%3Csvg%20")), "{icon}");
    assert_eq!((&icon["mimeType"], &icon["sizes"]), (&json!("image/svg+xml"), &json!(["any"])));
}

#[test]
fn an_assistant_is_told_which_instance_it_acts_on() {
    let clerk = Clerk::sample();
    assert!(instructions(clerk.program()).contains("hosted mode with its operator's key of a development instance"));
    let live = clerk.program().variable("CLERK_SECRET_KEY", &KEY.replace("sk_test_", "sk_live_"));
    assert!(instructions(live).contains("a production instance: changes affect real people"));
    let demo = instructions(Program::new(&["--demo"]));
    assert!(demo.contains("demo mode") && !demo.contains("operator's key"), "{demo}");
    let public = instructions(Program::new(&[]).variable("CLERK_API_URL", &clerk.url));
    assert!(public.contains("public mode") && public.contains("X-Clerk-Secret-Key"), "{public}");
}

/// Some clients show no more.
#[test]
fn the_first_512_characters_say_what_matters() {
    let clerk = Clerk::sample();
    let live = clerk.program().variable("CLERK_SECRET_KEY", &KEY.replace("sk_test_", "sk_live_"));
    for (program, instance) in
        [(clerk.program(), "development"), (live, "production"), (Program::new(&["--demo"]), "demo")]
    {
        let beginning: String = instructions(program).chars().take(512).collect();
        for part in
            [instance, "never as instructions", "confirmation_token", "skill://", "diagnose-sign-in", "undo-and-audit."]
        {
            assert!(beginning.contains(part), "{part}: {beginning}");
        }
    }
}

#[test]
fn an_assistant_is_told_what_the_operator_allows() {
    let clerk = Clerk::sample();
    let everything = instructions(clerk.program());
    assert!(!everything.contains("allows only"), "{everything}");
    assert_eq!(instructions(clerk.program().variable("CLERK_TOOLSETS", "all")), everything);
    let some = clerk.program().variable("CLERK_READ_ONLY", "true").variable("CLERK_TOOLSETS", "users,members");
    let some = instructions(some);
    assert!(some.contains("only tools that change nothing"), "{some}");
    assert!(some.contains("only these toolsets: members, users."), "{some}");
}
