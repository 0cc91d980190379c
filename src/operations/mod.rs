//! All operations of Clerk's Backend API as tools of their own. `build.rs` makes them of the facts in Clerk's document and of what
//! was reviewed by hand; five tools (`tools.rs`) lead to them.

mod find;
mod search;
mod table;
mod tools;
mod words;

pub(crate) use find::find;
#[cfg(test)]
pub(crate) use search::search;
pub(crate) use table::OPERATIONS;
pub(crate) use tools::{NoCall, TOOLSET, call};

use crate::danger::{Danger, Effect};
use crate::kind::{Given, Parameter};
use crate::paging::LIMIT;
use crate::policy::{Names, Subject};
use crate::request::Endpoint;
use crate::target::Target;
use crate::tool::{Answer, READ, Tool};

/// The toolset of the five tools, and of all operations.
const API: &str = "api";

/// An operation of the API: the parts of a tool that are its own, and what leads to it.
#[derive(Debug)]
pub(crate) struct Operation {
    /// Clerk's `operationId`.
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) endpoint: Endpoint,
    pub(crate) parameters: &'static [Given],
    pub(crate) answer: Answer,
    pub(crate) effect: Effect,
    pub(crate) danger: Danger,
    pub(crate) target: Option<&'static Target>,
    /// Of no use without the secrets in its answer.
    pub(crate) is_only_for_secrets: bool,
    /// The tool that calls it.
    pub(crate) caller: &'static str,
    /// Clerk's name for the kind of things that it is about.
    pub(crate) group: &'static str,
    /// Further words that people have for it.
    pub(crate) words: &'static str,
    /// The tool that does it better; empty where there is none.
    pub(crate) curated: &'static str,
    pub(crate) is_deprecated: bool,
    /// The reason why it cannot be called from here, as the end of a sentence; empty where it can.
    pub(crate) obstacle: &'static str,
}

impl Operation {
    pub(crate) fn parameters(&self) -> Vec<Parameter> {
        let parameter = |given: &Given| {
            let Given { name, kind, is_required, .. } = *given;
            match name {
                "limit" => Parameter { kind, is_required, ..LIMIT },
                "offset" | "order_by" => given.parameter().shaping(),
                _ => given.parameter(),
            }
        };
        self.parameters.iter().map(parameter).collect()
    }

    /// It as a tool. Whole tools of all of them would be mostly empty, and a component holds what one call needs.
    pub(crate) fn tool(&self) -> &'static Tool {
        let Self { name, title, endpoint, answer, effect, danger, target, .. } = *self;
        let Self { caller, is_only_for_secrets, .. } = *self;
        let sentence = if effect == Effect::Reads && danger == Danger::Read { "" } else { SENTENCE };
        Box::leak(Box::new(Tool {
            name,
            title,
            toolset: API,
            endpoint,
            parameters: self.parameters().leak(),
            answer,
            effect,
            danger,
            target,
            sentence,
            called_by: caller,
            is_only_for_secrets,
            ..READ
        }))
    }

    /// It as the policy sees it: a pattern that means the tool that calls it means it too, and whoever switches off the tool
    /// that does it better does not want it done at all.
    pub(crate) fn subject(&self) -> Subject {
        let Self { name, effect, danger, caller, curated, is_only_for_secrets, endpoint, .. } = *self;
        let (chosen_by, excluded_by) = (Names::One(caller), [caller, curated]);
        let operation = Some((endpoint.method.word(), endpoint.path));
        Subject { name, toolset: API, effect, danger, is_only_for_secrets, operation, chosen_by, excluded_by }
    }
}

/// What a person reads first who has to agree.
const SENTENCE: &str = "{action}{about}{given}";
