//! A function for each tool, for hosts that make a tool of each function they are given.

#![cfg(target_family = "wasm")]

mod arguments;
#[path = "../../../src/runtime.rs"]
mod runtime;

use bindings::Guest;
use guarded_tools::mcp_tools::CallResult;
use guarded_tools::mcp_types::{ContentBlock, Error};
use guarded_tools::{Host, Tools, in_words};
use serde_json::{Value, json};

#[expect(unsafe_code, clippy::pedantic, clippy::too_many_arguments, reason = "generated from wit/")]
mod bindings {
    wit_bindgen::generate!({ world: "root", path: "wit" });

    export!(Wassette);
    use super::Wassette;
}

static HOST: Host = Host {
    grant_key: "Set CLERK_SECRET_KEY in wassette's environment, and grant it in the policy: permissions.environment.allow: \
                [{key: CLERK_SECRET_KEY}].",
    grant_network: "Grant it in wassette's policy: permissions.network.allow: [{host: https://api.clerk.com}], or the host \
                    of CLERK_API_URL. Nothing but that API can be reached.",
    set_variable: "Correct it in wassette's environment, and grant it in the policy (permissions.environment.allow).",
    remembers: false,
};

struct Wassette;

// A parameter for each of a tool's.
include!(concat!(env!("OUT_DIR"), "/functions.rs"));

/// The answer of a tool, or its failure. A result type would tell them apart for a program; a model is told by the
/// failure's `code`, `message` and `hint`, and a host that prints one as JSON would escape every quotation mark twice.
fn call(name: &str, arguments: Vec<(&str, Value)>) -> String {
    match arguments::object(name, arguments) {
        Ok(arguments) => text(Tools::new(&HOST).call(name, &Value::Object(arguments).to_string())),
        Err(message) => json!({ "code": "invalid_arguments", "message": message }).to_string(),
    }
}

fn text(result: Result<CallResult, Error>) -> String {
    let result = match result.map_err(in_words) {
        Ok(result) => result,
        Err(Ok(failure)) => return failure.to_string(),
        Err(Err(error)) => return json!({ "code": "failed", "message": format!("{error:?}") }).to_string(),
    };
    let texts = result.content.into_iter().filter_map(|block| match block {
        ContentBlock::Text(text) => Some(text),
        _ => None,
    });
    result.structured_content.unwrap_or_else(|| texts.collect())
}
