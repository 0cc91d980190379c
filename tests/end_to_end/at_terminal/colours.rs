//! Colours are few, and there only where they are wanted.

use crate::harness::Program;
use crate::harness::terminal::Terminal;

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[31m";

/// The list of tools with these variables set.
fn screen(variables: &[(&str, &str)]) -> Option<String> {
    let tools = Program::new(&["tools"]);
    let program = variables.iter().fold(tools, |program, (name, value)| program.variable(name, value));
    Some(Terminal::of(program, 200)?.ends().1)
}

#[test]
fn headings_are_bold_and_what_cannot_be_undone_is_red() {
    let Some(screen) = screen(&[]) else { return };
    assert!(screen.starts_with(&format!("{BOLD}NAME")), "{screen}");
    for line in screen.lines().skip(1) {
        assert_eq!(line.contains(RED), line.contains("irreversible") || line.contains("critical"), "{line}");
    }
    assert!(screen.contains(RED));
}

#[test]
fn colours_are_left_out_where_they_are_not_wanted() {
    for (variables, is_coloured) in [
        (&[("NO_COLOR", "1")][..], false),
        (&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], false),
        (&[("CLICOLOR", "0")], false),
        (&[("TERM", "dumb")], false),
        (&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
        (&[("CLICOLOR", "1")], true),
        (&[("NO_COLOR", "")], true),
    ] {
        let Some(screen) = screen(variables) else { return };
        assert_eq!(screen.contains('\u{1b}'), is_coloured, "{variables:?}: {screen}");
    }
}
