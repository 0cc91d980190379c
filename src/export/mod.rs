//! The component's exports: the contract's interfaces, made from our own types.

mod apps;
mod completion;
mod prompts;
mod resources;
mod server;
mod skills;
mod tools;

use crate::bindings::exports::clerk::mcp::mcp_types::{self as wit, Error, Icon};
use pins::Pins;

use crate::exit;
use crate::masks::{self, Kinds};
use crate::policy::{Confirm, Mode, Policy, PrivateMetadata};
use crate::problem::Problem;

impl<'a> From<&'a wit::Policy> for Policy<'a> {
    fn from(policy: &'a wit::Policy) -> Self {
        Self {
            mode: match policy.mode {
                wit::Mode::ReadOnly => Mode::ReadOnly,
                wit::Mode::Standard => Mode::Standard,
                wit::Mode::Full => Mode::Full,
            },
            production: policy.production,
            confirm: match policy.confirm {
                wit::Confirm::Off => Confirm::Off,
                wit::Confirm::Token => Confirm::Token,
                wit::Confirm::Elicit => Confirm::Elicit,
                wit::Confirm::TokenOnly => Confirm::TokenOnly,
            },
            toolsets: &policy.toolsets,
            tools: &policy.tools,
            exclude_tools: &policy.exclude_tools,
            private_metadata: match policy.private_metadata {
                wit::PrivateMetadata::Show => PrivateMetadata::Show,
                wit::PrivateMetadata::Keys => PrivateMetadata::Keys,
                wit::PrivateMetadata::Hide => PrivateMetadata::Hide,
            },
            ask_metadata: policy.ask_metadata,
            page_bytes: policy.page_bytes,
            keeps_secrets: policy.keeps_secrets,
            masks: Kinds { emails: policy.masks.emails, phones: policy.masks.phones },
            organizations: &policy.organizations,
            pins: Pins {
                organization: policy.organizations.first().map(String::as_str),
                user: policy.users.first().map(String::as_str),
            },
        }
    }
}

/// The policy of a call, whose masks are put on.
fn enter(context: &wit::CallContext) -> Policy<'_> {
    let policy = Policy::from(&context.policy);
    masks::put_on(policy.masks, context.mask_key.as_deref());
    policy
}

impl From<Vec<Problem>> for Error {
    fn from(problems: Vec<Problem>) -> Self {
        let problem = |Problem { pointer, message }| wit::Problem {
            pointer: exit::shown(&pointer),
            message: exit::shown(&message),
        };
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
