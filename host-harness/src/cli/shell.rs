//! The command line for shells and `man`: completions and the manual page.

use std::io::{self, Write as _};

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::Cli;
use super::help::{EMPTY, VARIABLES};

/// The script by which a shell completes what somebody types.
pub(crate) fn completions(shell: Shell) -> anyhow::Result<String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::program(), "clerk-mcp", &mut script);
    let script = String::from_utf8(script)?;
    // It looks for a command by another name than it has noted, where the program's has a hyphen (clap-rs/clap#6421).
    Ok(if shell == Shell::Bash { script.replace("clerk__subcmd__mcp", "clerk__mcp") } else { script })
}

/// The manual page in roff: the options of all commands, then each command with its own.
pub(crate) fn manual() -> anyhow::Result<String> {
    let mut page = Vec::new();
    let mut program = Cli::program().disable_help_subcommand(true);
    program.build();
    let version = program.get_version().unwrap_or_default();
    writeln!(page, ".TH CLERK-MCP 1 \"\" \"clerk-mcp {version}\"")?;
    let man = Man::new(with_short_synopsis(program.clone()));
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    for command in program.get_subcommands() {
        describe(command, &mut page)?;
    }
    environment().to_writer(&mut page)?;
    Ok(String::from_utf8(page)?)
}

/// A section for a command, or one for each of its commands.
fn describe(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    if command.has_subcommands() {
        return command.get_subcommands().try_for_each(|command| describe(command, page));
    }
    // What all commands have is described already.
    let own = command.clone().mut_args(|option| {
        let is_common = option.is_global_set() || option.get_id() == "help";
        option.hide(is_common)
    });
    let name = own.get_bin_name().unwrap_or_default().to_owned();
    let mut heading = Roff::new();
    heading.control("SH", [name.to_uppercase().as_str()]);
    heading.to_writer(page)?;
    let man = Man::new(with_short_synopsis(own));
    let mut parts = Vec::new();
    man.render_synopsis_section(&mut parts)?;
    man.render_description_section(&mut parts)?;
    man.render_options_section(&mut parts)?;
    page.extend(String::from_utf8_lossy(&parts).replace(".SH ", ".SS ").into_bytes());
    Ok(())
}

/// The synopsis as the help has it, not with the name of every option.
fn with_short_synopsis(mut command: Command) -> Command {
    let usage = command.render_usage().to_string();
    command.override_usage(usage.trim_start_matches("Usage: ").to_owned())
}

fn environment() -> Roff {
    let mut section = Roff::new();
    section.control("SH", ["ENVIRONMENT"]);
    section
        .text([roman(format!("Each option can be set by the variable that its description names. {EMPTY} Besides:"))]);
    for (name, meaning) in VARIABLES {
        section.control("TP", []);
        section.text([bold(name)]);
        section.text([roman(meaning)]);
    }
    section
}
