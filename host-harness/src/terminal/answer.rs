//! What a call answers, for a person: a table of a list, a record of one object, sentences of a preview and of a refusal.

use std::collections::HashSet;

use super::columns::{MARK, table};
use super::node::Node;
use super::record::{LASTING, Layout, hanging, lines};
use super::style::{BOLD, DIM, RED, styled};
use super::table;
use super::text::wrapped;

/// The member by which an answer names the fields that hold text of people outside.
const UNTRUSTED: &str = "untrusted_text";
/// Terminals that are narrower get a short record of each row.
const NARROWEST_TABLE: usize = 60;
/// The width by which the fields of such a record are chosen.
const OF_SHORT_RECORD: usize = 100;

/// An answer in JSON, or in words already, in lines of at most `most` columns. `has_failed`: it says why nothing was done.
pub(crate) fn in_words(answer: &str, has_failed: bool, most: usize) -> String {
    let Ok(node @ Node::Object(_)) = serde_json::from_str(answer) else {
        return answer.lines().flat_map(|line| wrapped(line, most)).collect::<Vec<_>>().join("\n");
    };
    let inner = node.get("preview").and_then(|preview| preview.text(UNTRUSTED));
    let named = node.text(UNTRUSTED).or(inner).unwrap_or_default();
    let untrusted: HashSet<&str> = named.split(", ").filter(|name| !name.is_empty()).collect();
    let layout = Layout { most, untrusted: &untrusted };
    let mut text = match (&node, node.get("preview")) {
        _ if has_failed && node.text("message").is_some() => refusal(&node, layout),
        (_, Some(preview @ Node::Object(_))) => self::preview(&node, preview, layout),
        (node, _) => match list(node) {
            Some((name, rows)) => self::of_list(node, name, rows, layout),
            None => lines(others(node, &[]), layout, 0),
        },
    };
    if text.iter().any(|line| line.contains(MARK)) && !untrusted.is_empty() {
        let legend = format!("{MARK} written by people outside: data, not instructions.");
        text.push(String::new());
        text.extend(wrapped(&legend, most).iter().map(|line| styled(DIM, line)));
    }
    text.join("\n")
}

/// The members besides those that are shown otherwise.
fn others<'a>(node: &'a Node, apart: &'a [&'a str]) -> impl Iterator<Item = &'a (String, Node)> {
    node.members().iter().filter(move |(name, _)| name != UNTRUSTED && !apart.contains(&name.as_str()))
}

/// The rows of a list, and by which name the answer has them.
fn list(node: &Node) -> Option<(&str, &[Node])> {
    let is_page = node.get("has_more").is_some();
    let mut members = node.members().iter();
    let (name, rows) = members.find_map(|(name, value)| match value {
        Node::List(rows) if name == "data" || is_page => Some((name, rows)),
        _ => None,
    })?;
    rows.iter().all(|row| matches!(row, Node::Object(_))).then_some((name, rows))
}

fn of_list(node: &Node, name: &str, rows: &[Node], layout: Layout<'_>) -> Vec<String> {
    let is_narrow = layout.most < NARROWEST_TABLE;
    let (cells, is_cut) = table(rows, layout.untrusted, if is_narrow { OF_SHORT_RECORD } else { layout.most });
    let mut text = match rows {
        [] => vec!["Nothing was found.".into()],
        _ if is_narrow => short_records(cells, layout),
        _ => table::lines(&cells, &[], layout.most),
    };
    let next = node.members().iter().find(|(name, _)| name.starts_with("next_"));
    let mut remarks = Vec::new();
    let total = node.get("total_count").and_then(Node::scalar).map(|total| format!("{} of {total} shown.", rows.len()));
    remarks.extend(total.filter(|_| !rows.is_empty()));
    if let Some((name, value)) = next {
        let value = match value {
            Node::Text(text) => serde_json::Value::from(text.as_str()).to_string(),
            other => other.scalar().unwrap_or_default(),
        };
        remarks.push(format!("There are more: add {:?}: {value} to the arguments.", name.trim_start_matches("next_")));
    } else if node.get("has_more") == Some(&Node::Flag(true)) {
        remarks.push("There are more.".into());
    }
    if is_cut {
        remarks.push("More of each with --json.".into());
    }
    let continuation = next.map_or("", |(name, _)| name.as_str());
    let apart = [name, "has_more", "total_count", continuation];
    let rest = lines(others(node, &apart), layout, 0);
    for part in [rest, wrapped(&remarks.join(" "), layout.most)] {
        if part.iter().any(|line| !line.is_empty()) {
            text.push(String::new());
            text.extend(part);
        }
    }
    text
}

/// The fields that a table would have, below each other.
fn short_records(rows: Vec<Vec<table::Cell>>, layout: Layout<'_>) -> Vec<String> {
    let mut rows = rows.into_iter();
    let names: Vec<String> = rows.next().unwrap_or_default().into_iter().map(|cell| cell.text.to_lowercase()).collect();
    // The marks are in the names already.
    let unmarked = HashSet::new();
    let layout = Layout { untrusted: &unmarked, ..layout };
    let record = |row: Vec<table::Cell>| {
        let members: Vec<_> = names.iter().cloned().zip(row.into_iter().map(|cell| Node::Text(cell.text))).collect();
        lines(&members, layout, 0)
    };
    let records: Vec<Vec<String>> = rows.map(record).collect();
    records.join(&String::new())
}

/// What would be done, what of it stays, and what to do next.
fn preview(node: &Node, preview: &Node, layout: Layout<'_>) -> Vec<String> {
    let summary = preview.text("summary").unwrap_or("This is what would be done:");
    let lasting = preview.text(LASTING);
    let question = lasting.and_then(|lasting| summary.strip_suffix(lasting)).unwrap_or(summary);
    let mut text: Vec<String> = hanging(question, 0, layout.most).iter().map(|line| styled(BOLD, line)).collect();
    text.extend(hanging(lasting.unwrap_or_default(), 0, layout.most).iter().map(|line| styled(RED, line)));
    text.retain(|line| !line.is_empty());
    text.push(String::new());
    text.extend(lines(others(preview, &["summary", LASTING]), layout, 0));
    text.extend(lines(others(node, &["preview", "next"]), layout, 0));
    text.push(String::new());
    text.extend(wrapped(node.text("next").unwrap_or("This is a preview: nothing has changed."), layout.most));
    text
}

/// Why nothing was done, and what to do about it.
fn refusal(node: &Node, layout: Layout<'_>) -> Vec<String> {
    let message = node.text("message").unwrap_or_default();
    let mut text: Vec<String> =
        wrapped(&sentence(message), layout.most).iter().map(|line| styled(BOLD, line)).collect();
    for problem in node.get("problems").map_or(&[][..], Node::items) {
        let pointer = problem.text("pointer").map(|pointer| format!("{}: ", pointer.trim_start_matches('/')));
        let problem = format!("{}{}", pointer.unwrap_or_default(), problem.text("message").unwrap_or_default());
        text.extend(hanging(&problem, 2, layout.most));
    }
    if let Some(hint) = node.text("hint") {
        text.extend(wrapped(&sentence(hint), layout.most));
    }
    let rest = lines(others(node, &["message", "hint", "problems"]), layout, 0);
    text.push(String::new());
    text.extend(rest);
    text
}

/// A text with a capital at its beginning and a stop at its end.
fn sentence(text: &str) -> String {
    let mut letters = text.trim().chars();
    let first: String = letters.next().map(|letter| letter.to_uppercase().collect()).unwrap_or_default();
    let stop = if text.trim().ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{first}{}{stop}", letters.as_str())
}
