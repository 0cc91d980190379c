//! Reads YAML.

use std::collections::HashSet;
use std::ops::Range;

use serde_json::{Value, json};
use yaml_edit::{Mapping, Parse, Scalar, TextPosition, YamlFile, YamlNode};

use super::tree::{Content, Member, Node, Style};
use super::{Uneditable, position};

pub(super) fn parse(text: &str) -> Result<Option<Node>, Uneditable> {
    let syntax = |at, reason| {
        let (line, column) = position(text, at);
        Err(Uneditable::Syntax { line, column, reason })
    };
    // The library takes it, and no client does.
    if let Some(line) = text.split_inclusive('\n').find(|line| line.starts_with('\t') && !line.trim().is_empty()) {
        return syntax(line.as_ptr() as usize - text.as_ptr() as usize, "a tab does not indent".into());
    }
    let parsed = Parse::<YamlFile>::parse_yaml(text);
    if let Some(error) = parsed.positioned_errors().first() {
        return syntax(error.range.start as usize, error.message.clone());
    }
    let mut documents = parsed.tree().documents();
    let document = documents.next();
    if documents.next().is_some() {
        return Err(Uneditable::TooIntricate);
    }
    let Some(document) = document else { return Ok(None) };
    match document.as_mapping() {
        Some(mapping) => map(text, &mapping).map(Some),
        None if document.as_scalar().is_none() && document.as_sequence().is_none() => Ok(None),
        None => Err(Uneditable::NotAnObject("the whole of it".into())),
    }
}

/// A map of YAML, in which each name is there once: clients take no other.
fn map(text: &str, mapping: &Mapping) -> Result<Node, Uneditable> {
    let mut names = HashSet::new();
    let mut members = Vec::new();
    for entry in mapping.entries() {
        let Some(key) = entry.key_node() else { return Err(Uneditable::TooIntricate) };
        let name = key.as_scalar().map_or_else(|| key.to_string(), Scalar::as_string);
        let key = trimmed(text, key.byte_range());
        if !names.insert(name.clone()) {
            return Err(Uneditable::Twice(name));
        }
        let colon = after_colon(text, key.end);
        let node = entry.value_node().map_or_else(|| Ok(null(colon)), |value| node(text, &value, colon))?;
        members.push(Member { name, key, node });
    }
    if mapping.is_flow_style() || members.is_empty() {
        let span = trimmed(text, mapping.byte_range());
        return Ok(Node { span, content: Content::Map(Style::Braces, members) });
    }
    let span = members[0].key.start..members[members.len() - 1].range().end;
    Ok(Node { span, content: Content::Map(Style::Block, members) })
}

fn node(text: &str, node: &YamlNode, colon: usize) -> Result<Node, Uneditable> {
    let span = trimmed(text, node.byte_range());
    let other = |span, value| Ok(Node { span, content: Content::Other(value) });
    match node {
        YamlNode::Mapping(mapping) => map(text, mapping),
        YamlNode::Sequence(sequence) => {
            let is_flow = text[span.clone()].starts_with('[');
            let nodes =
                sequence.values().map(|value| self::node(text, &value, colon)).collect::<Result<Vec<_>, _>>()?;
            let end = nodes.last().filter(|_| !is_flow).map_or(span.end, |last| last.span.end);
            other(span.start..end, nodes.iter().map(Node::to_pairs).collect())
        }
        YamlNode::Scalar(_) if span.is_empty() => Ok(null(colon)),
        YamlNode::Scalar(scalar) if scalar.is_null() => other(span, Value::Null),
        YamlNode::Scalar(scalar) => other(span, scalar_to_json(scalar)),
        unknown => other(span, json!(unknown.to_string())),
    }
}

/// The place behind the colon that follows a name.
pub(super) fn after_colon(text: &str, name: usize) -> usize {
    name + text[name..].find(':').map_or(0, |colon| colon + 1)
}

/// Nothing, where a value could be.
fn null(at: usize) -> Node {
    Node { span: at..at, content: Content::Other(Value::Null) }
}

fn scalar_to_json(scalar: &Scalar) -> Value {
    match (scalar.as_bool(), scalar.as_i64()) {
        (Some(flag), _) if !scalar.is_quoted() => json!(flag),
        (_, Some(number)) if !scalar.is_quoted() => json!(number),
        _ => json!(scalar.as_string()),
    }
}

/// A range without the white space at its ends.
fn trimmed(text: &str, range: TextPosition) -> Range<usize> {
    let piece = &text[range.start as usize..range.end as usize];
    let start = range.start as usize + piece.len() - piece.trim_start().len();
    start..(range.start as usize + piece.trim_end().len()).max(start)
}
