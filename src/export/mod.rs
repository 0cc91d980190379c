//! What the component exports: the contract's interfaces, made from our own types.

mod completion;
mod prompts;
mod resources;
mod server;
mod tools;

use crate::arguments::Problem;
use crate::bindings::exports::clerk::mcp::mcp_types::{self as wit, Error, Icon};
use crate::policy::Policy;

impl<'a> From<&'a wit::Policy> for Policy<'a> {
    fn from(policy: &'a wit::Policy) -> Self {
        Self { read_only: policy.read_only, toolsets: &policy.toolsets }
    }
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Self {
        let problem = |Problem { pointer, message }| wit::Problem { pointer, message };
        Self::InvalidArguments(problems.into_iter().map(problem).collect())
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        vec![problem].into()
    }
}

/// The one icon that everything has.
fn icons() -> Vec<Icon> {
    vec![Icon { src: crate::server::icon(), mime_type: Some("image/svg+xml".into()), sizes: vec!["any".into()] }]
}
