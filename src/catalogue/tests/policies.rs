//! What policies mean for the tools that there are.

use super::super::{all, allowed, listed, problems};
use crate::danger::Effect;
use crate::policy::tests::STANDARD;
use crate::policy::{Mode, Policy};
use crate::standing;
use crate::tool::Tool;

/// The names of the tools that a policy allows.
fn names_allowed(policy: Policy) -> Vec<&'static str> {
    allowed(&policy).map(|tool| tool.name).collect()
}

/// The names of the tools of which this holds, some of which are these.
fn names_where(holds: impl Fn(&Tool) -> bool, some: &[&str]) -> Vec<&'static str> {
    let found: Vec<_> = all().filter(|tool| holds(tool)).map(|tool| tool.name).collect();
    assert!(some.iter().all(|name| found.contains(name)), "{found:?}");
    found
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().copied().map(Into::into).collect()
}

#[test]
fn no_restriction_allows_every_tool() {
    assert_eq!(names_allowed(STANDARD).len(), all().count());
}

#[test]
fn without_a_choice_the_list_leaves_out_what_few_need() {
    let names_listed = |policy: Policy| -> Vec<&str> { listed(&policy).map(|tool| tool.name).collect() };
    let by_default = names_where(|tool| tool.is_listed, &["clerk_get_user", "clerk_update_member_role"]);
    assert!(by_default.len() < all().count());
    assert_eq!(names_listed(STANDARD), by_default);
    let without_bans = |tool: &Tool| tool.is_listed && !tool.name.contains("_ban_");
    assert_eq!(
        names_listed(Policy { exclude_tools: &["*_ban_*".into()], ..STANDARD }),
        names_where(without_bans, &["clerk_get_user"])
    );
    let is_chosen = |tool: &Tool| tool.toolset == "members";
    assert_eq!(
        names_listed(Policy { toolsets: &names(&["members"]), ..STANDARD }),
        names_where(is_chosen, &["clerk_update_member_metadata"])
    );
    let tools = [names(&["clerk_update_member_*"])];
    assert_eq!(
        names_listed(Policy { tools: &tools, ..STANDARD }),
        ["clerk_update_member_role", "clerk_update_member_metadata"]
    );
}

#[test]
fn all_toolsets_have_a_name_together() {
    for toolsets in [&["all"][..], &["users", "all"]] {
        let toolsets = names(toolsets);
        let policy = Policy { toolsets: &toolsets, ..STANDARD };
        assert_eq!(listed(&policy).count(), all().count());
        assert_eq!(problems(&policy), [""; 0]);
    }
}

#[test]
fn a_tool_that_is_not_listed_is_told_of_and_is_not_off() {
    let standing = standing::of(&STANDARD);
    let not_listed = names_where(|tool| !tool.is_listed, &["clerk_update_member_metadata"]);
    assert_eq!((&standing["tools_not_listed"], &standing["tools_off"]), (&not_listed.into(), &serde_json::json!([])));
    let all = standing::of(&Policy { toolsets: &names(&["all"]), ..STANDARD });
    assert_eq!(all["tools_not_listed"], serde_json::json!([]));
}

#[test]
fn read_only_leaves_the_tools_that_read() {
    let policy = Policy { mode: Mode::ReadOnly, ..STANDARD };
    assert_eq!(names_allowed(policy), names_where(|tool| tool.effect == Effect::Reads, &["clerk_get_user"]));
}

#[test]
fn all_settings_hold_together() {
    let (toolsets, tools) = (names(&["users", "invitations"]), [names(&["*_list_*", "*_get_*"])]);
    let policy = Policy {
        mode: Mode::ReadOnly,
        toolsets: &toolsets,
        tools: &tools,
        exclude_tools: &["*user*".into()],
        ..STANDARD
    };
    let is_chosen = |tool: &Tool| {
        ["users", "invitations"].contains(&tool.toolset)
            && tool.effect == Effect::Reads
            && ["_list_", "_get_"].iter().any(|part| tool.name.contains(part))
            && !tool.name.contains("user")
    };
    assert_eq!(names_allowed(policy), names_where(is_chosen, &["clerk_list_organization_invitations"]));
}

#[test]
fn each_list_of_patterns_has_to_match() {
    let tools = [names(&["*_user", "*_users"]), names(&["clerk_get_*"])];
    let is_chosen = |tool: &Tool| {
        tool.name.starts_with("clerk_get_") && ["_user", "_users"].iter().any(|end| tool.name.ends_with(end))
    };
    assert_eq!(names_allowed(Policy { tools: &tools, ..STANDARD }), names_where(is_chosen, &["clerk_get_user"]));
}

#[test]
fn what_means_nothing_is_a_problem() {
    let (toolsets, tools) = (names(&["users", "everything"]), [names(&["clerk_*", "no_such_*"])]);
    let policy = Policy { toolsets: &toolsets, tools: &tools, exclude_tools: &["zzz".into()], ..STANDARD };
    let found = problems(&policy);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].contains("`everything`") && found[1].contains("`no_such_*`"), "{found:?}");
    assert_eq!(problems(&STANDARD), [""; 0]);
}

#[test]
fn a_policy_that_leaves_nothing_is_a_problem() {
    let policy = Policy { exclude_tools: &["clerk_*".into()], ..STANDARD };
    assert_eq!(problems(&policy), ["the settings contradict each other: together they leave no tool"]);
}

#[test]
fn a_tool_that_is_missing_is_told_with_the_reason() {
    let toolsets = ["users".to_owned()];
    let policy = Policy { mode: Mode::ReadOnly, toolsets: &toolsets, exclude_tools: &["*_find_*".into()], ..STANDARD };
    let standing = standing::of(&policy);
    let because = |tool: &str| {
        let off = standing["tools_off"].as_array().into_iter().flatten();
        let mut reasons =
            off.filter(|off| off["tools"].as_array().is_some_and(|tools| tools.iter().any(|name| name == tool)));
        reasons.next().and_then(|off| off["because"].as_str()).unwrap_or_default().to_owned()
    };
    assert!(because("clerk_delete_user").contains("--mode"), "{standing}");
    assert!(because("clerk_list_organizations").contains("--toolsets"), "{standing}");
    assert!(because("clerk_find_user").contains("--exclude-tools"), "{standing}");
    assert_eq!(because("clerk_get_user"), "");
}
