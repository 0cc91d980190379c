//! Characters that nobody sees, or that reorder what is seen.

use std::borrow::Cow;
use std::iter::Peekable;
use std::str::Chars;

/// Ranges of code points that show nothing, or reorder text. Of Unicode 17: `Default_Ignorable_Code_Point` and the format
/// characters (Cf) that show nothing, control characters but for tab and line ends, private use, noncharacters, line and
/// paragraph separators, and letters and symbols that are blank. [`JOINERS`] are not among them. In order.
const INVISIBLE: &[(char, char)] = &[
    ('\u{0}', '\u{8}'),
    ('\u{b}', '\u{c}'),
    ('\u{e}', '\u{1f}'),
    ('\u{7f}', '\u{9f}'),
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200b}'),
    ('\u{200e}', '\u{200f}'),
    ('\u{2028}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    // Braille without dots.
    ('\u{2800}', '\u{2800}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{e000}', '\u{f8ff}'),
    ('\u{fdd0}', '\u{fdef}'),
    ('\u{fe00}', '\u{fe0d}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    // Unassigned, interlinear annotation, object replacement.
    ('\u{fff0}', '\u{fffc}'),
    ('\u{fffe}', '\u{ffff}'),
    // Egyptian format controls and blanks.
    ('\u{13430}', '\u{13455}'),
    // Khitan filler.
    ('\u{16fe4}', '\u{16fe4}'),
    ('\u{1bca0}', '\u{1bca3}'),
    // Null notehead; musical format controls.
    ('\u{1d159}', '\u{1d159}'),
    ('\u{1d173}', '\u{1d17a}'),
    // Tags, variation selectors, and the rest of their block.
    ('\u{e0000}', '\u{e0fff}'),
    ('\u{f0000}', '\u{10ffff}'),
];

/// The joiners and the selectors of text and emoji style: several scripts and emoji need one between what is seen.
const JOINERS: [char; 4] = ['\u{200c}', '\u{200d}', '\u{fe0e}', '\u{fe0f}'];

/// Whether a character shows nothing, or reorders what does. Tabs, line ends and spaces show.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    if matches!(character, ' '..='~') {
        return false;
    }
    // The last two code points of each plane are no characters.
    let is_noncharacter = u32::from(character) & 0xfffe == 0xfffe;
    let place = INVISIBLE.partition_point(|(_, last)| *last < character);
    is_noncharacter || INVISIBLE.get(place).is_some_and(|(first, _)| *first <= character)
}

/// A text without invisible characters. Of joiners, one stays behind what it can join.
#[must_use]
pub fn without_invisible(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')) {
        return text.into();
    }
    let mut seen = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let shows = if JOINERS.contains(&character) {
            can_follow(seen.chars().next_back(), character, &mut rest)
        } else {
            !is_invisible(character)
        };
        if shows {
            seen.push(character);
        }
    }
    if seen.len() == text.len() { text.into() } else { seen.into() }
}

/// Whether a joiner has something to do: not at the beginning, after a space, another joiner or an ASCII character, where it
/// would only hide or split something. The one exception are keycaps: `1`, a selector, U+20E3.
fn can_follow(before: Option<char>, joiner: char, rest: &mut Peekable<Chars<'_>>) -> bool {
    match before {
        Some('0'..='9' | '#' | '*') => joiner == '\u{fe0f}' && rest.peek() == Some(&'\u{20e3}'),
        Some(before) => !before.is_ascii() && !before.is_whitespace() && !JOINERS.contains(&before),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ranges_are_in_order() {
        assert!(INVISIBLE.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(INVISIBLE.iter().all(|(first, last)| first <= last));
    }

    #[test]
    fn each_end_of_each_range_is_removed_and_its_neighbours_are_judged_by_their_own_range() {
        for (first, last) in INVISIBLE {
            assert!(is_invisible(*first) && is_invisible(*last));
        }
        for visible in
            ['\t', '\n', '\r', ' ', '~', '\u{a0}', '\u{600}', '\u{2801}', '\u{3000}', '\u{fffd}', '\u{1d158}', '😀']
        {
            assert!(!is_invisible(visible), "{visible:?}");
        }
    }

    #[test]
    fn the_last_two_code_points_of_each_plane_are_removed() {
        for plane in 0..=16_u32 {
            for last in [0xfffe, 0xffff] {
                assert!(char::from_u32((plane << 16) | last).is_some_and(is_invisible), "{plane} {last:x}");
            }
        }
    }

    #[test]
    fn a_text_of_nothing_visible_is_empty() {
        for text in
            ["\u{200d}", "\u{fe0f}\u{200c}", "\u{2800}\u{2800}", "\u{fffc}", "\u{13430}\u{1d159}\u{16fe4}\u{e000}"]
        {
            assert_eq!(without_invisible(text), "", "{text:?}");
        }
    }

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(without_invisible("Ada Lovelace"), Cow::Borrowed(_)));
        assert!(matches!(without_invisible("Zoë 李 👩\u{200d}💻 1\u{fe0f}\u{20e3}"), Cow::Borrowed(_)));
    }
}
