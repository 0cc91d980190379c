//! The log on standard error: which lines it has, and how they look.

use std::env;
use std::io::{IsTerminal as _, stderr};

use anyhow::Context as _;
use clap::ValueEnum;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;

use super::lines::Lines;

const FILTER: &str = "CLERK_MCP_LOG";
/// rmcp warns of each refused request and repeats what the client wrote, and calls it an error that a client has hung up: the
/// line of the call says enough. Who names `rmcp::service` gets it all the same.
const QUIET: &str = "rmcp::service=off";

/// How the lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// The log. What it still holds is written when it is dropped.
pub(crate) struct Logs {
    format: Format,
    lines: Lines,
}

impl Logs {
    /// Begins to log what `CLERK_MCP_LOG` asks for, and `usual` where it asks for nothing.
    pub(crate) fn start(format: Format, usual: &str) -> anyhow::Result<Self> {
        let asked = env::var(FILTER).ok().filter(|filter| !filter.is_empty());
        let asked = format!("{QUIET},{}", capped(asked.as_deref().unwrap_or(usual)));
        let filter = EnvFilter::builder().parse(asked);
        let filter = filter.with_context(|| format!("{FILTER} is no filter such as warn or clerk_mcp=debug"))?;
        let lines = Lines::start().context("no thread for the log")?;
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().with_env_filter(filter).with_writer(move || writer.clone());
        match format {
            Format::Text => subscriber.with_ansi(has_colours()).init(),
            Format::Json => subscriber.json().flatten_event(true).with_current_span(false).with_span_list(false).init(),
        }
        Ok(Self { format, lines })
    }

    /// Says why the program ends.
    pub(crate) fn fail(&self, error: &anyhow::Error) {
        // What was logged before it comes before it.
        self.lines.finish();
        match self.format {
            Format::Text => eprintln!("clerk-mcp: {}", without_secrets(error)),
            Format::Json => tracing::error!("{error:#}"),
        }
    }
}

/// A filter that asks for nothing below `debug`: what is there is not built in (`release_max_level_debug`), and who asks for it
/// would be told so in lines that are none of the log.
fn capped(filter: &str) -> String {
    filter.split(',').map(capped_directive).collect::<Vec<_>>().join(",")
}

fn capped_directive(directive: &str) -> String {
    let (target, level) = directive.rsplit_once('=').unwrap_or(("", directive));
    match level.trim().parse::<LevelFilter>() {
        Ok(LevelFilter::TRACE) if target.is_empty() => "debug".into(),
        Ok(LevelFilter::TRACE) => format!("{target}=debug"),
        // A target or a span alone means all of it.
        Err(_) if !directive.contains('=') || directive.ends_with(']') => format!("{directive}=debug"),
        _ => directive.into(),
    }
}

/// An error with all its causes, less the secrets that a person has put where something else belongs.
pub(crate) fn without_secrets(error: &anyhow::Error) -> String {
    text_cleaning::without_secrets(&format!("{error:#}")).into_owned()
}

impl Drop for Logs {
    fn drop(&mut self) {
        self.lines.finish();
    }
}

/// Tells whether a terminal reads the log that understands colours. A console of Windows has to be told that it should.
fn has_colours() -> bool {
    stderr().is_terminal() && anstyle_query::windows::enable_ansi_colors().unwrap_or(true)
}

/// Says something that is no part of the log, but must not stand between JSON lines as it is.
pub(crate) fn announce(format: Format, text: &str) {
    match format {
        Format::Text => eprintln!("clerk-mcp: {text}"),
        Format::Json => tracing::info!("{text}"),
    }
}
