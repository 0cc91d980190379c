//! What the API says to a key: the component asks, by its tool that reports the policy and needs no arguments.

use serde_json::Value;

use crate::cli::Options;
use crate::command;
use crate::key::SecretKey;
use crate::preparation::{Keys, prepare};
use crate::server::reports_policy;
use crate::telemetry::Telemetry;

/// The answer to a key.
#[derive(Debug)]
pub(crate) enum Account {
    /// The component's report of itself and of the instance.
    Known(Value),
    /// The API takes no such key.
    Refused(String),
    /// Nobody could tell.
    Unknown(String),
}

/// The statuses by which HTTP says that credentials do not do.
const REFUSING: [u64; 2] = [401, 403];

/// Asks what there is to know about a key; without one, about the demo's.
///
/// # Errors
///
/// The options do not make a server.
pub(crate) async fn ask(options: &Options, key: Option<SecretKey>, telemetry: Telemetry) -> anyhow::Result<Account> {
    // Nothing is recorded or kept.
    let options = &Options { audit: None, secrets_dir: None, profiles: None, ..options.clone() };
    let server = prepare(options, Keys::Given(key), telemetry).await?;
    let tools = server.everything().await?;
    let Some(tool) = tools.iter().find(|tool| reports_policy(tool)) else {
        return Ok(Account::Unknown("the component has no tool that says whose a key is".into()));
    };
    let result = server.call(&tool.name, None, None).await.map_err(|error| anyhow::anyhow!("{}", error.message))?;
    let answer: Value = serde_json::from_str(&command::as_json(&result)).unwrap_or_default();
    if result.is_error != Some(true) {
        return Ok(Account::Known(answer));
    }
    let sentences = ["message", "hint"].into_iter().filter_map(|field| answer[field].as_str());
    let reason = sentences.map(with_stop).collect::<Vec<_>>().join(" ");
    let is_refused = answer["status"].as_u64().is_some_and(|status| REFUSING.contains(&status));
    Ok(if is_refused { Account::Refused(reason) } else { Account::Unknown(reason) })
}

/// A text that another sentence can follow.
fn with_stop(text: &str) -> String {
    let text = text.trim_end();
    let stop = if text.is_empty() || text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{stop}")
}

/// Of which kind of instance a key is.
pub(crate) fn kind(key: &SecretKey) -> &'static str {
    if key.is_live() { "production" } else { "development" }
}
