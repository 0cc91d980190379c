//! Untrusted text as it may go to a terminal.

use text_cleaning::clean;

/// A text in one line, clean.
pub(super) fn plain(text: &str) -> String {
    let in_line = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    clean(&in_line.collect::<String>()).into_owned()
}

/// A text in one line as a cell of a table, of at most so many characters.
pub(super) fn cell(text: &str, most: usize) -> String {
    let mut text = plain(text);
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.pop();
        text.push('…');
    }
    text
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
    }
}
