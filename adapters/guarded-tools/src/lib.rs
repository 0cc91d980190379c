//! The tools behind the guard, as the adapters see them: what the operator has set, and calls that say in the host's own
//! words what it has to grant.
//!
//! 1. `settings.rs` reads what the operator allows.
//! 2. `call.rs` runs a call, round by round.
//! 3. `confirmation.rs` gives the client the preview of a call that asks first, with a token, and takes the token back.
//! 4. `memory.rs` makes one yes good for one write.
//! 5. `seal.rs` has the guard protect what the client carries between the rounds.

mod call;
mod confirmation;
mod failure;
mod memory;
mod seal;
mod settings;
mod token_words;

pub use bindings::clerk::mcp::{
    mcp_completion, mcp_prompts, mcp_resources, mcp_server, mcp_skills, mcp_tools, mcp_types,
};
pub use bindings::egress::guard::access;
pub use call::{Answer, Refused, Round, Tools};
pub use failure::{Failure, in_words, invalid_arguments};
pub use settings::variable;

#[expect(missing_docs, clippy::pedantic, reason = "generated from wit/")]
mod bindings {
    wit_bindgen::generate!({
        inline: "
            package clerk:adapters;

            world adapter {
                import clerk:mcp/mcp-server@0.1.0;
                import clerk:mcp/mcp-tools@0.1.0;
                import clerk:mcp/mcp-prompts@0.1.0;
                import clerk:mcp/mcp-resources@0.1.0;
                import clerk:mcp/mcp-completion@0.1.0;
                import clerk:mcp/mcp-skills@0.1.0;
                import egress:guard/access@0.1.0;
            }
        ",
        path: ["../../wit", "../guard/wit"],
        generate_all,
    });
}

/// What the server calls itself to programs.
pub const SERVER_NAME: &str = "clerk-mcp";

/// What somebody has to do in the host, in its own words. Each is a sentence.
pub struct Host {
    /// How to give the component the secret key.
    pub grant_key: &'static str,
    /// How to let the component reach the API.
    pub grant_network: &'static str,
    /// How to set an environment variable of the component.
    pub set_variable: &'static str,
    /// Whether the instance lasts from one call to the next, so that it remembers what was used.
    pub remembers: bool,
}
