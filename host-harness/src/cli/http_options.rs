//! The options of `clerk-mcp http`.
#![expect(clippy::doc_markdown, rustdoc::bare_urls, reason = "these comments are printed as the program's help")]

use std::net::SocketAddr;
use std::time::Duration;

use clap::Args;
use clap::builder::BoolishValueParser;

use super::help::{CALLERS, LIMITS, SERVING, TELEMETRY};
use crate::room::LARGEST_MESSAGE;

/// The address to listen on by default.
pub(crate) const DEFAULT_LISTEN: &str = "127.0.0.1:3000";

#[derive(Args)]
pub(crate) struct HttpOptions {
    /// Where to listen.
    #[arg(long, env = "CLERK_MCP_LISTEN", default_value = DEFAULT_LISTEN, value_name = "ADDRESS", help_heading = SERVING)]
    pub(crate) listen: SocketAddr,
    /// More host names by which clients may call.
    ///
    /// Besides localhost, the address it listens on, and the host of --public-url.
    #[arg(long, env = "CLERK_MCP_ALLOWED_HOSTS", value_delimiter = ',', value_name = "HOSTS", help_heading = CALLERS)]
    pub(crate) allowed_hosts: Vec<String>,
    /// Web origins that requests may name, besides this server's own on loopback.
    ///
    /// For example https://app.example.com:443. A browser also wants CORS headers, which a proxy has to add.
    #[arg(long, env = "CLERK_MCP_ALLOWED_ORIGINS", value_delimiter = ',', value_name = "ORIGINS", help_heading = CALLERS, hide_short_help = true)]
    pub(crate) allowed_origins: Vec<String>,
    #[command(flatten)]
    pub(crate) oauth: OAuthOptions,
    #[command(flatten)]
    pub(crate) limits: Limits,
    /// Serve metrics for Prometheus at /metrics.
    ///
    /// Whoever has the token that /mcp needs can read them.
    #[arg(long, env = "CLERK_MCP_METRICS", value_parser = BoolishValueParser::new(), help_heading = TELEMETRY)]
    pub(crate) metrics: bool,
    /// Do not serve the page at /.
    ///
    /// It shows whoever may call what this server does, and changes nothing; docs/page.md says what it shows to whom.
    #[arg(long, env = "CLERK_MCP_NO_PAGE", value_parser = BoolishValueParser::new(), help_heading = TELEMETRY, hide_short_help = true)]
    pub(crate) no_page: bool,
}

/// What clients may take of an HTTP server.
#[derive(Args, Clone)]
#[command(next_help_heading = LIMITS)]
pub(crate) struct Limits {
    /// The most requests that are served at once; more are answered with 503.
    #[arg(long, env = "CLERK_MCP_MAX_IN_FLIGHT", default_value_t = 256, value_name = "NUMBER", hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_in_flight: u32,
    /// The most connections that are open at once.
    ///
    /// For more, those that are idle for the longest are closed, and the rest has to wait.
    #[arg(long, env = "CLERK_MCP_MAX_CONNECTIONS", default_value_t = 512, value_name = "NUMBER", hide_short_help = true, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) max_connections: u32,
    /// The largest body of a request, in bytes.
    ///
    /// Whatever it is, a message has at most 16384 values.
    #[arg(long, env = "CLERK_MCP_MAX_BODY_BYTES", default_value_t = LARGEST_MESSAGE as u32, value_name = "BYTES", hide_short_help = true, value_parser = clap::value_parser!(u32).range(1024..))]
    pub(crate) max_body_bytes: u32,
    /// The most clients that have a session; 0 for none.
    ///
    /// Only clients get one that can be asked to confirm a call.
    #[arg(long, env = "CLERK_MCP_MAX_SESSIONS", default_value_t = 512, value_name = "NUMBER", hide_short_help = true)]
    pub(crate) max_sessions: u32,
    /// After how many seconds without a request a session ends.
    #[arg(long, env = "CLERK_MCP_SESSION_TIMEOUT", value_name = "SECONDS", default_value = "1800", hide_short_help = true, value_parser = seconds)]
    pub(crate) session_timeout: Duration,
    /// How many seconds a client may take to send a request, or to go on reading an answer.
    #[arg(long, env = "CLERK_MCP_CLIENT_TIMEOUT", value_name = "SECONDS", default_value = "30", hide_short_help = true, value_parser = seconds)]
    pub(crate) client_timeout: Duration,
    /// After how many seconds without a request a connection is closed.
    #[arg(long, env = "CLERK_MCP_IDLE_TIMEOUT", value_name = "SECONDS", default_value = "75", hide_short_help = true, value_parser = seconds)]
    pub(crate) idle_timeout: Duration,
}

impl Limits {
    /// The most streams that may be open, which last until their clients end them.
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
#[command(next_help_heading = CALLERS)]
pub(crate) struct OAuthOptions {
    /// Let people sign in with this OAuth issuer.
    ///
    /// Only who has an access token of it may call, for example of https://clerk.example.com. It needs --public-url too.
    #[arg(long, env = "CLERK_MCP_OAUTH_ISSUER", value_name = "URL")]
    pub(crate) oauth_issuer: Option<String>,
    /// The URL of MCP on this server, as clients see it.
    ///
    /// For example https://mcp.example.com/mcp.
    #[arg(long, env = "CLERK_MCP_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// Audiences that access tokens may be for, instead of the public URL.
    #[arg(
        long,
        env = "CLERK_MCP_OAUTH_AUDIENCE",
        value_delimiter = ',',
        value_name = "AUDIENCES",
        hide_short_help = true
    )]
    pub(crate) oauth_audience: Vec<String>,
    /// Where the issuer's keys are; otherwise its metadata says so.
    #[arg(long, env = "CLERK_MCP_OAUTH_JWKS_URL", value_name = "URL", hide_short_help = true)]
    pub(crate) oauth_jwks_url: Option<String>,
    /// The claim of access tokens that says to which organization their holders are kept.
    ///
    /// For example org_id; a dot leads into an object, as in o.id. Nobody without it may call.
    #[arg(long, env = "CLERK_MCP_ORGANIZATION_CLAIM", value_name = "CLAIM", hide_short_help = true)]
    pub(crate) organization_claim: Option<String>,
}
