//! The operations of Clerk's `OpenAPI` document, with what is valid and what is answered, as the table of facts has them.

pub(crate) mod check;
pub(crate) mod collections;
pub(crate) mod effects;
pub(crate) mod engine;
pub(crate) mod examples;
pub(crate) mod given;
pub(crate) mod listing;
mod pattern;
mod shape;
pub(crate) mod single;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::http::{Method, StatusCode};
use serde::Deserialize;

pub(crate) use shape::{Bounds, Shape};

const TEXT: &str = include_str!("../../src/operations/facts.json");

/// All operations, and the types that their shapes name. They are read at the first use.
pub(crate) static FACTS: LazyLock<Facts> = LazyLock::new(Facts::read);

pub(crate) struct Facts {
    pub(crate) operations: Vec<Operation>,
    types: BTreeMap<String, Vec<Field>>,
}

/// A field of a body or an answer, or a parameter.
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) is_required: bool,
    pub(crate) shape: Shape,
}

pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// The names between the path's braces, in order.
    pub(crate) path_parameters: Vec<String>,
    /// Of the path and the query.
    pub(crate) parameters: Vec<Field>,
    pub(crate) body: Option<Shape>,
    /// A body of parts, a file among them.
    pub(crate) is_multipart: bool,
    pub(crate) status: StatusCode,
    pub(crate) answer: Option<Shape>,
    errors: Vec<u16>,
}

#[derive(Deserialize)]
struct RawFacts {
    operations: BTreeMap<String, RawOperation>,
    types: BTreeMap<String, BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct RawOperation {
    call: String,
    #[serde(default)]
    parameters: BTreeMap<String, String>,
    body: Option<String>,
    multipart: Option<String>,
    status: u16,
    answer: Option<String>,
    #[serde(default)]
    errors: String,
}

impl Facts {
    fn read() -> Self {
        let raw: RawFacts = serde_json::from_str(TEXT).expect("the table of facts is JSON of this form");
        let types = raw.types.into_iter().map(|(name, type_fields)| (name, fields(type_fields))).collect();
        Self { operations: raw.operations.into_values().map(Operation::read).collect(), types }
    }

    /// The fields of a type.
    pub(crate) fn fields(&self, type_name: &str) -> &[Field] {
        self.types.get(type_name).expect("the table of facts has the types that it names")
    }
}

fn fields(shapes: BTreeMap<String, String>) -> Vec<Field> {
    let field = |(name, shape): (String, String)| {
        let (name, is_required) = match name.strip_suffix('?') {
            Some(name) => (name.to_owned(), false),
            None => (name, true),
        };
        Field { name, is_required, shape: Shape::parse(&shape) }
    };
    shapes.into_iter().map(field).collect()
}

impl Operation {
    fn read(raw: RawOperation) -> Self {
        let (method, path) = raw.call.split_once(' ').expect("a call is a method and a path");
        let is_parameter = |segment: &&str| segment.starts_with('{');
        let path_parameters = path.split('/').filter(is_parameter).map(|name| name[1..name.len() - 1].to_owned());
        Self {
            method: method.parse().expect("a call begins with a method"),
            path: path.to_owned(),
            path_parameters: path_parameters.collect(),
            parameters: fields(raw.parameters),
            body: raw.body.as_deref().map(Shape::parse),
            is_multipart: raw.multipart.is_some(),
            status: StatusCode::from_u16(raw.status).expect("the table of facts holds statuses of HTTP"),
            answer: raw.answer.as_deref().map(Shape::parse),
            errors: raw.errors.split_whitespace().filter_map(|status| status.parse().ok()).collect(),
        }
    }

    /// The operation's method and path, as the tables name it.
    pub(crate) fn is(&self, call: &str) -> bool {
        call.split_once(' ').is_some_and(|(method, path)| self.method == *method && self.path == path)
    }

    /// The first of the statuses that the document has for this operation, or else simply the first.
    pub(crate) fn documented(&self, statuses: &[u16]) -> StatusCode {
        let documented = statuses.iter().find(|status| self.errors.contains(status)).unwrap_or(&statuses[0]);
        StatusCode::from_u16(*documented).expect("the callers name statuses of HTTP")
    }

    /// The path's segments that are no parameters.
    pub(crate) fn literals(&self) -> Vec<&str> {
        self.path.split('/').filter(|segment| !segment.is_empty() && !segment.starts_with('{')).collect()
    }

    /// Tells whether the path names one thing, and not a list or something to do.
    pub(crate) fn is_about_one(&self) -> bool {
        self.path.ends_with('}') && !matches!(self.answer, Some(Shape::List(..)))
    }
}
