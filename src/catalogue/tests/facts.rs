//! The facts of Clerk's OpenAPI document that the operations are made of: `src/operations/facts.json`.
//!
//! A shape is written as TypeScript writes a type: `string`, `integer 1..500`, `"active" | "revoked"`, `[@User] ..100`,
//! `@User | null`. `@` names one of `types`, `?` behind a name says that it may be absent, and `/…/` is a pattern.

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use serde::Serialize;
use serde_json::{Map, Value};

use super::openapi::{Document, document};

const FACTS: &str = "src/operations/facts.json";
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

#[derive(Default, Serialize)]
struct Facts {
    operations: BTreeMap<String, Operation>,
    types: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Serialize)]
struct Operation {
    call: String,
    tags: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<String>,
    /// A body of parts, a file among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    multipart: Option<String>,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    errors: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    deprecated: bool,
}

struct Writer<'a> {
    document: &'a Document,
    facts: Facts,
}

#[test]
fn the_facts_of_all_operations_are_those_of_the_document() {
    let Some(document) = document() else { return };
    let mut writer = Writer { document, facts: Facts::default() };
    for (path, method, operation) in operations(document) {
        writer.operation(path, method, operation);
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(FACTS);
    let facts = serde_json::to_string_pretty(&writer.facts).expect("facts are JSON") + "\n";
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&file, &facts).expect("it can be written");
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    let different = facts.lines().zip(written.lines()).find(|(fact, written)| fact != written);
    assert!(facts == written, "{FACTS} is not what the document says, from {different:?} on: `make docs` writes it");
}

fn operations(document: &Document) -> impl Iterator<Item = (&String, &'static str, &Value)> {
    let paths = document.root()["paths"].as_object().expect("paths").iter();
    paths.flat_map(|(path, item)| METHODS.iter().filter_map(move |method| Some((path, *method, item.get(*method)?))))
}

impl Writer<'_> {
    fn operation(&mut self, path: &str, method: &str, operation: &Value) {
        let name = text(&operation["operationId"]);
        let mut parameters = BTreeMap::new();
        for parameter in array(&operation["parameters"]) {
            let parameter = self.document.resolve(parameter);
            let optional = if parameter["required"] == true { "" } else { "?" };
            let name = text(&parameter["name"]);
            let mut shape = self.shape(&parameter["schema"], &name);
            if parameter["explode"] == false {
                shape += " joined";
            }
            parameters.insert(name + optional, shape);
        }
        let content = &operation["requestBody"]["content"];
        let mut body = |kind: &str| content.get(kind).map(|body| self.shape(&body["schema"], &format!("{name}.body")));
        let (json, multipart) = (body("application/json"), body("multipart/form-data"));
        let responses = operation["responses"].as_object().expect("responses");
        let is_success = |status: &str| status.starts_with('2');
        let (status, answer) = responses.iter().find(|(status, _)| is_success(status)).expect("it can succeed");
        let answer = self.document.resolve(answer)["content"]["application/json"].get("schema").cloned();
        let answer = answer.map(|schema| self.shape(&schema, &format!("{name}.answer")));
        let errors: Vec<&str> = responses.keys().map(String::as_str).filter(|status| !is_success(status)).collect();
        let tags: Vec<String> = array(&operation["tags"]).map(text).collect();
        let operation = Operation {
            call: format!("{} {path}", method.to_uppercase()),
            tags: tags.join(", "),
            parameters,
            body: json,
            multipart,
            status: status.parse().expect("a status"),
            answer,
            errors: errors.join(" "),
            deprecated: operation["deprecated"] == true,
        };
        assert!(self.facts.operations.insert(name.clone(), operation).is_none(), "{name} is there twice");
    }

    /// The shape of a schema. An object without a name gets one from where it stands.
    fn shape(&mut self, schema: &Value, place: &str) -> String {
        let mut shapes = self.shapes(schema, place);
        if schema["nullable"] == true && !shapes.contains(&"null".to_owned()) {
            shapes.push("null".into());
        }
        shapes.join(" | ")
    }

    fn shapes(&mut self, schema: &Value, place: &str) -> Vec<String> {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = reference.rsplit('/').next().unwrap_or_default().to_owned();
            let resolved = self.document.resolve(schema).clone();
            let is_object = resolved["type"] == "object" || resolved.get("allOf").is_some();
            if !is_object || fields(self.document, &resolved).is_empty() {
                return vec![self.shape(&resolved, &name)];
            }
            self.named(&resolved, &name);
            return vec![format!("@{name}")];
        }
        if schema.get("properties").is_none() {
            let parts = array(&schema["oneOf"]).chain(array(&schema["anyOf"])).enumerate();
            let shapes: Vec<String> =
                parts.map(|(index, part)| self.shape(part, &format!("{place}.{}", index + 1))).collect();
            if !shapes.is_empty() {
                return shapes;
            }
        }
        if let [one] = schema["allOf"].as_array().map(Vec::as_slice).unwrap_or_default() {
            return self.shapes(one, place);
        }
        if !fields(self.document, schema).is_empty() {
            self.named(schema, place);
            return vec![format!("@{place}")];
        }
        if let Some(values) = schema["enum"].as_array() {
            return values.iter().map(Value::to_string).collect();
        }
        vec![match schema["type"].as_str() {
            Some("array") => {
                let item = self.shape(&schema["items"], place);
                format!("[{item}]{}", bounds(&schema["minItems"], &schema["maxItems"]))
            }
            Some("integer") => format!("integer{}", bounds(&schema["minimum"], &schema["maximum"])),
            Some("number") => format!("number{}", bounds(&schema["minimum"], &schema["maximum"])),
            Some("string") => string(schema),
            Some(other) => other.into(),
            None => "any".into(),
        }]
    }

    fn named(&mut self, schema: &Value, name: &str) {
        if self.facts.types.contains_key(name) {
            return;
        }
        // Before its fields, which may lead back to it.
        self.facts.types.insert(name.into(), BTreeMap::new());
        let mut shapes = BTreeMap::new();
        for (field, (schema, is_required)) in fields(self.document, schema) {
            let shape = self.shape(&schema, &format!("{name}.{field}"));
            shapes.insert(field + if is_required { "" } else { "?" }, shape);
        }
        self.facts.types.insert(name.into(), shapes);
    }
}

/// The fields of an object with their schemas, and whether each is required.
fn fields(document: &Document, schema: &Value) -> BTreeMap<String, (Value, bool)> {
    let mut fields = BTreeMap::new();
    for part in array(&schema["allOf"]) {
        fields.append(&mut self::fields(document, document.resolve(part)));
    }
    for (name, field) in schema["properties"].as_object().into_iter().flat_map(Map::iter) {
        fields.insert(name.clone(), (field.clone(), false));
    }
    for name in array(&schema["required"]).map(text) {
        if let Some((_, is_required)) = fields.get_mut(&name) {
            *is_required = true;
        }
    }
    fields
}

fn string(schema: &Value) -> String {
    if let Some(pattern) = schema["pattern"].as_str() {
        return format!("/{pattern}/");
    }
    match schema["format"].as_str() {
        Some("binary") => "file".into(),
        Some(format) => format.into(),
        None => format!("string{}", bounds(&schema["minLength"], &schema["maxLength"])),
    }
}

fn bounds(least: &Value, most: &Value) -> String {
    let side = |bound: &Value| bound.as_number().map(ToString::to_string).unwrap_or_default();
    if least.is_null() && most.is_null() { String::new() } else { format!(" {}..{}", side(least), side(most)) }
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").into()
}
