//! JSON Schemas of a tool's parameters and output, as MCP clients like them: self-contained, no nullable noise. Runs
//! when the component is built, not in it.

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::Value;

use crate::tool::Tool;

/// What a client is told of a tool besides what it declares.
pub(crate) struct Definition {
    /// The doc comment of its parameters.
    pub(crate) description: String,
    pub(crate) input_schema: Value,
    pub(crate) output_schema: Value,
}

impl Definition {
    pub(crate) fn of<T: Tool>() -> Self {
        let (description, input_schema) = generate(Contract::Deserialize, T::json_schema);
        let (_, output_schema) = generate(Contract::Serialize, T::Output::json_schema);
        Self { description, input_schema, output_schema }
    }
}

fn generate(contract: Contract, of_type: fn(&mut SchemaGenerator) -> Schema) -> (String, Value) {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.contract = contract;
        settings.inline_subschemas = true;
    });
    let mut schema = of_type(&mut settings.into_generator());
    Tidy.transform(&mut schema);
    let description = match schema.remove("description") {
        Some(Value::String(text)) => text,
        _ => String::new(),
    };
    (description, schema.to_value())
}

/// An optional value is one that may be absent, not one that may be null; doc comments are wrapped, descriptions not.
struct Tidy;

impl Transform for Tidy {
    fn transform(&mut self, schema: &mut Schema) {
        if let Some(Value::Array(types)) = schema.get_mut("type") {
            types.retain(|name| name != "null");
            if let [single] = types.as_slice() {
                let single = single.clone();
                schema.insert("type".into(), single);
            }
        }
        for keyword in ["format", "default", "writeOnly"] {
            let is_noise = match schema.get(keyword) {
                Some(Value::String(format)) => keyword == "format" && format != "date-time",
                Some(Value::Null) => true,
                _ => keyword == "writeOnly",
            };
            if is_noise {
                schema.remove(keyword);
            }
        }
        if let Some(Value::String(text)) = schema.get_mut("description") {
            *text = unwrap_lines(text);
        }
        transform_subschemas(self, schema);
    }
}

/// Joins the lines of each paragraph.
fn unwrap_lines(text: &str) -> String {
    let paragraphs: Vec<String> = text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).collect();
    paragraphs.join("\n\n")
}
