//! Arguments for any tool, made from what it says that it takes.

use serde_json::{Map, Value, json};

/// Values for all of a tool's parameters, but for those of every write and those that exclude others.
pub(crate) fn arguments(tool: &Value) -> Value {
    let schema = &tool["inputSchema"];
    let properties = schema["properties"].as_object().expect("a tool has parameters");
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let is_write = tool["annotations"]["readOnlyHint"] == false;
    let mut arguments: Map<String, Value> = properties
        .iter()
        .filter(|(name, _)| required.contains(&name.as_str()) || (is_write && !CONTROL.contains(&name.as_str())))
        .map(|(name, schema)| (name.clone(), value(name, schema)))
        .collect();
    // These want one of several.
    match tool["name"].as_str() {
        Some("clerk_get_user") => drop(arguments.insert("user_id".into(), json!("user_1"))),
        Some("clerk_get_organization") => drop(arguments.insert("organization_id".into(), json!("org_1"))),
        _ => {}
    }
    arguments.into()
}

/// Parameters of every write, and one that excludes the fields that it names.
const CONTROL: [&str; 3] = ["dry_run", "confirmation_token", "clear"];

fn value(name: &str, schema: &Value) -> Value {
    let prefix =
        schema["pattern"].as_str().and_then(|pattern| pattern.strip_prefix('^')?.strip_suffix("_[A-Za-z0-9]+$"));
    match (schema["type"].as_str(), prefix) {
        (_, Some(prefix)) => json!(format!("{prefix}_1")),
        (Some("boolean"), _) => json!(true),
        (Some("integer"), _) => schema["minimum"].clone(),
        (Some("object"), _) => json!({ "a": 1 }),
        (Some("array"), _) => json!([value(name, &schema["items"])]),
        _ if name.ends_with("_at") => json!("2026-01-31"),
        _ if name == "phone_number" => json!("+15551234567"),
        _ if name == "email_address" => json!("new@acme.example"),
        _ => json!("some-text"),
    }
}
