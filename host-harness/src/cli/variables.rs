//! The environment variables of options: those that are set to nothing, and those that no option takes.

use std::env;

use clap::{Arg, Command, Error};

/// The options without which every tool is allowed, every customer is reached, everybody may call, or another key is used. A
/// variable of theirs that came out empty must not bring that about: it stops the start.
const RESTRICTING: [&str; 7] =
    ["toolsets", "tools", "organization", "user", "oauth_issuer", "organization_claim", "profiles"];

/// Takes its variable from an option where that is set to nothing. Forms of clients set those too that a person left empty.
pub(super) fn without_empty(option: Arg) -> Arg {
    let value = option.get_env().and_then(env::var_os);
    let is_empty = value.is_some_and(|value| value.is_empty());
    if is_empty && !RESTRICTING.contains(&option.get_id().as_str()) { without_variable(option) } else { option }
}

/// Takes the variables from the options that do not take their values, and says of each why not.
pub(super) fn without_wrong(program: Command) -> (Command, Vec<String>) {
    let mut wrong = Vec::new();
    let program = take_wrong(program, &mut wrong);
    (program, wrong)
}

fn take_wrong(command: Command, wrong: &mut Vec<String>) -> Command {
    let command = command.mut_args(|option| {
        let Some(reason) = reason(&option) else { return option };
        // Each command has the options of all commands.
        if !wrong.contains(&reason) {
            wrong.push(reason);
        }
        without_variable(option)
    });
    command.mut_subcommands(|command| take_wrong(command, wrong))
}

/// Why an option does not take the value of its variable.
fn reason(option: &Arg) -> Option<String> {
    let variable = option.get_env()?.to_string_lossy();
    let alone = Command::new("clerk-mcp").no_binary_name(true).arg(option.clone());
    let error = alone.try_get_matches_from([""; 0]).err()?;
    Some(format!("{variable}: {}", in_one_line(&error)))
}

/// The error without what follows its first paragraph, which is for command lines.
pub(super) fn in_one_line(error: &Error) -> String {
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
    let line = lines.join(" ");
    line.strip_prefix("error: ").map_or_else(|| line.clone(), str::to_owned)
}

pub(super) fn without_variable(option: Arg) -> Arg {
    option.env(None::<&str>)
}
