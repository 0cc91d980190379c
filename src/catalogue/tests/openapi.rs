//! Clerk's OpenAPI document, where a checkout has it beside the workspace.

use std::io::Write as _;
use std::path::Path;
use std::sync::LazyLock;
use std::{fs, iter};

use serde_json::Value;

use crate::request::{Method, Request};
use crate::transport::API_VERSION;

/// The document of the version that requests ask for.
pub(super) struct Document(Value);

/// One operation of the document.
pub(super) struct Operation<'a> {
    document: &'a Document,
    operation: &'a Value,
}

/// The document, or nothing and a line that says so.
pub(super) fn document() -> Option<&'static Document> {
    static DOCUMENT: LazyLock<Option<Document>> = LazyLock::new(|| {
        let name = format!("../shared/clerk-openapi/bapi-{API_VERSION}.yml");
        let Ok(text) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&name)) else {
            // Not `eprintln`, which shows only for tests that fail.
            let _ = writeln!(std::io::stderr(), "skipped: what Clerk's OpenAPI document says; it is not at {name}");
            return None;
        };
        Some(Document(yaml_serde::from_str(&text).expect("the document is YAML")))
    });
    DOCUMENT.as_ref()
}

impl Document {
    pub(super) fn root(&self) -> &Value {
        &self.0
    }

    /// The operation of an endpoint, its path written as the document writes it.
    pub(super) fn operation(&self, method: Method, path: &str) -> Option<Operation<'_>> {
        let method = format!("{method:?}").to_lowercase();
        let operation = self.0["paths"].get(path)?.get(method)?;
        Some(Operation { document: self, operation })
    }

    /// The operation that a request calls, and its path as the document writes it.
    pub(super) fn called_by(&self, request: &Request) -> Option<(&str, Operation<'_>)> {
        let path = request.path_and_query.split('?').next()?;
        let is_template = |template: &&String| {
            let fits = |(pattern, segment): (&str, &str)| pattern == segment || pattern.starts_with('{');
            template.split('/').count() == path.split('/').count() && template.split('/').zip(path.split('/')).all(fits)
        };
        let template = self.0["paths"].as_object()?.keys().find(is_template)?;
        Some((template, self.operation(request.endpoint.method, template)?))
    }

    pub(super) fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str().and_then(|reference| self.0.pointer(reference.trim_start_matches('#'))) {
            Some(target) => self.resolve(target),
            None => schema,
        }
    }

    /// The schema itself and all that it is combined of.
    fn parts<'a>(&'a self, schema: &'a Value) -> Vec<&'a Value> {
        let schema = self.resolve(schema);
        let combined =
            ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|keyword| schema[keyword].as_array()).flatten();
        iter::once(schema).chain(combined.flat_map(|part| self.parts(part))).collect()
    }

    /// The schema of a property, or of an array's items for `[]`.
    pub(super) fn within<'a>(&'a self, schema: &'a Value, name: &str) -> Option<&'a Value> {
        let find = |part: &'a Value| if name == "[]" { part.get("items") } else { part["properties"].get(name) };
        self.parts(schema).into_iter().find_map(find).map(|found| self.resolve(found))
    }

    /// Tells whether a value of the schema may have this type.
    pub(super) fn has_type(&self, schema: &Value, name: &str) -> bool {
        self.parts(schema).iter().any(|part| part["type"] == name)
    }
}

impl<'a> Operation<'a> {
    /// Parameters of the path or the query that are not deprecated, and their schemas.
    pub(super) fn parameters(&self, place: &str) -> Vec<(&'a str, &'a Value)> {
        let parameters = self.operation["parameters"].as_array().into_iter().flatten();
        parameters
            .map(|parameter| self.document.resolve(parameter))
            .filter(|parameter| parameter["in"] == place && parameter["deprecated"] != true)
            .map(|parameter| (parameter["name"].as_str().expect("a parameter has a name"), &parameter["schema"]))
            .collect()
    }

    /// What the document says about a parameter of the query.
    pub(super) fn description(&self, name: &str) -> &'a str {
        let mut parameters = self.operation["parameters"].as_array().into_iter().flatten();
        let parameter = parameters.find(|parameter| parameter["name"] == name);
        parameter.and_then(|parameter| parameter["description"].as_str()).unwrap_or_default()
    }

    fn body(&self) -> &'a Value {
        self.document.resolve(&self.operation["requestBody"]["content"]["application/json"]["schema"])
    }

    /// Properties of the body and their schemas.
    pub(super) fn body_properties(&self) -> Vec<(&'a str, &'a Value)> {
        let properties = self.body()["properties"].as_object().into_iter().flatten();
        properties.map(|(name, schema)| (name.as_str(), self.document.resolve(schema))).collect()
    }

    /// Properties that the body has to have.
    pub(super) fn required(&self) -> Vec<&'a str> {
        self.body()["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The body of a successful answer.
    pub(super) fn answer(&self) -> &'a Value {
        let answer = self.document.resolve(&self.operation["responses"]["200"]);
        &answer["content"]["application/json"]["schema"]
    }
}
