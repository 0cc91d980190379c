//! The change of a file as lines that go and lines that come.

mod line;

use std::collections::HashSet;
use std::path::Path;

use line::without_values;

/// The number of lines that are shown around a change.
const AROUND: usize = 2;

/// A unified diff of one change. Of the lines that come, those of `entry`, which is ours, are shown as they are; of all others
/// the names are, since a value may be a secret.
pub(crate) fn difference(path: &Path, before: &str, after: &str, entry: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let ends = old[head..].iter().rev().zip(new[head..].iter().rev());
    let tail = ends.take_while(|(old, new)| old == new).count();
    let (first, hidden) = (head.saturating_sub(AROUND), tail.saturating_sub(AROUND));
    let (gone, come) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let come = match (gone, come) {
        ([gone], [come]) if !entry.is_empty() => vec![with_what_is_put_in(gone, come)],
        _ => shown(come, entry),
    };
    let name = text_cleaning::without_invisible(&path.display().to_string()).into_owned();
    let range = |lines: &[&str]| format!("{},{}", (first + 1).min(lines.len()), lines.len() - hidden - first);
    [
        format!("--- {name}\n+++ {name}\n@@ -{} +{} @@\n", range(&old), range(&new)),
        marked(' ', &shown(&old[first..head], "")),
        marked('-', &shown(gone, "")),
        marked('+', &come),
        marked(' ', &shown(&old[old.len() - tail..old.len() - hidden], "")),
    ]
    .concat()
}

fn marked(mark: char, lines: &[String]) -> String {
    lines.iter().flat_map(|line| [mark.to_string(), text_cleaning::clean(line).into_owned(), "\n".into()]).collect()
}

/// Lines as they are where `entry` has them too, and without their values otherwise.
fn shown(lines: &[&str], entry: &str) -> Vec<String> {
    let bare = |line: &str| line.trim().trim_end_matches(',').to_owned();
    let ours: HashSet<String> = entry.lines().map(bare).collect();
    let shown = |line: &&str| if ours.contains(&bare(line)) { (*line).to_owned() } else { without_values(line) };
    lines.iter().map(shown).collect()
}

/// A line with what was put into it as it is, and the rest of it without values.
fn with_what_is_put_in(gone: &str, come: &str) -> String {
    let same = |(one, other): &(char, char)| one == other;
    let letters = |pairs: &mut dyn Iterator<Item = (char, char)>| pairs.map(|(letter, _)| letter.len_utf8()).sum();
    let head: usize = letters(&mut gone.chars().zip(come.chars()).take_while(same));
    let rest = &gone[head..];
    match come[head..].strip_suffix(rest) {
        Some(put_in) => [&*without_values(&gone[..head]), put_in, &without_values(rest)].concat(),
        None => without_values(come),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NUMBERS: &str = "1:\n2:\n3:\n4:\n5:\n6:\n";

    #[test]
    fn only_what_changes_is_shown_with_two_lines_around() {
        let shown = difference(Path::new("f"), NUMBERS, "1:\n2:\n3:\n4:,\nnew\n5:\n6:\n", "new\n");
        assert_eq!(shown, "--- f\n+++ f\n@@ -2,5 +2,6 @@\n 2:\n 3:\n-4:\n+…\n+new\n 5:\n 6:\n");
        let shown = difference(Path::new("f"), "", "1\n", "1\n");
        assert_eq!(shown, "--- f\n+++ f\n@@ -0,0 +1,1 @@\n+1\n");
        let shown = difference(Path::new("f"), "1:\n1:\n1:\n", "1:\n1:\n", "");
        assert_eq!(shown, "--- f\n+++ f\n@@ -1,3 +1,2 @@\n 1:\n 1:\n-1:\n");
    }

    #[test]
    fn no_value_but_those_of_the_new_entry_is_shown() {
        let entry = "{\n  \"servers\": {\n    \"clerk\": {\n      \"args\": [\"stdio\"]\n    }\n  }\n}\n";
        let old =
            "{\n \"a\": {\n  \"args\": [\"--token\", \"hunter2\"],\n  \"url\": \"https://ada:hunter2@x\"\n }\n}\n";
        let new = old.replace("\n }\n}", "\n },\n  \"clerk\": {\n    \"args\": [\"stdio\"]\n  }\n}");
        for (before, after, entry) in [(old, &*new, entry), (&*new, old, "")] {
            let shown = difference(Path::new("f"), before, after, entry);
            assert!(!shown.contains("hunter2") && shown.contains("  \"url\": …\n"), "{shown}");
            assert_eq!(shown.contains("+    \"args\": [\"stdio\"]\n"), !entry.is_empty(), "{shown}");
        }
    }

    #[test]
    fn what_is_put_into_a_line_is_shown_without_the_rest_of_it() {
        let far = "hunter2".repeat(1 << 20);
        let before = format!("{{\"n\":\"{far}\",\"servers\":{{\"a\":{{\"password\":\"{far}\"}}}}}}");
        let after = before.replace("}}}", "},\"clerk\":{\"args\":[\"stdio\"]}}}");
        let shown = difference(Path::new("f"), &before, &after, "x");
        assert!(shown.ends_with("-{\"n\":…\n+{\"n\":…,\"clerk\":{\"args\":[\"stdio\"]}}}\n"), "{shown}");
        assert!(!difference(Path::new("f"), &before, "{\"n\":\"hunter2\"}", "x").contains("hunter2"));
    }
}
