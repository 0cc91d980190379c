//! An endpoint: a plain function from a call to an answer.

use axum::body::Bytes;
use axum::http::StatusCode;
use serde::Serialize;

use crate::body::Fields;
use crate::errors::Refusal;
use crate::operations::{Operation, engine};
use crate::query::Query;
use crate::state::World;

/// The way in which an endpoint is answered.
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    Handler(Handler),
    /// By this JSON.
    Fixed(&'static str),
    /// By the facts of an operation.
    Operation(&'static Operation),
}

pub(crate) type Handler = fn(&mut World, &mut Call) -> Answer;

impl Endpoint {
    pub(crate) fn answer(self, world: &mut World, call: &mut Call) -> Answer {
        match self {
            Self::Handler(handler) => handler(world, call),
            Self::Fixed(json) => Ok(json.as_bytes().to_vec()),
            Self::Operation(operation) => engine::answer(operation, world, call),
        }
    }

    /// The status of an answer that is no refusal.
    pub(crate) fn status(self) -> StatusCode {
        if let Self::Operation(operation) = self { operation.status } else { StatusCode::OK }
    }
}

/// The JSON of a success, or why there is none.
pub(crate) type Answer = Result<Vec<u8>, Refusal>;

/// A request that passed the gate.
pub(crate) struct Call {
    pub(crate) parameters: Vec<(String, String)>,
    pub(crate) query: Query,
    pub(crate) content_type: String,
    pub(crate) body: Bytes,
}

impl Call {
    /// What the path has at `{name}`, decoded.
    pub(crate) fn parameter(&self, name: &str) -> String {
        self.parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Tells whether the body is a form that has a part with a file.
    pub(crate) fn has_file(&self) -> bool {
        let part = br#"name="file""#;
        self.content_type.starts_with("multipart/form-data") && self.body.windows(part.len()).any(|bytes| bytes == part)
    }

    pub(crate) fn fields(&self) -> Result<Fields, Refusal> {
        Fields::parse(&self.body)
    }

    /// The objects of a body that is an array of at most `limit` of them.
    pub(crate) fn list_of_fields(&self, limit: usize) -> Result<Vec<Fields>, Refusal> {
        Fields::parse_all(&self.body, limit)
    }
}

/// Clerk's envelope around most lists.
#[derive(Serialize)]
pub(crate) struct Envelope<T> {
    pub(crate) data: Vec<T>,
    pub(crate) total_count: usize,
}

pub(crate) fn answer(value: &impl Serialize) -> Answer {
    serde_json::to_vec(value).map_err(|_| Refusal::unexpected())
}

/// For paths that no route has.
pub(crate) fn unknown_path(_: &mut World, _: &mut Call) -> Answer {
    Err(Refusal::not_found("There is no endpoint at this path."))
}

/// For paths that a route has, with another method.
pub(crate) fn wrong_method(_: &mut World, _: &mut Call) -> Answer {
    Err(Refusal::wrong_method())
}
