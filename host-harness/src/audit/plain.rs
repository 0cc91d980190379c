//! Texts that strangers wrote, as they may go to a terminal.

/// A text in one line, without what is not seen or moves what is.
pub(super) fn plain(text: &str) -> String {
    let in_line = text.chars().map(|character| if character.is_whitespace() { ' ' } else { character });
    in_line.filter(|character| is_plain(*character)).collect()
}

/// The same as a cell of a table, of at most so many characters.
pub(super) fn cell(text: &str, most: usize) -> String {
    let mut text = plain(text);
    if let Some((at, _)) = text.char_indices().nth(most) {
        text.truncate(at);
        text.pop();
        text.push('…');
    }
    text
}

/// Whether a character is neither a control character nor invisible nor a direction.
fn is_plain(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_directions_and_invisible_characters_are_removed() {
        assert_eq!(plain("a\u{1b}[31mb\u{202e}c\u{200b}d\u{9b}e\u{e0041}f"), "a[31mbcdef");
        assert_eq!(plain("two\r\nlines\u{2028}or\tthree"), "two  lines or three");
        assert_eq!(plain("Zoë Łukasz 李"), "Zoë Łukasz 李");
    }

    #[test]
    fn a_long_text_is_cut_where_a_character_ends() {
        assert_eq!(cell("äöü", 3), "äöü");
        assert_eq!(cell("äöüß", 3), "äö…");
    }
}
