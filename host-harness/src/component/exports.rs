//! The interfaces that a component exports, found once. An instance is asked for the functions of the one that is called, and
//! each of them is held against its type there: one of another type is found out when its interface is used.

use wasmtime::component::InstancePre;

use super::contract::exports::clerk::mcp::{
    mcp_apps, mcp_completion, mcp_prompts, mcp_resources, mcp_server, mcp_skills, mcp_tools,
};

/// The places of the interfaces in the component.
#[derive(Clone)]
pub(super) struct Exports {
    pub(super) apps: mcp_apps::GuestIndices,
    pub(super) completion: mcp_completion::GuestIndices,
    pub(super) prompts: mcp_prompts::GuestIndices,
    pub(super) resources: mcp_resources::GuestIndices,
    pub(super) server: mcp_server::GuestIndices,
    pub(super) skills: mcp_skills::GuestIndices,
    pub(super) tools: mcp_tools::GuestIndices,
}

impl Exports {
    /// # Errors
    ///
    /// One of the interfaces or of their functions is missing.
    pub(super) fn of<T>(component: &InstancePre<T>) -> wasmtime::Result<Self> {
        Ok(Self {
            apps: mcp_apps::GuestIndices::new(component)?,
            completion: mcp_completion::GuestIndices::new(component)?,
            prompts: mcp_prompts::GuestIndices::new(component)?,
            resources: mcp_resources::GuestIndices::new(component)?,
            server: mcp_server::GuestIndices::new(component)?,
            skills: mcp_skills::GuestIndices::new(component)?,
            tools: mcp_tools::GuestIndices::new(component)?,
        })
    }
}
