//! TOML.

use std::ops::Range;

use serde_json::{Value, json};
use toml_edit::{Array, Document, InlineTable, Item, Key, TableLike, value};

use super::braces::Braces;
use super::lines::{
    Comments, after, before, cut, line_start, newline, spliced, without_first_newline, without_last_newline,
};
use super::tree::{Content, Member, Node, Style};
use super::{Uneditable, nested, position};
use crate::setup::entry::Field;

pub(super) fn parse(text: &str) -> Result<Option<Node>, Uneditable> {
    let document = Document::parse(text).map_err(|error| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        Uneditable::Syntax { line, column, reason: error.message().trim().replace('\n', ", ") }
    })?;
    let table = document.as_table();
    Ok(Some(Node { span: 0..0, content: Content::Map(Style::Section, members(table)) }))
}

fn members(table: &dyn TableLike) -> Vec<Member> {
    let member = |(name, item): (&str, &Item)| Member {
        name: name.into(),
        key: table.key(name).and_then(Key::span).unwrap_or_default(),
        node: node(item),
    };
    table.iter().map(member).collect()
}

fn node(item: &Item) -> Node {
    // A table that only the headers of those below it name has the span of one of them.
    let is_implied = matches!(item, Item::Table(table) if table.is_implicit());
    let span = item.span().filter(|_| !is_implied).unwrap_or_default();
    let content = match item {
        Item::Table(table) if table.is_dotted() => Content::Map(Style::Block, members(table)),
        Item::Table(table) => Content::Map(Style::Section, members(table)),
        Item::Value(toml_edit::Value::InlineTable(table)) => Content::Map(Style::Braces, members(table)),
        Item::ArrayOfTables(tables) => {
            Content::Other(tables.iter().map(|table| node(&Item::Table(table.clone())).to_json()).collect())
        }
        other => Content::Other(other.as_value().map_or(Value::Null, to_json)),
    };
    Node { span, content }
}

fn to_json(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => json!(text.value()),
        toml_edit::Value::Integer(number) => json!(number.value()),
        toml_edit::Value::Float(number) => json!(number.value()),
        toml_edit::Value::Boolean(flag) => json!(flag.value()),
        toml_edit::Value::Array(array) => array.iter().map(to_json).collect(),
        toml_edit::Value::InlineTable(table) => node(&Item::from(table.clone())).to_json(),
        toml_edit::Value::Datetime(time) => json!(time.value().to_string()),
    }
}

pub(super) fn set(text: &str, path: &[&str], field: &Field) -> Result<String, Uneditable> {
    let Some(root) = parse(text)? else { return Err(Uneditable::TooIntricate) };
    let (map, names) = root.innermost(path)?;
    match (map.style(), map.member(names[0])?) {
        (_, Some(member)) if member.node.style() != Some(Style::Section) => {
            Ok(spliced(text, member.node.span.clone(), &inline(&nested(&names[1..], field))))
        }
        (Some(Style::Braces), None) => {
            let braces = Braces { text, node: map, comments: Comments::Hash };
            let gap = if map.members().is_empty() { "" } else { " " };
            Ok(braces.with_in_line(gap, &pair(names[0], &nested(&names[1..], field))))
        }
        (_, None) if path.len() == 2 => {
            Ok(with_section(text, root.member(path[0])?.map(|servers| &servers.node), path, field))
        }
        (_, None) => {
            let of_map = &path[..path.len() - names.len()];
            with_line(text, map, of_map, &pair(names[0], &nested(&names[1..], field)))
        }
        _ => Err(Uneditable::TooIntricate),
    }
}

/// The text with a table that has a header of its own: behind the last of those that are there, or at the end.
fn with_section(text: &str, servers: Option<&Node>, path: &[&str], field: &Field) -> String {
    let mut headers = Vec::new();
    if let Some(servers) = servers {
        collect(servers, &mut |node| headers.push(node.span.clone()), &mut |_| {});
    }
    let last = headers.iter().filter(|header| !header.is_empty()).max_by_key(|header| header.start);
    let at =
        last.map_or_else(|| text.trim_end_matches(['\r', '\n']).len(), |header| end_of_section(text, servers, header));
    let newline = newline(text, at);
    let mut lines = vec![header(path)];
    if let Field::Fields(fields) = field {
        lines.extend(fields.iter().map(|(name, field)| pair(name, field)));
    }
    let lines = lines.join(newline);
    match at {
        0 => format!("{lines}{newline}{text}"),
        _ => spliced(text, at..at, &format!("{newline}{newline}{lines}")),
    }
}

fn header(path: &[&str]) -> String {
    format!("[{}]", path.iter().map(|&name| Key::new(name).to_string()).collect::<Vec<_>>().join("."))
}

/// The end of the last line below a header of one of these tables.
fn end_of_section(text: &str, servers: Option<&Node>, header: &Range<usize>) -> usize {
    let mut end = header.end;
    if let Some(servers) = servers {
        collect(servers, &mut |_| {}, &mut |member| end = end.max(member.range().end));
    }
    let below = Comments::Hash.skip_below(text, end, 0);
    // A comment right above a header is about what comes.
    let is_of_next = without_first_newline(after(text, below)).trim_start().starts_with('[');
    if is_of_next { Comments::Hash.skip_in_line(text, end) } else { below }
}

/// The text with one more line in a table: below its last line, or its header, which comes before those of the tables in it
/// where it has none.
fn with_line(text: &str, map: &Node, path: &[&str], pair: &str) -> Result<String, Uneditable> {
    let lines =
        map.members().iter().filter(|member| !matches!(member.node.style(), Some(Style::Section | Style::Block)));
    let last = lines.max_by_key(|member| member.key.start);
    let (end, indentation) = match last {
        Some(last) => (last.range().end, after(before(text, last.key.start), line_start(text, last.key.start))),
        None if map.style() != Some(Style::Section) => return Err(Uneditable::TooIntricate),
        None if map.span.is_empty() => return with_header(text, map, path, pair),
        None => (map.span.end, ""),
    };
    let at = Comments::Hash.skip_in_line(text, end);
    Ok(spliced(text, at..at, &format!("{}{indentation}{pair}", newline(text, at))))
}

/// The text with the header of a table that is only implied so far, and its first line.
fn with_header(text: &str, map: &Node, path: &[&str], pair: &str) -> Result<String, Uneditable> {
    let mut first = None;
    collect(
        map,
        &mut |node| {
            let start = Some(node.span.start).filter(|_| !node.span.is_empty());
            first = first.into_iter().chain(start).min();
        },
        &mut |_| {},
    );
    let at = line_start(text, first.ok_or(Uneditable::TooIntricate)?);
    let newline = newline(text, at);
    Ok(spliced(text, at..at, &format!("{}{newline}{pair}{newline}{newline}", header(path))))
}

pub(super) fn unset(text: &str, path: &[&str]) -> Result<String, Uneditable> {
    let Some(root) = parse(text)? else { return Ok(text.into()) };
    let (map, names) = root.innermost(path)?;
    let position = if names.len() == 1 { map.position(names[0])? } else { None };
    let Some(position) = position else { return Ok(text.into()) };
    if map.style() == Some(Style::Braces) {
        return Ok(Braces { text, node: map, comments: Comments::Hash }.without(position));
    }
    let mut pieces = Vec::new();
    let member = &map.members()[position];
    match member.node.style() {
        Some(Style::Section | Style::Block) => pieces.extend(sections(text, &member.node)),
        _ => pieces.push((member.range(), false)),
    }
    pieces.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut text = text.to_owned();
    for (range, is_section) in pieces {
        let line = line_start(&text, range.start)..range.end;
        text = if is_section { without_section(&text, range) } else { cut(&text, line, false) };
    }
    Ok(text)
}

/// The tables with a header in a map, each with the lines below it, and the lines with dotted names.
fn sections(text: &str, node: &Node) -> Vec<(Range<usize>, bool)> {
    let mut pieces = Vec::new();
    let mut lines: Vec<Range<usize>> = Vec::new();
    collect(node, &mut |node| pieces.push((node.span.clone(), true)), &mut |member| lines.push(member.range()));
    pieces.retain(|(header, _)| !header.is_empty());
    pieces.sort_by_key(|(header, _)| header.start);
    for line in lines {
        match pieces.iter_mut().rev().find(|(header, is_section)| *is_section && header.start < line.start) {
            Some((section, _)) => section.end = section.end.max(Comments::Hash.skip_in_line(text, line.end)),
            None => pieces.push((line, false)),
        }
    }
    pieces
}

/// The text without a table, and without the empty line above that sets it apart.
fn without_section(text: &str, range: Range<usize>) -> String {
    let end = Comments::Hash.skip_in_line(text, range.end);
    let (before, after) = (before(text, line_start(text, range.start)), after(text, end));
    let above = without_last_newline(before);
    if before.is_empty() {
        return without_first_newline(after).into();
    }
    let set_apart = without_last_newline(above);
    [if above.ends_with('\n') { set_apart } else { above }, after].concat()
}

/// Visits all tables in a map that are not in braces, and all lines in them.
fn collect(node: &Node, table: &mut impl FnMut(&Node), line: &mut impl FnMut(&Member)) {
    if node.style() == Some(Style::Section) {
        table(node);
    }
    for member in node.members() {
        match member.node.style() {
            Some(Style::Section | Style::Block) => collect(&member.node, table, line),
            _ => line(member),
        }
    }
}

fn pair(name: &str, field: &Field) -> String {
    format!("{} = {}", Key::new(name), inline(field))
}

fn inline(field: &Field) -> String {
    item(field).to_string().trim().to_owned()
}

fn item(field: &Field) -> Item {
    match field {
        Field::Text(text) => value(text),
        Field::Flag(flag) => value(*flag),
        Field::Number(number) => value(i64::from(*number)),
        Field::Texts(texts) => value(texts.iter().collect::<Array>()),
        Field::List(fields) => {
            value(fields.iter().filter_map(|field| item(field).into_value().ok()).collect::<Array>())
        }
        Field::Fields(fields) => {
            let pairs = fields.iter().filter_map(|(name, field)| Some((name, item(field).into_value().ok()?)));
            value(pairs.collect::<InlineTable>())
        }
    }
}
