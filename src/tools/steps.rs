//! Calls that do the same for several things, one after the other: what was done, what was not and why.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::api::Api;
use crate::error::Failure;

/// What came of each step.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(crate) struct Steps<T> {
    pub(crate) done: Vec<T>,
    pub(crate) failed: Vec<FailedStep>,
    /// What is left to do: call again for it.
    pub(crate) not_tried: Vec<String>,
}

/// A step that failed, and did not keep the others from being tried.
#[skip_serializing_none]
#[derive(Deserialize, Serialize, JsonSchema)]
pub(crate) struct FailedStep {
    /// What the step was for: an id or an email address.
    pub(crate) of: String,
    pub(crate) code: String,
    pub(crate) message: String,
    pub(crate) retry_after_seconds: Option<u32>,
    pub(crate) hint: Option<String>,
}

impl<T> Steps<T> {
    pub(crate) fn none() -> Self {
        Self { done: Vec::new(), failed: Vec::new(), not_tried: Vec::new() }
    }

    /// Takes each step. Once Clerk wants no more requests or the call's time is up, the rest is left.
    pub(crate) fn run(
        subjects: impl IntoIterator<Item = String>,
        api: &dyn Api,
        step: impl Fn(&str) -> Result<T, Failure>,
    ) -> Self {
        let mut steps = Self::none();
        for subject in subjects {
            if !api.may_go_on() {
                steps.not_tried.push(subject);
                continue;
            }
            match step(&subject) {
                Ok(done) => steps.done.push(done),
                Err(failure) => steps.failed.push(failure.into_step(subject)),
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
        let none = Self::none();
        if !api.may_go_on() {
            return (Self { not_tried: vec![part.into()], ..none }, false);
        }
        let failed = |failure: Failure| Self { failed: vec![failure.before_write().into_step(part.into())], ..none };
        find().unwrap_or_else(|failure| (failed(failure), false))
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty()
    }
}
