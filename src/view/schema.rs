//! The JSON Schema of what a view shows. Nothing in it is required: clients hold errors against it too.

use super::{LEFT_OUT, Shape, UNTRUSTED, View};

/// The outermost fields with their types: as much as a list of tools has room for.
pub(crate) fn outline(view: &View) -> String {
    let mut json = String::from(r#"{"type":"object","properties":{"#);
    for field in view.0 {
        json.extend(["\"", field.name, "\":", field.shape.outline(), ","]);
    }
    json.extend(["\"", LEFT_OUT, r#"":{"type":"string"}"#]);
    if has_untrusted(view) {
        json.extend([",\"", UNTRUSTED, r#"":{"type":"string"}"#]);
    }
    json + "}}"
}

/// Tells whether answers may hold text that people outside have written.
pub(crate) fn has_untrusted(view: &View) -> bool {
    view.0.iter().any(|field| match field.shape {
        Shape::One(view) | Shape::Many(view) | Shape::Any(view) => has_untrusted(view),
        shape => shape.is_untrusted(),
    })
}

impl Shape {
    fn outline(self) -> &'static str {
        match self {
            Self::Text | Self::Untrusted | Self::Time | Self::Made(_) | Self::MadeUntrusted(_) | Self::Secret => {
                r#"{"type":"string"}"#
            }
            Self::Texts | Self::UntrustedTexts => r#"{"type":"array","items":{"type":"string"}}"#,
            Self::Flag => r#"{"type":"boolean"}"#,
            Self::Count => r#"{"type":"integer"}"#,
            Self::Number => r#"{"type":"number"}"#,
            Self::Json => "{}",
            Self::Object | Self::Metadata | Self::PrivateMetadata | Self::One(_) => r#"{"type":"object"}"#,
            Self::Many(_) | Self::Any(_) => r#"{"type":"array","items":{"type":"object"}}"#,
        }
    }
}

/// The whole schema, for the documentation.
#[cfg(test)]
pub(crate) fn full(view: &View) -> serde_json::Value {
    use serde_json::{Value, json};
    let mut schema: Value = serde_json::from_str(&outline(view)).expect("it is JSON");
    for field in view.0 {
        let place = &mut schema["properties"][field.name];
        match field.shape {
            Shape::One(view) => *place = within(view),
            Shape::Many(view) | Shape::Any(view) => place["items"] = within(view),
            Shape::Object | Shape::Metadata | Shape::PrivateMetadata => place["additionalProperties"] = json!({}),
            _ => {}
        }
    }
    schema
}

/// The schema of an object inside of an answer.
#[cfg(test)]
fn within(view: &View) -> serde_json::Value {
    let mut schema = full(view);
    let properties = schema["properties"].as_object_mut().expect("an object has properties");
    properties.remove(LEFT_OUT);
    properties.remove(UNTRUSTED);
    schema
}
