//! What is true of every view, and what a policy leaves of them.

use super::*;
use crate::policy::Mode;
use crate::policy::tests::STANDARD;

const FULL: Policy = Policy { mode: Mode::Full, ..STANDARD };
const READ_ONLY: Policy = Policy { mode: Mode::ReadOnly, ..STANDARD };

#[test]
fn a_document_is_whole_and_loads_nothing() {
    for app in APPS {
        let document = app.document(&FULL);
        assert!(document.len() <= 40_000, "{}: {} bytes", app.name, document.len());
        for left in ["%TITLE%", "%TOOLS%", "%STYLE%", "%SCRIPT%"] {
            assert!(!document.contains(left), "{}: {left}", app.name);
        }
        for foreign in [
            "://",
            " src=",
            "@import",
            "url(",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
        ] {
            let found = document.replace("file://", "").contains(foreign);
            assert!(!found, "{}: {foreign}", app.name);
        }
        assert!(document.contains(&format!("<title>{}</title>", app.title)), "{}", app.name);
        assert_eq!(document.matches("</script").count(), 2, "{}", app.name);
    }
}

#[test]
fn a_tool_has_one_view_at_most_and_each_that_is_named_exists() {
    for tool in catalogue::all() {
        let views = APPS.iter().filter(|app| app.tools(&FULL).any(|shown| shown.name == tool.name));
        assert!(views.count() <= 1, "{}", tool.name);
    }
    for app in APPS {
        if let Shows::Named(names) = app.shows {
            assert!(names.iter().all(|name| catalogue::find(name).is_ok()), "{names:?}");
        }
    }
}

#[test]
fn a_view_is_there_where_one_of_its_tools_is() {
    let names = |policy: &Policy| allowed(policy).map(|app| app.name).collect::<Vec<_>>();
    assert!(names(&STANDARD).contains(&"consent"));
    assert!(!names(&READ_ONLY).contains(&"consent"));
    assert!(find("ui://clerk/consent").is_some_and(|app| app.check(&READ_ONLY).is_err()));
    for uri in ["ui://clerk/", "ui://clerk/consent/", "ui://clerk/Consent", "ui://other/consent", "consent"] {
        assert!(find(uri).is_none(), "{uri}");
    }
}

#[test]
fn a_document_names_the_tools_that_are_allowed() {
    let toolsets = ["users".to_owned()];
    let policy = Policy { toolsets: &toolsets, ..STANDARD };
    let document = CONSENT.document(&policy);
    assert!(document.contains("clerk_ban_user") && !document.contains("clerk_delete_organization"));
}
