//! The command line. Every flag has an environment variable; the secret key has nothing else.
#![expect(clippy::doc_markdown, rustdoc::bare_urls, reason = "these comments are printed as the program's help")]

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::BoolishValueParser;
use clap::{Args, Parser, Subcommand};

use crate::policy_options::{ConfirmOption, DEFAULT_PAGE_BYTES, ModeOption, PrivateMetadataOption};
use crate::room::LARGEST_MESSAGE;
use crate::telemetry::logs::Format;

/// An MCP server for Clerk whose tools run in a WebAssembly sandbox.
///
/// The secret key is read from CLERK_SECRET_KEY, or from the file that CLERK_SECRET_KEY_FILE names.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) options: Options,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve MCP on standard input and output.
    Stdio,
    /// Serve MCP over HTTP at /mcp, and health at /health.
    Http(Box<HttpOptions>),
    /// Print the tools that clients see under the policy; with --toolsets all, all that it allows.
    Tools {
        /// Print them as MCP lists them.
        #[arg(long)]
        json: bool,
    },
    /// Call one tool and print its result. The exit status is 1 when the tool reports an error.
    Call {
        /// The tool's name, for example clerk_list_users.
        name: String,
        /// Its arguments, a JSON object.
        #[arg(value_name = "JSON")]
        arguments: Option<String>,
    },
    /// Look into an audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Print what a component imports and exports, its size and its hash: everything that it can reach.
    Inspect {
        /// A component; without one, the embedded one.
        file: Option<PathBuf>,
        /// Print it as JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Subcommand)]
pub(crate) enum AuditCommand {
    /// Find out whether lines were changed, removed or added. The exit status is 1 when they were.
    Verify {
        file: PathBuf,
        /// The hash of a line that was noted down before: it has to be there still.
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
    },
    /// Print it as a table.
    Show {
        file: PathBuf,
        /// Only so many of the last lines.
        #[arg(long, value_name = "NUMBER")]
        last: Option<u64>,
    },
}

impl Command {
    /// What the log has when nobody asks for more or less: of servers a line for each call.
    pub(crate) fn usual_log(&self) -> &'static str {
        match self {
            Self::Stdio | Self::Http(_) => "warn,clerk_mcp=info",
            Self::Tools { .. } | Self::Call { .. } | Self::Audit(_) | Self::Inspect { .. } => "warn",
        }
    }
}

#[derive(Args)]
pub(crate) struct HttpOptions {
    /// Where to listen.
    #[arg(long, env = "CLERK_MCP_LISTEN", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// Host names by which clients may call this server, besides localhost.
    #[arg(long, env = "CLERK_MCP_ALLOWED_HOSTS", value_delimiter = ',')]
    pub(crate) allowed_hosts: Vec<String>,
    /// Origins that requests may name, besides this server's own on loopback, for example https://app.example.com:443. A
    /// browser also wants CORS headers, which a proxy has to add.
    #[arg(long, env = "CLERK_MCP_ALLOWED_ORIGINS", value_delimiter = ',')]
    pub(crate) allowed_origins: Vec<String>,
    /// Serve metrics for Prometheus at /metrics, to whoever has the token that /mcp needs.
    #[arg(long, env = "CLERK_MCP_METRICS", value_parser = BoolishValueParser::new())]
    pub(crate) metrics: bool,
    #[command(flatten)]
    pub(crate) limits: Limits,
    #[command(flatten)]
    pub(crate) oauth: OAuthOptions,
}

/// What clients may take of an HTTP server.
#[derive(Args, Clone)]
pub(crate) struct Limits {
    /// How many requests are served at once; more are answered with 503.
    #[arg(long, env = "CLERK_MCP_MAX_IN_FLIGHT", default_value_t = 256, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_in_flight: u32,
    /// How many connections may be open; for more, those that are idle for the longest are closed, and the rest has to wait.
    #[arg(long, env = "CLERK_MCP_MAX_CONNECTIONS", default_value_t = 512, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_connections: u32,
    /// The largest body of a request, in bytes; whatever it is, a message has at most 16384 values.
    #[arg(long, env = "CLERK_MCP_MAX_BODY_BYTES", default_value_t = LARGEST_MESSAGE as u32, value_parser = clap::value_parser!(u32).range(1024..))]
    pub(crate) max_body_bytes: u32,
    /// How many clients may have a session, which only those get that can be asked to confirm a call; 0 for none.
    #[arg(long, env = "CLERK_MCP_MAX_SESSIONS", default_value_t = 512)]
    pub(crate) max_sessions: u32,
    /// After how many seconds without a request a session ends.
    #[arg(long, env = "CLERK_MCP_SESSION_TIMEOUT", value_name = "SECONDS", default_value = "1800", value_parser = seconds)]
    pub(crate) session_timeout: Duration,
    /// How many seconds a client may take to send a request, or to go on reading an answer.
    #[arg(long, env = "CLERK_MCP_CLIENT_TIMEOUT", value_name = "SECONDS", default_value = "30", value_parser = seconds)]
    pub(crate) client_timeout: Duration,
    /// After how many seconds without a request a connection is closed.
    #[arg(long, env = "CLERK_MCP_IDLE_TIMEOUT", value_name = "SECONDS", default_value = "75", value_parser = seconds)]
    pub(crate) idle_timeout: Duration,
}

impl Limits {
    /// How many streams may be open, which last until their clients end them.
    pub(crate) fn most_streams(&self) -> usize {
        (self.max_connections as usize).div_ceil(2)
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse() {
        Ok(seconds @ 1..=86_400) => Ok(Duration::from_secs(seconds)),
        _ => Err("a number of seconds from 1 to 86400 is needed".into()),
    }
}

#[derive(Args)]
pub(crate) struct OAuthOptions {
    /// Only who has an access token of this OAuth issuer may call, for example https://clerk.example.com.
    #[arg(long, env = "CLERK_MCP_OAUTH_ISSUER", value_name = "URL")]
    pub(crate) oauth_issuer: Option<String>,
    /// The URL of MCP on this server as clients know it, for example https://mcp.example.com/mcp.
    #[arg(long, env = "CLERK_MCP_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Audiences that access tokens may be for, instead of the public URL.
    #[arg(long, env = "CLERK_MCP_OAUTH_AUDIENCE", value_delimiter = ',', value_name = "AUDIENCE")]
    pub(crate) oauth_audience: Vec<String>,
    /// Where the issuer's keys are; otherwise its metadata is asked.
    #[arg(long, env = "CLERK_MCP_OAUTH_JWKS_URL", value_name = "URL")]
    pub(crate) oauth_jwks_url: Option<String>,
}

#[derive(Args)]
pub(crate) struct Options {
    /// Use an embedded emulator with sample data instead of Clerk: no account, no key.
    #[arg(long, global = true, env = "CLERK_MCP_DEMO", value_parser = BoolishValueParser::new())]
    pub(crate) demo: bool,
    /// Another build of the component, for programs that have the compiler that it needs.
    #[arg(long, global = true, env = "CLERK_MCP_COMPONENT", value_name = "FILE")]
    pub(crate) component: Option<PathBuf>,
    /// Base URL of Clerk's Backend API: the only thing that the tools can reach.
    #[arg(long, global = true, env = "CLERK_API_URL", default_value = "https://api.clerk.com/v1")]
    pub(crate) api_url: String,
    /// How dangerous tools may be. By default standard; on a production instance, what changes access asks first in each mode.
    #[arg(long, global = true, env = "CLERK_MODE", value_enum)]
    pub(crate) mode: Option<ModeOption>,
    /// Only tools that change nothing, as --mode read-only.
    #[arg(long, global = true, env = "CLERK_READ_ONLY", value_parser = BoolishValueParser::new())]
    pub(crate) read_only: bool,
    /// How somebody agrees to a call that asks first.
    #[arg(long, global = true, env = "CLERK_CONFIRM", value_enum, default_value_t = ConfirmOption::Token)]
    pub(crate) confirm: ConfirmOption,
    /// Only these toolsets, all of whose tools are listed. Without, all can be called and those used most are listed; `all` lists all.
    #[arg(long, global = true, env = "CLERK_TOOLSETS", value_delimiter = ',')]
    pub(crate) toolsets: Vec<String>,
    /// Only tools that one of these patterns matches: * stands for any text, ? for one character.
    #[arg(long, global = true, env = "CLERK_TOOLS", value_delimiter = ',', value_name = "PATTERN")]
    pub(crate) tools: Vec<String>,
    /// No tools that one of these patterns matches, whatever else allows them.
    #[arg(long, global = true, env = "CLERK_EXCLUDE_TOOLS", value_delimiter = ',', value_name = "PATTERN")]
    pub(crate) exclude_tools: Vec<String>,
    /// What is shown of private metadata.
    #[arg(long, global = true, env = "CLERK_PRIVATE_METADATA", value_enum, default_value_t = PrivateMetadataOption::Show)]
    pub(crate) private_metadata: PrivateMetadataOption,
    /// Calls that set metadata count as changes of access, so that on a production instance they ask first.
    #[arg(long, global = true, env = "CLERK_ASK_METADATA", value_parser = BoolishValueParser::new())]
    pub(crate) ask_metadata: bool,
    /// The most bytes that one page of a list takes, so that it fits a model's context.
    #[arg(long, global = true, env = "CLERK_PAGE_BYTES", default_value_t = DEFAULT_PAGE_BYTES, value_name = "BYTES", value_parser = clap::value_parser!(u32).range(1000..=8_000_000))]
    pub(crate) page_bytes: u32,
    /// How many writes may leave in a minute, for each instance; 0 for no limit.
    #[arg(long, global = true, env = "CLERK_MAX_WRITES", default_value_t = 60, value_name = "NUMBER")]
    pub(crate) max_writes: u32,
    /// How many requests may leave in ten seconds, for each instance; 0 for no limit. By default four fifths of what Clerk
    /// lets in: 80 for a development instance, 800 for a production one.
    #[arg(long, global = true, env = "CLERK_MAX_REQUESTS", value_name = "NUMBER")]
    pub(crate) max_requests: Option<u32>,
    /// Append a line to this file for each call that may write; see clerk-mcp audit.
    #[arg(long, global = true, env = "CLERK_MCP_AUDIT", value_name = "FILE")]
    pub(crate) audit: Option<PathBuf>,
    /// Write secrets that Clerk gives, such as new API keys, to files in this directory. Only you may be able to read it; without
    /// it, tools that are for nothing else are off.
    #[arg(long, global = true, env = "CLERK_SECRETS_DIR", value_name = "DIR")]
    pub(crate) secrets_dir: Option<PathBuf>,
    /// How many seconds one call may take.
    #[arg(long, global = true, env = "CLERK_MCP_TIMEOUT", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub(crate) timeout: u32,
    /// How the log on standard error looks. CLERK_MCP_LOG says what is in it, for example warn or clerk_mcp=debug.
    #[arg(long, global = true, env = "CLERK_MCP_LOG_FORMAT", value_enum, default_value_t = Format::Text)]
    pub(crate) log_format: Format,
    /// Send a span of each call to this OpenTelemetry collector, for example http://localhost:4318.
    #[arg(long, global = true, env = "CLERK_MCP_OTLP_ENDPOINT", value_name = "URL")]
    pub(crate) otlp_endpoint: Option<String>,
}
