//! `wasi:http/incoming-handler`: the tools as an MCP server at `/mcp`, and health at `/health`.
//!
//! 1. `request.rs` reads a request: its headers, which may bring a key, and its body.
//! 2. `address.rs` reads whom it is addressed to, `access.rs` decides who may call with which key, and lends the guard the one
//!    of the request.
//! 3. `accept.rs` reads what the client accepts, `endpoint.rs` holds the headers against the message, and has `stateless-mcp`
//!    answer it.
//! 4. `reply.rs` sends what came of it.

// Outside WebAssembly there is nothing to run but the tests.
#![cfg(any(test, target_family = "wasm"))]

mod accept;
#[cfg(target_family = "wasm")]
mod access;
mod address;
#[cfg(target_family = "wasm")]
mod endpoint;
#[cfg(target_family = "wasm")]
mod reply;
#[cfg(target_family = "wasm")]
mod request;
#[cfg(target_family = "wasm")]
#[path = "../../../src/runtime.rs"]
mod runtime;
#[cfg(target_family = "wasm")]
mod server;
