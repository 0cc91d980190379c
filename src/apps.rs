//! MCP Apps: views that show the answers of tools to a person. Each is one HTML document, put together of the parts in `views/`
//! when it is read; `build.rs` makes statics of these.

use serde_json::{Value, json};

use crate::catalogue;
use crate::policy::Policy;
use crate::tool::Tool;

mod parts {
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
    script: &'static [&'static str],
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
const SHARED: &[&str] =
    &[parts::SCRIPT_HOST, parts::SCRIPT_TEXT, parts::SCRIPT_TABLE, parts::SCRIPT_PREVIEW, parts::SCRIPT_WRITE];

static CONSENT: App = App {
    name: "consent",
    title: "Consent",
    description: "Shows what a write would do, to whom, and whether it can be undone, and takes a person's decision.",
    shows: Shows::Guarded,
    script: &[parts::SCRIPT_CONSENT],
};

/// The views, in the order in which they are listed. A tool belongs to the first that shows it.
static APPS: [&App; 1] = [&CONSENT];

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
        SHARED.iter().chain(self.script).for_each(|part| script.push_str(part));
        parts::DOCUMENT
            .replace("{title}", self.title)
            .replace("{tools}", &json!(tools).to_string())
            .replace("{style}", parts::STYLE)
            .replace("{script}", &script)
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
