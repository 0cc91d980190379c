//! The command line. Every option has an environment variable; the secret key has nothing else.
#![expect(clippy::doc_markdown, reason = "these comments are printed as the program's help")]

mod help;
mod http_options;
mod options;
mod profile_settings;
mod shell;
mod variables;

use std::borrow::Cow;
use std::path::PathBuf;
use std::process;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::Shell;

pub(crate) use http_options::{DEFAULT_LISTEN, HttpOptions, Limits, OAuthOptions};
pub(crate) use options::{DEFAULT_API_URL, DEFAULT_MAX_WRITES, DEFAULT_TIMEOUT, Options};
pub(crate) use profile_settings::{Setting, names_of_settings};
pub(crate) use shell::{completions, manual};

use crate::setup::{DoctorOptions, InitOptions};

/// An MCP server for the users and organizations of a Clerk application.
///
/// AI assistants look them up and manage them by its tools. These run in a WebAssembly sandbox that reaches Clerk's API and nothing else, and never see the secret key.
#[derive(Parser)]
#[command(version, arg_required_else_help = true, max_term_width = 110)]
#[command(after_help = help::AFTER, after_long_help = help::after_long())]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: Options,
    /// The faults of settings that would keep another command than `doctor` from beginning.
    #[arg(skip)]
    pub(crate) wrong_settings: Vec<String>,
}

impl Cli {
    /// The arguments of this process. Ends it where they are wrong, or ask for help.
    pub(crate) fn read() -> Self {
        match Self::parse_by(Self::program()) {
            Ok(cli) if !cli.command.examines() => cli,
            parsed => Self::examining().map_or(parsed, Ok).unwrap_or_else(|error| end(&error)),
        }
    }

    fn parse_by(program: clap::Command) -> Result<Self, clap::Error> {
        let matches = program.try_get_matches()?;
        let mut cli = Self::from_arg_matches(&matches).map_err(|error| error.format(&mut Self::program()))?;
        cli.options.given = profile_settings::given(&matches);
        Ok(cli)
    }

    /// The arguments of `doctor`, which begins whatever variables hold: it tells what is wrong with them.
    fn examining() -> Option<Self> {
        let (program, wrong_settings) = variables::without_wrong(Self::program());
        let cli = Self::parse_by(program).ok().filter(|cli| cli.command.examines())?;
        Some(Self { wrong_settings, ..cli })
    }

    /// The program as help, completions and the manual page describe it.
    pub(crate) fn program() -> clap::Command {
        help::arrange(Self::command())
    }
}

/// Ends the program with an error of the command line, or with help. A key that stands in an argument is not repeated.
fn end(error: &clap::Error) -> ! {
    let text = error.to_string();
    match text_cleaning::without_secrets(&text) {
        Cow::Owned(text) if error.use_stderr() => {
            eprint!("{text}");
            process::exit(error.exit_code())
        }
        _ => error.exit(),
    }
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the client that starts this program (MCP over stdio).
    Stdio,
    /// Serve clients over HTTP: MCP at /mcp, health at /health.
    ///
    /// With a secret key, every call uses that key; beyond loopback, callers then need the token in CLERK_MCP_AUTH_TOKEN or an
    /// access token of --oauth-issuer. Without one, each request brings its own key in the header X-Clerk-Secret-Key.
    Http(Box<HttpOptions>),
    /// Put this server into an MCP client.
    ///
    /// Asks for the client, the secret key and the mode, has the API check the key, shows the change, and asks before it writes. The
    /// key is kept in a file that only you can read, and the client's file as it was beside the new one.
    Init(Box<InitOptions>),
    /// Find out what is wrong with a set-up.
    ///
    /// Looks at the key, the way to the API, the policy, the entries of clients and the port, and says what to do. The exit status is
    /// 1 when something does not work.
    Doctor(DoctorOptions),
    /// List the tools that a client sees.
    ///
    /// With --toolsets all, these are all tools that the other options allow. A table at a terminal, and JSON otherwise.
    Tools {
        /// Print JSON at a terminal too.
        ///
        /// It has them as MCP lists them, and the toolset and the danger of each.
        #[arg(long)]
        json: bool,
        /// Only those of this instance of --profiles.
        #[arg(long, value_name = "NAME")]
        instance: Option<String>,
    },
    /// Call one tool and print its result.
    ///
    /// At a terminal it shows tables and records, says how far the call is, and asks before what needs somebody's consent. Where
    /// standard output is none, it prints JSON. The exit status is 1 when the tool reports an error, the answer
    /// was no, or nobody could be asked: then it prints what the call would do.
    Call {
        /// The tool's name, for example clerk_list_users.
        name: String,
        /// Its arguments, a JSON object.
        #[arg(value_name = "JSON")]
        arguments: Option<String>,
        /// Print JSON at a terminal too.
        #[arg(long)]
        json: bool,
        /// The instance of --profiles that the call is for.
        #[arg(long, value_name = "NAME")]
        instance: Option<String>,
    },
    /// Verify or print an audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Show what a component can reach.
    ///
    /// That is what it imports; also shown are what it exports, its size and its hash.
    Inspect {
        /// A component; without one, the embedded one.
        file: Option<PathBuf>,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the completions for a shell.
    ///
    /// For example: clerk-mcp completions bash > ~/.local/share/bash-completion/completions/clerk-mcp
    Completions { shell: Shell },
    /// Print the manual page.
    ///
    /// To read it: clerk-mcp man >clerk-mcp.1 && man ./clerk-mcp.1
    Man,
}

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Find out whether lines were changed, removed or added.
    ///
    /// The exit status is 1 when they were.
    Verify {
        /// The audit log.
        file: PathBuf,
        /// The noted hash of a line that has to be there still.
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Print it as a table at a terminal, and otherwise the lines as they are.
    Show {
        /// The audit log.
        file: PathBuf,
        /// Only so many of the last lines.
        #[arg(long, value_name = "NUMBER")]
        last: Option<u64>,
        /// As a time line for a browser, with the verification.
        ///
        /// It has the last 5,000 calls, unless --last says otherwise.
        #[arg(long)]
        html: bool,
        /// Print the lines, which are JSON, at a terminal too.
        #[arg(long, conflicts_with = "html")]
        json: bool,
    },
}

impl Command {
    /// Tells whether it looks for what is wrong, and so has to begin all the same.
    pub(crate) fn examines(&self) -> bool {
        matches!(self, Self::Doctor(_))
    }

    /// What the log has when nobody asks for more or less: of servers a line for each call.
    pub(crate) fn usual_log(&self) -> &'static str {
        match self {
            Self::Stdio | Self::Http(_) => "warn,clerk_mcp=info",
            _ => "warn",
        }
    }
}
