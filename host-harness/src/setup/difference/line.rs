//! A line of somebody else's configuration, shown without its values: any of them may be a secret.

/// Stands for what is not shown.
pub(super) const HIDDEN: &str = "…";
/// The longest name that is shown, in bytes.
pub(super) const LONGEST_NAME: usize = 64;
/// The most of a line that is shown, in characters.
const MOST_SHOWN: usize = 200;

/// The brackets, the names and the heads of tables of a line in JSON, TOML or YAML. Comments are hidden like values.
pub(super) fn without_values(line: &str) -> String {
    if is_head_of_table(line) {
        return line.to_owned();
    }
    let (mut shown, mut rest) = take_marks(line);
    while let Some(at) = end_of_name(rest) {
        shown.push_str(&rest[..at]);
        let (marks, after) = take_marks(&rest[at..]);
        shown.push_str(&marks);
        rest = after;
        // Only in braces another name can follow.
        if !marks.contains('{') {
            break;
        }
    }
    let is_cut = shown.chars().count() > MOST_SHOWN;
    let mut shown: String = shown.chars().take(MOST_SHOWN).collect();
    if is_cut || !rest.is_empty() {
        shown.push_str(HIDDEN);
    }
    shown
}

/// The brackets, commas and dashes at the beginning, and what comes then.
fn take_marks(text: &str) -> (String, &str) {
    let rest = text.trim_start_matches([' ', '\t', '{', '}', '[', ']', ',', '-']);
    (text[..text.len() - rest.len()].to_owned(), rest)
}

/// The end of a name with the `:` or `=` after it, where a text begins with one.
fn end_of_name(text: &str) -> Option<usize> {
    let end = match text.chars().next()? {
        quote @ ('"' | '\'') => text[1..].find(quote)? + 2,
        _ => text.find(|letter: char| !is_of_bare_name(letter))?,
    };
    let name = &text[..end];
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains('\\') {
        return None;
    }
    let rest = text[end..].trim_start_matches(' ');
    let after = rest.get(1..)?;
    let is_end = match rest.chars().next()? {
        ':' => name.ends_with('"') || after.is_empty() || after.starts_with(' '),
        // What ends in `=` may be a key in Base64.
        '=' => !after.trim().is_empty() && !after.starts_with('='),
        _ => false,
    };
    is_end.then(|| text.len() - after.len())
}

fn is_of_bare_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_-.".contains(letter)
}

/// Tells whether a line is one such as `[projects."/home/ada"]`, which no list can be: it is not indented.
fn is_head_of_table(line: &str) -> bool {
    let inner = line.trim_end().strip_suffix(']').unwrap_or_default().trim_end_matches(']');
    let name = inner.strip_prefix('[').unwrap_or_default().trim_start_matches('[');
    let is_of_name = |letter: char| is_of_bare_name(letter) || "\"/ ".contains(letter);
    line.len() <= MOST_SHOWN && name.starts_with(is_of_bare_name) && name.chars().all(is_of_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_brackets_are_shown_and_values_are_not() {
        for (line, shown) in [
            ("", ""),
            ("  },", "  },"),
            ("    \"github\": {", "    \"github\": {"),
            ("  \"env\": { \"GITHUB\": \"hunter2\" },", "  \"env\": { \"GITHUB\": …"),
            ("{\"n\":1.5,\"b\":{}}", "{\"n\":…"),
            ("  \"args\": [\"--token\", \"xoxb-1\"],", "  \"args\": [… "),
            ("  \"xoxb-1\",", "  …"),
            ("  \"Authorization: Bearer 1\"", "  …"),
            ("  // the old one: xoxb-1", "  …"),
            ("[mcp_servers.docs]", "[mcp_servers.docs]"),
            ("[[a]]", "[[a]]"),
            ("[projects.\"/home/ada\"]", "[projects.\"/home/ada\"]"),
            ("[\"xoxb-1\"]", "[…"),
            ("  [xoxb-1]", "  […"),
            ("env = { PGPASS = 'hunter2', B = 1 }", "env = { PGPASS = …"),
            ("url=\"https://ada:hunter2@example.com\"", "url=…"),
            ("# xoxb: 1", "…"),
            ("  developer:", "  developer:"),
            ("  uri: https://ada:hunter2@example.com", "  uri: …"),
            ("  password: a: b", "  password: …"),
            ("  - --pass=hunter2", "  - --pass=…"),
            ("  - key: 1", "  - key: …"),
            ("    Zm9vYmFyCg==", "    …"),
            ("    Zm9vYmFyC2c=", "    …"),
        ] {
            assert_eq!(without_values(line), shown.trim_end(), "{line:?}");
        }
    }

    #[test]
    fn a_line_without_an_end_is_cut() {
        for line in [" ".repeat(1 << 20), format!("\"{}\": 1", "a".repeat(1 << 20)), "[".repeat(1 << 20)] {
            assert!(without_values(&line).chars().count() <= MOST_SHOWN + 1);
        }
    }
}
