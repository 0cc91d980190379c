//! MCP Apps (`io.modelcontextprotocol/ui`): who shows views to a person, and what they are told of them. Nobody else is told
//! anything.

use rmcp::model::{ClientCapabilities, ExtensionCapabilities, JsonObject, MetaObject};
use serde_json::{Value, json};

/// MCP's name for the extension.
const EXTENSION: &str = "io.modelcontextprotocol/ui";
/// The media type of a view.
pub(super) const HTML: &str = "text/html;profile=mcp-app";
/// The member of `_meta` that has what a view needs for somebody to agree, and no model.
pub(super) const CONSENT: &str = "clerk-mcp/consent";

/// Tells whether a client shows views.
pub(super) fn are_shown(capabilities: &ClientCapabilities) -> bool {
    settings(capabilities).is_some_and(takes_html)
}

/// The part of a client's capabilities that is about views, without what the extension does not define.
pub(super) fn of(capabilities: &ClientCapabilities) -> Option<ExtensionCapabilities> {
    let settings = settings(capabilities).filter(|settings| takes_html(settings))?;
    let mut kept = JsonObject::new();
    kept.insert("mimeTypes".into(), json!([HTML]));
    if settings.get("elicitation").is_some_and(Value::is_object) {
        kept.insert("elicitation".into(), json!({}));
    }
    Some(ExtensionCapabilities::from([(EXTENSION.into(), kept)]))
}

/// Adds to a server's extensions that it has views, also for its questions.
pub(super) fn announce(extensions: &mut Option<ExtensionCapabilities>) {
    let settings = JsonObject::from_iter([("elicitation".into(), json!({}))]);
    extensions.get_or_insert_default().insert(EXTENSION.into(), settings);
}

/// The `_meta` of a tool whose answers a view shows.
pub(super) fn of_tool(uri: &str) -> MetaObject {
    meta(json!({ "resourceUri": uri }))
}

/// The `_meta` of a view: it loads nothing, and looks best in a frame.
pub(super) fn of_view() -> MetaObject {
    meta(json!({ "csp": {}, "prefersBorder": true }))
}

fn meta(ui: Value) -> MetaObject {
    MetaObject(JsonObject::from_iter([("ui".into(), ui)]))
}

fn settings(capabilities: &ClientCapabilities) -> Option<&JsonObject> {
    capabilities.extensions.as_ref()?.get(EXTENSION)
}

fn takes_html(settings: &JsonObject) -> bool {
    settings.get("mimeTypes").and_then(Value::as_array).is_some_and(|types| types.iter().any(|kind| kind == HTML))
}
