//! A preview in words, for a person: one line that says whom it is about, what happens and what stays, and below it a line for
//! each fact. Untrusted text stands in quotes, on one line, and only as much of it as leaves the rest in sight.

use serde_json::{Map, Value, json};

use crate::masks;

/// The parts of a preview that are no facts about its target.
const APART: [&str; 7] = ["action", "tool", "operation", "summary", "undo", "cannot_be_undone", "more_changes"];
/// The most changes that the first line tells, and the lines below.
const MOST_IN_LINE: usize = 3;
const MOST_BELOW: usize = 50;
/// The most characters of one text that are shown in the first line, and in the lines below.
const LONGEST_IN_LINE: usize = 80;
const LONGEST_BELOW: usize = 400;

/// The places in a tool's sentence that [`sentence`] fills in, besides `{arguments.NAME}`.
#[cfg(test)]
pub(crate) const PLACES: [&str; 9] =
    ["user", "organization", "invitation", "session", "changes", "arguments", "about", "given", "action"];

/// The first line: a tool's sentence with the names of what it is about filled in, and what of it stays.
pub(crate) fn summary(sentence: &str, shown: &Value) -> String {
    let mut line = filled_in(sentence, shown);
    line.push('?');
    if let Some(lasting) = shown["cannot_be_undone"].as_str() {
        line.push(' ');
        line.push_str(lasting);
    }
    line
}

fn filled_in(sentence: &str, shown: &Value) -> String {
    let mut line = String::new();
    let mut rest = sentence;
    while let Some((before, (place, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        line.push_str(before);
        line.push_str(&match place {
            "user" => user(&shown["user"]),
            "organization" => named(&shown["organization"], &["name", "slug"]),
            "invitation" => named(&shown["invitation"], &["email_address"]),
            "session" => named(&shown["session"], &[]),
            "action" => shown["action"].as_str().unwrap_or_default().into(),
            "about" => about(shown),
            "given" => given(shown),
            "changes" => changes(shown, MOST_IN_LINE, LONGEST_IN_LINE).join("; "),
            "arguments" => words(&shown["arguments"], LONGEST_IN_LINE),
            path => match path.split_once('.') {
                Some((part, name)) => words(&shown[part][name], LONGEST_IN_LINE),
                None => words(&shown[path], LONGEST_IN_LINE),
            },
        });
        rest = after;
    }
    line + rest
}

/// Stands for what has neither a name nor an id.
const UNKNOWN: &str = "(unknown)";

/// What an operation is about, after a colon: its target, and ids that are not in it. Nothing where there are none.
fn about(shown: &Value) -> String {
    let target = match shown {
        _ if shown["user"].is_object() => user(&shown["user"]),
        _ if shown["invitation"].is_object() => named(&shown["invitation"], &["email_address"]),
        _ if shown["session"].is_object() => named(&shown["session"], &[]),
        _ if shown["organization"].is_object() => named(&shown["organization"], &["name", "slug"]),
        _ if shown["target"].is_object() => named(
            &shown["target"],
            &["name", "email_address", "phone_number", "identifier", "key", "slug", "title", "url"],
        ),
        _ => String::new(),
    };
    let others = if is_empty(&shown["about"]) { String::new() } else { words(&shown["about"], LONGEST_IN_LINE) };
    // Settings of the instance have no name.
    let is_known = |part: &String| !part.is_empty() && part != UNKNOWN;
    let known: Vec<String> = [target, others].into_iter().filter(is_known).collect();
    if known.is_empty() { String::new() } else { format!(": {}", known.join(", ")) }
}

/// What an operation is given besides, after a semicolon. Nothing where it is given nothing.
fn given(shown: &Value) -> String {
    if !is_empty(&shown["changes"]) {
        return format!("; {}", changes(shown, MOST_IN_LINE, LONGEST_IN_LINE).join("; "));
    }
    if is_empty(&shown["arguments"]) {
        String::new()
    } else {
        format!("; {}", words(&shown["arguments"], LONGEST_IN_LINE))
    }
}

/// The whole preview: the first line, and a line for each fact.
pub(crate) fn lines(shown: &Value) -> String {
    let mut lines = vec![shown["summary"].as_str().unwrap_or_default().to_owned()];
    for (name, value) in shown.as_object().into_iter().flatten().filter(|(name, _)| !APART.contains(&name.as_str())) {
        match name.as_str() {
            "changes" => lines.extend(changes(shown, MOST_BELOW, LONGEST_BELOW)),
            "arguments" => lines.extend(members(value, LONGEST_BELOW)),
            _ if is_empty(value) => {}
            _ => lines.push(format!("{}: {}", name.replace('_', " "), words(value, LONGEST_BELOW))),
        }
    }
    lines.join("\n")
}

/// A person by name, address and id.
fn user(user: &Value) -> String {
    let id = if user["id"].is_null() { "user_id" } else { "id" };
    let text = |name: &&str| user[*name].as_str().filter(|text| !text.trim().is_empty());
    let name = text(&"name").map(|name| quoted(name, LONGEST_IN_LINE));
    let others = ["email_address", "identifier", "username", id];
    let mut known: Vec<String> =
        name.into_iter().chain(others.iter().filter_map(text).map(|text| label(text, LONGEST_IN_LINE))).collect();
    known.dedup();
    in_brackets(&known)
}

fn named(thing: &Value, names: &[&str]) -> String {
    let name = names.iter().find_map(|name| thing[*name].as_str().filter(|text| !text.trim().is_empty()));
    let name =
        name.map(|name| if name.contains('@') { label(name, LONGEST_IN_LINE) } else { quoted(name, LONGEST_IN_LINE) });
    let id = thing["id"].as_str().map(|id| label(id, LONGEST_IN_LINE));
    in_brackets(&name.into_iter().chain(id).collect::<Vec<_>>())
}

/// The first, and the others behind it in brackets.
fn in_brackets(known: &[String]) -> String {
    match known {
        [] => UNKNOWN.into(),
        [only] => only.clone(),
        [first, others @ ..] => format!("{first} ({})", others.join(", ")),
    }
}

/// `role: org:admin → org:member`, for each change.
fn changes(shown: &Value, most: usize, longest: usize) -> Vec<String> {
    let changes = shown["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let unlisted = shown["more_changes"].as_u64().unwrap_or_default();
    let mut lines: Vec<String> = changes.iter().take(most).map(|change| in_line(change, longest)).collect();
    match changes.len().saturating_sub(most) as u64 + unlisted {
        0 if changes.is_empty() => lines.push("nothing changes".into()),
        0 => {}
        1 => lines.push("and 1 more change".into()),
        more => lines.push(format!("and {more} more changes")),
    }
    lines
}

fn in_line(change: &Value, longest: usize) -> String {
    let path = change["path"].as_str().unwrap_or_default().trim_start_matches('/');
    let path = label(path, longest);
    let value = |name: &str| change.get(name).map(|value| words(value, longest));
    match (value("before"), value("after")) {
        (None, None) => format!("{path} may change"),
        _ if change.get("note").is_some() => format!("{path} may change"),
        (before, after) => {
            let nothing = || "nothing".to_owned();
            format!("{path}: {} → {}", before.unwrap_or_else(nothing), after.unwrap_or_else(nothing))
        }
    }
}

/// A value without JSON's brackets; what is empty is called nothing.
fn words(value: &Value, longest: usize) -> String {
    match value {
        _ if is_empty(value) => "nothing".into(),
        Value::Bool(true) => "yes".into(),
        Value::Bool(false) => "no".into(),
        Value::String(text) => label(text, longest),
        Value::Array(items) => {
            let shown = items.iter().take(MOST_BELOW).map(|item| match item {
                Value::Object(_) => format!("({})", words(item, longest)),
                _ => words(item, longest),
            });
            let more = items.len().saturating_sub(MOST_BELOW);
            let more = (more > 0).then(|| format!("and {more} more"));
            shown.chain(more).collect::<Vec<_>>().join(", ")
        }
        Value::Object(_) => members(value, longest).join("; "),
        other => other.to_string(),
    }
}

/// `name: value` for each member that holds something.
fn members(object: &Value, longest: usize) -> Vec<String> {
    let held = object.as_object().into_iter().flat_map(Map::iter);
    held.map(|(name, value)| {
        let is_ours = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        let name = if is_ours { name.replace('_', " ") } else { label(name, longest) };
        match value {
            Value::Object(_) if !is_empty(value) => format!("{name}: ({})", words(value, longest)),
            _ => format!("{name}: {}", words(value, longest)),
        }
    })
    .collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

/// A text in one line: bare where it is an identifier, an address or a number, otherwise in quotes.
fn label(text: &str, longest: usize) -> String {
    let read = masks::without_handles(text);
    let text = &*read;
    let is_bare = text.chars().all(|letter| letter.is_ascii_alphanumeric() || "@._-+:/…".contains(letter));
    let is_short = text.chars().nth(longest).is_none();
    if is_bare && is_short && !["nothing", "yes", "no"].contains(&text) { text.into() } else { quoted(text, longest) }
}

/// A text in quotes, as much of it as may be shown.
fn quoted(text: &str, longest: usize) -> String {
    let read = masks::without_handles(text);
    let text = &*read;
    match text.char_indices().nth(longest) {
        Some((end, _)) => json!(format!("{}…", &text[..end])).to_string(),
        None => json!(text).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> Value {
        json!({ "id": "user_2abc", "name": "Ada Lovelace", "email_address": "ada@acme.example", "username": "" })
    }

    #[test]
    fn the_first_line_says_whom_what_and_what_stays() {
        let shown = json!({ "user": ada(), "cannot_be_undone": "They are signed out everywhere." });
        assert_eq!(
            summary("Ban {user}", &shown),
            r#"Ban "Ada Lovelace" (ada@acme.example, user_2abc)? They are signed out everywhere."#
        );
        let shown =
            json!({ "user": { "user_id": "user_1", "name": "" }, "organization": { "id": "org_1", "name": "Acme" } });
        assert_eq!(summary("Remove {user} from {organization}", &shown), "Remove user_1 from \"Acme\" (org_1)?");
    }

    #[test]
    fn changes_are_told_as_before_and_after() {
        let shown = json!({ "changes": [
            { "path": "/role", "before": "org:admin", "after": "org:member" },
            { "path": "/public_metadata/plan", "before": { "a": [] }, "after": true },
            { "path": "/first_name", "after": "Ada May" },
            { "path": "/private_metadata", "before": "(not shown)", "note": "may change" },
        ], "more_changes": 51 });
        assert_eq!(
            summary("Update it: {changes}", &shown),
            "Update it: role: org:admin → org:member; public_metadata/plan: a: nothing → yes; \
             first_name: nothing → \"Ada May\"; and 52 more changes?"
        );
        assert!(lines(&shown).ends_with("\nprivate_metadata may change\nand 51 more changes"));
    }

    #[test]
    fn no_fact_is_json_and_what_is_empty_is_left_out() {
        let shown = json!({
            "summary": "Delete?", "action": "Delete a user", "organizations": [], "active_sessions": 2,
            "roles": [{ "name": "Acme Robotics", "role": "org:admin" }], "user": ada(), "undo": { "tool": "x" },
        });
        assert_eq!(
            lines(&shown),
            "Delete?\nactive sessions: 2\nroles: (name: \"Acme Robotics\"; role: org:admin)\nuser: email address: \
             ada@acme.example; id: user_2abc; name: \"Ada Lovelace\"; username: nothing"
        );
    }

    #[test]
    fn untrusted_text_takes_one_line_and_leaves_the_rest_in_sight() {
        let hostile = format!("Test\n\nThis is a test: \"accept\"? {}", "x".repeat(400));
        let shown = json!({ "organization": { "id": "org_1", "name": hostile }, "cannot_be_undone": "It is gone." });
        let line = summary("Delete {organization}", &shown);
        assert!(line.starts_with(r#"Delete "Test\n\nThis is a test: \"accept\"? x"#), "{line}");
        assert!(line.ends_with(r#"x…" (org_1)? It is gone."#) && !line.contains('\n') && line.len() < 200, "{line}");
    }

    #[test]
    fn an_argument_has_a_place_of_its_own() {
        let shown = json!({ "arguments": { "role": "org:member", "email_address": ["a@b.example"] } });
        assert_eq!(
            summary("Invite {arguments.email_address} as {arguments.role}", &shown),
            "Invite a@b.example as org:member?"
        );
    }
}
