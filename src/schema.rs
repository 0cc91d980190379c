//! JSON Schemas of a tool's parameters and output, as MCP clients like them: self-contained, no nullable noise. Runs
//! when the component is built, not in it.

use schemars::generate::{Contract, SchemaSettings};
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use crate::tool::{About, CONFIRMATION_TOKEN, DRY_RUN, Danger, Effect, METADATA, Tool};

/// What a client is told of a tool besides what it declares.
pub(crate) struct Definition {
    /// The doc comment of its parameters.
    pub(crate) description: String,
    pub(crate) input_schema: Value,
    pub(crate) output_schema: Value,
    /// As much of the output schema as a list of tools has room for.
    pub(crate) outline: Value,
    /// Which fields of the answers people outside have written.
    pub(crate) untrusted: String,
}

impl Definition {
    pub(crate) fn of<T: Tool>() -> Self {
        let (description, mut input_schema) = generate(Contract::Deserialize, T::json_schema);
        let (_, output_schema) = generate(Contract::Serialize, T::Output::json_schema);
        add_control(&mut input_schema, &T::ABOUT);
        let untrusted = untrusted(&output_schema);
        let outline = outline(&output_schema, T::ABOUT.effect);
        Self { description, input_schema, output_schema, outline, untrusted }
    }
}

/// The parameters of every tool that may write: they are not the tool's own.
fn add_control(schema: &mut Value, about: &About) {
    // Some clients miss it where there are none.
    if schema["properties"].is_null() {
        schema["properties"] = json!({});
    }
    if about.effect != Effect::Reads {
        schema["properties"][DRY_RUN] = json!({ "type": "boolean", "description": "Only preview what it would do." });
    }
    let sets_metadata = METADATA.iter().any(|name| !schema["properties"][*name].is_null());
    if about.danger >= Danger::Access
        || !about.access_parameters.is_empty()
        || (about.danger > Danger::Read && sets_metadata)
    {
        schema["properties"][CONFIRMATION_TOKEN] =
            json!({ "type": "string", "description": "From the preview that was agreed to." });
    }
}

/// Fields that people outside write, whatever they are part of.
const UNTRUSTED: [&str; 10] = [
    "name",
    "slug",
    "first_name",
    "last_name",
    "username",
    "identifier",
    "email_address",
    "public_metadata",
    "private_metadata",
    "unsafe_metadata",
];

fn untrusted(output: &Value) -> String {
    let mut names = Vec::new();
    collect_properties(output, &mut names);
    let found = UNTRUSTED.into_iter().filter(|name| names.iter().any(|other| other == name));
    found.collect::<Vec<_>>().join(", ")
}

fn collect_properties(schema: &Value, names: &mut Vec<String>) {
    for (name, part) in schema["properties"].as_object().into_iter().flatten() {
        names.push(name.clone());
        collect_properties(part, names);
    }
    if schema["items"].is_object() {
        collect_properties(&schema["items"], names);
    }
}

/// The outermost fields with their types. A write answers with its preview, a request for consent or its result, so
/// that its fields are told in the documentation only.
fn outline(output: &Value, effect: Effect) -> Value {
    if effect != Effect::Reads {
        return json!({ "type": "object" });
    }
    let fields = output["properties"].as_object().into_iter().flatten();
    let fields: Map<String, Value> =
        fields.map(|(name, schema)| (name.clone(), json!({ "type": schema["type"] }))).collect();
    let mut outline = json!({ "type": "object", "properties": fields });
    if output["required"].is_array() {
        outline["required"] = output["required"].clone();
    }
    outline
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
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            values.retain(|value| !value.is_null());
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
