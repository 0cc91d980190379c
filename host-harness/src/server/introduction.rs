//! How a client introduces itself: the part of it that a session keeps.

use super::apps;
use rmcp::model::{ClientCapabilities, Implementation, InitializeRequestParams};

/// The longest name or version of a client that is kept, in characters.
const LONGEST: usize = 100;

/// Leaves of an introduction what a session needs, which has a largest size.
pub(crate) fn shorten(introduction: &mut InitializeRequestParams) {
    introduction.meta = None;
    let mut capabilities = ClientCapabilities::default();
    capabilities.extensions = apps::of(&introduction.capabilities);
    capabilities.elicitation = introduction.capabilities.elicitation.take();
    introduction.capabilities = capabilities;
    let Implementation { name, version, title, .. } = &introduction.client_info;
    let mut client = Implementation::new(shortened(name), shortened(version));
    client.title = title.as_deref().map(shortened);
    introduction.client_info = client;
}

/// The beginning of a name that a client has given.
pub(super) fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn of_an_introduction_a_small_part_is_left() {
        let long = "x".repeat(10_000);
        let ui = |long: &str| json!({ "mimeTypes": [long, apps::HTML], "elicitation": { "a": long }, "b": long });
        let given = json!({
            "protocolVersion": "2025-11-25",
            "capabilities": {
                "extensions": { "io.modelcontextprotocol/ui": ui(&long), "a/b": {} }, "elicitation": { "form": {}, "url": {} }, "experimental": { "a": { "b": vec![json!({}); 1000] } }, "roots": {},
            },
            "clientInfo": { "name": long, "version": long, "title": long, "icons": [{ "src": long }], "websiteUrl": long },
            "_meta": { "a": long },
        });
        let mut introduction: InitializeRequestParams = serde_json::from_value(given).expect("an introduction");
        shorten(&mut introduction);
        let left: Value = serde_json::to_value(&introduction).expect("it is JSON");
        let short = "x".repeat(100);
        assert_eq!(
            left,
            json!({
                "protocolVersion": "2025-11-25",
                "capabilities": {
                    "extensions": { "io.modelcontextprotocol/ui": { "mimeTypes": [apps::HTML], "elicitation": {} } },
                    "elicitation": { "form": {}, "url": {} },
                },
                "clientInfo": { "name": short, "version": short, "title": short },
            })
        );
    }
}
