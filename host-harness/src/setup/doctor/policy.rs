//! What an assistant may do, and with whose key: as the options say, and as the component reports.

use serde_json::Value;

use super::Finding;
use crate::cli::Options;
use crate::key::SecretKey;
use crate::policy::unabridged;
use crate::preparation;
use crate::setup::account::{self, Account};
use crate::telemetry::Telemetry;

const TOPIC: &str = "policy";

pub(super) async fn look(options: &Options, key: Option<SecretKey>, telemetry: Telemetry) -> Vec<Finding> {
    // What is wrong with the API's URL was said where the way to it is looked at.
    if !options.demo && preparation::origin(options).is_err() {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let summary = match summary(options).await {
        Ok(summary) => summary,
        Err(error) => {
            return vec![Finding::problem(TOPIC, format!("{error:#}"), "correct the setting, or leave it out")];
        }
    };
    let mut details = Vec::new();
    if key.is_some() || options.demo {
        match account::ask(options, key, telemetry).await {
            Ok(Account::Known(report)) => {
                findings.push(Finding::ok("account", "the API takes the key"));
                details = lines(&report);
            }
            Ok(Account::Refused(reason)) => {
                let advice = "copy the key from Clerk's dashboard, API keys, and run `clerk-mcp init`";
                findings.push(Finding::problem("account", format!("the API refuses the key: {reason}"), advice));
            }
            Ok(Account::Unknown(reason)) => {
                let advice = "see the lines on the API above";
                findings.push(Finding::problem("account", format!("the key could not be checked: {reason}"), advice));
            }
            Err(error) => findings.push(Finding::problem("account", format!("{error:#}"), "correct the setting")),
        }
    }
    findings.push(Finding::ok(TOPIC, summary).with_details(details));
    findings
}

async fn summary(options: &Options) -> anyhow::Result<String> {
    let origin = preparation::origin(options)?;
    let (component, policy) = preparation::load(options, preparation::egress(options, origin)).await?;
    let listed = component.list_tools(&policy).await?.len();
    let callable = component.list_tools(&unabridged(&policy)).await?.len();
    Ok(format!("{callable} tools can be called, {listed} of them are listed"))
}

/// The component's report, a line for each value, in its own words.
fn lines(report: &Value) -> Vec<String> {
    let fields = report.as_object().into_iter().flatten();
    let line = |(name, value): (&String, &Value)| match value {
        Value::String(text) => Some(format!("{name}: {text}")),
        Value::Array(values) if !values.is_empty() => {
            let texts: Option<Vec<&str>> = values.iter().map(Value::as_str).collect();
            Some(format!("{name}: {}", texts?.join(", ")))
        }
        _ => None,
    };
    fields.filter_map(line).collect()
}
