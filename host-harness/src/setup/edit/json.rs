//! JSON with comments.

use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::Value;

use super::braces::{Braces, Layout};
use super::lines::{Comments, indentation, is_one_line, newline, spliced};
use super::tree::{Content, Member, Node, Style};
use super::{Uneditable, nested};
use crate::setup::entry::Field;

/// What clients take beyond JSON.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};
/// One step of indentation where a file has none to tell by.
const STEP: &str = "  ";

pub(super) fn parse(text: &str) -> Result<Option<Node>, Uneditable> {
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).map_err(|error| Uneditable::Syntax {
        line: error.line_display(),
        column: error.column_display(),
        reason: error.kind().to_string(),
    })?;
    Ok(parsed.value.map(node))
}

fn node(value: Ast) -> Node {
    let range = value.range();
    let content = match value {
        Ast::Object(object) => {
            let member = |property: jsonc_parser::ast::ObjectProp| {
                let key = match &property.name {
                    ObjectPropName::String(name) => name.range,
                    ObjectPropName::Word(name) => name.range,
                };
                Member { name: property.name.into_string(), key: key.start..key.end, node: node(property.value) }
            };
            Content::Map(Style::Braces, object.properties.into_iter().map(member).collect())
        }
        other => Content::Other(Value::from(other)),
    };
    Node { span: range.start..range.end, content }
}

pub(super) fn set(text: &str, path: &[&str], field: &Field) -> Result<String, Uneditable> {
    let Some(root) = parse(text)? else { return Ok(with_root(text, path, field)) };
    let (map, names) = root.innermost(path)?;
    let (name, field) = (names[0], nested(&names[1..], field));
    let braces = Braces { text, node: map, comments: Comments::Slashes };
    if let Some(member) = map.member(name)? {
        let at = member.key.start;
        let layout = if braces.is_in_line() {
            Layout::InLine
        } else {
            lines(indentation(text, at), &step(text, &root), newline(text, at))
        };
        return Ok(spliced(text, member.node.span.clone(), &value(&field, &layout)));
    }
    // A program that writes all in one line does so with what is empty too.
    let is_of_one_line = is_one_line(text) && !root.members().is_empty();
    Ok(if braces.is_in_line() || (is_of_one_line && map.members().is_empty()) {
        braces.with_in_line("", &member(name, &field, &Layout::InLine))
    } else {
        braces.with_lines(&step(text, &root), |layout| member(name, &field, layout))
    })
}

/// The text of a file without a value, with one that has this path alone.
fn with_root(text: &str, path: &[&str], field: &Field) -> String {
    let newline = newline(text, text.len());
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { newline };
    format!("{text}{gap}{}{newline}", value(&nested(path, field), &lines("", STEP, newline)))
}

pub(super) fn unset(text: &str, path: &[&str]) -> Result<String, Uneditable> {
    let Some(root) = parse(text)? else { return Ok(text.into()) };
    let (map, names) = root.innermost(path)?;
    let position = if names.len() == 1 { map.position(names[0])? } else { None };
    let braces = Braces { text, node: map, comments: Comments::Slashes };
    Ok(position.map_or_else(|| text.into(), |position| braces.without(position)))
}

/// The indentation of the first name in a file.
fn step(text: &str, root: &Node) -> String {
    let first = root.members().first().map(|member| indentation(text, member.key.start));
    first.filter(|step| !step.is_empty()).unwrap_or(STEP).into()
}

fn lines(indentation: &str, step: &str, newline: &'static str) -> Layout {
    Layout::Lines { indentation: indentation.into(), step: step.into(), newline }
}

pub(super) fn member(name: &str, field: &Field, layout: &Layout) -> String {
    let gap = if matches!(layout, Layout::InLine) { "" } else { " " };
    format!("{}:{gap}{}", Value::from(name), value(field, layout))
}

fn value(field: &Field, layout: &Layout) -> String {
    match (field, layout) {
        (Field::Fields(fields), Layout::Lines { indentation, step, newline }) if !fields.is_empty() => {
            let inner = format!("{indentation}{step}");
            let layout = lines(&inner, step, newline);
            let line = |(name, field): &(String, Field)| format!("{newline}{inner}{}", member(name, field, &layout));
            format!("{{{}{newline}{indentation}}}", fields.iter().map(line).collect::<Vec<_>>().join(","))
        }
        (Field::Fields(fields), _) => {
            let pair = |(name, field): &(String, Field)| member(name, field, layout);
            format!("{{{}}}", fields.iter().map(pair).collect::<Vec<_>>().join(","))
        }
        (Field::Texts(texts), Layout::Lines { .. }) => {
            let text = |text: &String| Value::from(text.as_str()).to_string();
            format!("[{}]", texts.iter().map(text).collect::<Vec<_>>().join(", "))
        }
        (Field::List(fields), Layout::Lines { .. }) => {
            let item = |field: &Field| value(field, &Layout::InLine);
            format!("[{}]", fields.iter().map(item).collect::<Vec<_>>().join(", "))
        }
        _ => field.to_json().to_string(),
    }
}
