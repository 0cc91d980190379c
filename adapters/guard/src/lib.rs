//! A component between another one and the host's wasi:http: it holds the API's key, and is the only one that reaches the
//! network. It lets one API through, as `configuration.rs` names it, and guards any component.
//!
//! 1. The guarded component makes requests with the `fields` and `outgoing-request` that are exported here.
//! 2. `outgoing.rs` makes the host's request of them, with the key, which the guarded component never gets to see.
//! 3. Before it is sent, `origin.rs` decides whether it stays within the API; otherwise it ends with
//!    `HTTP-request-denied`, or with `configuration-error` where there is no usable key or URL.
//!
//! For the component in front, `seal.rs` protects what it hands out and gets back, with a secret that comes of the key.

// Outside WebAssembly there is nothing to run but the tests.
#![cfg(any(test, target_family = "wasm"))]

mod access;
mod configuration;
mod environment;
mod fields;
mod incoming;
mod key;
mod origin;
mod outgoing;
mod reach;
#[cfg(target_family = "wasm")]
#[path = "../../../src/runtime.rs"]
mod runtime;
mod seal;

#[expect(unsafe_code, clippy::pedantic, reason = "generated from wit/")]
mod bindings {
    wit_bindgen::generate!({ world: "guard", path: "wit", generate_all, merge_structurally_equal_types: true });

    export!(Guard);
    use super::Guard;
}

/// Each of its files implements one part of what the guard exports.
struct Guard;
