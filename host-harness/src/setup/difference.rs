//! The change of a file as lines that go and lines that come.

mod line;
mod ours;

use std::path::Path;

use line::without_values;
pub(crate) use ours::Ours;
use ours::tokens;

/// The number of lines that are shown around a change.
const AROUND: usize = 2;

/// A unified diff of one change. Of the lines that come, what is ours is shown as it is; of all others the names are, since a
/// value may be a secret.
pub(crate) fn difference(path: &Path, before: &str, after: &str, ours: &Ours) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let ends = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = ends.take_while(|(old, new)| old == new).count();
    let (first, hidden) = (head.saturating_sub(AROUND), tail.saturating_sub(AROUND));
    let (gone, come) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let come = match (gone, come) {
        ([gone], [come]) => vec![with_what_is_put_in(gone, come, ours)],
        _ => come.iter().map(|line| shown(line, gone, ours)).collect(),
    };
    let others = |lines: &[&str]| -> Vec<String> { lines.iter().map(|line| without_values(line)).collect() };
    let name = text_cleaning::without_invisible(&path.display().to_string()).into_owned();
    let range = |lines: &[&str]| format!("{},{}", (first + 1).min(lines.len()), lines.len() - hidden - first);
    [
        format!("--- {name}\n+++ {name}\n@@ -{} +{} @@\n", range(&old), range(&new)),
        marked(' ', &others(&old[first..head])),
        marked('-', &others(gone)),
        marked('+', &come),
        marked(' ', &others(&old[old.len() - tail..old.len() - hidden])),
    ]
    .concat()
}

fn marked(mark: char, lines: &[String]) -> String {
    lines.iter().flat_map(|line| [mark.to_string(), text_cleaning::clean(line).into_owned(), "\n".into()]).collect()
}

/// A line that comes, or that was there in another place.
fn shown(line: &str, gone: &[&str], ours: &Ours) -> String {
    if ours.is_line(line) {
        line.into()
    } else if gone.contains(&line) {
        without_values(line)
    } else {
        ours.shown(&tokens(line))
    }
}

/// A line with what was put into it, and the rest of it without values.
fn with_what_is_put_in(gone: &str, come: &str, ours: &Ours) -> String {
    if ours.is_line(come) {
        return come.into();
    }
    let (gone, come) = (tokens(gone), tokens(come));
    let head = gone.iter().zip(&come).take_while(|(gone, come)| gone == come).count();
    let ends = gone[head..].iter().rev().zip(come[head..].iter().rev());
    let tail = come.len() - ends.take_while(|(gone, come)| gone == come).count();
    [without_values(&come[..head].concat()), ours.shown(&come[head..tail]), without_values(&come[tail..].concat())]
        .concat()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const NUMBERS: &str = "1:\n2:\n3:\n4:\n5:\n6:\n";

    fn ours(file: &str) -> Ours {
        Ours::of(file, &Value::Null)
    }

    #[test]
    fn only_what_changes_is_shown_with_two_lines_around() {
        let shown = difference(Path::new("f"), NUMBERS, "1:\n2:\n3:\n4:,\nnew\n5:\n6:\n", &ours("new\n"));
        assert_eq!(shown, "--- f\n+++ f\n@@ -2,5 +2,6 @@\n 2:\n 3:\n-4:\n+…:,\n+new\n 5:\n 6:\n");
        let shown = difference(Path::new("f"), "", "1\n", &ours("1\n"));
        assert_eq!(shown, "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+1\n");
        let shown = difference(Path::new("f"), "1:\n1:\n1:\n", "1:\n1:\n", &ours(""));
        assert_eq!(shown, "--- f\n+++ f\n@@ -1,3 +1,2 @@\n 1:\n 1:\n-1:\n");
    }

    #[test]
    fn no_value_but_those_of_the_new_entry_is_shown() {
        let entry = "{\n  \"servers\": {\n    \"clerk\": {\n      \"args\": [\"stdio\"]\n    }\n  }\n}\n";
        let old =
            "{\n \"a\": {\n  \"args\": [\"--token\", \"hunter2\"],\n  \"url\": \"https://ada:hunter2@x\"\n }\n}\n";
        let new = old.replace("\n }\n}", "\n },\n  \"clerk\": {\n    \"args\": [\"stdio\"]\n  }\n}");
        for (before, after, entry) in [(old, &*new, entry), (&*new, old, "")] {
            let shown = difference(Path::new("f"), before, after, &ours(entry));
            assert!(!shown.contains("hunter2") && shown.contains("  \"url\": …\n"), "{shown}");
            assert_eq!(shown.contains("+    \"args\": [\"stdio\"]\n"), !entry.is_empty(), "{shown}");
        }
    }

    #[test]
    fn what_is_put_into_a_line_is_shown_without_the_rest_of_it() {
        let far = "hunter2".repeat(1 << 20);
        let before = format!("{{\"n\":\"{far}\",\"servers\":{{\"a\":{{\"password\":\"{far}\"}}}}}}");
        let after = before.replace("}}}", "},\"clerk\":{\"args\":[\"stdio\"]}}}");
        let entry = Ours::of("", &json!({ "clerk": { "args": ["stdio"] } }));
        let shown = difference(Path::new("f"), &before, &after, &entry);
        assert!(shown.ends_with("-{\"n\":…\n+{\"n\":…,\"clerk\":{\"args\":[\"stdio\"]}}}\n"), "{shown}");
        assert!(!difference(Path::new("f"), &before, "{\"n\":\"hunter2\"}", &entry).contains("hunter2"));
    }

    #[test]
    fn what_was_there_is_shown_as_it_is_elsewhere() {
        let before = "[s.clerk]\ncommand = \"hunter2\"\n[s.clerk.env]\nA = \"hunter2\"\n";
        let after = "[s.clerk]\ncommand = \"/bin/new\" # hunter2\n[s.clerk.env]\nA = \"hunter2\"\nK = \"/k\"\n";
        let entry = Ours::of("", &json!({ "command": "/bin/new", "env": { "K": "/k" } }));
        let shown = difference(Path::new("f"), before, after, &entry);
        assert!(shown.ends_with("+command = \"/bin/new\" …\n+[s.clerk.env]\n+A = …\n+K = \"/k\"\n"), "{shown}");
    }

    #[test]
    fn what_replaces_a_part_of_a_line_is_shown() {
        let entry = Ours::of("", &json!({ "clerk": { "command": "/bin/new", "env": { "A": "b" } } }));
        for (before, after, come) in [
            (
                "s = { a = { T = \"hunter2\" }, clerk = { command = \"/bin/hunter2\", K = \"hunter2\" } }\n",
                "s = { a = { T = \"hunter2\" }, clerk = { command = \"/bin/new\", K = \"hunter2\", env = { A = \"b\" } } }\n",
                "+s = { a = { T = …\"/bin/new\", K = …, env = { A = \"b\" } } }\n",
            ),
            (
                "s: {clerk: {command: \"/bin/old\", K: hunter2}}\n",
                "s: {clerk: {command: \"/bin/new\", K: hunter2}}\n",
                "+s: {clerk: {command: \"/bin/new\", K: …\n",
            ),
        ] {
            let shown = difference(Path::new("f"), before, after, &entry);
            assert!(shown.ends_with(come) && !shown.contains("hunter2"), "{shown}");
        }
    }
}
