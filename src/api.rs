//! Clerk's API as tools see it: they ask, and somebody else sends.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::error::Failure;
use crate::policy::Policy;
use crate::request::Request;

/// The way to Clerk for one call.
pub(crate) trait Api {
    /// The body of a successful answer.
    ///
    /// # Errors
    ///
    /// There was no answer in time, or its status is not 2xx.
    fn fetch(&self, request: &Request) -> Result<Vec<u8>, Failure>;

    /// Whether there is time for another request, and nobody has said that there are too many.
    fn may_go_on(&self) -> bool;

    /// What the operator allows.
    fn policy(&self) -> &Policy<'_>;

    /// What the host still lets out.
    fn budget(&self) -> Budget;
}

/// How much of something may still be used, in any so many seconds.
#[derive(Clone, Copy, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Allowance {
    pub(crate) left: u32,
    pub(crate) of: u32,
    pub(crate) seconds: u32,
}

/// What the host still lets out for this instance; what it does not count is absent.
#[skip_serializing_none]
#[derive(Clone, Copy, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Budget {
    pub(crate) requests: Option<Allowance>,
    pub(crate) writes: Option<Allowance>,
}
