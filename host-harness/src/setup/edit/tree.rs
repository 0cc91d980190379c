//! What is in a file, and where.

use std::ops::Range;

use serde_json::{Map, Value};

use super::Uneditable;

/// A value in a file.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) span: Range<usize>,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) enum Content {
    Map(Style, Vec<Member>),
    Other(Value),
}

/// The way in which a map is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Between braces, with commas.
    Braces,
    /// One member below the other.
    Block,
    /// A table of TOML with a header of its own; the span is that of the header.
    Section,
}

/// A name with a value. What is between `key` and the end of the value belongs to it.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) key: Range<usize>,
    pub(super) node: Node,
}

impl Member {
    pub(super) fn range(&self) -> Range<usize> {
        self.key.start..self.node.span.end.max(self.key.end)
    }
}

impl Node {
    pub(super) fn style(&self) -> Option<Style> {
        match &self.content {
            Content::Map(style, _) => Some(*style),
            Content::Other(_) => None,
        }
    }

    /// What is in a map; anything else has no members.
    pub(super) fn members(&self) -> &[Member] {
        match &self.content {
            Content::Map(_, members) => members,
            Content::Other(_) => &[],
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.content, Content::Other(Value::Null))
    }

    /// The place of a member among the others.
    ///
    /// # Errors
    ///
    /// It is there twice.
    pub(super) fn position(&self, name: &str) -> Result<Option<usize>, Uneditable> {
        let mut positions = (0..).zip(self.members()).filter(|(_, member)| member.name == name);
        match (positions.next(), positions.next()) {
            (Some(_), Some(_)) => Err(Uneditable::Twice(name.into())),
            (first, _) => Ok(first.map(|(position, _)| position)),
        }
    }

    pub(super) fn member(&self, name: &str) -> Result<Option<&Member>, Uneditable> {
        Ok(self.position(name)?.map(|position| &self.members()[position]))
    }

    /// The innermost map on a path, and the names of the path that are not of maps; at least the last one.
    pub(super) fn innermost<'a>(&self, path: &'a [&'a str]) -> Result<(&Self, &'a [&'a str]), Uneditable> {
        let (mut node, mut rest) = (self, path);
        while rest.len() > 1
            && let Some(member) = node.member(rest[0])?
            && member.node.style().is_some()
        {
            (node, rest) = (&member.node, &rest[1..]);
        }
        Ok((node, rest))
    }

    pub(super) fn to_json(&self) -> Value {
        let pair = |member: &Member| (member.name.clone(), member.node.to_json());
        match &self.content {
            Content::Map(_, members) => Value::Object(members.iter().map(pair).collect::<Map<_, _>>()),
            Content::Other(value) => value.clone(),
        }
    }

    /// All that is in it, in its order, also where a name is there twice.
    pub(super) fn to_pairs(&self) -> Value {
        let pair = |member: &Member| Value::Array(vec![member.name.clone().into(), member.node.to_pairs()]);
        match &self.content {
            Content::Map(_, members) => Value::Array(members.iter().map(pair).collect()),
            Content::Other(value) => value.clone(),
        }
    }
}
