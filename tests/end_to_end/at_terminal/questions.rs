//! A call that asks before it changes anything shows its preview at the terminal, and asks there.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::harness::patience::wait_until;
use crate::harness::terminal::Terminal;
use crate::harness::{Clerk, Directory, Program, Reply, Upstream};

/// A key of a production instance.
const LIVE: &str = "sk_live_CANARY7f3aOperator000000000000000000";
const DELETE: &str = "clerk_delete_organization";

fn call(program: Program, tool: &str, arguments: &Value) -> Program {
    program.arguments(&["call", tool, &arguments.to_string()]).variable("NO_COLOR", "1")
}

fn exists(clerk: &Clerk, organization: &str) -> bool {
    clerk.get(&format!("/organizations/{organization}"))["id"].is_string()
}

#[test]
fn a_typed_name_agrees_and_another_one_does_not() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let arguments = json!({ "organization_id": sandbox });
    for (typed, code) in [("sandbox", "declined"), ("yes", "declined"), ("Sandbox", "")] {
        let Some(mut terminal) = Terminal::of(call(clerk.program(), DELETE, &arguments), 200) else { return };
        terminal.answers("Type \"Sandbox\" to agree.\r\nName: ", typed);
        let (status, screen) = terminal.ends();
        let first = format!("Delete \"Sandbox\" ({sandbox})? All its memberships and invitations are deleted with it.");
        assert!(screen.starts_with(&first), "{screen}");
        if code.is_empty() {
            assert!(status == 0 && screen.contains("deleted  yes") && !exists(&clerk, &sandbox), "{screen}");
        } else {
            assert!(status == 1 && screen.contains(&format!("code  {code}")) && exists(&clerk, &sandbox), "{screen}");
        }
    }
}

#[test]
fn only_a_yes_is_a_yes() {
    // There, what changes access asks.
    let clerk = Clerk::with_key(LIVE);
    let id = clerk.user("grace@acme.example");
    let is_banned = || clerk.get(&format!("/users/{id}"))["banned"] == true;
    for (typed, code) in [("\nmaybe\nno", "declined"), ("N", "declined"), ("y", "")] {
        let program = clerk.program().variable("CLERK_SECRET_KEY", LIVE);
        let program = call(program, "clerk_ban_user", &json!({ "user_id": id }));
        let Some(mut terminal) = Terminal::of(program, 120) else { return };
        terminal.answers("Go ahead? (no/yes) ", typed);
        let (status, screen) = terminal.ends();
        assert_eq!(screen.contains("Type no or yes."), typed.contains("maybe"), "{screen}");
        let agreed = code.is_empty();
        assert_eq!((status, is_banned()), (i32::from(!agreed), agreed), "{screen}");
        assert!(agreed || screen.contains(code), "{screen}");
    }
}

#[test]
fn who_gives_no_answer_has_not_agreed() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let arguments = json!({ "organization_id": sandbox });
    // The key that interrupts, the one that ends the input, and nothing at all.
    for (typed, status) in [("\u{3}", 130), ("\u{4}", 1), ("\n", 1)] {
        let Some(mut terminal) = Terminal::of(call(clerk.program(), DELETE, &arguments), 200) else { return };
        terminal.shows("Name: ");
        terminal.types(typed);
        let (ended, screen) = terminal.ends();
        assert!(ended == status && exists(&clerk, &sandbox), "{typed:?}: {ended}: {screen}");
    }
}

#[test]
fn what_was_typed_before_the_question_is_no_answer_to_it() {
    let clerk = Clerk::sample();
    let (url, is_typed) = (clerk.url.clone(), Arc::new(AtomicBool::default()));
    let may_answer = Arc::clone(&is_typed);
    let upstream = Upstream::new(move |seen| {
        if seen.is_read() {
            wait_until("something is typed", || may_answer.load(Ordering::Relaxed));
        }
        Reply::of_api(&url, seen)
    });
    let sandbox = clerk.organization("sandbox");
    let program = call(upstream.program(), DELETE, &json!({ "organization_id": sandbox }));
    let Some(mut terminal) = Terminal::of(program, 200) else { return };
    terminal.types("Sandbox\n");
    // The terminal echoes it.
    terminal.shows("Sandbox\r\n");
    is_typed.store(true, Ordering::Relaxed);
    terminal.answers("Name: ", "no");
    let (status, screen) = terminal.ends();
    assert!(status == 1 && screen.contains("declined") && exists(&clerk, &sandbox), "{screen}");
}

#[test]
fn without_a_terminal_or_consent_nothing_is_asked() {
    let clerk = Clerk::sample();
    let sandbox = clerk.organization("sandbox");
    let program = |more: &[&str]| call(clerk.program().arguments(more), DELETE, &json!({ "organization_id": sandbox }));
    for redirected in ["</dev/null", "2>/dev/null"] {
        let Some(terminal) = Terminal::with(program(&[]), 200, redirected) else { return };
        let (status, screen) = terminal.ends();
        assert!(status == 0 && screen.contains("run the command again with --confirm off"), "{screen}");
    }
    let Some(terminal) = Terminal::of(program(&["--confirm", "token-only"]), 200) else { return };
    assert!(terminal.ends().1.contains("run the command again with --confirm off"));
    assert!(exists(&clerk, &sandbox));
    let Some(terminal) = Terminal::of(program(&["--confirm", "off"]), 200) else { return };
    assert!(terminal.ends().0 == 0 && !exists(&clerk, &sandbox));
}

#[test]
fn the_question_is_on_standard_error_and_the_answer_is_recorded() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let arguments = json!({ "organization_id": clerk.organization("sandbox") });
    let (log, output) = (directory.0.join("audit.jsonl"), directory.0.join("output.json"));
    let program = clerk.program().variable("CLERK_MCP_AUDIT", &log.to_string_lossy());
    let redirected = format!(">'{}'", output.to_string_lossy());
    let Some(mut terminal) = Terminal::with(call(program, DELETE, &arguments), 200, &redirected) else { return };
    terminal.answers("Name: ", "Sandbox");
    assert_eq!(terminal.ends().0, 0);
    let read = |path| std::fs::read_to_string(path).expect("it was written");
    let answer: Value = serde_json::from_str(&read(output)).expect("JSON alone");
    assert_eq!(answer["deleted"], true);
    assert!(read(log).contains(r#""decision":"confirmed by a person""#));
}
