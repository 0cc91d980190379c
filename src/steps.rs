//! Calls that do the same for several things, one after the other: what was done, what was not and why.

use serde_json::{Value, json};

use crate::api::Api;
use crate::error::Failure;

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
    /// Takes each step. Once Clerk wants no more requests or the call's time is up, the rest is left.
    pub(crate) fn run(
        subjects: impl IntoIterator<Item = String>,
        api: &dyn Api,
        step: impl Fn(&str) -> Result<Value, Failure>,
    ) -> Self {
        let mut steps = Self::default();
        for subject in subjects {
            if !api.may_go_on() {
                steps.not_tried.push(subject);
                continue;
            }
            match step(&subject) {
                Ok(done) => steps.done.push(done),
                Err(failure) => steps.failed.push(failure.into_step(&subject)),
            }
        }
        steps
    }

    /// Steps of a `part` that had to be found first. Where they were not, that is the one step, and nothing was changed.
    pub(crate) fn found(
        part: &str,
        api: &dyn Api,
        find: impl FnOnce() -> Result<(Self, bool), Failure>,
    ) -> (Self, bool) {
        if !api.may_go_on() {
            return (Self { not_tried: vec![part.into()], ..Self::default() }, false);
        }
        find().unwrap_or_else(|failure| {
            (Self { failed: vec![failure.before_write().into_step(part)], ..Self::default() }, false)
        })
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty()
    }
}

impl From<Steps> for Value {
    fn from(steps: Steps) -> Self {
        json!({ "done": steps.done, "failed": steps.failed, "not_tried": steps.not_tried })
    }
}
