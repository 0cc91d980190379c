//! The JSON Schema (2020-12) of parameters, in what all clients and model providers take: one type for each property, no
//! `format`, no boolean `additionalProperties`, and patterns of which every dialect of regular expressions thinks the same.

use serde_json::{Map, Value, json};

use super::{Kind, Parameter};

impl Kind {
    fn schema(&self) -> Value {
        match self {
            Self::Id(resource) => {
                json!({ "type": "string", "pattern": format!("^{}_[A-Za-z0-9]+$", resource.prefix()) })
            }
            Self::SignedId(resource) => {
                json!({ "type": "string", "pattern": format!("^[+-]?{}_[A-Za-z0-9]+$", resource.prefix()) })
            }
            Self::Slug => json!({ "type": "string", "pattern": "^[a-z0-9-]+$" }),
            Self::OneOf(values) => json!({ "type": "string", "enum": values }),
            Self::Text | Self::Word | Self::EmailAddress | Self::PhoneNumber => {
                json!({ "type": "string", "minLength": 1 })
            }
            Self::Token | Self::SortKey(_) | Self::Time(_) => json!({ "type": "string" }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Integer { min, max } => json!({ "type": "integer", "minimum": min, "maximum": max }),
            Self::Metadata | Self::PrivateMetadata => json!({ "type": "object", "additionalProperties": {} }),
            Self::Many(each, most) => {
                json!({ "type": "array", "items": each.schema(), "minItems": 1, "maxItems": most })
            }
        }
    }
}

impl Parameter {
    fn schema(&self) -> Value {
        let mut schema = self.kind.schema();
        schema["description"] = format!("{}{}", self.description, self.kind.remark()).into();
        if let Some(default) = self.default.value() {
            schema["default"] = default;
        }
        schema
    }
}

/// The schema of a tool's arguments: an object.
pub(crate) fn arguments<'a>(parameters: impl Iterator<Item = &'a Parameter>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for parameter in parameters {
        properties.insert(parameter.name.into(), parameter.schema());
        if parameter.is_required {
            required.push(Value::from(parameter.name));
        }
    }
    let mut schema = json!({ "type": "object" });
    schema["properties"] = properties.into();
    if !required.is_empty() {
        schema["required"] = required.into();
    }
    schema
}
