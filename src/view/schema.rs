//! The JSON Schema of what a view shows. Nothing in it is required: clients hold errors against it too.

use serde_json::{Map, Value, json};

use super::{LEFT_OUT, Shape, UNTRUSTED, View};

/// The whole schema, for the documentation.
#[cfg(test)]
pub(crate) fn full(view: &View) -> Value {
    let mut schema = object(view);
    add_marks(&mut schema, view);
    schema
}

/// The outermost fields with their types: as much as a list of tools has room for.
pub(crate) fn outline(view: &View) -> Value {
    let mut schema = json!({ "type": "object" });
    let mut properties = Map::new();
    for field in view.0 {
        let mut shape = field.shape.schema();
        if let Value::Object(keywords) = &mut shape {
            keywords.retain(|keyword, _| keyword == "type" || keyword == "items");
            if let Some(items) = keywords.get_mut("items") {
                *items = json!({ "type": items["type"] });
            }
        }
        properties.insert(field.name.into(), shape);
    }
    schema["properties"] = properties.into();
    add_marks(&mut schema, view);
    schema
}

fn add_marks(schema: &mut Value, view: &View) {
    let properties = &mut schema["properties"];
    properties[LEFT_OUT] = json!({ "type": "string" });
    if has_untrusted(view) {
        properties[UNTRUSTED] = json!({ "type": "string" });
    }
}

fn has_untrusted(view: &View) -> bool {
    view.0.iter().any(|field| match field.shape {
        Shape::One(view) | Shape::Many(view) | Shape::Any(view) => has_untrusted(view),
        _ => field.is_untrusted,
    })
}

fn object(view: &View) -> Value {
    let mut properties = Map::new();
    for field in view.0 {
        properties.insert(field.name.into(), field.shape.schema());
    }
    let mut schema = json!({ "type": "object" });
    schema["properties"] = properties.into();
    schema
}

impl Shape {
    fn schema(self) -> Value {
        match self {
            Self::Text | Self::Time => json!({ "type": "string" }),
            Self::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Count => json!({ "type": "integer" }),
            Self::Metadata | Self::PrivateMetadata => json!({ "type": "object", "additionalProperties": {} }),
            Self::One(view) => object(view),
            Self::Many(view) | Self::Any(view) => {
                let mut schema = json!({ "type": "array" });
                schema["items"] = object(view);
                schema
            }
            Self::Made(_, shape) => shape.schema(),
        }
    }
}
