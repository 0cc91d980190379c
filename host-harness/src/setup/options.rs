//! The options of `init` and `doctor`.
#![expect(rustdoc::bare_urls, clippy::doc_markdown, reason = "these comments are printed as the program's help")]

use std::path::PathBuf;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum, ValueHint};

use super::clients::CLIENTS;

/// Whom a client's entry is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Scope {
    /// You, in all that you do with the client.
    User,
    /// Everybody who works on the project in the current directory.
    Project,
}

#[derive(Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct InitOptions {
    /// The clients, with commas in between.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_parser = PossibleValuesParser::new(CLIENTS.iter().map(|client| client.name)), hide_possible_values = true, long_help = names_of_clients())]
    pub(crate) client: Vec<String>,
    /// What the client calls this server.
    #[arg(long, default_value = "clerk", value_parser = name)]
    pub(crate) name: String,
    /// A file with the secret key, to be used as it is.
    ///
    /// Otherwise the key is taken from CLERK_SECRET_KEY, from standard input or from what you type, and kept in a file of this
    /// program's own.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) key_file: Option<PathBuf>,
    /// Name a server that runs already, by its URL.
    ///
    /// For example http://127.0.0.1:3000/mcp.
    #[arg(long, value_name = "URL", conflicts_with_all = ["key_file", "remove"])]
    pub(crate) http: Option<String>,
    /// Whom the entry is for: user or project.
    ///
    /// You, in all that you do with the client; or everybody who works on the project in the current directory.
    #[arg(long, value_enum, default_value_t = Scope::User, hide_possible_values = true)]
    pub(crate) scope: Scope,
    /// Show the change and make none.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the entry, to be pasted into the client's file.
    #[arg(long, conflicts_with_all = ["dry_run", "remove"])]
    pub(crate) print: bool,
    /// Take the entry out again.
    #[arg(long)]
    pub(crate) remove: bool,
    /// With --remove, also remove the file with the key.
    #[arg(long, requires = "remove")]
    pub(crate) remove_key: bool,
    /// Do not have the API check the key.
    #[arg(long)]
    pub(crate) no_check: bool,
    /// Replace another key that is kept already.
    ///
    /// All clients that name that file then use the new key. At a terminal you are asked.
    #[arg(long, conflicts_with_all = ["key_file", "http", "remove"])]
    pub(crate) replace_key: bool,
    /// Answer yes to all questions, but replace no other key.
    #[arg(long)]
    pub(crate) yes: bool,
}

#[derive(Args)]
pub(crate) struct DoctorOptions {
    /// Print it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// Do not start the commands that clients have.
    #[arg(long)]
    pub(crate) no_start: bool,
}

fn names_of_clients() -> String {
    let names: Vec<&str> = CLIENTS.iter().map(|client| client.name).collect();
    format!("The clients, with commas in between; without, you are asked.\n\nThere are {}.", names.join(", "))
}

/// A name that every client takes.
fn name(text: &str) -> Result<String, String> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    if (1..=64).contains(&text.len()) && text.chars().all(is_plain) {
        Ok(text.into())
    } else {
        Err("a name has letters, digits, - and _, at most 64 of them".into())
    }
}
