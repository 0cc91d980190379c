//! What is true of every tool.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Listed, catalogue};
use crate::request::{Method, names_in};
use crate::target::Target;
use crate::tool::{CONFIRMATION_TOKEN, DRY_RUN, Danger, Effect, METADATA, Undo};
use crate::tools;
use crate::wording::PLACES;

/// The tools in the order in which clients see them.
const NAMES: [&str; 35] = [
    "clerk_list_organizations",
    "clerk_get_organization",
    "clerk_create_organization",
    "clerk_update_organization",
    "clerk_update_organization_metadata",
    "clerk_delete_organization",
    "clerk_list_organization_members",
    "clerk_add_member",
    "clerk_update_member_role",
    "clerk_update_member_metadata",
    "clerk_remove_member",
    "clerk_list_organization_invitations",
    "clerk_get_organization_invitation",
    "clerk_create_invitation",
    "clerk_create_invitations_bulk",
    "clerk_revoke_organization_invitation",
    "clerk_list_users",
    "clerk_count_users",
    "clerk_get_user",
    "clerk_find_user",
    "clerk_list_user_organizations",
    "clerk_get_user_access_report",
    "clerk_create_user",
    "clerk_update_user",
    "clerk_update_user_metadata",
    "clerk_lock_user",
    "clerk_unlock_user",
    "clerk_ban_user",
    "clerk_unban_user",
    "clerk_offboard_user",
    "clerk_delete_user",
    "clerk_list_sessions",
    "clerk_revoke_session",
    "clerk_revoke_all_user_sessions",
    "clerk_whoami",
];

/// Tools whose path parameter may be absent: something else can name what they get.
const FOUND_OTHERWISE: [&str; 2] = ["clerk_get_organization", "clerk_get_user"];

#[test]
fn the_tools_come_in_a_fixed_order() {
    let names: Vec<&str> = catalogue().iter().map(Listed::name).collect();
    assert_eq!(names, NAMES);
}

#[test]
fn a_name_is_short_snake_case_and_stands_for_one_tool() {
    let mut seen = BTreeSet::new();
    for tool in catalogue() {
        let name = tool.name();
        let rest = name.strip_prefix("clerk_").unwrap_or_default();
        let fits = |character: char| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_';
        assert!(!rest.is_empty() && rest.chars().all(fits), "{name}");
        assert!(name.len() <= 64, "{name}");
        assert!(seen.insert(name), "{name} is there twice");
    }
}

#[test]
fn each_tool_says_what_it_does() {
    for tool in catalogue() {
        let Listed { description, .. } = tool;
        assert!(!tool.about().title.trim().is_empty(), "{}", tool.name());
        assert!(!tool.about().title.ends_with('.'), "{}", tool.name());
        assert!(description.len() < 2048 && description.ends_with('.'), "{}: {description}", tool.name());
        assert!(!description.contains('\n'), "{}: {description}", tool.name());
    }
}

#[test]
fn each_parameter_is_described() {
    for tool in catalogue() {
        for (name, schema) in tool.input_schema["properties"].as_object().into_iter().flatten() {
            let description = schema["description"].as_str().unwrap_or_default();
            assert!(
                description.ends_with('.') && !description.contains('\n'),
                "{}: {name}: {description}",
                tool.name()
            );
        }
    }
}

#[test]
fn arguments_are_one_closed_object() {
    for tool in catalogue() {
        assert_eq!(tool.input_schema["type"], "object", "{}", tool.name());
        assert_eq!(tool.input_schema["additionalProperties"], false, "{}", tool.name());
        for name in tool.required() {
            assert!(tool.parameters().contains_key(name), "{}: {name}", tool.name());
        }
    }
}

#[test]
fn an_output_is_an_object() {
    for tool in catalogue() {
        assert_eq!(tool.output_schema["type"], "object", "{}", tool.name());
        assert!(tool.output_schema["properties"].is_object(), "{}", tool.name());
    }
}

#[test]
fn schemas_hold_no_noise() {
    for tool in catalogue() {
        for schema in [&tool.input_schema, &tool.output_schema] {
            assert_quiet(tool.name(), schema);
            assert!(jsonschema::meta::is_valid(schema), "{}", tool.name());
        }
    }
}

/// No references, titles or nulls; `properties` holds names, not keywords.
fn assert_quiet(tool: &str, schema: &Value) {
    let Value::Object(keywords) = schema else { return };
    for (keyword, value) in keywords {
        assert!(
            !["$ref", "$defs", "$schema", "title", "anyOf", "oneOf", "allOf"].contains(&keyword.as_str()),
            "{tool}: {keyword}"
        );
        assert!(!value.is_null(), "{tool}: {keyword} is null");
        match keyword.as_str() {
            "type" => assert!(!value.to_string().contains("null"), "{tool}: {value}"),
            "properties" => value.as_object().into_iter().flatten().for_each(|(_, schema)| assert_quiet(tool, schema)),
            _ => assert_quiet(tool, value),
        }
    }
}

#[test]
fn what_the_path_names_is_required() {
    for tool in catalogue() {
        for name in names_in(tool.about().endpoint.path) {
            assert!(tool.parameters().contains_key(name), "{}: {name}", tool.name());
            let is_required = tool.required().contains(&name);
            assert_ne!(is_required, FOUND_OTHERWISE.contains(&tool.name()), "{}: {name}", tool.name());
        }
    }
}

#[test]
fn the_method_shows_the_effect() {
    for tool in catalogue().iter().filter(|tool| !tool.is_composed()) {
        let effects: &[Effect] = match tool.about().endpoint.method {
            Method::Get => &[Effect::Reads],
            Method::Post => &[Effect::Creates, Effect::Overwrites, Effect::Removes],
            Method::Patch => &[Effect::Overwrites],
            Method::Delete => &[Effect::Removes],
        };
        assert!(effects.contains(&tool.about().effect), "{}", tool.name());
    }
}

#[test]
fn every_write_can_be_previewed_and_what_changes_access_be_agreed_to() {
    for tool in catalogue() {
        let has = |name: &str| tool.input_schema["properties"].get(name).is_some();
        assert_eq!(has(DRY_RUN), tool.writes(), "{}", tool.name());
        let about = tool.about();
        let may_rise = !about.access_parameters.is_empty() || METADATA.iter().any(|name| has(name));
        let may_ask = tool.writes() && (about.danger >= Danger::Access || may_rise);
        assert_eq!(has(CONFIRMATION_TOKEN), may_ask, "{}", tool.name());
    }
}

#[test]
fn what_raises_the_danger_is_a_parameter_that_the_call_sets() {
    for tool in catalogue() {
        let about = tool.about();
        for name in about.access_parameters {
            assert!(about.danger < Danger::Access && tool.writes(), "{}: {name} raises nothing", tool.name());
            assert!(tool.parameters().contains_key(*name), "{}: {name}", tool.name());
            assert!(!names_in(about.endpoint.path).any(|path| path == *name), "{}: {name}", tool.name());
        }
    }
}

/// Parameters that decide how somebody signs in, as whom applications know them, or what their role may do.
#[test]
fn what_decides_access_is_named_in_every_tool() {
    const DECIDE: [&str; 8] = [
        "external_id",
        "username",
        "role_set_key",
        "created_by",
        "admin_delete_enabled",
        "delete_self_enabled",
        "create_organization_enabled",
        "create_organizations_limit",
    ];
    for tool in catalogue().iter().filter(|tool| tool.writes() && tool.about().danger < Danger::Access) {
        for name in DECIDE.iter().filter(|name| tool.parameters().contains_key(**name)) {
            assert!(tool.about().access_parameters.contains(name), "{}: {name}", tool.name());
        }
    }
}

#[test]
fn what_changes_something_there_looks_at_it_first() {
    for tool in catalogue().iter().filter(|tool| tool.writes()) {
        let about = tool.about();
        let is_there = about.effect != Effect::Creates || about.endpoint.path.contains('{');
        assert_eq!(about.target != Target::Nothing, is_there, "{}", tool.name());
    }
}

#[test]
fn a_write_says_in_a_sentence_what_it_does() {
    for tool in catalogue() {
        let (about, parameters) = (tool.about(), tool.parameters());
        assert_eq!(!about.sentence.is_empty(), tool.writes(), "{}", tool.name());
        for place in about.sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place) {
            let is_argument = place.strip_prefix("arguments.").is_some_and(|name| parameters.contains_key(name));
            assert!(is_argument || PLACES.contains(&place), "{}: {place}", tool.name());
        }
    }
}

#[test]
fn what_can_be_undone_says_by_which_tool() {
    for tool in catalogue() {
        let about = tool.about();
        if let Undo::With(name) = about.undo {
            let other = tools::find(name).map_or_else(|problem| panic!("{problem}"), |(_, other)| other.about);
            assert!(other.effect != Effect::Reads && other.name != about.name, "{}", tool.name());
        }
        let stays = about.undo == Undo::None;
        assert!(!stays || !tool.writes() || !about.lasting.is_empty(), "{}: says nothing of what stays", tool.name());
        assert!(about.lasting.is_empty() || about.lasting.ends_with('.'), "{}", tool.name());
        assert!(about.danger != Danger::Irreversible || stays, "{}", tool.name());
    }
}

/// What a model pays for before it has asked anything: 12,000 tokens of about four bytes.
#[test]
fn the_list_of_tools_is_short_enough() {
    let tools = catalogue();
    let annotations = r#"{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":false}"#;
    let bytes = |tool: &Listed| {
        let of = [tool.name(), tool.about().title, tool.description, annotations].map(str::len);
        let schemas = tool.input_schema.to_string().len() + tool.outline.to_string().len();
        of.iter().sum::<usize>()
            + schemas
            + r#"{"name":"","title":"","description":"","inputSchema":,"outputSchema":,"annotations":},"#.len()
    };
    let total: usize = tools.iter().map(bytes).sum();
    assert!(
        total < 47_500,
        "{total} bytes: {:?}",
        tools.iter().map(|tool| (tool.name(), bytes(tool))).collect::<Vec<_>>()
    );
}

#[test]
fn only_reading_is_harmless() {
    for tool in catalogue() {
        let is_harmless = tool.about().danger <= Danger::Read;
        assert_eq!(is_harmless, tool.about().effect == Effect::Reads, "{}", tool.name());
    }
}

#[test]
fn every_list_has_pages_of_up_to_500() {
    for tool in catalogue().iter().filter(|tool| tool.is_list()) {
        let limit = &tool.parameters()["limit"];
        let bounds = (&limit["minimum"], &limit["maximum"], &limit["default"]);
        assert_eq!(bounds, (&json!(1), &json!(500), &json!(20)), "{}", tool.name());
        assert_eq!(tool.parameters()["offset"]["minimum"], 0, "{}", tool.name());
        assert_eq!(tool.output_schema["required"], json!(["data", "has_more"]), "{}", tool.name());
    }
}

#[test]
fn private_metadata_is_listed_only_when_asked_for() {
    let shows_it = |tool: &&Listed| tool.output_schema.to_string().contains("private_metadata");
    for tool in catalogue().iter().filter(|tool| tool.is_list()).filter(shows_it) {
        assert_eq!(tool.parameters()["include_private_metadata"]["default"], false, "{}", tool.name());
    }
}

#[test]
fn the_texts_are_those_of_the_types() {
    for tool in catalogue() {
        let derived = (tool.tool.definition)();
        assert_eq!(tool.description, derived.description);
        assert_eq!(tool.input_schema, derived.input_schema);
        assert_eq!(tool.outline, derived.outline);
    }
}
