//! Measures the built program from outside, over stdio and HTTP, with an API of its own beside it (Linux). Each answer is
//! checked. The program is `target/release/clerk-mcp`, or what `CLERK_MCP` names; its settings are those of the environment.
//!
//! - Without arguments it prints the tables of `docs/benchmarks.md`.
//! - `check` compares the processor time of calls with `baseline.json`, and fails where one has grown.
//! - `baseline` writes that file.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod answers;
mod api;
mod baseline;
mod calls;
mod floor;
mod gate;
mod http;
mod measured;
mod message;
mod others;
mod process;
mod stdio;
mod tables;

use std::process::ExitCode;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        None => tables::print(),
        Some("check") => return baseline::check(),
        Some("baseline") => baseline::write(),
        Some(other) => {
            eprintln!("there is no {other}: say nothing, check or baseline");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
