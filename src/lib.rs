//! Clerk's Backend API as MCP tools: the component's exports. Start reading at `tools/mod.rs`.

// Outside WebAssembly there is nothing to run but the tests.
#![cfg(any(test, target_family = "wasm"))]

mod arguments;
#[cfg(test)]
mod catalogue;
mod clerk;
mod definitions;
mod error;
mod export;
mod parameter;
mod policy;
mod request;
#[cfg(target_family = "wasm")]
mod runtime;
#[cfg(not(target_family = "wasm"))]
mod schema;
mod tool;
mod tools;
mod view;

#[expect(unsafe_code, clippy::same_length_and_capacity, reason = "generated from wit/")]
mod bindings {
    wit_bindgen::generate!({ world: "clerk-tools", path: "wit" });

    export!(ClerkTools);
    use super::ClerkTools;
}

use bindings::exports::clerk::mcp::mcp_tools as wit;

struct ClerkTools;

impl wit::Guest for ClerkTools {
    fn list(policy: wit::Policy) -> Vec<wit::Tool> {
        let policy = policy::Policy::from(&policy);
        let allowed = tools::all().filter(|(toolset, tool)| policy.check(toolset, tool).is_ok());
        allowed.map(|(toolset, tool)| wit::Tool::new(toolset, tool)).collect()
    }

    fn describe(name: String) -> Result<wit::Tool, wit::Error> {
        let (toolset, tool) = tools::find(&name).map_err(wit::Error::UnknownTool)?;
        Ok(wit::Tool::new(toolset, tool))
    }

    fn call(name: String, arguments: String, context: wit::CallContext) -> Result<wit::CallResult, wit::Error> {
        let (toolset, tool) = tools::find(&name).map_err(wit::Error::UnknownTool)?;
        policy::Policy::from(&context.policy).check(toolset, tool).map_err(wit::Error::Denied)?;
        let arguments = arguments::parse(&arguments).map_err(|problem| wit::Error::from(vec![problem]))?;
        let call = tool.prepare(arguments)?;
        let body = clerk::fetch(&call.request, &context.api_url, context.timeout_ms);
        Ok(body.and_then(|body| call.read_answer(&body)).into())
    }
}
