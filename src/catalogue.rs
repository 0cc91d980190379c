//! Every tool there is, and what a policy means for them.

use crate::ids::Resource;
use crate::kind::Kind;
use crate::policy::{ALL, EXCLUDE_TOOLS, ORGANIZATION, Policy, TOOLS, TOOLSETS, USER};
use crate::problem::{closest, excerpt};
use crate::tool::{Tool, Toolset};
use crate::{operations, tools};

/// The toolsets, in the order in which their tools are listed.
pub(crate) fn toolsets() -> impl Iterator<Item = &'static Toolset> {
    tools::TOOLSETS.iter().chain([&operations::TOOLSET])
}

/// Each tool, in the order in which clients see them.
pub(crate) fn all() -> impl Iterator<Item = &'static Tool> {
    toolsets().flat_map(|toolset| toolset.tools.iter().copied())
}

/// The tools that a policy allows.
pub(crate) fn allowed<'a>(policy: &'a Policy<'_>) -> impl Iterator<Item = &'static Tool> + 'a {
    all().filter(|tool| policy.check(tool.subject()).is_ok())
}

/// The tools that a policy allows and clients see: all of those that it chooses, or else those that are listed by default.
pub(crate) fn listed<'a>(policy: &'a Policy<'_>) -> impl Iterator<Item = &'static Tool> + 'a {
    allowed(policy).filter(|tool| tool.is_listed || policy.chooses())
}

/// Finds a tool by its exact name.
///
/// # Errors
///
/// A message for the caller, with the closest name if one is close.
pub(crate) fn find(name: &str) -> Result<&'static Tool, String> {
    all().find(|tool| tool.name == name).ok_or_else(|| match closest(name, all().map(|tool| tool.name)) {
        Some(suggestion) => format!("unknown tool `{name}`; did you mean `{suggestion}`?"),
        None => format!("unknown tool `{}`", excerpt(name)),
    })
}

/// The parts of a policy that mean nothing, a sentence each: toolsets that there are not, patterns that match no tool, and a
/// policy that leaves none.
pub(crate) fn problems(policy: &Policy<'_>) -> Vec<String> {
    let known: Vec<&str> = toolsets().map(|toolset| toolset.name).collect();
    let mut problems = Vec::new();
    for name in policy.toolsets.iter().filter(|name| *name != ALL && !known.contains(&name.as_str())) {
        let (name, known) = (printable(name), known.join(", "));
        problems.push(format!("there is no toolset `{name}`; the toolsets are {known}, or `{ALL}` ({TOOLSETS})"));
    }
    let tools = policy.tools.iter().flatten().map(|pattern| (pattern, TOOLS));
    for (pattern, setting) in tools.chain(policy.exclude_tools.iter().map(|pattern| (pattern, EXCLUDE_TOOLS))) {
        if !all().any(|tool| tool.subject().is_chosen_by(pattern)) {
            let pattern = printable(pattern);
            problems.push(format!(
                "the pattern `{pattern}` matches no tool; `clerk-mcp tools --toolsets all` lists them ({setting})"
            ));
        }
    }
    if policy.organizations.iter().any(|name| !is_organization(name)) {
        problems.push(format!("an organization is named by its id, `org_…`, or by its slug ({ORGANIZATION})"));
    }
    if policy.pins.user.is_some_and(|id| !Resource::User.is_id(id)) {
        problems.push(format!("a user is named by their id, `user_…` ({USER})"));
    }
    if problems.is_empty() && allowed(policy).next().is_none() {
        problems.push("the settings contradict each other: together they leave no tool".into());
    }
    problems
}

/// Tells whether a text is the id of an organization, or a slug.
fn is_organization(text: &str) -> bool {
    Resource::Organization.is_id(text) || (!text.contains('_') && Kind::Slug.read(&text.into()).is_ok())
}

fn printable(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(100).collect()
}

#[cfg(test)]
mod tests;
