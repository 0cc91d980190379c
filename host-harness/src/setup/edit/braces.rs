//! Maps between braces: objects of JSON, tables of TOML in a line, and YAML in its flow style.

use super::lines::{Comments, begins_line, cut, indentation, is_one_line, newline, spliced};
use super::tree::{Member, Node};

/// A map with the text that it is in.
pub(super) struct Braces<'a> {
    pub(super) text: &'a str,
    pub(super) node: &'a Node,
    pub(super) comments: Comments,
}

/// The way in which a value is written.
pub(super) enum Layout {
    InLine,
    Lines {
        indentation: String,
        /// One step of indentation.
        step: String,
        newline: &'static str,
    },
}

impl Braces<'_> {
    /// Tells whether all of it is in one line, and has something in it to tell by.
    pub(super) fn is_in_line(&self) -> bool {
        !self.node.members().is_empty() && is_one_line(&self.text[self.node.span.clone()])
    }

    /// The text with one more member behind the last, in the same line.
    pub(super) fn with_in_line(&self, gap: &str, member: &str) -> String {
        let Some(last) = self.node.members().last() else {
            return spliced(self.text, self.node.span.start + 1..self.node.span.end - 1, member);
        };
        match self.comma_after(last) {
            Some(comma) => spliced(self.text, comma + 1..comma + 1, &format!("{member},")),
            None => spliced(self.text, last.range().end..last.range().end, &format!(",{gap}{member}")),
        }
    }

    /// The text with one more member in lines of its own, below the last.
    pub(super) fn with_lines(&self, step: &str, member: impl Fn(&Layout) -> String) -> String {
        let (text, span, last) = (self.text, &self.node.span, self.node.members().last());
        let outer = indentation(text, span.start);
        let own_line = last.filter(|last| begins_line(text, last.key.start));
        let indent = own_line.map_or_else(|| format!("{outer}{step}"), |last| indentation(text, last.key.start).into());
        let comma = last.and_then(|last| self.comma_after(last));
        // Behind all comments, which are about what is above them.
        let at = span.start + 1 + text[span.start + 1..span.end - 1].trim_end().len();
        let newline = newline(text, at);
        let layout = Layout::Lines { indentation: indent.clone(), step: step.into(), newline };
        let mut added = format!("{newline}{indent}{}", member(&layout));
        let mut until = at;
        if comma.is_some() {
            added.push(',');
        }
        if last.is_none() && !text[at..span.end].contains('\n') {
            added = format!("{added}{newline}{outer}");
            until = span.end - 1;
        }
        let edited = spliced(text, at..until, &added);
        match last {
            Some(last) if comma.is_none() => spliced(&edited, last.range().end..last.range().end, ","),
            _ => edited,
        }
    }

    /// The text without a member and its comma. Where only white space is left, the braces close up.
    pub(super) fn without(&self, position: usize) -> String {
        let (text, span, members) = (self.text, &self.node.span, self.node.members());
        let range = members[position].range();
        let comma = self.comma_after(&members[position]);
        if let Some(comma) = comma.filter(|&comma| !text[range.end..comma].trim().is_empty()) {
            // A comment between the two stays.
            return cut(&spliced(text, comma..comma + 1, ""), range, false);
        }
        let piece = range.start..comma.map_or(range.end, |comma| comma + 1);
        let around = [&text[span.start + 1..piece.start], &text[piece.end..span.end - 1]];
        if members.len() == 1 && around.iter().all(|text| text.trim().is_empty()) {
            return spliced(text, span.start + 1..span.end - 1, "");
        }
        let edited = cut(text, piece, position + 1 == members.len());
        let needless = if comma.is_none() { position.checked_sub(1) } else { None };
        match needless.and_then(|before| self.comma_after(&members[before])) {
            Some(comma) => spliced(&edited, comma..comma + 1, ""),
            None => edited,
        }
    }

    fn comma_after(&self, member: &Member) -> Option<usize> {
        let at = self.comments.skip(self.text, member.range().end);
        self.text[at..].starts_with(',').then_some(at)
    }
}
