//! Arguments of functions as those of tools.

use guarded_tools::mcp_tools;
use serde_json::{Map, Value};

/// The object of arguments of a tool: null stands for what is absent, and text for the objects that WIT has no type for.
///
/// # Errors
///
/// Text that stands for an object is not JSON.
pub(crate) fn object(tool: &str, arguments: Vec<(&str, Value)>) -> Result<Map<String, Value>, String> {
    let schema = mcp_tools::describe(tool).map(|tool| tool.input_schema).unwrap_or_default();
    let schema: Value = serde_json::from_str(&schema).unwrap_or_default();
    let argument = |(name, value): (&str, Value)| {
        let is_object = schema["properties"][name]["type"] == "object";
        let value = match value {
            Value::String(text) if is_object => {
                serde_json::from_str(&text).map_err(|error| format!("{name} is not JSON: {error}"))?
            }
            value => value,
        };
        Ok((name.to_owned(), value))
    };
    arguments.into_iter().map(argument).collect()
}
