//! Output for a person at a terminal: tables, records and sentences that fit its width, colours where they are wanted, and
//! questions. Where no terminal is, programs read, and get JSON.

pub(crate) mod answer;
mod columns;
mod node;
pub(crate) mod person;
mod record;
pub(crate) mod style;
pub(crate) mod table;
pub(crate) mod text;

use std::io::{self, IsTerminal as _, Write as _, stdout};

use crate::pipes;

/// The columns of a terminal that does not tell how many it has.
const USUAL_WIDTH: usize = 80;

/// Tells whether a person reads standard output, and has not asked for JSON.
pub(crate) fn is_read_by_person(wants_json: bool) -> bool {
    !wants_json && stdout().is_terminal()
}

/// The columns of the terminal.
pub(crate) fn width() -> usize {
    let told = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    told.filter(|width| *width > 0).unwrap_or(USUAL_WIDTH)
}

/// Prints a styled text on standard output, without its styles where `NO_COLOR`, `CLICOLOR` or the terminal want none.
///
/// # Errors
///
/// It cannot be written. Where nobody reads any more, that is none.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if pipes::is_closed(&error) => Ok(()),
        written => written,
    }
}
