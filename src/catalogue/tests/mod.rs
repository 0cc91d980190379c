//! Tests that walk every tool: what all of them promise, and what each one is and sends.

mod constraints;
mod documents;
mod endpoints;
mod facts;
mod invariants;
mod layers;
mod masked;
mod openapi;
mod operations;
mod planted;
mod policies;
mod samples;
mod secrets;
mod snapshots;
mod wassette;
mod wishes;

use pins::Pins;
use serde_json::{Map, Value, json};

use super::all;
use crate::call::Call;
use crate::problem::Problem;
use crate::request::Request;
use crate::tool::{Answer, CONFIRMATION_TOKEN, DRY_RUN, Tool};
use crate::view::schema;

/// A tool as a client gets to know it.
struct Listed {
    tool: &'static Tool,
    input_schema: Value,
    parameters: Map<String, Value>,
    /// The whole schema of its answers.
    answer_schema: Value,
}

fn catalogue() -> Vec<Listed> {
    let listed = |tool: &'static Tool| {
        let input_schema: Value = serde_json::from_str(&tool.input_schema()).expect("a schema is JSON");
        let mut parameters = input_schema["properties"].as_object().cloned().unwrap_or_default();
        parameters.retain(|name, _| ![DRY_RUN.name, CONFIRMATION_TOKEN.name].contains(&name.as_str()));
        Listed { tool, input_schema, parameters, answer_schema: schema::full(tool.view()) }
    };
    all().map(listed).collect()
}

impl Listed {
    fn name(&self) -> &'static str {
        self.tool.name
    }

    /// Tells whether it asks Clerk for several things, or answers with more than Clerk's answer to its request.
    fn is_composed(&self) -> bool {
        self.tool.run.is_some() || !self.tool.leads_to.is_empty()
    }

    fn is_list(&self) -> bool {
        matches!(self.tool.answer, Answer::Page(..))
    }

    /// The parameters and their schemas, less those that all writes have.
    fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    fn required(&self) -> Vec<&str> {
        self.input_schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn example(&self) -> Value {
        serde_json::from_str(self.tool.example).unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    /// The request of a call.
    fn request(&self, arguments: Value) -> Result<Request, Vec<Problem>> {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object: {arguments}") };
        Call::new(self.tool, arguments, Pins::default()).map(|call| call.request)
    }

    /// The message about one parameter when it has this value.
    fn complaint(&self, name: &str, value: &Value) -> Option<String> {
        let problems = self.request(json!({ name: value })).err().unwrap_or_default();
        problems.into_iter().find(|problem| problem.pointer == format!("/{name}")).map(|problem| problem.message)
    }
}
