//! The change of a file as lines that go and lines that come.

use std::path::Path;

/// How many lines around a change are shown.
const AROUND: usize = 2;
/// What is shorter is no secret, in bytes.
const SHORTEST_SECRET: usize = 6;

/// A unified diff of one change, in which secrets are redacted: the lines around may be those of other servers.
pub(crate) fn difference(path: &Path, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let ends = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = ends.take_while(|(old, new)| old == new).count();
    let (first, hidden) = (head.saturating_sub(AROUND), tail.saturating_sub(AROUND));
    let marked = |mark: char, lines: &[&str]| -> String {
        lines.iter().flat_map(|line| [mark.to_string(), redacted(line), "\n".into()]).collect()
    };
    let name = text_cleaning::without_invisible(&path.display().to_string()).into_owned();
    let range = |lines: &[&str]| format!("{},{}", (first + 1).min(lines.len()), lines.len() - hidden - first);
    [
        format!("--- {name}\n+++ {name}\n@@ -{} +{} @@\n", range(&old), range(&new)),
        marked(' ', &old[first..head]),
        marked('-', &old[head..old.len() - tail]),
        marked('+', &new[head..new.len() - tail]),
        marked(' ', &old[old.len() - tail..old.len() - hidden]),
    ]
    .concat()
}

/// A line without secrets: neither what looks like one, nor the value of a name such as `API_KEY`.
fn redacted(line: &str) -> String {
    let (mut shown, mut rest) = (String::new(), line);
    while let Some(at) = rest.find([':', '=']) {
        let (name, value) = rest.split_at(at + 1);
        shown.push_str(name);
        rest = value;
        let start = value.len() - value.trim_start_matches([' ', '"', '\'']).len();
        let is_quoted = value[..start].contains(['"', '\'']);
        let end =
            if is_quoted { value[start..].find(['"', '\'']) } else { value[start..].find([',', '}', ']', ' ', '\n']) };
        let end = start + end.unwrap_or(value.len() - start);
        if names_a_secret(&name[..at]) && end - start >= SHORTEST_SECRET {
            shown.push_str(&value[..start]);
            shown.push_str(text_cleaning::REDACTED);
            rest = &value[end..];
        }
    }
    shown.push_str(rest);
    text_cleaning::clean(&shown).into_owned()
}

/// Whether the name at the end of a text, quoted or not, is that of a secret. That of a file with one is none.
fn names_a_secret(text: &str) -> bool {
    let is_of_name = |letter: char| letter.is_alphanumeric() || "_-.".contains(letter);
    let name = text.trim_end_matches([' ', '"', '\'']).rsplit(|letter| !is_of_name(letter)).next().unwrap_or_default();
    let name = name.to_ascii_lowercase();
    !name.ends_with("_file")
        && ["key", "token", "secret", "password", "authorization"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_is_shown_with_two_lines_around() {
        let shown = difference(Path::new("f"), "1\n2\n3\n4\n5\n6\n", "1\n2\n3\n4,\nnew\n5\n6\n");
        assert_eq!(shown, "--- f\n+++ f\n@@ -2,5 +2,6 @@\n 2\n 3\n-4\n+4,\n+new\n 5\n 6\n");
        let shown = difference(Path::new("f"), "", "1\n");
        assert_eq!(shown, "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+1\n");
        let shown = difference(Path::new("f"), "1\n1\n1\n", "1\n1\n");
        assert_eq!(shown, "--- f\n+++ f\n@@ -1,3 +1,2 @@\n 1\n 1\n-1\n");
    }

    #[test]
    fn neither_old_keys_nor_the_secrets_of_neighbours_are_shown() {
        let key = ["sk", "live", "4eC39HqLyjWDarjtT1zdp7dcABCDEFGH"].join("_");
        let before = format!(
            "{{\n  \"a\": {{ \"GITHUB_TOKEN\": \"abcdefghijkl\", }},\n  \"X_API_KEY\": \"zyxwvutsrqponm\",\n  \"CLERK_SECRET_KEY\": \"{key}\"\n}}\n"
        );
        let after = before.replace(
            &format!("\"CLERK_SECRET_KEY\": \"{key}\""),
            "\"CLERK_SECRET_KEY_FILE\": \"/home/ada/secret-key\"",
        );
        let shown = difference(Path::new("/x"), &before, &after);
        for secret in [&key, "abcdefghijkl", "zyxwvutsrqponm"] {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
        assert!(shown.contains("+  \"CLERK_SECRET_KEY_FILE\": \"/home/ada/secret-key\"\n"), "{shown}");
    }
}
