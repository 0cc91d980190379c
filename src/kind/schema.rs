//! The JSON Schema (2020-12) of parameters, in what all clients and model providers take: one type for each property, no
//! `format`, no boolean `additionalProperties`, and patterns of which every dialect of regular expressions thinks the same.
//! It is printed as text at once: a list has some hundred of them.

use core::fmt::Write as _;

use serde_json::Value;

use super::{Fallback, Given, Kind, Parameter};

/// The number of values that Clerk's filters take.
const MOST_IN_FILTERS: usize = 100;

impl Kind {
    /// Prints the keywords without the braces around them.
    fn print(&self, json: &mut String) {
        let printed = match self {
            Self::Id(resource) => write!(json, r#""type":"string","pattern":"^{}_[A-Za-z0-9]+$""#, resource.prefix()),
            Self::SignedId(resource) => {
                write!(json, r#""type":"string","pattern":"^[+-]?{}_[A-Za-z0-9]+$""#, resource.prefix())
            }
            Self::Slug => write!(json, r#""type":"string","pattern":"^[a-z0-9-]+$""#),
            Self::Key => write!(json, r#""type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9_.:-]*$""#),
            Self::OneOf(values) => write!(json, r#""type":"string","enum":["{}"]"#, values.join(r#"",""#)),
            Self::Text | Self::Contact | Self::Word | Self::EmailAddress | Self::PhoneNumber | Self::Identifier => {
                write!(json, r#""type":"string","minLength":1"#)
            }
            Self::Token | Self::SortKey(_) | Self::Time(_) => write!(json, r#""type":"string""#),
            Self::Number => write!(json, r#""type":"number""#),
            Self::Json => Ok(()),
            Self::Flag => write!(json, r#""type":"boolean""#),
            Self::Integer { min, max: u32::MAX } => write!(json, r#""type":"integer","minimum":{min}"#),
            Self::Integer { min, max } => write!(json, r#""type":"integer","minimum":{min},"maximum":{max}"#),
            Self::Object(fields) => {
                let fields: Vec<Parameter> = fields.iter().map(Given::parameter).collect();
                json.push_str(&arguments(&fields.iter().collect::<Vec<_>>())[1..]);
                json.pop();
                Ok(())
            }
            Self::List(each) => {
                json.push_str(r#""type":"array","items":{"#);
                each.print(json);
                write!(json, "}}")
            }
            Self::Open | Self::Metadata | Self::PrivateMetadata => {
                write!(json, r#""type":"object","additionalProperties":{{}}"#)
            }
            Self::Many(each, most) => {
                json.push_str(r#""type":"array","items":{"#);
                each.print(json);
                json.push_str(r#"},"minItems":1"#);
                // That of Clerk's filters is told where it is passed.
                if *most < MOST_IN_FILTERS { write!(json, r#","maxItems":{most}"#) } else { Ok(()) }
            }
        };
        // Writing to memory does not fail.
        debug_assert!(printed.is_ok());
    }
}

impl Parameter {
    fn print(&self, json: &mut String) {
        json.extend(["\"", self.name, "\":{"]);
        self.kind.print(json);
        let remark = self.kind.remark();
        if !self.description.is_empty() || !remark.is_empty() {
            json.push_str(if json.ends_with('{') { "\"description\":" } else { ",\"description\":" });
            let space = if self.description.is_empty() { " " } else { "" };
            push_text(json, &[self.description, remark.strip_prefix(space).unwrap_or(&remark)]);
        }
        match self.default {
            Fallback::None => {}
            Fallback::Flag(flag) => json.push_str(if flag { ",\"default\":true" } else { ",\"default\":false" }),
            Fallback::Integer(number) => json.extend([",\"default\":", &number.to_string()]),
        }
        json.push('}');
    }
}

/// The schema of a tool's arguments: an object.
pub(crate) fn arguments(parameters: &[&Parameter]) -> String {
    let mut json = String::with_capacity(512);
    json.push_str(r#"{"type":"object","properties":{"#);
    for (index, parameter) in parameters.iter().enumerate() {
        json.push_str(if index > 0 { "," } else { "" });
        parameter.print(&mut json);
    }
    json.push('}');
    let mut required = parameters.iter().filter(|parameter| parameter.is_required).map(|parameter| parameter.name);
    if let Some(first) = required.next() {
        json.extend([",\"required\":[\"", first]);
        required.for_each(|name| json.extend(["\",\"", name]));
        json.push_str("\"]");
    }
    json + "}"
}

/// Prints a text that consists of these parts.
fn push_text(json: &mut String, parts: &[&str]) {
    let needs_escape = |byte: u8| byte < b' ' || byte == b'"' || byte == b'\\';
    json.push('"');
    for part in parts {
        if part.bytes().any(needs_escape) {
            let quoted = Value::from(*part).to_string();
            json.push_str(&quoted[1..quoted.len() - 1]);
        } else {
            json.push_str(part);
        }
    }
    json.push('"');
}
