//! A log read once for people: the last calls that a filter finds, and whether the log is as it was written.

use std::collections::{BTreeSet, VecDeque};
use std::path::Path;

use super::entry::BEGUN;
use super::lines::{Lines, Read};
use super::show::Shown;
use super::verify::{Invalid, Verification};

/// What is looked for in a log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Filter {
    /// Only calls of this holder of access tokens.
    pub(crate) subject: Option<String>,
    /// Only calls that were kept to what one of these is; all where there are none.
    pub(crate) within: Vec<Within>,
    /// Only calls with this text in lower case in who made them, tool, decision or ids; all where it is empty.
    pub(crate) text: String,
    /// Only calls of this outcome; all where it is empty.
    pub(crate) outcome: String,
    /// The most calls that are kept: the last ones.
    pub(crate) most: usize,
}

/// An instance, and the organizations and users that its calls are kept to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Within {
    /// Its name, where there are several.
    pub(crate) instance: Option<String>,
    pub(crate) kept_to: Vec<String>,
}

/// What was found in a log.
pub(crate) struct Review {
    /// In words, whether the log is as it was written.
    pub(crate) verdict: Result<String, String>,
    /// The number of calls found.
    pub(crate) found: u64,
    /// The last of them, in the order of the log.
    pub(crate) rows: VecDeque<Row>,
    /// The names of the calls that are found, begun and not ended.
    begun: BTreeSet<String>,
}

/// A call, or a line that is none.
pub(crate) enum Row {
    Call(Box<Shown>),
    /// With the number of the line and what is wrong with it.
    Unreadable(u64, &'static str),
}

/// Reads a log.
///
/// # Errors
///
/// There is none, or it cannot be read.
pub(crate) fn review(path: &Path, filter: &Filter) -> anyhow::Result<Review> {
    let mut lines = Lines::open(path)?;
    let mut verification = Verification::default();
    let mut review = Review { verdict: Ok(String::new()), found: 0, rows: VecDeque::new(), begun: BTreeSet::new() };
    let (mut number, mut fault) = (0, None);
    while let Some(read) = lines.read()? {
        number += 1;
        if fault.is_none() {
            fault = verification.follow(&read).err();
        }
        review.take(number, &read, filter);
    }
    review.verdict = match fault {
        Some(fault) => Err(Invalid::Fault { line: verification.lines() + 1, fault }.to_string()),
        None => Ok(verification.summary().to_string()),
    };
    Ok(review)
}

impl Review {
    fn take(&mut self, number: u64, read: &Read<'_>, filter: &Filter) {
        let row = match Shown::read(read) {
            Ok(shown) => {
                self.forget_beginning_of(&shown);
                if !filter.finds(&shown) {
                    return;
                }
                if shown.outcome() == BEGUN {
                    self.begun.insert(shown.call().to_owned());
                }
                Row::Call(Box::new(shown))
            }
            // Whose it was cannot be told.
            Err(_) if filter.is_set() => return,
            Err(flaw) => Row::Unreadable(number, flaw.words()),
        };
        self.found += 1;
        self.rows.push_back(row);
        if self.rows.len() > filter.most {
            self.rows.pop_front();
        }
    }

    /// The line of its end stands for a call, once there is one.
    fn forget_beginning_of(&mut self, end: &Shown) {
        if end.outcome() == BEGUN || !self.begun.remove(end.call()) {
            return;
        }
        self.found -= 1;
        self.rows
            .retain(|row| !matches!(row, Row::Call(begun) if begun.outcome() == BEGUN && begun.call() == end.call()));
    }
}

impl Filter {
    fn is_set(&self) -> bool {
        self.subject.is_some() || !self.within.is_empty() || !self.text.is_empty() || !self.outcome.is_empty()
    }

    fn finds(&self, shown: &Shown) -> bool {
        let is_theirs = self.subject.is_none() || shown.subject() == self.subject.as_deref();
        let is_within =
            |within: &Within| shown.instance() == within.instance.as_deref() && shown.is_kept_to(&within.kept_to);
        let is_theirs = is_theirs && (self.within.is_empty() || self.within.iter().any(is_within));
        let has_outcome = self.outcome.is_empty() || shown.outcome() == self.outcome;
        let has_text = || shown.cells().iter().any(|cell| cell.to_lowercase().contains(&self.text));
        is_theirs && has_outcome && (self.text.is_empty() || has_text())
    }
}

impl Row {
    /// Its cells: time, who, instance, tool, decision, outcome, ids.
    pub(crate) fn cells(&self) -> [String; 7] {
        match self {
            Self::Call(shown) => shown.cells(),
            Self::Unreadable(number, what) => {
                let mut cells = <[String; 7]>::default();
                (cells[0], cells[5]) = (format!("line {number}"), (*what).to_owned());
                cells
            }
        }
    }

    /// Tells whether it did not end well.
    pub(crate) fn has_failed(&self) -> bool {
        !matches!(self, Self::Call(shown) if ["ok", "nothing yet"].contains(&shown.outcome()))
    }
}
