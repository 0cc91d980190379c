//! Untrusted text as it may go to a terminal: clean, and measured in the columns that it takes there.

use text_cleaning::clean;
use unicode_width::UnicodeWidthChar as _;

/// A text in one line, clean.
pub(crate) fn plain(text: &str) -> String {
    let in_line = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    clean(&in_line.collect::<String>()).into_owned()
}

/// The columns that a text takes, as terminals count them: character by character.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

fn width_of(character: char) -> usize {
    character.width().unwrap_or_default()
}

/// The bytes of a text that fit into `most` columns.
fn fitting(text: &str, most: usize) -> usize {
    let mut columns = 0;
    let too_wide = |(_, character): &(usize, char)| {
        columns += width_of(*character);
        columns > most
    };
    text.char_indices().find(too_wide).map_or(text.len(), |(at, _)| at)
}

/// A text in one line of at most `most` columns.
pub(crate) fn cell(text: &str, most: usize) -> String {
    let text = plain(text);
    if width(&text) <= most {
        return text;
    }
    let cut = &text[..fitting(&text, most.saturating_sub(1))];
    format!("{cut}…")
}

/// The lines of a text, broken between words where that is possible, each of at most `most` columns. Runs of blanks count as
/// one, so that no text can look like lines of its own.
pub(crate) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let most = most.max(1);
    let (mut lines, mut line) = (Vec::new(), String::new());
    for word in plain(text).split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && width(&line) + 1 + width(word) > most {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        let mut rest = word;
        while width(&line) + width(rest) > most {
            // A character that is wider than the line has one for itself.
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let (part, others) = rest.split_at(fitting(rest, most).max(first));
            lines.push(part.to_owned());
            rest = others;
        }
        line.push_str(rest);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_directions_and_invisible_characters_are_removed() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\u{200b}d\u{9b}e\u{e0041}f\u{2800}"), "a[31mbcdef");
        assert_eq!(plain("two\r\nlines\u{2028}or\tthree"), "two  lines or three");
        assert_eq!(plain("Zoë Łukasz 李"), "Zoë Łukasz 李");
        assert_eq!(plain("sk_\u{7}live_abc"), "sk_live_(not shown)");
    }

    #[test]
    fn a_long_text_is_cut_where_a_character_ends() {
        assert_eq!(cell("äöü", 3), "äöü");
        assert_eq!(cell("äöüß", 3), "äö…");
        assert_eq!(cell("李李李", 5), "李李…");
        assert_eq!(cell("李李李", 4), "李…");
        assert_eq!((cell("ab", 1).as_str(), cell("ab", 0).as_str(), cell("", 0).as_str()), ("…", "…", ""));
    }

    #[test]
    fn lines_are_broken_between_words_and_long_words_within() {
        assert_eq!(wrapped("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrapped("a abcdefgh b", 3), ["a", "abc", "def", "gh", "b"]);
        assert_eq!(wrapped("李李李 a", 1), ["李", "李", "李", "a"]);
        assert_eq!(wrapped(" ", 3), [""]);
    }
}
