//! Lines of a text, the comments in them, and how a piece is put in or cut out.

use std::ops::Range;

const BLANKS: [char; 2] = [' ', '\t'];

/// The text before a byte; all of it where it has no such byte. A panic would print the text, which may have secrets in it.
pub(super) fn before(text: &str, at: usize) -> &str {
    text.get(..at).unwrap_or(text)
}

/// The text from a byte on; nothing where it has no such byte.
pub(super) fn after(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

/// The way in which a language marks comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comments {
    Slashes,
    Hash,
}

impl Comments {
    /// The end of the comment that begins at a byte. The end of its line is no part of it.
    fn end(self, text: &str, at: usize) -> Option<usize> {
        let rest = after(text, at);
        let mark = if self == Self::Hash { "#" } else { "//" };
        if rest.starts_with(mark) {
            return Some(at + rest.lines().next().map_or(0, str::len));
        }
        (self == Self::Slashes && rest.starts_with("/*"))
            .then(|| at + rest.find("*/").map_or(rest.len(), |end| end + 2))
    }

    /// The end of all white space and comments from a byte on.
    pub(super) fn skip(self, text: &str, mut at: usize) -> usize {
        loop {
            at = text.len() - after(text, at).trim_start().len();
            match self.end(text, at) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    /// The end of the comments that follow in the same line.
    pub(super) fn skip_in_line(self, text: &str, mut at: usize) -> usize {
        loop {
            let start = text.len() - after(text, at).trim_start_matches(BLANKS).len();
            match self.end(text, start).filter(|&end| !before(after(text, start), end - start).contains('\n')) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    /// The end of the comments that follow in the same line, and in the lines right below that are indented as much.
    pub(super) fn skip_below(self, text: &str, at: usize, indentation: usize) -> usize {
        let mut at = self.skip_in_line(text, at);
        loop {
            let rest = after(text, at);
            let line = without_first_newline(rest);
            let start = text.len() - line.trim_start_matches(BLANKS).len();
            let is_below = line.len() < rest.len() && start + line.len() - text.len() >= indentation;
            match self.end(text, start).filter(|_| is_below) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }
}

pub(super) fn is_one_line(text: &str) -> bool {
    !text.trim().contains('\n')
}

pub(super) fn line_start(text: &str, at: usize) -> usize {
    before(text, at).rfind('\n').map_or(0, |end| end + 1)
}

/// The white space before all else in the line of a byte.
pub(super) fn indentation(text: &str, at: usize) -> &str {
    let line = after(text, line_start(text, at));
    before(line, line.len() - line.trim_start_matches(BLANKS).len())
}

pub(super) fn begins_line(text: &str, at: usize) -> bool {
    after(before(text, at), line_start(text, at)).trim().is_empty()
}

/// The end of lines at a byte: as of the line before it, or of the first.
pub(super) fn newline(text: &str, at: usize) -> &'static str {
    let end = before(text, at).rfind('\n').or_else(|| text.find('\n'));
    if end.is_some_and(|end| before(text, end).ends_with('\r')) { "\r\n" } else { "\n" }
}

pub(super) fn without_last_newline(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))
}

pub(super) fn without_first_newline(text: &str) -> &str {
    text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n')).unwrap_or(text)
}

/// A text with something else in a place.
pub(super) fn spliced(text: &str, range: Range<usize>, with: &str) -> String {
    [before(text, range.start), with, after(text, range.end)].concat()
}

/// A text without a piece, and without its lines where nothing else is in them. Comments in them stay.
/// Of the blanks around, those before go with the `last` member of a line, otherwise those after.
pub(super) fn cut(text: &str, range: Range<usize>, last: bool) -> String {
    let (all_before, all_after) = (before(text, range.start), after(text, range.end));
    let (before, after) = (all_before.trim_end_matches(BLANKS), all_after.trim_start_matches(BLANKS));
    let begins = before.is_empty() || before.ends_with('\n');
    let ends = after.is_empty() || after.starts_with(['\n', '\r']);
    let (head, tail) = match (begins, ends) {
        (true, true) if before.is_empty() => ("", without_first_newline(after)),
        (true, true) => (without_last_newline(before), all_after),
        (true, false) if after.starts_with('}') && !ends_in_comment(before) => {
            (without_last_newline(before), all_after)
        }
        (false, _) if last || ends => (before, all_after),
        _ => (all_before, after),
    };
    [head, tail].concat()
}

/// Tells whether there may be a comment in the last line of a text.
fn ends_in_comment(text: &str) -> bool {
    text.lines().next_back().is_some_and(|line| line.contains("//") || line.contains('#'))
}
