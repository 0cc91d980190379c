//! The environment variables of options: one that is set to nothing is as one that is not set.

use std::env;

use clap::Arg;

/// The options without which every tool is allowed, or everybody may call. A variable of theirs that came out empty must not
/// bring that about: it stops the start.
const RESTRICTING: [&str; 3] = ["toolsets", "tools", "oauth_issuer"];

/// Takes its variable from an option where that is set to nothing. Forms of clients set those too that a person left empty.
pub(super) fn without_empty(option: Arg) -> Arg {
    let value = option.get_env().and_then(env::var_os);
    let is_empty = value.is_some_and(|value| value.is_empty());
    if is_empty && !RESTRICTING.contains(&option.get_id().as_str()) { without_variable(option) } else { option }
}

fn without_variable(option: Arg) -> Arg {
    option.env(None::<&str>)
}
