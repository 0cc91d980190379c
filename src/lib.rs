//! Clerk's Backend API as MCP tools: the component's exports. Start reading at `tools/mod.rs`.

// Outside WebAssembly there is nothing to run but the tests.
#![cfg(any(test, target_family = "wasm"))]

mod api;
mod arguments;
#[cfg(test)]
mod catalogue;
mod changes;
mod clerk;
mod completion;
mod consent;
mod definitions;
mod error;
mod export;
mod identity;
mod parameter;
mod policy;
mod preview;
mod prompts;
mod question;
mod request;
mod resources;
mod retry_after;
#[cfg(target_family = "wasm")]
mod runtime;
#[cfg(not(target_family = "wasm"))]
mod schema;
mod server;
mod target;
mod tool;
mod tools;
mod view;
mod wording;
mod write;

#[expect(unsafe_code, clippy::same_length_and_capacity, reason = "generated from wit/")]
mod bindings {
    wit_bindgen::generate!({ world: "clerk-tools", path: "wit" });

    export!(ClerkTools);
    use super::ClerkTools;
}

/// Its exports are in `export/`, one file for each interface.
struct ClerkTools;
