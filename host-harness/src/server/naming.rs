//! The name of the instance in what clients and people are told, where a server serves several.

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, GetPromptResult, ResourceContents};
use serde_json::Value;

use super::apps;
use super::named_text::{INSTANCE, UNDOING, answer, object};
use crate::component::InputRequired;

/// Names the instance in the answer of a tool: as the first member of its text, in the structured content, and in the call that
/// takes it back.
pub(super) fn in_result(mut result: CallToolResult, name: &str) -> CallToolResult {
    for block in &mut result.content {
        if let ContentBlock::Text(text) = block {
            text.text = answer(&text.text, name);
        }
    }
    if let Some(content) = &mut result.structured_content {
        for path in UNDOING {
            let arguments = content.pointer_mut(&format!("/{}", path.join("/"))).and_then(Value::as_object_mut);
            arguments.map(|arguments| arguments.insert(INSTANCE.into(), name.into()));
        }
        content.as_object_mut().map(|content| content.insert(INSTANCE.into(), name.into()));
    }
    result
}

/// Names the instance in an error.
pub(super) fn in_error(mut error: ErrorData, name: &str) -> ErrorData {
    error.message = format!("{INSTANCE} {name}: {}", error.message).into();
    error
}

/// Names the instance in the first line of each question.
pub(super) fn in_questions(mut required: InputRequired, name: &str) -> InputRequired {
    for request in &mut required.requests {
        let Ok(Value::Object(mut params)) = serde_json::from_str(&request.params) else { continue };
        if let Some(Value::String(message)) = params.get_mut("message") {
            *message = format!("On the instance {name}: {message}");
            // What a view shows instead of the message.
            let for_view = params.get_mut("_meta").and_then(|meta| meta.get_mut(apps::CONSENT)?.as_object_mut());
            for_view.map(|for_view| for_view.insert(INSTANCE.into(), name.into()));
            request.params = Value::Object(params).to_string();
        }
    }
    required
}

/// Says of the steps of a prompt which instance they are for: its tools have to be told.
pub(super) fn in_prompt(mut prompt: GetPromptResult, name: &str) -> GetPromptResult {
    if let Some(ContentBlock::Text(text)) = prompt.messages.first_mut().map(|message| &mut message.content) {
        text.text = format!("This is for the instance {name}: give each tool {INSTANCE} {name:?}.\n\n{}", text.text);
    }
    prompt
}

/// Names the instance in a resource that is a JSON object.
pub(super) fn in_resource(contents: ResourceContents, name: &str) -> ResourceContents {
    match contents {
        ResourceContents::TextResourceContents { uri, mime_type, text, meta } if text.starts_with('{') => {
            ResourceContents::TextResourceContents { uri, mime_type, text: object(&text, name), meta }
        }
        other => other,
    }
}
