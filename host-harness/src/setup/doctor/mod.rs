//! `clerk-mcp doctor`: finds out what is wrong with a set-up, and says what to do about it.

mod api;
mod backups;
mod clients;
mod finding;
mod given_key;
mod key;
mod ours;
mod policy;
mod port;
mod profiles;
mod records;
mod served;
mod start;

use std::process::ExitCode;

use finding::{Finding, print};

use super::options::DoctorOptions;
use super::places::Places;
use crate::cli::Options;
use crate::telemetry::Telemetry;

pub(crate) async fn doctor(
    options: Options,
    wrong_settings: Vec<String>,
    doctor: DoctorOptions,
    telemetry: Telemetry,
) -> anyhow::Result<ExitCode> {
    let places = Places::of_process()?;
    let mut findings = vec![program()];
    findings.extend(wrong_settings.into_iter().map(wrong_setting));
    findings.extend(match options.profiles {
        Some(_) => profiles::look(&options, &telemetry).await,
        None => instance(&places, &options, telemetry).await,
    });
    findings.extend(records::look(&options));
    findings.extend(clients::look(&places, !doctor.no_start).await);
    findings.extend(backups::look(&places));
    findings.push(port::look().await);
    print(&findings, doctor.json)
}

/// What there is to say of the one instance of a process without profiles.
async fn instance(places: &Places, options: &Options, telemetry: Telemetry) -> Vec<Finding> {
    let (mut key, mut findings) = key::look(places, options);
    if !options.demo {
        let (is_reached, found) = api::look(options).await;
        findings.extend(found);
        // Nobody is there who could be asked about it.
        key = key.filter(|_| is_reached);
    }
    findings.extend(policy::look(options, key, telemetry).await);
    findings
}

/// Refuses options whose audit log or directory for secrets cannot be used.
///
/// # Errors
///
/// Why not, and what to do.
pub(super) fn check_records(options: &Options) -> anyhow::Result<()> {
    records::look(options).into_iter().try_for_each(Finding::refuse_problem)
}

fn wrong_setting(said: String) -> Finding {
    Finding::problem("setting", said, "correct it, or unset it: what takes it does not start")
}

fn program() -> Finding {
    let path = std::env::current_exe().map_or_else(|_| "an unknown path".into(), |path| path.display().to_string());
    Finding::ok("program", format!("clerk-mcp {}, {path}", env!("CARGO_PKG_VERSION")))
}
