//! Clerk's `OpenAPI` document, and the comparison of an answer with it.

use std::io::Write as _;
use std::path::Path;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

/// Where the document is, seen from this package.
const LOCATION: &str = "../../shared/clerk-openapi/bapi-2026-05-12.yml";

/// What Clerk answers wherever the document does not say.
const ERRORS: &str = "#/components/schemas/ClerkErrors";

pub(crate) struct Document {
    paths: Value,
    /// With schemas as JSON Schema writes them.
    components: Value,
}

impl Document {
    /// The document, or nothing and a line that says so.
    pub(crate) fn load() -> Option<&'static Self> {
        static DOCUMENT: OnceLock<Option<Document>> = OnceLock::new();
        DOCUMENT.get_or_init(Self::read).as_ref()
    }

    fn read() -> Option<Self> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(LOCATION);
        let Ok(text) = std::fs::read_to_string(&path) else {
            // Not `eprintln`, which shows only for tests that fail.
            let _ = writeln!(std::io::stderr(), "skipped: Clerk's OpenAPI document is not at {LOCATION}");
            return None;
        };
        let mut document: Value = yaml_serde::from_str(&text).expect("the document is YAML");
        Some(Self { paths: document["paths"].take(), components: as_json_schema(document["components"].take()) })
    }

    pub(crate) fn operation(&self, method: &str, path: &str) -> Option<&Value> {
        self.paths.get(path)?.get(method.to_lowercase())
    }

    /// The names and types of an operation's query parameters.
    pub(crate) fn query_parameters(&self, method: &str, path: &str) -> Vec<(&str, &str)> {
        let operation = self.operation(method, path).expect("the operation is in the document");
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let resolved = parameters.map(|parameter| self.resolved(parameter)).filter(|found| found["in"] == "query");
        resolved.filter_map(|found| Some((found["name"].as_str()?, found["schema"]["type"].as_str()?))).collect()
    }

    /// The names and types of the fields of an operation's JSON body.
    pub(crate) fn body_fields(&self, method: &str, path: &str) -> Vec<(&str, &str)> {
        let operation = self.operation(method, path).expect("the operation is in the document");
        let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
        let fields = schema["properties"].as_object().into_iter().flatten();
        fields.filter_map(|(name, field)| Some((name.as_str(), field["type"].as_str()?))).collect()
    }

    /// The status of an operation's success.
    pub(crate) fn success(&self, method: &str, path: &str) -> Option<u16> {
        let statuses = self.operation(method, path)?["responses"].as_object()?.keys();
        statuses.filter_map(|status| status.parse().ok()).find(|status| (200..300).contains(status))
    }

    /// Every difference between a request's JSON body and the document.
    pub(crate) fn request_errors(&self, method: &str, path: &str, body: Option<&Value>) -> Vec<String> {
        let request = &self.operation(method, path).expect("the operation is in the document")["requestBody"];
        match (request["content"]["application/json"].get("schema"), body) {
            (Some(schema), Some(body)) => self.differences(&as_json_schema(schema.clone()), body),
            (Some(_), None) if request["required"] == true => vec!["the body is missing".to_owned()],
            _ => Vec::new(),
        }
    }

    /// What stands there, or what a reference there leads to.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let Some(reference) = value["$ref"].as_str() else { return value };
        let pointer = reference.strip_prefix("#/components").expect("references stay within the components");
        self.components.pointer(pointer).expect("references lead somewhere")
    }

    /// Panics with every difference if the body has another shape than the document gives it.
    pub(crate) fn check(&self, method: &str, path: &str, status: u16, body: &Value) {
        let errors = self.errors(method, path, status, body);
        assert!(errors.is_empty(), "{method} {path} {status}:\n{}", errors.join("\n"));
    }

    /// Every difference between a body and the document.
    pub(crate) fn errors(&self, method: &str, path: &str, status: u16, body: &Value) -> Vec<String> {
        self.differences(&self.schema(method, path, status), body)
    }

    fn differences(&self, schema: &Value, body: &Value) -> Vec<String> {
        let schema = json!({ "allOf": [schema], "components": self.components });
        // Draft 7 is the nearest to OpenAPI 3.0: what stands beside a reference does not count.
        let validator = jsonschema::draft7::new(&schema).expect("the document holds schemas");
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
    }

    fn schema(&self, method: &str, path: &str, status: u16) -> Value {
        let operation = self.operation(method, path).expect("the operation is in the document");
        let response = self.resolved(&operation["responses"][status.to_string()]);
        match &response["content"]["application/json"]["schema"] {
            // No JSON.
            Value::Null if status < 300 => json!({ "type": "null" }),
            Value::Null => json!({ "$ref": ERRORS }),
            schema => as_json_schema(schema.clone()),
        }
    }
}

/// `OpenAPI` 3.0 says `nullable: true` where JSON Schema says "or null", and marks a bound that is itself excluded.
fn as_json_schema(value: Value) -> Value {
    match value {
        Value::Array(list) => list.into_iter().map(as_json_schema).collect(),
        Value::Object(fields) => {
            let mut fields: Map<String, Value> =
                fields.into_iter().map(|(name, value)| (name, as_json_schema(value))).collect();
            for (flag, bound) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
                if fields.get(flag) == Some(&Value::Bool(true))
                    && let Some(bound) = fields.remove(bound)
                {
                    fields.insert(flag.to_owned(), bound);
                }
            }
            match fields.remove("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [fields, { "type": "null" }] }),
                _ => Value::Object(fields),
            }
        }
        other => other,
    }
}
