//! The options of all commands that load the tools.
#![expect(clippy::doc_markdown, rustdoc::bare_urls, reason = "these comments are printed as the program's help")]

use std::path::PathBuf;

use clap::builder::{BoolishValueParser, OsStringValueParser, TypedValueParser as _};
use clap::{Args, ValueHint};

use super::help::{ASSISTANT, LIMITS, SERVING, TELEMETRY};
use super::profile_settings::Setting;
use crate::policy_options::{ConfirmOption, DEFAULT_PAGE_BYTES, MaskOption, ModeOption, PrivateMetadataOption};
use crate::telemetry::logs::Format;

/// The base URL of Clerk's Backend API.
pub(crate) const DEFAULT_API_URL: &str = "https://api.clerk.com/v1";

/// The default for the writes that may leave in a minute.
pub(crate) const DEFAULT_MAX_WRITES: u32 = 60;
/// How many seconds one call may take by default.
pub(crate) const DEFAULT_TIMEOUT: u32 = 30;

#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// Use sample data instead of Clerk: no account, no key.
    ///
    /// An emulator of Clerk's API that runs in this program has it.
    #[arg(long, global = true, env = "CLERK_MCP_DEMO", value_parser = BoolishValueParser::new(), help_heading = SERVING)]
    pub(crate) demo: bool,
    /// The base URL of Clerk's Backend API: the only thing that the tools can reach.
    #[arg(long, global = true, env = "CLERK_API_URL", default_value = DEFAULT_API_URL, value_name = "URL", help_heading = SERVING, hide_short_help = true)]
    pub(crate) api_url: String,
    /// Serve several instances of Clerk by name: a TOML file that only you can read has each one's key and settings.
    ///
    /// docs/profiles.md says how it looks. Of several, tools that write need the name of one, as the argument instance.
    #[arg(long, global = true, env = "CLERK_PROFILES", value_parser = OsStringValueParser::new().map(PathBuf::from), value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = SERVING, hide_short_help = true)]
    pub(crate) profiles: Option<PathBuf>,
    /// Another build of the component that has the tools.
    ///
    /// Released programs lack the compiler that this needs; those built from source have it.
    #[arg(long, global = true, env = "CLERK_MCP_COMPONENT", value_name = "FILE", help_heading = SERVING, hide_short_help = true)]
    pub(crate) component: Option<PathBuf>,
    /// How much tools may do: read-only, standard or full.
    ///
    /// read-only leaves tools that change nothing. In standard, the default, what cannot be undone asks first, and what is critical
    /// is off. full has everything, and only what is critical asks. On a production instance, what changes access asks in each mode.
    #[arg(long, global = true, env = "CLERK_MODE", value_enum, hide_possible_values = true, help_heading = ASSISTANT)]
    pub(crate) mode: Option<ModeOption>,
    /// Only tools that change nothing; the same as --mode read-only.
    #[arg(long, global = true, env = "CLERK_READ_ONLY", value_parser = BoolishValueParser::new(), help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) read_only: bool,
    /// How somebody agrees to a call that asks first.
    ///
    /// A token comes with the preview of a call; whoever repeats the call with it agrees.
    #[arg(long, global = true, env = "CLERK_CONFIRM", value_enum, default_value_t = ConfirmOption::Token, value_name = "HOW", help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) confirm: ConfirmOption,
    /// Only these toolsets, separated by commas; or all.
    ///
    /// All of their tools are listed then; all lists every tool. Without this option all tools can be called, and those used most
    /// are listed. clerk-mcp tools --toolsets all shows which toolset each tool is in.
    #[arg(long, global = true, env = "CLERK_TOOLSETS", value_delimiter = ',', value_name = "NAMES", help_heading = ASSISTANT)]
    pub(crate) toolsets: Vec<String>,
    /// Only tools that one of these patterns matches, for example 'clerk_get_*'.
    ///
    /// * stands for any text, ? for one character.
    #[arg(long, global = true, env = "CLERK_TOOLS", value_delimiter = ',', value_name = "PATTERNS", help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) tools: Vec<String>,
    /// No tools that one of these patterns matches, whatever else allows them.
    #[arg(long, global = true, env = "CLERK_EXCLUDE_TOOLS", value_delimiter = ',', value_name = "PATTERNS", help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) exclude_tools: Vec<String>,
    /// How much of private metadata is shown.
    #[arg(long, global = true, env = "CLERK_PRIVATE_METADATA", value_enum, default_value_t = PrivateMetadataOption::Show, value_name = "HOW", help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) private_metadata: PrivateMetadataOption,
    /// Count calls that set metadata as changes of access, so that on a production instance they ask first.
    #[arg(long, global = true, env = "CLERK_ASK_METADATA", value_parser = BoolishValueParser::new(), help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) ask_metadata: bool,
    /// Mask emails, phones or both: an assistant sees a part of each and a handle.
    ///
    /// It sees a...@example.com (email_...), and gives the handle where an address is asked for. The audit log has the same.
    #[arg(long, global = true, env = "CLERK_MASK", value_enum, value_delimiter = ',', hide_possible_values = true, value_name = "WHAT", help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) mask: Vec<MaskOption>,
    /// Only what belongs to this organization.
    ///
    /// By its id, which begins with org_, or by its slug. Users are reached as its members only, and what cannot be kept to it is off. A slug costs each call one request more.
    #[arg(long, global = true, env = "CLERK_ORGANIZATION", value_name = "ID", help_heading = ASSISTANT)]
    pub(crate) organization: Option<String>,
    /// Only what belongs to this user.
    ///
    /// By their id, which begins with user_.
    #[arg(long, global = true, env = "CLERK_USER", value_name = "ID", help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) user: Option<String>,
    /// Write secrets that Clerk gives, such as new API keys, to files in this directory.
    ///
    /// Only you may be able to read the directory. Without this option, tools that are for nothing else are off.
    #[arg(long, global = true, env = "CLERK_SECRETS_DIR", value_name = "DIR", value_hint = ValueHint::DirPath, help_heading = ASSISTANT, hide_short_help = true)]
    pub(crate) secrets_dir: Option<PathBuf>,
    /// How many seconds one call may take.
    #[arg(long, global = true, env = "CLERK_MCP_TIMEOUT", default_value_t = DEFAULT_TIMEOUT, value_name = "SECONDS", help_heading = LIMITS, hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) timeout: u32,
    /// The most bytes that one page of a list takes, so that it fits a model's context.
    #[arg(long, global = true, env = "CLERK_PAGE_BYTES", default_value_t = DEFAULT_PAGE_BYTES, value_name = "BYTES", help_heading = LIMITS, hide_short_help = true, value_parser = clap::value_parser!(u32).range(1000..=8_000_000))]
    pub(crate) page_bytes: u32,
    /// The most writes that leave in a minute, for each instance; 0 for no limit.
    #[arg(long, global = true, env = "CLERK_MAX_WRITES", default_value_t = DEFAULT_MAX_WRITES, value_name = "NUMBER", help_heading = LIMITS, hide_short_help = true)]
    pub(crate) max_writes: u32,
    /// The most requests that leave in ten seconds, for each instance; 0 for no limit.
    ///
    /// By default four fifths of what Clerk lets in: 80 for a development instance, 800 for a production one.
    #[arg(long, global = true, env = "CLERK_MAX_REQUESTS", value_name = "NUMBER", help_heading = LIMITS, hide_short_help = true)]
    pub(crate) max_requests: Option<u32>,
    /// Record each call that may write; see clerk-mcp audit.
    #[arg(long, global = true, env = "CLERK_MCP_AUDIT", value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = TELEMETRY)]
    pub(crate) audit: Option<PathBuf>,
    /// How the log on standard error looks; CLERK_MCP_LOG says what is in it.
    #[arg(long, global = true, env = "CLERK_MCP_LOG_FORMAT", value_enum, default_value_t = Format::Text, value_name = "HOW", help_heading = TELEMETRY, hide_short_help = true)]
    pub(crate) log_format: Format,
    /// Send a span of each call to this OpenTelemetry collector, for example http://localhost:4318.
    #[arg(long, global = true, env = "CLERK_MCP_OTLP_ENDPOINT", value_name = "URL", help_heading = TELEMETRY, hide_short_help = true)]
    pub(crate) otlp_endpoint: Option<String>,
    /// The options that a profile may set as well, as flags and variables have set them.
    #[arg(skip)]
    pub(crate) given: Vec<Setting>,
}
