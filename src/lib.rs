//! Clerk's Backend API as MCP tools: the component's exports. Start reading at `tools/mod.rs`.

// Outside WebAssembly there is nothing to run but the tests.
#![cfg(any(test, target_family = "wasm"))]

mod api;
mod apps;
mod arguments;
mod call;
mod catalogue;
mod changes;
mod clerk;
mod completion;
mod consent;
mod danger;
mod decision;
mod duplicates;
mod error;
mod exit;
mod export;
mod filling;
mod identity;
mod ids;
mod json_text;
mod kept;
mod kind;
mod masks;
mod membership;
mod memory;
mod object;
mod operations;
mod packed;
mod paging;
mod phone_number;
mod pinned;
mod policy;
mod preview;
mod problem;
mod prompts;
mod question;
mod request;
mod resources;
mod retry_after;
mod rule;
#[cfg(target_family = "wasm")]
mod runtime;
mod secret;
mod server;
mod skills;
mod standing;
mod steps;
mod target;
mod tool;
mod tools;
mod transport;
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
