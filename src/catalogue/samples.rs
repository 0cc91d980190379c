//! Values that a parameter's schema accepts, and values that it refuses.

use serde_json::{Value, json};

/// Strings for the patterns that tools use, one for each.
const STRINGS: &[&str] = &["org_2abc", "user_2abc", "orginv_2abc", "sess_2abc", "created_at", "some-text"];
/// One value of each type, and strings that must not pass as ids, slugs or sort keys.
const STRANGERS: &[&str] = &[
    "7",
    "-1",
    "1.5",
    "true",
    "[]",
    "[7]",
    "{}",
    r#""""#,
    r#"" ""#,
    r#""..""#,
    r#""org_""#,
    r#""org_a/b""#,
    r#""user_a?b""#,
    r#""user_2abc#""#,
    r#""Upper Case""#,
    r#""no_such_key""#,
];

/// A value that fits the schema.
pub(super) fn fitting(schema: &Value) -> Value {
    if let Some(first) = schema.pointer("/enum/0") {
        return first.clone();
    }
    match first_type(schema) {
        "array" => json!([fitting(&schema["items"])]),
        "boolean" => json!(true),
        "integer" => schema["minimum"].clone(),
        "object" => json!({"plan": "pro"}),
        "string" if schema["format"] == "date-time" => json!("2026-01-31T12:00:00Z"),
        "string" => fitting_string(schema),
        other => panic!("no sample for the type `{other}`"),
    }
}

fn fitting_string(schema: &Value) -> Value {
    let fits = |text: &&&str| jsonschema::is_valid(schema, &json!(text));
    json!(STRINGS.iter().find(fits).unwrap_or_else(|| panic!("no sample for {schema}")))
}

/// Values that the schema refuses, at least one for each of its keywords.
pub(super) fn unfitting(schema: &Value) -> Vec<Value> {
    let mut values: Vec<Value> =
        STRANGERS.iter().map(|text| serde_json::from_str(text).expect("each stranger is JSON")).collect();
    values.extend(schema["minimum"].as_u64().map(|minimum| json!(i128::from(minimum) - 1)));
    values.extend(schema["maximum"].as_u64().map(|maximum| json!(maximum + 1)));
    if let Some(most) = schema["maxItems"].as_u64() {
        values.push((0..=most).map(|_| fitting(&schema["items"])).collect());
    }
    if schema["type"] == "array" {
        let with_one_bad_item = |bad| json!([fitting(&schema["items"]), bad]);
        values.extend(unfitting(&schema["items"]).into_iter().map(with_one_bad_item));
    }
    values.retain(|value| !jsonschema::is_valid(schema, value));
    values
}

fn first_type(schema: &Value) -> &str {
    schema["type"].as_str().or_else(|| schema["type"][0].as_str()).expect("every parameter has a type")
}
