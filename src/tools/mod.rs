//! Every tool there is: start reading here. Each file is one Clerk resource.

mod instance;
mod invitations;
mod members;
mod organizations;
mod sessions;
mod steps;
mod users;

pub(crate) use steps::FailedStep;

use crate::arguments::{closest, excerpt};
use crate::tool::{Entry, Toolset};

/// The toolsets, in the order in which their tools are listed.
pub(crate) const TOOLSETS: &[Toolset] = &[
    organizations::TOOLSET,
    members::TOOLSET,
    invitations::TOOLSET,
    users::TOOLSET,
    sessions::TOOLSET,
    instance::TOOLSET,
];

/// Each tool with the name of its toolset.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static Entry)> {
    TOOLSETS.iter().flat_map(|toolset| toolset.tools.iter().map(|tool| (toolset.name, tool)))
}

/// Finds a tool by its exact name.
///
/// # Errors
///
/// A message for the caller, with the closest name if one is close.
pub(crate) fn find(name: &str) -> Result<(&'static str, &'static Entry), String> {
    all().find(|(_, tool)| tool.about.name == name).ok_or_else(|| {
        match closest(name, all().map(|(_, tool)| tool.about.name)) {
            Some(suggestion) => format!("unknown tool `{name}`; did you mean `{suggestion}`?"),
            None => format!("unknown tool `{}`", excerpt(name)),
        }
    })
}
