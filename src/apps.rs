//! MCP Apps: views that show the answers of tools to a person. Each is one HTML document, put together of the parts in `views/`
//! when it is read; `build.rs` makes statics of these.

use serde_json::{Value, json};

use crate::catalogue;
use crate::packed::Packed;
use crate::policy::Policy;
use crate::tool::Tool;

mod parts {
    use crate::packed::Packed;

    include!(concat!(env!("OUT_DIR"), "/views.rs"));
}

/// A view.
pub(crate) struct App {
    /// Lower case.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    /// The tools whose answers it shows.
    shows: Shows,
    /// The parts of its script behind those that all have.
    script: &'static [&'static Packed],
}

/// Tools whose answers a view shows.
enum Shows {
    /// Those that may ask for consent.
    Guarded,
    Named(&'static [&'static str]),
}

/// The media type of a view.
pub(crate) const HTML: &str = "text/html;profile=mcp-app";
/// The URIs of views up to their names.
const PREFIX: &str = "ui://clerk/";
/// MCP's name for the extension.
const EXTENSION: &str = "io.modelcontextprotocol/ui";
/// What a view needs to show a question, in the `_meta` of what asks it.
const CONSENT_META: &str = "clerk-mcp/consent";

/// The parts of a script that all views have.
static SHARED: [&Packed; 4] = [&parts::SCRIPT_HOST, &parts::SCRIPT_TEXT, &parts::SCRIPT_TABLE, &parts::SCRIPT_ANSWER];

static CONSENT: App = App {
    name: "consent",
    title: "Consent",
    description: "Shows what a write would do, to whom, and whether it can be undone, and takes a person's decision.",
    shows: Shows::Guarded,
    script: &[&parts::SCRIPT_PREVIEW, &parts::SCRIPT_WRITE, &parts::SCRIPT_CONSENT],
};

static PERSON: App = App {
    name: "person",
    title: "Person",
    description: "Shows how somebody signs in, what keeps them out, their organizations and sessions, and what can be done.",
    shows: Shows::Named(&["clerk_get_user", "clerk_get_user_access_report"]),
    script: &[&parts::SCRIPT_PREVIEW, &parts::SCRIPT_WRITE, &parts::SCRIPT_COLUMNS, &parts::SCRIPT_PERSON],
};

static LIST: App = App {
    name: "list",
    title: "List",
    description: "Shows a list as a table that sorts, filters, loads further pages and exports CSV.",
    shows: Shows::Named(&[
        "clerk_list_organizations",
        "clerk_list_organization_members",
        "clerk_list_organization_invitations",
        "clerk_list_users",
        "clerk_find_user",
        "clerk_list_sessions",
        "clerk_list_invitations",
        "clerk_list_waitlist_entries",
    ]),
    script: &[&parts::SCRIPT_GRID, &parts::SCRIPT_COLUMNS, &parts::SCRIPT_MEMBERS, &parts::SCRIPT_LIST],
};

static REVIEW: App = App {
    name: "review",
    title: "Access review",
    description: "Shows what deserves attention in the instance, and the members of an organization by role, without a second \
                  factor, and not seen for 90 days.",
    shows: Shows::Named(&["clerk_security_review"]),
    script: &[&parts::SCRIPT_GRID, &parts::SCRIPT_COLUMNS, &parts::SCRIPT_MEMBERS, &parts::SCRIPT_REVIEW],
};

/// The views, in the order in which they are listed. A tool has one at most.
static APPS: [&App; 4] = [&CONSENT, &PERSON, &LIST, &REVIEW];

/// The views that show a tool which a policy allows.
pub(crate) fn allowed<'a>(policy: &'a Policy<'_>) -> impl Iterator<Item = &'static App> + 'a {
    APPS.into_iter().filter(|app| app.check(policy).is_ok())
}

/// The view of a URI.
pub(crate) fn find(uri: &str) -> Option<&'static App> {
    let name = uri.strip_prefix(PREFIX)?;
    APPS.into_iter().find(|app| app.name == name)
}

impl App {
    pub(crate) fn uri(&self) -> String {
        format!("{PREFIX}{}", self.name)
    }

    /// The tools that a policy allows whose answers it shows.
    pub(crate) fn tools<'a>(&'a self, policy: &'a Policy<'_>) -> impl Iterator<Item = &'static Tool> + 'a {
        catalogue::allowed(policy).filter(|tool| match self.shows {
            Shows::Guarded => tool.is_guarded(),
            Shows::Named(names) => names.contains(&tool.name),
        })
    }

    /// # Errors
    ///
    /// The policy allows none of its tools.
    pub(crate) fn check(&self, policy: &Policy<'_>) -> Result<(), String> {
        let none = || format!("the operator's settings allow none of the tools that the view `{}` shows", self.name);
        self.tools(policy).next().map(drop).ok_or_else(none)
    }

    /// The document. It names the tools that the policy allows, which the view offers to call.
    pub(crate) fn document(&self, policy: &Policy<'_>) -> String {
        let tools: Vec<&str> = catalogue::allowed(policy).map(|tool| tool.name).collect();
        let mut script = String::new();
        SHARED.iter().chain(self.script).for_each(|part| script.push_str(part.text()));
        parts::DOCUMENT
            .text()
            .replace("%TITLE%", self.title)
            .replace("%TOOLS%", &json!(tools).to_string())
            .replace("%STYLE%", parts::STYLE.text())
            .replace("%SCRIPT%", &script)
    }
}

/// Adds to the parameters of `elicitation/create` what a view needs to show the question, where the client has views do so.
pub(crate) fn add_view(question: &mut Value, capabilities: &Value, preview: &Value, name: Option<&str>) {
    let ui = &capabilities["extensions"][EXTENSION];
    let takes_html = ui["mimeTypes"].as_array().is_some_and(|types| types.iter().any(|kind| kind == HTML));
    if takes_html && ui["elicitation"].is_object() {
        question["_meta"] = json!({
            "ui": { "resourceUri": CONSENT.uri() },
            CONSENT_META: { "preview": preview, "name": name },
        });
    }
}

#[cfg(test)]
mod tests;
