//! `clerk-mcp`: reads the command line, runs one command, and says in one line what went wrong.

mod audit;
mod auth;
mod budget;
mod cli;
mod command;
mod component;
mod computing;
mod connector;
mod egress;
mod engine;
mod file_system;
mod health;
mod http;
mod in_flight;
mod inspect;
mod key;
mod origin;
mod page;
mod pipes;
mod policy;
mod policy_options;
mod preparation;
mod profiles;
mod retry;
mod room;
mod secrets;
mod server;
mod setup;
mod signals;
mod sliding_windows;
mod stdio;
mod telemetry;
mod terminal;
mod twice;
mod who;

use std::process::ExitCode;

use cli::Cli;
use telemetry::Telemetry;
use telemetry::logs::{self, Logs};

/// Calls allocate much and in little pieces, which the systems' allocators are slower at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::read();
    let logs = match Logs::start(cli.options.log_format, cli.command.usual_log()) {
        Ok(logs) => logs,
        Err(error) => {
            eprintln!("clerk-mcp: {}", logs::without_secrets(&error));
            return ExitCode::from(2);
        }
    };
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            logs.fail(&error);
            ExitCode::from(2)
        }
    }
}

fn run(mut cli: Cli) -> anyhow::Result<ExitCode> {
    let telemetry = match Telemetry::start(cli.options.otlp_endpoint.as_deref()) {
        Err(error) if cli.command.examines() => {
            cli.wrong_settings.push(logs::without_secrets(&error));
            Telemetry::default()
        }
        started => started?,
    };
    // A call costs less where no work moves between threads: HTTP starts one such runtime per core.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let outcome = runtime.block_on(command::run(cli, telemetry.clone()));
    // What is still in flight is cancelled, and that is to be told too. Where standard input is no pipe, a thread waits
    // for it, and would keep this program from ending.
    runtime.shutdown_background();
    telemetry.end();
    outcome
}
