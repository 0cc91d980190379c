//! Tests that walk every tool: what all of them promise, and what each one is and sends.

mod constraints;
mod documents;
mod endpoints;
mod invariants;
mod openapi;
mod samples;
mod snapshots;
mod wassette;

use serde_json::{Map, Value, json};

use crate::arguments::Problem;
use crate::definitions;
use crate::request::Request;
use crate::tool::{About, CONFIRMATION_TOKEN, DRY_RUN, Effect, Entry};
use crate::tools;

/// A tool as a client gets to know it.
struct Listed {
    toolset: &'static str,
    tool: &'static Entry,
    description: &'static str,
    input_schema: Value,
    parameters: Map<String, Value>,
    /// What clients are told of the output.
    outline: Value,
    output_schema: Value,
}

/// Tools that ask Clerk for several things, or answer with more than Clerk's answer to their first request.
const COMPOSED: [&str; 6] = [
    "clerk_create_invitations_bulk",
    "clerk_find_user",
    "clerk_get_user_access_report",
    "clerk_offboard_user",
    "clerk_revoke_all_user_sessions",
    "clerk_whoami",
];

fn catalogue() -> Vec<Listed> {
    let listed = |(toolset, tool): (&'static str, &'static Entry)| {
        let definition = definitions::of(tool.about.name).expect("the build script writes one for each tool");
        let parse = |schema| -> Value { serde_json::from_str(schema).expect("the build script writes JSON") };
        let input_schema: Value = parse(definition.input_schema);
        let mut parameters = input_schema["properties"].as_object().cloned().unwrap_or_default();
        parameters.retain(|name, _| ![DRY_RUN, CONFIRMATION_TOKEN].contains(&name.as_str()));
        Listed {
            toolset,
            tool,
            description: definition.description,
            input_schema,
            parameters,
            outline: parse(definition.output_schema),
            output_schema: (tool.definition)().output_schema,
        }
    };
    tools::all().map(listed).collect()
}

impl Listed {
    fn about(&self) -> &About {
        &self.tool.about
    }

    fn name(&self) -> &'static str {
        self.about().name
    }

    fn is_composed(&self) -> bool {
        COMPOSED.contains(&self.name())
    }

    fn writes(&self) -> bool {
        self.about().effect != Effect::Reads
    }

    fn is_list(&self) -> bool {
        self.name().starts_with("clerk_list_")
    }

    /// The parameters and their schemas, less those that all writes have.
    fn parameters(&self) -> &Map<String, Value> {
        &self.parameters
    }

    fn required(&self) -> Vec<&str> {
        self.input_schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn example(&self) -> Value {
        serde_json::from_str(self.about().example).unwrap_or_else(|error| panic!("{}: {error}", self.name()))
    }

    /// The request of a call.
    fn request(&self, arguments: Value) -> Result<Request, Vec<Problem>> {
        let Value::Object(arguments) = arguments else { panic!("arguments are an object: {arguments}") };
        self.tool.prepare(arguments).map(|call| call.request)
    }

    /// What is said about one parameter when it has this value.
    fn complaint(&self, name: &str, value: &Value) -> Option<String> {
        let problems = self.request(json!({ name: value })).err().unwrap_or_default();
        problems.into_iter().find(|problem| problem.pointer == format!("/{name}")).map(|problem| problem.message)
    }
}
