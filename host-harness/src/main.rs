//! `clerk-mcp`: reads the command line, runs one command, and says in one line what went wrong.

mod auth;
mod cli;
mod command;
mod component;
mod egress;
mod engine;
mod health;
mod http;
mod inspect;
mod key;
mod message;
mod origin;
mod retry;
mod server;
mod session;
mod signals;
mod stdio;

use std::io::{IsTerminal as _, stderr};
use std::process::ExitCode;

use clap::Parser as _;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let filter = EnvFilter::try_from_env("CLERK_MCP_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).with_ansi(stderr().is_terminal()).init();
    // A call costs less where no work moves between threads: HTTP starts one such runtime per core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let outcome = runtime.map_err(Into::into).and_then(|runtime| {
        let outcome = runtime.block_on(command::run(cli));
        // Where standard input is no pipe, a thread waits for it, and would keep this program from ending.
        runtime.shutdown_background();
        outcome
    });
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("clerk-mcp: {error:#}");
            ExitCode::from(2)
        }
    }
}
