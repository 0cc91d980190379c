//! What is true of every tool.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Listed, catalogue};
use crate::danger::{Danger, Effect};
use crate::kind::Kind;
use crate::request::Method;
use crate::tool::{CONFIRMATION_TOKEN, DRY_RUN};
use crate::view::UNTRUSTED;
use crate::view::schema::has_untrusted;
use crate::wording::PLACES;

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

/// The dialect of JSON Schema that all clients and model providers take.
#[test]
fn schemas_are_in_the_dialect_that_everybody_takes() {
    for tool in catalogue() {
        let outline: Value = serde_json::from_str(&tool.tool.output_schema()).expect("a schema is JSON");
        for schema in [&tool.input_schema, &outline, &tool.answer_schema] {
            assert_eq!(schema["type"], "object", "{}", tool.name());
            assert!(jsonschema::meta::is_valid(schema), "{}", tool.name());
            assert_plain(tool.name(), schema);
        }
        assert!(tool.input_schema["properties"].is_object(), "{}", tool.name());
        assert!(!outline.to_string().contains("required"), "{}: {outline}", tool.name());
        // Beside a field that is named, clients drop the others.
        let names_mark = outline["properties"].get(UNTRUSTED).is_some();
        assert!(
            outline.get("properties").is_none() || names_mark == has_untrusted(tool.tool.view()),
            "{}",
            tool.name()
        );
        assert!(!tool.tool.view().0.is_empty() || outline.get("properties").is_none(), "{}", tool.name());
        for name in tool.required() {
            assert!(tool.parameters().contains_key(name), "{}: {name}", tool.name());
        }
    }
}

/// One type a schema, and no keyword that a dialect misses or reads in its own way; `properties` holds names, not keywords.
fn assert_plain(tool: &str, schema: &Value) {
    const KEYWORDS: [&str; 12] = [
        "additionalProperties",
        "default",
        "description",
        "enum",
        "items",
        "maxItems",
        "maximum",
        "minItems",
        "minLength",
        "minimum",
        "pattern",
        "type",
    ];
    let Value::Object(keywords) = schema else { panic!("{tool}: a schema is an object: {schema}") };
    assert!(keywords.is_empty() || keywords["type"].is_string(), "{tool}: {schema}");
    assert!(schema["type"] != "array" || schema["items"].is_object(), "{tool}: {schema}");
    for (keyword, value) in keywords {
        match keyword.as_str() {
            "properties" => value.as_object().into_iter().flatten().for_each(|(name, schema)| {
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
                assert!(name.len() <= 64 && name.bytes().all(is_plain), "{tool}: {name}");
                assert_plain(tool, schema);
            }),
            "required" => {}
            "items" | "additionalProperties" => assert_plain(tool, value),
            "pattern" => {
                let pattern = value.as_str().unwrap_or_default();
                assert!(pattern.starts_with('^') && pattern.ends_with('$'), "{tool}: {pattern}");
                let differs = ["\\", "(?", ".+", ".*"].iter().any(|part| pattern.contains(part));
                assert!(!differs, "{tool}: {pattern}");
            }
            other => assert!(KEYWORDS.contains(&other), "{tool}: {other}"),
        }
    }
}

/// Clients that drop patterns and bounds leave the description.
#[test]
fn a_description_says_what_patterns_and_bounds_say() {
    for tool in catalogue() {
        for parameter in tool.tool.parameters {
            let schema = &tool.parameters()[parameter.name];
            let description = schema["description"].as_str().unwrap_or_default();
            let said = |text: &str| assert!(description.contains(text), "{}: {}: {text}", tool.name(), parameter.name);
            match parameter.kind {
                Kind::Id(resource) => said(&format!("`{}_…`", resource.prefix())),
                Kind::Many(Kind::SignedId(resource), _) => {
                    said("`-` before");
                    said(&format!("`{}_…`", resource.prefix()));
                }
                Kind::SortKey(keys) => keys.iter().for_each(|key| said(key)),
                Kind::Integer { max, .. } if max < u32::MAX => said(&max.to_string()),
                Kind::Time(_) => said("2026-01-31T12:00:00Z"),
                Kind::Slug => said("Lowercase letters"),
                Kind::Many(_, most) if most < 100 => said(&most.to_string()),
                _ => {}
            }
        }
    }
}

#[test]
fn the_method_shows_the_effect() {
    for tool in catalogue().iter().filter(|tool| !tool.is_composed()) {
        let effects: &[Effect] = match tool.tool.endpoint.method {
            Method::Get => &[Effect::Reads],
            Method::Post => &[Effect::Creates, Effect::Overwrites, Effect::Removes],
            Method::Patch | Method::Put => &[Effect::Overwrites],
            Method::Delete => &[Effect::Removes],
        };
        assert!(effects.contains(&tool.tool.effect), "{}", tool.name());
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
    for tool in catalogue().iter().filter(|tool| tool.tool.writes() && tool.tool.danger < Danger::Access) {
        for name in DECIDE.iter().filter(|name| tool.parameters().contains_key(**name)) {
            assert!(tool.tool.access_parameters.contains(name), "{}: {name}", tool.name());
        }
    }
}

/// The price that a model pays before it has asked anything: 12,000 tokens of about four bytes.
const MOST_BYTES: usize = 48_000;

#[test]
fn the_list_of_tools_is_short_enough() {
    let tools: Vec<Listed> = catalogue().into_iter().filter(|tool| tool.tool.is_listed).collect();
    let annotations = r#"{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":false,"openWorldHint":false}"#;
    let bytes = |tool: &Listed| {
        let of = [tool.name(), tool.tool.title, tool.tool.description, annotations].map(str::len);
        let schemas = tool.input_schema.to_string().len() + tool.tool.output_schema().len();
        of.iter().sum::<usize>()
            + schemas
            + r#"{"name":"","title":"","description":"","inputSchema":,"outputSchema":,"annotations":},"#.len()
    };
    let total: usize = tools.iter().map(bytes).sum();
    let each: Vec<(&str, usize)> = tools.iter().map(|tool| (tool.name(), bytes(tool))).collect();
    assert!(total < MOST_BYTES, "the list has {total} bytes, more than {MOST_BYTES}: shorten descriptions. {each:?}");
}

#[test]
fn each_name_stands_for_one_tool_and_each_tool_says_what_it_does() {
    let mut seen = BTreeSet::new();
    for tool in catalogue() {
        let (name, description) = (tool.name(), tool.tool.description);
        assert!(seen.insert(name), "{name} is there twice");
        assert!(!tool.tool.title.ends_with('.'), "{name}");
        assert!(description.len() < 2048 && description.ends_with('.') && !description.contains('\n'), "{name}");
        assert!(tool.tool.lasting.is_empty() || tool.tool.lasting.ends_with('.'), "{name}");
    }
}

#[test]
fn every_write_can_be_previewed_and_what_changes_access_be_agreed_to() {
    for tool in catalogue() {
        let has = |name: &str| tool.input_schema["properties"].get(name).is_some();
        assert_eq!(has(DRY_RUN.name), tool.tool.writes(), "{}", tool.name());
        let sets_metadata =
            tool.parameters().keys().any(|name| name.ends_with("_metadata") && !name.starts_with("include"));
        let may_rise = !tool.tool.access_parameters.is_empty() || sets_metadata;
        let may_ask = tool.tool.writes() && (tool.tool.danger >= Danger::Access || may_rise);
        assert_eq!(has(CONFIRMATION_TOKEN.name), may_ask, "{}", tool.name());
    }
}

#[test]
fn what_raises_the_danger_is_a_parameter_that_the_call_sets() {
    for tool in catalogue() {
        for name in tool.tool.access_parameters {
            assert!(tool.tool.danger < Danger::Access && tool.tool.writes(), "{}: {name} raises nothing", tool.name());
            assert!(!tool.tool.endpoint.names(name), "{}: {name}", tool.name());
        }
    }
}

#[test]
fn a_sentence_has_places_for_what_there_is() {
    for tool in catalogue() {
        let places =
            tool.tool.sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(place, _)| place);
        for place in places {
            let is_argument = place.strip_prefix("arguments.").is_some_and(|name| tool.parameters().contains_key(name));
            let part = place.split('.').next().unwrap_or_default();
            let is_fact = tool.tool.target.is_some_and(|target| target.names().any(|name| name == part));
            assert!(is_argument || is_fact || PLACES.contains(&place), "{}: {place}", tool.name());
        }
    }
}

#[test]
fn every_list_has_pages_of_up_to_500() {
    for tool in catalogue().iter().filter(|tool| tool.is_list()) {
        let limit = &tool.parameters()["limit"];
        let bounds = (&limit["minimum"], &limit["maximum"], &limit["default"]);
        assert_eq!(bounds, (&json!(1), &json!(500), &json!(20)), "{}", tool.name());
        assert_eq!(tool.parameters()["offset"]["minimum"], 0, "{}", tool.name());
        let fields: Vec<&String> =
            tool.answer_schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
        assert!(["data", "has_more"].iter().all(|name| fields.iter().any(|field| field == name)), "{}", tool.name());
        let shows_private = tool.answer_schema.to_string().contains("private_metadata");
        let asks = tool.parameters().get("include_private_metadata").map(|schema| &schema["default"]);
        assert_eq!(asks, shows_private.then_some(&json!(false)), "{}", tool.name());
    }
}
