//! Calls that do the same for several things, beside each other: what was done, what was not and why.

use core::iter;

use serde_json::{Value, json};

use crate::api::{Answers, Api};
use crate::error::Failure;
use crate::request::Request;

/// A step that is to be taken.
pub(crate) struct Step {
    /// The thing that it is for.
    pub(crate) of: String,
    pub(crate) request: Request,
}

/// The outcome of each step.
#[derive(Default)]
pub(crate) struct Steps {
    pub(crate) done: Vec<Value>,
    /// Steps that failed, and did not keep the others from being tried.
    pub(crate) failed: Vec<Value>,
    /// The steps that are left to do: call again for them.
    pub(crate) not_tried: Vec<String>,
}

impl Steps {
    /// Takes the steps of each part, or has its outcome already. `done` makes of an answer what is told of a step that was
    /// taken. Once Clerk or the host wants no more requests or the call's time is up, the rest is left.
    pub(crate) fn run<const PARTS: usize>(
        parts: [Result<Vec<Step>, Self>; PARTS],
        api: &dyn Api,
        done: &mut dyn FnMut(&str, Value) -> Value,
    ) -> [Self; PARTS] {
        let mut requests = Vec::new();
        let parts = parts.map(|part| {
            let subjects = |steps: Vec<Step>| {
                let (subjects, mut of_part): (Vec<_>, Vec<_>) =
                    steps.into_iter().map(|step| (step.of, step.request)).unzip();
                requests.append(&mut of_part);
                subjects
            };
            part.map(subjects)
        });
        let mut taking = Taking {
            answers: if api.may_go_on() { api.fetch_all(&requests) } else { Box::new(iter::empty()) },
            is_out_of_budget: false,
        };
        parts.map(|part| part.map_or_else(|outcome| outcome, |subjects| taking.take(subjects, done)))
    }

    /// A part whose steps could not be found: that is the one step, and nothing was changed.
    pub(crate) fn not_found(part: &str, failure: Failure) -> Self {
        Self { failed: vec![failure.before_write().into_step(part)], ..Self::default() }
    }

    /// A part that nobody has looked at.
    pub(crate) fn not_tried(part: &str) -> Self {
        Self { not_tried: vec![part.into()], ..Self::default() }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty()
    }
}

/// The answers to the steps of all parts.
struct Taking<'a> {
    answers: Answers<'a>,
    is_out_of_budget: bool,
}

impl Taking<'_> {
    fn take(&mut self, subjects: Vec<String>, done: &mut dyn FnMut(&str, Value) -> Value) -> Steps {
        let mut steps = Steps::default();
        for subject in subjects {
            match self.answers.next() {
                Some(Ok(answer)) => steps.done.push(done(&subject, answer)),
                // The host has let none of them out.
                Some(Err(failure)) if self.is_out_of_budget && failure.is_out_of_budget() => {
                    steps.not_tried.push(subject);
                }
                Some(Err(failure)) => {
                    self.is_out_of_budget |= failure.is_out_of_budget();
                    steps.failed.push(failure.into_step(&subject));
                }
                None => steps.not_tried.push(subject),
            }
        }
        steps
    }
}

impl From<Steps> for Value {
    fn from(steps: Steps) -> Self {
        json!({ "done": steps.done, "failed": steps.failed, "not_tried": steps.not_tried })
    }
}

#[cfg(test)]
mod tests;
