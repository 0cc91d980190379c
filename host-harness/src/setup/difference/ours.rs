//! What may be shown of a line that comes: what this program writes, and names.

use std::collections::HashSet;

use serde_json::Value;

use super::line::{HIDDEN, LONGEST_NAME};

/// The most of a line that is shown, in characters. Entries are shorter.
const MOST_SHOWN: usize = 4000;

/// What this program writes into a file.
#[derive(Debug, Default)]
pub(crate) struct Ours {
    lines: HashSet<String>,
    texts: HashSet<String>,
}

impl Ours {
    /// Takes a file with nothing but the entry, as it is written and as it is read.
    pub(crate) fn of(file: &str, read: &Value) -> Self {
        let mut ours = Self { lines: file.lines().map(bare).collect(), texts: HashSet::new() };
        ours.add(read);
        ours
    }

    fn add(&mut self, value: &Value) {
        match value {
            Value::String(text) => drop(self.texts.insert(text.clone())),
            Value::Array(values) => values.iter().for_each(|value| self.add(value)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    self.texts.insert(name.clone());
                    self.add(value);
                }
            }
            other => drop(self.texts.insert(other.to_string())),
        }
    }

    pub(super) fn is_line(&self, line: &str) -> bool {
        self.lines.contains(&bare(line))
    }

    /// Tokens with each value hidden that is not ours, and comments too.
    pub(super) fn shown(&self, tokens: &[&str]) -> String {
        let mut shown = String::new();
        for (number, token) in tokens.iter().enumerate() {
            let is_mark = token.chars().all(|letter| letter.is_whitespace() || MARKS.contains(letter));
            if token.starts_with('#') || token.starts_with("//") || token.starts_with("/*") {
                shown.push_str(HIDDEN);
                break;
            }
            if is_mark || self.texts.contains(&unquoted(token)) || is_name(token, &tokens[number + 1..]) {
                shown.push_str(token);
            } else if !shown.ends_with(HIDDEN) {
                shown.push_str(HIDDEN);
            }
        }
        match shown.char_indices().nth(MOST_SHOWN) {
            Some((end, _)) => format!("{}{HIDDEN}", &shown[..end]),
            None => shown,
        }
    }
}

const MARKS: &str = "{}[],:=";

fn bare(line: &str) -> String {
    line.trim().trim_end_matches(',').to_owned()
}

/// A name has a mark behind it, and a gap after that unless it is in quotes: `a:b` and `a=` may be a secret.
fn is_name(token: &str, behind: &[&str]) -> bool {
    let mut behind = behind.iter().skip_while(|token| token.trim().is_empty());
    let is_set_apart = match (behind.next(), behind.next()) {
        (Some(&":"), None) => true,
        (Some(&(":" | "=")), Some(next)) => token.starts_with('"') || next.trim().is_empty(),
        _ => false,
    };
    is_set_apart && token.len() <= LONGEST_NAME && !token.contains('\\')
}

fn unquoted(token: &str) -> String {
    let double = token.starts_with('"').then(|| serde_json::from_str(token).ok()).flatten();
    let single = token.strip_prefix('\'').and_then(|token| token.strip_suffix('\''));
    double.unwrap_or_else(|| single.unwrap_or(token).to_owned())
}

/// The texts in quotes, the words and the marks of a line in JSON, TOML or YAML.
pub(super) fn tokens(line: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let is_mark = |letter: char| letter.is_whitespace() || MARKS.contains(letter) || letter == '"';
        let end = match first {
            '"' | '\'' => end_of_quoted(rest, first),
            first if is_mark(first) => first.len_utf8(),
            _ => rest.find(is_mark).unwrap_or(rest.len()),
        };
        let (token, behind) = rest.split_at(end);
        tokens.push(token);
        rest = behind;
    }
    tokens
}

fn end_of_quoted(text: &str, quote: char) -> usize {
    let mut is_escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' if quote == '"' => is_escaped = true,
            letter if letter == quote => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_others_are_hidden_whatever_the_language() {
        let ours = Ours::of("", &json!({ "clerk": { "command": "/bin/x y", "args": ["it's"], "timeout": 300 } }));
        for (line, shown) in [
            ("\"clerk\":{\"command\":\"/bin/x y\",\"n\":1}", "\"clerk\":{\"command\":\"/bin/x y\",\"n\":…}"),
            ("clerk = { command = '/bin/x y', K = \"hunter2\" }", "clerk = { command = '/bin/x y', K = … }"),
            ("clerk: {timeout: 300, password: hunter2}", "clerk: {timeout: 300, password: …}"),
            ("args: [\"it's\", \"a \\\" hunter2\", hunter2 hunter2]", "args: [\"it's\", …, …]"),
            ("Zm9vYmFyCg==", "…=="),
            ("Zm9vYmFyC2c=", "…="),
            ("envs:", "envs:"),
            ("clerk: {K: a:hunter2:b, J: a=hunter2=b}", "clerk: {K: …:…:…, J: …=…=…}"),
            ("key \"hunter2", "…"),
            ("timeout = 300 # hunter2: a", "timeout = 300 …"),
            ("\"timeout\": 300, // hunter2: a", "\"timeout\": 300, …"),
        ] {
            assert_eq!(ours.shown(&tokens(line)).replace("… …", "…"), shown, "{line}");
        }
    }
}
