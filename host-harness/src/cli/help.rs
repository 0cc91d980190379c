//! The arrangement of the help: options in groups, in each command those that it heeds.

use clap::{Arg, Command};

use super::variables::without_empty;

pub(super) const SERVING: &str = "What to serve";
pub(super) const CALLERS: &str = "Who may call";
pub(super) const ASSISTANT: &str = "How much an assistant may do";
pub(super) const LIMITS: &str = "Limits";
pub(super) const TELEMETRY: &str = "Records and telemetry";

const GROUPS: [&str; 5] = [SERVING, CALLERS, ASSISTANT, LIMITS, TELEMETRY];

/// The groups of options that a command heeds. The others are accepted everywhere, and shown where they do something.
fn heeded(command: &str) -> &'static [&'static str] {
    match command {
        "clerk-mcp" | "stdio" | "http" | "call" => &GROUPS,
        "init" => &[SERVING, ASSISTANT, LIMITS, TELEMETRY],
        "tools" | "doctor" => &[SERVING, ASSISTANT],
        _ => &[],
    }
}

pub(super) const AFTER: &str = "\
Into a client: clerk-mcp init. Without a key: clerk-mcp call --demo clerk_whoami
The secret key is read from CLERK_SECRET_KEY, or from the file that
CLERK_SECRET_KEY_FILE names. Options of a command: clerk-mcp http --help";

/// The environment variables that no option stands for.
pub(super) const VARIABLES: [(&str, &str); 7] = [
    ("CLERK_SECRET_KEY", "The secret key of the Clerk instance, sk_test_... or sk_live_..."),
    ("CLERK_SECRET_KEY_FILE", "A file that holds the secret key, instead."),
    ("CLERK_MCP_AUTH_TOKEN", "clerk-mcp http: the token that callers have to send as Authorization: Bearer ..."),
    ("CLERK_MCP_LOG", "What the log on standard error has, for example warn or clerk_mcp=debug."),
    ("HTTPS_PROXY, ALL_PROXY", "The proxy by which Clerk's API is reached."),
    ("NO_PROXY", "Hosts that are reached without the proxy."),
    ("SSL_CERT_FILE, SSL_CERT_DIR", "Certificate authorities that are trusted besides the platform's and Mozilla's."),
];

/// The meaning of a variable of an option that is set to nothing.
pub(super) const EMPTY: &str = "\
    A variable that is set to nothing is as one that is not set; CLERK_TOOLSETS, CLERK_TOOLS, CLERK_ORGANIZATION, CLERK_USER, \
    CLERK_PROFILES, CLERK_MCP_OAUTH_ISSUER and CLERK_MCP_ORGANIZATION_CLAIM then stop the start, so that nothing is allowed by \
    mistake.";

/// The columns of the narrowest terminal that help is written for: clap, as it is built here, breaks no lines.
const WIDTH: usize = 80;
/// The columns by which clap indents what it says of an option.
const INDENT: usize = 10;

/// The end of the long help.
pub(super) fn after_long() -> String {
    let variable = |(name, meaning)| {
        let lines = wrapped(meaning, INDENT).replace('\n', "\n          ");
        format!("  {name}\n          {lines}\n")
    };
    let variables = VARIABLES.map(variable).concat();
    let empty = wrapped(EMPTY, 0);
    format!("Environment variables that no option stands for:\n{variables}\n{empty}\n\n{AFTER}")
}

/// The program with its options in order.
pub(super) fn arrange(program: Command) -> Command {
    let program = in_full(program);
    let everywhere: Vec<Arg> = program.get_arguments().filter(|option| option.is_global_set()).cloned().collect();
    program.mut_subcommands(|command| arrange_command(command, &everywhere))
}

fn arrange_command(command: Command, everywhere: &[Arg]) -> Command {
    let shown = heeded(command.get_name());
    let is_shown = |option: &Arg| option.get_help_heading().is_some_and(|group| shown.contains(&group));
    let added = everywhere.iter().map(|option| option.clone().hide(!is_shown(option)));
    let command = in_full(command).args(added);
    in_order_of_groups(command).mut_subcommands(|command| arrange_command(command, everywhere))
}

/// clap prints groups in the order in which they begin, and a command's own options before those of all commands.
fn in_order_of_groups(command: Command) -> Command {
    let mut options: Vec<Arg> = command.get_arguments().cloned().collect();
    options.sort_by_key(|option| GROUPS.iter().position(|group| option.get_help_heading() == Some(group)));
    let mut options = options.into_iter();
    command.mut_args(|option| options.next().unwrap_or(option))
}

/// Breaks the lines of a command's long help and of its options', and passes over variables that are set to nothing.
fn in_full(command: Command) -> Command {
    let command = command.mut_args(|option| without_empty(option_in_full(option)));
    match command.get_long_about().map(|text| wrapped(&text.to_string(), 0)) {
        Some(text) => command.long_about(text),
        None => command,
    }
}

/// Names its environment variable, in the long help only and without its value: that may be a secret.
fn option_in_full(option: Arg) -> Arg {
    let Some(text) = option.get_long_help().or(option.get_help()) else { return option };
    let text = wrapped(&text.to_string(), INDENT);
    match option.get_env().map(|name| name.to_string_lossy().into_owned()) {
        Some(variable) => option.long_help(format!("{text}\n[env: {variable}]")).hide_env(true),
        None if option.get_long_help().is_some() => option.long_help(text),
        None => option,
    }
}

/// Breaks the lines of a text that begins in column `indent`.
fn wrapped(text: &str, indent: usize) -> String {
    text.lines().map(|line| wrapped_line(line, WIDTH - indent)).collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str, width: usize) -> String {
    let mut lines = vec![String::new()];
    for word in line.split(' ') {
        match lines.last_mut() {
            Some(last) if last.is_empty() => last.push_str(word),
            Some(last) if last.chars().count() + 1 + word.chars().count() <= width => last.extend([" ", word]),
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
