//! The few styles there are. A text with styles goes through `anstream`, which takes them out where they are not wanted.

use anstyle::{AnsiColor, Color, Style};

/// For headings and for the first line of a question.
pub(crate) const BOLD: Style = Style::new().bold();
/// For ids and remarks.
pub(crate) const DIM: Style = Style::new().dimmed();
/// For what cannot be undone.
pub(crate) const RED: Style = Style::new().fg_color(Some(Color::Ansi(AnsiColor::Red)));
pub(crate) const PLAIN: Style = Style::new();

/// A text in a style, which ends where the text ends.
pub(crate) fn styled(style: Style, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{style}{text}{style:#}") }
}
