//! `mcp-apps`: the views that show the answers of tools to a person.

use crate::ClerkTools;
use crate::apps;
use crate::bindings::exports::clerk::mcp::mcp_apps::{App, Guest, Policy};

impl Guest for ClerkTools {
    fn list(policy: Policy) -> Vec<App> {
        let policy = (&policy).into();
        let entry = |app: &apps::App| App {
            uri: app.uri(),
            name: app.name.into(),
            title: app.title.into(),
            description: app.description.into(),
            tools: app.tools(&policy).map(|tool| tool.name.into()).collect(),
        };
        apps::allowed(&policy).map(entry).collect()
    }
}
