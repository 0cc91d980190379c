//! Mistakes in a table that the compiler finds: each list of tools is checked while it is compiled.

use super::{Answer, Danger, Effect, Tool, Toolset, Undo};
use crate::rule::Rule;

/// Verifies that the tools of all toolsets are complete and agree with each other. A mistake does not compile.
pub(crate) const fn check_all(toolsets: &[Toolset]) {
    let mut index = 0;
    while index < toolsets.len() {
        let Toolset { name, tools } = toolsets[index];
        let mut place = 0;
        while place < tools.len() {
            check(tools[place], name);
            check_undo(tools[place], tools);
            place += 1;
        }
        index += 1;
    }
}

const fn check_undo(tool: &Tool, tools: &[&Tool]) {
    if let Undo::With(other) = tool.undo {
        assert!(is_listed(other, tools), "a tool is undone by a listed tool of its toolset");
        assert!(!matches!(other.effect, Effect::Reads), "a tool is undone by one that writes");
    }
}

const fn check(tool: &Tool, toolset: &str) {
    assert!(is_same(tool.toolset, toolset), "a tool is listed in its toolset");
    assert!(is_name(tool.name), "a name is `clerk_` and at most 58 of a-z, 0-9 and _");
    assert!(!tool.title.is_empty() && !tool.description.is_empty(), "a tool has a title and a description");
    let leads_on = !tool.leads_to.is_empty();
    assert!(!tool.endpoint.path.is_empty() || leads_on, "a tool has an endpoint");
    let (Answer::One(view) | Answer::Page(view, _)) = tool.answer;
    assert!(!view.0.is_empty() || leads_on, "a tool says what it answers with");
    check_path(tool);
    check_names(tool);
    let reads = matches!(tool.effect, Effect::Reads);
    assert!(reads == matches!(tool.danger, Danger::Read), "only what reads is harmless");
    assert!(reads == tool.sentence.is_empty(), "a write says in a sentence what it does");
    assert!(reads || !matches!(tool.undo, Undo::None) || !tool.lasting.is_empty(), "a write says what stays of it");
    let can_be_undone = !matches!(tool.undo, Undo::None);
    assert!(!(can_be_undone && matches!(tool.danger, Danger::Irreversible)), "what can be undone is not irreversible");
    assert!(
        !matches!(tool.effect, Effect::Overwrites | Effect::Removes) || tool.target.is_some(),
        "a write has a target"
    );
}

/// Each parameter that the path names exists, and is required unless a rule or code chooses another way.
const fn check_path(tool: &Tool) {
    let path = tool.endpoint.path.as_bytes();
    let mut start = 0;
    while start < path.len() {
        if path[start] == b'{' {
            let mut end = start;
            while path[end] != b'}' {
                end += 1;
            }
            let name = path.split_at(end).0.split_at(start + 1).1;
            let is_required = find(tool, name);
            assert!(is_required || tool.request.is_some(), "what the path names is a required parameter");
            assert!(
                is_carried(tool, name),
                "what the path names is carried by the answer: `carried` of its object says where"
            );
        }
        start += 1;
    }
}

/// Each name in the rules and in `access_parameters` is one of a parameter, and no parameter is there twice.
const fn check_names(tool: &Tool) {
    let mut index = 0;
    while index < tool.access_parameters.len() {
        assert!(has(tool, tool.access_parameters[index]), "what decides access is a parameter");
        index += 1;
    }
    index = 0;
    while index < tool.rules.len() {
        if let Rule::OnlyWith(name, other, _) = tool.rules[index] {
            assert!(has(tool, name) && has(tool, other), "a rule names parameters");
        }
        let names = tool.rules[index].names();
        let mut name = 0;
        while name < names.len() {
            assert!(has(tool, names[name]), "a rule names parameters");
            name += 1;
        }
        index += 1;
    }
    index = 0;
    while index < tool.parameters.len() {
        let mut other = index + 1;
        while other < tool.parameters.len() {
            assert!(!is_same(tool.parameters[index].name, tool.parameters[other].name), "a parameter is there twice");
            other += 1;
        }
        index += 1;
    }
}

/// Tells whether a parameter of this name is required.
const fn find(tool: &Tool, name: &[u8]) -> bool {
    let mut index = 0;
    while index < tool.parameters.len() {
        if is_equal(tool.parameters[index].name.as_bytes(), name) {
            assert!(!tool.parameters[index].is_secret, "a path is recorded, and so holds no secret");
            return tool.parameters[index].is_required;
        }
        index += 1;
    }
    panic!("what the path names is a parameter")
}

/// Tells whether the answer says where it carries this parameter, or is about no object.
const fn is_carried(tool: &Tool, name: &[u8]) -> bool {
    let object = tool.endpoint.object;
    let mut index = 0;
    while index < object.carried.len() {
        if is_equal(object.carried[index].parameter.as_bytes(), name) {
            return true;
        }
        index += 1;
    }
    object.name.is_empty()
}

const fn has(tool: &Tool, name: &str) -> bool {
    let mut index = 0;
    while index < tool.parameters.len() {
        if is_same(tool.parameters[index].name, name) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_listed(tool: &Tool, tools: &[&Tool]) -> bool {
    let mut index = 0;
    while index < tools.len() {
        if is_same(tools[index].name, tool.name) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    if bytes.len() > 64 || bytes.len() < 7 || !is_equal(bytes.split_at(6).0, b"clerk_") {
        return false;
    }
    let mut index = 0;
    while index < bytes.len() {
        if !(bytes[index].is_ascii_lowercase() || bytes[index].is_ascii_digit() || bytes[index] == b'_') {
            return false;
        }
        index += 1;
    }
    true
}

const fn is_same(one: &str, other: &str) -> bool {
    is_equal(one.as_bytes(), other.as_bytes())
}

const fn is_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}
