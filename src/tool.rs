//! What a tool is: the trait that each one implements, what it declares, and the entry that lists hold.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::arguments::{self, Problem, Reader};
use crate::error::Failure;
use crate::request::{Endpoint, Parameters, Request};
#[cfg(not(target_family = "wasm"))]
use crate::schema::Definition;
use crate::view;

/// A tool. The implementing struct is its parameters, and the struct's doc comment is its description.
pub(crate) trait Tool: DeserializeOwned + JsonSchema + Serialize + 'static {
    /// What it returns: an allowlist of Clerk's fields.
    type Output: DeserializeOwned + JsonSchema + Serialize;

    const ABOUT: About;

    /// The request that a call stands for.
    ///
    /// # Errors
    ///
    /// What is wrong with the parameters taken together; each by itself is valid.
    fn request(&self) -> Result<Request, Problem> {
        Ok(Parameters::of(self).request(&Self::ABOUT.endpoint))
    }

    /// Reads the body of a successful answer.
    fn output(&self, body: &[u8]) -> Result<Self::Output, Failure> {
        view::read(body)
    }
}

/// What a tool declares besides its parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    /// `clerk_verb_noun`, at most 64 characters.
    pub(crate) name: &'static str,
    /// What a person sees in a list of tools.
    pub(crate) title: &'static str,
    pub(crate) effect: Effect,
    pub(crate) danger: Danger,
    pub(crate) endpoint: Endpoint,
    /// Arguments of a typical call, as JSON.
    pub(crate) example: &'static str,
}

/// What a call does to the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    /// Adds something, each time anew.
    Creates,
    /// Replaces values; the same call again changes nothing more.
    Overwrites,
    /// Removes something; the same call again finds nothing.
    Removes,
}

impl Effect {
    /// MCP's `destructiveHint`: whether the update is more than additive.
    pub(crate) fn is_destructive(self) -> bool {
        matches!(self, Self::Overwrites | Self::Removes)
    }

    /// MCP's `idempotentHint`: whether repeating the call has no further effect.
    pub(crate) fn is_idempotent(self) -> bool {
        self != Self::Creates
    }
}

/// How much harm a mistaken call does, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Danger {
    Read,
    Reversible,
    Access,
    Irreversible,
}

/// The tools of one Clerk resource.
pub(crate) struct Toolset {
    pub(crate) name: &'static str,
    pub(crate) tools: &'static [Entry],
}

/// A tool in a list, its type forgotten.
pub(crate) struct Entry {
    pub(crate) about: About,
    #[cfg(not(target_family = "wasm"))]
    pub(crate) definition: fn() -> Definition,
    pub(crate) prepare: fn(Value) -> Result<Call, Vec<Problem>>,
}

/// Reads the body of a successful answer and gives the tool's output as JSON.
pub(crate) type ReadAnswer = Box<dyn FnOnce(&[u8]) -> Result<String, Failure>>;

/// A call whose arguments are valid.
pub(crate) struct Call {
    pub(crate) request: Request,
    pub(crate) read_answer: ReadAnswer,
}

impl Entry {
    pub(crate) const fn of<T: Tool>() -> Self {
        Self {
            about: T::ABOUT,
            #[cfg(not(target_family = "wasm"))]
            definition: Definition::of::<T>,
            prepare: prepare::<T>,
        }
    }
}

fn prepare<T: Tool>(arguments: Value) -> Result<Call, Vec<Problem>> {
    let mut tool: Option<T> = None;
    let try_read = &mut |given: &Map<String, Value>| T::deserialize(given).map(|read| tool = Some(read));
    arguments::read(arguments, Reader { try_read, tool: T::ABOUT.name })?;
    // A reader that succeeds has set it.
    let tool = tool.ok_or_else(Vec::new)?;
    let request = tool.request().map_err(|problem| vec![problem])?;
    let read_answer = Box::new(move |body: &[u8]| tool.output(body).map(|output| view::write(&output)));
    Ok(Call { request, read_answer })
}
