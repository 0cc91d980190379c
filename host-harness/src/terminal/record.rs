//! One object as lines of `name  value`, its parts indented below their names.

use std::collections::HashSet;

use super::columns::MARK;
use super::node::{Node, is_id};
use super::style::{BOLD, DIM, PLAIN, RED, styled};
use super::text::{cell, plain, width, wrapped};

/// The widest that names get.
const WIDEST_NAME: usize = 32;
/// The narrowest column of values; below that, lines may be wider than the terminal.
const NARROWEST: usize = 10;
/// The columns by which parts stand further to the right.
const INDENT: usize = 2;
/// The member that says what cannot be undone.
pub(super) const LASTING: &str = "cannot_be_undone";

/// The shape of a record.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    /// The columns of the terminal.
    pub(super) most: usize,
    /// The names of the fields that hold text of people outside.
    pub(super) untrusted: &'a HashSet<&'a str>,
}

/// The lines of these members, but for those that hold nothing.
pub(super) fn lines<'a>(
    members: impl IntoIterator<Item = &'a (String, Node)>,
    layout: Layout<'_>,
    indent: usize,
) -> Vec<String> {
    let members: Vec<_> = members.into_iter().filter(|(_, node)| !node.is_empty()).collect();
    let names: Vec<String> = members.iter().map(|(name, _)| label(name, layout)).collect();
    let is_in_line = |node: &Node| node.scalar().is_some() || scalars(node).is_some();
    let in_line = members.iter().zip(&names).filter(|((_, node), _)| is_in_line(node));
    let widest = in_line.map(|(_, name)| width(name)).max().unwrap_or_default();
    members
        .iter()
        .zip(&names)
        .flat_map(|((name, node), label)| of_member(name, label, node, layout, (indent, widest)))
        .collect()
}

fn label(name: &str, layout: Layout<'_>) -> String {
    let mark = if layout.untrusted.contains(name) { MARK } else { "" };
    format!("{}{mark}", cell(name, WIDEST_NAME))
}

fn of_member(
    name: &str,
    label: &str,
    node: &Node,
    layout: Layout<'_>,
    (indent, widest): (usize, usize),
) -> Vec<String> {
    let blanks = " ".repeat(indent);
    if let Some(text) = node.scalar().or_else(|| scalars(node)) {
        let style = if name == LASTING { RED } else { style_of(&text) };
        let from = indent + widest + 2;
        let padding = " ".repeat(widest - width(label) + 2);
        let hanging = " ".repeat(from);
        let values = wrapped(&text, layout.most.saturating_sub(from).max(NARROWEST));
        let line = |(number, value): (usize, String)| match number {
            0 => format!("{blanks}{}{padding}{}", styled(BOLD, label), styled(style, &value)),
            _ => format!("{hanging}{}", styled(style, &value)),
        };
        return values.into_iter().enumerate().map(line).collect();
    }
    let mut lines = vec![format!("{blanks}{}", styled(BOLD, label))];
    match node {
        Node::List(items) => lines.extend(items.iter().flat_map(|item| of_item(item, layout, indent + INDENT))),
        _ => lines.extend(self::lines(node.members(), layout, indent + INDENT)),
    }
    lines
}

/// An item of a list, which begins with a dash.
fn of_item(item: &Node, layout: Layout<'_>, indent: usize) -> Vec<String> {
    if let Some(change) = change(item) {
        return hanging(&change, indent, layout.most);
    }
    let mut lines = match item {
        Node::Object(members) => self::lines(members, layout, indent + INDENT),
        Node::List(items) => items.iter().flat_map(|item| of_item(item, layout, indent + INDENT)).collect(),
        _ => item.scalar().map(|text| hanging(&text, indent + INDENT, layout.most)).unwrap_or_default(),
    };
    if let Some(first) = lines.first_mut() {
        first.replace_range(..indent + INDENT, &format!("{}- ", " ".repeat(indent)));
    }
    lines
}

/// `name: before → after`, where an item is a change.
fn change(item: &Node) -> Option<String> {
    let is_change = |(name, _): &(String, Node)| ["path", "before", "after"].contains(&name.as_str());
    let path = item.text("path").filter(|_| item.members().len() > 1 && item.members().iter().all(is_change))?;
    let side = |name: &str| match item.get(name) {
        Some(Node::Text(text)) => format!("“{}”", plain(text)),
        Some(node) => node.scalar().or_else(|| scalars(node)).unwrap_or_else(|| "(nothing)".into()),
        None => "(nothing)".into(),
    };
    // What has parts is shown by them.
    let is_flat = |name: &str| item.get(name).is_none_or(|node| node.is_empty() || node.scalar().is_some());
    (is_flat("before") && is_flat("after"))
        .then(|| format!("{}: {} → {}", plain(path.trim_start_matches('/')), side("before"), side("after")))
}

/// The lines of a text that begins in column `indent`.
pub(super) fn hanging(text: &str, indent: usize, most: usize) -> Vec<String> {
    let blanks = " ".repeat(indent);
    let lines = wrapped(text, most.saturating_sub(indent).max(NARROWEST));
    lines.into_iter().map(|line| format!("{blanks}{line}")).collect()
}

/// A list of values without parts, in one text.
fn scalars(node: &Node) -> Option<String> {
    let texts: Option<Vec<String>> = node.items().iter().map(Node::scalar).collect();
    texts.filter(|texts| !texts.is_empty()).map(|texts| texts.join(", "))
}

fn style_of(text: &str) -> anstyle::Style {
    if is_id(text) { DIM } else { PLAIN }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(json: &str, most: usize) -> String {
        let node: Node = serde_json::from_str(json).expect("JSON");
        let untrusted = HashSet::from(["name"]);
        let lines = lines(node.members(), Layout { most, untrusted: &untrusted }, 0);
        anstream::adapter::strip_str(&lines.join("\n")).to_string()
    }

    #[test]
    fn parts_stand_indented_below_their_names() {
        let json =
            r#"{"id":"1","name":"A","empty":{},"parts":{"x":1,"list":["a","b"]},"many":[{"k":1,"l":2},{"k":3}]}"#;
        let expected = "id     1\nname*  A\nparts\n  x     1\n  list  a, b\nmany\n  - k  1\n    l  2\n  - k  3";
        assert_eq!(shown(json, 80), expected);
    }

    #[test]
    fn a_change_is_one_line() {
        let json = r#"{"changes":[{"path":"/name","before":null,"after":"Z"},{"path":"/n","before":1}]}"#;
        assert_eq!(shown(json, 80), "changes\n  name: (nothing) → “Z”\n  n: 1 → (nothing)");
    }

    #[test]
    fn no_value_can_look_like_a_line_of_its_own() {
        let json = r#"{"name":"x          \nbanned  no","id":"1"}"#;
        assert_eq!(shown(json, 17), "name*  x banned\n       no\nid     1");
    }
}
