//! The standing of whoever calls: what the policy means for the tools that there are, and what is left of the budget.

use serde_json::{Value, json};

use crate::catalogue;
use crate::danger::Danger;
use crate::policy::Policy;
use crate::tool::Tool;

/// The standing under a policy: `{key, mode, confirm, tools_that_ask, parameters_that_ask, tools_count, toolsets,
/// tools_not_listed, tools_off, private_metadata_view, masks, organization, user}`.
pub(crate) fn of(policy: &Policy<'_>) -> Value {
    let (mut asking, mut raising, mut toolsets, mut off) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for tool in catalogue::all() {
        if let Some(obstacle) = policy.obstacle(tool.subject()) {
            add_off(&mut off, obstacle, tool.name);
            continue;
        }
        if tool.danger > Danger::Read && policy.asks(tool.danger) {
            asking.push(tool.name);
        }
        add_raising(&mut raising, tool, policy);
        if toolsets.last() != Some(&tool.toolset) {
            toolsets.push(tool.toolset);
        }
    }
    let is_hidden = |tool: &&Tool| !tool.is_listed && !policy.chooses();
    let not_listed: Vec<_> = catalogue::allowed(policy).filter(is_hidden).map(|tool| tool.name).collect();
    json!({
        "key": if policy.production { "production" } else { "development" },
        "mode": policy.mode.word(),
        "confirm": policy.confirm.word(),
        "tools_that_ask": asking,
        "parameters_that_ask": raising,
        "tools_count": catalogue::allowed(policy).count(),
        "toolsets": toolsets,
        "tools_not_listed": not_listed,
        "tools_off": off.into_iter().map(|(because, tools)| json!({ "because": because, "tools": tools })).collect::<Vec<_>>(),
        "private_metadata_view": policy.private_metadata.word(),
        "masks": policy.masks.words(),
        "organization": policy.pins.organization,
        "user": policy.pins.user,
    })
}

/// Adds a tool to those that are off for the same reason.
fn add_off(off: &mut Vec<(String, Vec<&'static str>)>, because: String, tool: &'static str) {
    match off.iter_mut().find(|(other, _)| *other == because) {
        Some((_, tools)) => tools.push(tool),
        None => off.push((because, vec![tool])),
    }
}

/// Adds the parameters with which a tool asks that does not ask otherwise, as `tool.parameter`.
fn add_raising(raising: &mut Vec<String>, tool: &Tool, policy: &Policy<'_>) {
    if !tool.writes() || policy.asks(tool.danger) || !policy.asks(Danger::Access) {
        return;
    }
    for parameter in tool.parameters.iter().filter(|parameter| tool.is_raised_by(parameter.name, policy)) {
        raising.push(format!("{}.{}", tool.name, parameter.name));
    }
}
