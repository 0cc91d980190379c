//! The changes of several clients' files: shown, agreed to, and made.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::ask;
use super::change::{Change, Kind};
use super::clients::Client;
use super::file::FileProblem;
use super::init::say;
use super::options::InitOptions;

/// What can be changed, and what is in the way where nothing can.
pub(super) struct Plan {
    changes: Vec<Change>,
    problems: Vec<FileProblem>,
}

impl Plan {
    /// Works out the change of each client's file. One that cannot be changed does not keep the others from it.
    ///
    /// # Errors
    ///
    /// None can be changed.
    pub(super) fn of<'a, T: 'a>(
        files: impl IntoIterator<Item = &'a (&'static Client, PathBuf, T)>,
        change: impl Fn(&'static Client, &Path, &T) -> Result<Change, FileProblem>,
    ) -> anyhow::Result<Self> {
        let mut plan = Self { changes: Vec::new(), problems: Vec::new() };
        for (client, path, entry) in files {
            match change(client, path, entry) {
                Ok(change) => plan.changes.push(change),
                Err(problem) => plan.problems.push(problem),
            }
        }
        if plan.changes.is_empty() { plan.end().map(|_| plan) } else { Ok(plan) }
    }

    /// The modes that entries have had so far.
    pub(super) fn modes(&self) -> impl Iterator<Item = &str> {
        self.changes.iter().filter_map(Change::mode)
    }

    /// Shows the changes, and finds out whether they are to be made.
    pub(super) fn is_wanted(&self, init: &InitOptions, key_changes: bool) -> anyhow::Result<bool> {
        for problem in &self.problems {
            say(&format!("Left as it is: {problem}"))?;
        }
        for change in &self.changes {
            say(&change.describe())?;
        }
        let is_change = self.changes.iter().any(|change| change.kind() != Kind::Unchanged);
        if init.dry_run || !(is_change || key_changes) {
            return Ok(false);
        }
        if !is_change || init.yes {
            return Ok(true);
        }
        anyhow::ensure!(ask::can_ask(), "no terminal to ask at: --yes makes the change, --dry-run only shows it");
        let agrees = ask::person().agrees("Write this?", true)?;
        if !agrees {
            say("Nothing was changed.")?;
        }
        Ok(agrees)
    }

    /// Makes the changes.
    ///
    /// # Errors
    ///
    /// At least one file could not be changed; all others are.
    pub(super) fn make(mut self) -> anyhow::Result<ExitCode> {
        for change in self.changes.iter().filter(|change| change.kind() != Kind::Unchanged) {
            match change.make() {
                Ok(said) => say(&said)?,
                Err(problem) => self.problems.push(problem),
            }
        }
        self.end()
    }

    /// Success, unless a file could not be changed.
    pub(super) fn end(&self) -> anyhow::Result<ExitCode> {
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        anyhow::ensure!(problems.is_empty(), problems.join("\n"));
        Ok(ExitCode::SUCCESS)
    }
}
