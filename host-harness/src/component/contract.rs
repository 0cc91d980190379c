//! The contract's types, generated from wit/.
#![allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "generated from wit/")]

wasmtime::component::bindgen!({
    world: "clerk-tools",
    path: "../wit",
    exports: { default: async },
});

pub(crate) use exports::clerk::mcp::mcp_apps::App;
pub(crate) use exports::clerk::mcp::mcp_completion::{Completion, Reference};
pub(crate) use exports::clerk::mcp::mcp_prompts::{Prompt, PromptOutcome, PromptResult, Role};
pub(crate) use exports::clerk::mcp::mcp_resources::ResourceTemplate;
pub(crate) use exports::clerk::mcp::mcp_server::Server as ServerInfo;
pub(crate) use exports::clerk::mcp::mcp_skills::{Skill, SkillFile};
pub(crate) use exports::clerk::mcp::mcp_tools::{
    Account, CallResult, ConsentRequired, Danger, Decision, Outcome, Progress, Secret, Tool,
};
pub(crate) use exports::clerk::mcp::mcp_types::{
    Allowance, Budget, CallContext, Confirm, ContentBlock, Error, Icon, InputRequest, InputRequired, InputResponse,
    Masks, Media, Mode, Policy, PrivateMetadata, Problem, Resource, ResourceBody, ResourceContents, TraceContext,
};
