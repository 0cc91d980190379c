//! Values that a kind of parameter takes, and values that it refuses.

use serde_json::{Map, Value, json};

use crate::kind::Kind;

/// One value of each type, and strings that must not pass as ids, slugs or sort keys.
const STRANGERS: &[&str] = &[
    "-1",
    "1.5",
    "true",
    "[]",
    "[7.5]",
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

/// A value of this kind.
pub(super) fn fitting(kind: &Kind) -> Value {
    match kind {
        Kind::Id(resource) | Kind::SignedId(resource) => json!(format!("{}_2abc", resource.prefix())),
        Kind::Slug | Kind::Key | Kind::Text | Kind::Contact | Kind::Word | Kind::Token => json!("some-text"),
        Kind::EmailAddress | Kind::Identifier => json!("ada@example.com"),
        Kind::PhoneNumber => json!("+15551234567"),
        Kind::Flag => json!(true),
        Kind::Integer { min, .. } => json!(min),
        Kind::OneOf(values) | Kind::SortKey(values) => json!(values[0]),
        Kind::Time(_) => json!("2026-01-31T12:00:00Z"),
        Kind::Metadata | Kind::PrivateMetadata => json!({ "plan": "pro" }),
        Kind::Open | Kind::Json => json!({ "a": [1, null] }),
        Kind::Number => json!(-1.5),
        Kind::Object(fields) => {
            let required = fields.iter().filter(|field| field.is_required);
            required.map(|field| (field.name.to_owned(), fitting(&field.kind))).collect::<Map<_, _>>().into()
        }
        Kind::List(each) => json!([fitting(each), fitting(each)]),
        Kind::Many(each, _) => json!([fitting(each)]),
    }
}

/// Values that the schema refuses, at least one for each of its keywords.
pub(super) fn unfitting(kind: &Kind, schema: &Value) -> Vec<Value> {
    let mut values: Vec<Value> =
        STRANGERS.iter().map(|text| serde_json::from_str(text).expect("each stranger is JSON")).collect();
    values.extend(schema["minimum"].as_u64().map(|minimum| json!(i128::from(minimum) - 1)));
    values.extend(schema["maximum"].as_u64().map(|maximum| json!(maximum + 1)));
    if let Kind::Many(each, most) = kind {
        values.push((0..=*most).map(|_| fitting(each)).collect());
        let with_one_bad_item = |bad| json!([fitting(each), bad]);
        values.extend(unfitting(each, &schema["items"]).into_iter().map(with_one_bad_item));
    }
    let validator = validator(schema);
    values.retain(|value| !validator.is_valid(value));
    values
}

/// A schema, compiled once for many values.
pub(super) fn validator(schema: &Value) -> jsonschema::Validator {
    jsonschema::validator_for(schema).expect("a schema is one of JSON Schema")
}
