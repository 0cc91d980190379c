//! YAML.

use serde_json::{Map, Value};
use yaml_edit::MappingBuilder;

use super::braces::{Braces, Layout};
use super::lines::{Comments, cut, indentation, newline, spliced};
use super::tree::{Member, Node, Style};
use super::yaml_tree::{after_colon, parse};
use super::{Uneditable, json, nested};
use crate::setup::entry::Field;

pub(super) fn set(text: &str, path: &[&str], field: &Field) -> Result<String, Uneditable> {
    if is_json(text) {
        return json::set(text, path, field);
    }
    let root = parse(text)?.filter(|root| root.style() == Some(Style::Block) || !root.members().is_empty());
    let Some(root) = root else {
        return Ok(with_lines_at_end(&without_empty_root(text), path[0], &nested(&path[1..], field)));
    };
    is_plain(text, &root, path)?;
    let (map, names) = root.innermost(path)?;
    let (name, field) = (names[0], nested(&names[1..], field));
    match (map.member(name)?, map.style()) {
        (Some(member), style) => Ok(with_value(text, style, member, &field)),
        (None, Some(Style::Braces)) => match empty_value(&root, path, names)? {
            // In an empty `{}`, one would go on in one line.
            Some(member) => Ok(with_lines_below(text, member, &nested(&[name], &field))),
            None => Ok(with_member_in_braces(text, map, name, &field)),
        },
        (None, _) if path.len() > names.len() => Ok(with_lines(text, map, name, &field)),
        (None, _) => Ok(with_lines_at_end(text, name, &field)),
    }
}

/// The member with an empty `{}` that a path leads to, where it has a line of its own.
fn empty_value<'a>(root: &'a Node, path: &[&str], names: &[&str]) -> Result<Option<&'a Member>, Uneditable> {
    let (map, names) = root.innermost(&path[..path.len() - names.len()])?;
    let member = names.first().map(|name| map.member(name)).transpose()?.flatten();
    Ok(member.filter(|member| map.style() == Some(Style::Block) && member.node.members().is_empty()))
}

/// The text with another value of a member.
fn with_value(text: &str, style: Option<Style>, member: &Member, field: &Field) -> String {
    match style {
        Some(Style::Braces) => spliced(text, member.node.span.clone(), &field.to_json().to_string()),
        _ if member.node.is_null() && matches!(field, Field::Fields(_)) => with_lines_below(text, member, field),
        _ => {
            let (indent, newline) = (indentation(text, member.key.start), newline(text, member.key.start));
            spliced(text, member.range(), &lines(&member.name, field, indent, newline))
        }
    }
}

fn with_member_in_braces(text: &str, map: &Node, name: &str, field: &Field) -> String {
    let braces = Braces { text, node: map, comments: Comments::Hash };
    if braces.is_in_line() || map.members().is_empty() {
        braces.with_in_line("", &json::member(name, field, &Layout::InLine))
    } else {
        braces.with_lines("  ", |layout| json::member(name, field, layout))
    }
}

/// The text with one more member in lines below the last.
fn with_lines(text: &str, map: &Node, name: &str, field: &Field) -> String {
    let Some(last) = map.members().last() else { return text.into() };
    let indent = indentation(text, last.key.start);
    let at = Comments::Hash.skip_below(text, last.range().end, indent.len());
    let newline = newline(text, at);
    spliced(text, at..at, &format!("{newline}{indent}{}", lines(name, field, indent, newline)))
}

fn with_lines_at_end(text: &str, name: &str, field: &Field) -> String {
    let at = text.trim_end_matches(['\r', '\n']).len();
    let newline = newline(text, at);
    let lines = lines(name, field, "", newline);
    match at {
        0 => format!("{lines}{newline}{text}"),
        _ => spliced(text, at..at, &format!("{newline}{lines}")),
    }
}

/// The text with lines below a name in place of its value, behind the comment of its line.
fn with_lines_below(text: &str, member: &Member, field: &Field) -> String {
    let colon = after_colon(text, member.key.end);
    let end = member.node.span.end.max(colon);
    let comment = &text[end..Comments::Hash.skip_in_line(text, end)];
    let newline = newline(text, end);
    let all = lines("_", field, indentation(text, member.key.start), newline);
    let below = all.split_once(newline).map_or("", |(_, below)| below);
    [&text[..colon], comment, newline, below, &text[end + comment.len()..]].concat()
}

pub(super) fn unset(text: &str, path: &[&str]) -> Result<String, Uneditable> {
    if is_json(text) {
        return json::unset(text, path);
    }
    let Some(root) = parse(text)? else { return Ok(text.into()) };
    is_plain(text, &root, path)?;
    let (map, names) = root.innermost(path)?;
    let position = if names.len() == 1 { map.position(names[0])? } else { None };
    let Some(position) = position else { return Ok(text.into()) };
    if map.style() == Some(Style::Braces) {
        return Ok(Braces { text, node: map, comments: Comments::Hash }.without(position));
    }
    let above = path.len().checked_sub(2).filter(|_| map.members().len() == 1).map(|above| &path[..=above]);
    let Some(above) = above else { return Ok(cut(text, map.members()[position].range(), false)) };
    let (outer, outer_names) = root.innermost(above)?;
    let colon = after_colon(text, outer.member(outer_names[0])?.map_or(0, |member| member.key.end));
    // Comments before it stay.
    let between = text[colon..map.span.start].trim_end();
    Ok([&text[..colon], " {}", between, &text[map.span.end..]].concat())
}

/// Refuses what has an anchor or a tag, since it may be used elsewhere or mean something else.
fn is_plain(text: &str, root: &Node, path: &[&str]) -> Result<(), Uneditable> {
    let mut node = root;
    for name in path {
        let Some(member) = node.member(name)? else { break };
        let value = Comments::Hash.skip(text, after_colon(text, member.key.end));
        if text[value..].starts_with(['&', '!', '*']) {
            return Err(Uneditable::TooIntricate);
        }
        node = &member.node;
    }
    Ok(())
}

/// Tells whether a file is an object of JSON, which is YAML too, with something in it.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<Map<_, Value>>(text).is_ok_and(|object| !object.is_empty())
}

/// A text without the `{}` that is all of it but for comments: nothing may come below it.
fn without_empty_root(text: &str) -> String {
    let is_all = |line: &&str| line.trim_end() == "{}" || line.starts_with("{} #");
    let line = |line| if is_all(&line) { line[2..].trim_start() } else { line };
    text.split_inclusive('\n').map(line).collect()
}

/// A name with its value, in lines that are indented but for the first.
fn lines(name: &str, field: &Field, indentation: &str, newline: &str) -> String {
    let text = build(MappingBuilder::new(), &[(name.into(), field.clone())]).build_document().to_string();
    text.trim_end().lines().collect::<Vec<_>>().join(&format!("{newline}{indentation}"))
}

fn build(mut builder: MappingBuilder, fields: &[(String, Field)]) -> MappingBuilder {
    for (name, field) in fields {
        builder = match field {
            Field::Text(text) => builder.pair(name, text.as_str()),
            Field::Flag(flag) => builder.pair(name, *flag),
            Field::Number(number) => builder.pair(name, i64::from(*number)),
            Field::Texts(texts) => {
                builder.sequence(name, |all| texts.iter().fold(all, |all, text| all.item(text.as_str())))
            }
            // An item that is no text has no form here; the proof of the edit refuses it.
            Field::List(items) => builder.sequence(name, |all| {
                let text = |item: &Field| item.to_json().as_str().map_or_else(String::new, str::to_owned);
                items.iter().fold(all, |all, item| all.item(text(item).as_str()))
            }),
            Field::Fields(fields) => builder.mapping(name, |inner| build(inner, fields)),
        };
    }
    builder
}
