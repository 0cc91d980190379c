//! Findings: a line each, with what to do.

use std::process::ExitCode;

use serde_json::{Value, json};

use crate::setup::init::say;
use crate::setup::launch::with_own_command;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Ok,
    /// It works, and something about it is not as it should be.
    Warning,
    /// Something does not work.
    Problem,
}

#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) level: Level,
    topic: &'static str,
    message: String,
    advice: Option<String>,
    details: Vec<String>,
}

impl Finding {
    pub(super) fn ok(topic: &'static str, message: impl Into<String>) -> Self {
        Self { level: Level::Ok, topic, message: message.into(), advice: None, details: Vec::new() }
    }

    pub(super) fn warning(topic: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Warning, advice: Some(advice.into()), ..Self::ok(topic, message) }
    }

    pub(super) fn problem(topic: &'static str, message: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { level: Level::Problem, ..Self::warning(topic, message, advice) }
    }

    pub(super) fn with_details(self, details: Vec<String>) -> Self {
        Self { details, ..self }
    }

    /// The same of one of several profiles.
    pub(super) fn of(self, profile: &str) -> Self {
        Self { message: format!("{profile}: {}", self.message), ..self }
    }

    /// An error where something does not work.
    pub(super) fn refuse_problem(self) -> anyhow::Result<()> {
        let advice = self.advice.unwrap_or_default();
        anyhow::ensure!(self.level != Level::Problem, "{}; {advice}", self.message);
        Ok(())
    }

    fn lines(&self) -> String {
        let advice = self.advice.iter().map(|advice| format!("do: {advice}"));
        let more = advice.chain(self.details.iter().cloned());
        let more = more.flat_map(|line| [format!("\n{:18} ", ""), line]).collect::<String>();
        format!("{:<8} {:<9} {}{more}", self.level.name(), self.topic, self.message)
    }

    fn to_json(&self) -> Value {
        json!({
            "level": self.level.name(), "topic": self.topic, "message": self.message, "advice": self.advice,
            "details": self.details,
        })
    }
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Problem => "problem",
        }
    }
}

/// Prints the findings; the exit status says whether something does not work.
pub(super) fn print(findings: &[Finding], as_json: bool) -> anyhow::Result<ExitCode> {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let (problems, warnings) = (count(Level::Problem), count(Level::Warning));
    let text = if as_json {
        let findings: Vec<Value> = findings.iter().map(Finding::to_json).collect();
        format!("{:#}", json!({ "problems": problems, "warnings": warnings, "findings": findings }))
    } else {
        let lines: Vec<String> = findings.iter().map(Finding::lines).collect();
        format!("{}\n\nproblems: {problems}, warnings: {warnings}", lines.join("\n"))
    };
    // Messages of others may hold what they were given.
    say(&text_cleaning::without_secrets(&with_own_command(&text)))?;
    Ok(ExitCode::from(u8::from(problems > 0)))
}
