//! What a tool is: the trait that each one implements, what it declares, and the entry that lists hold.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::arguments::{self, Problem};
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
    #[cfg_attr(target_family = "wasm", expect(dead_code, reason = "for the tests and what they write"))]
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
    parse: Parse,
}

/// Reads a tool's parameters; whether it succeeds depends on nothing but the arguments.
pub(crate) type Parse = fn(&Map<String, Value>) -> Result<Box<dyn Parsed>, serde_json::Error>;

/// A tool with its parameters, its type forgotten: what comes after [`Parse`] is one copy of code for all tools.
pub(crate) trait Parsed {
    fn request(&self) -> Result<Request, Problem>;
    fn read_answer(&self, body: &[u8]) -> Result<String, Failure>;
}

impl<T: Tool> Parsed for T {
    fn request(&self) -> Result<Request, Problem> {
        Tool::request(self)
    }

    fn read_answer(&self, body: &[u8]) -> Result<String, Failure> {
        self.output(body).map(|output| view::write(&output))
    }
}

/// A call whose arguments are valid.
pub(crate) struct Call {
    pub(crate) request: Request,
    tool: Box<dyn Parsed>,
}

impl Entry {
    pub(crate) const fn of<T: Tool>() -> Self {
        Self {
            about: T::ABOUT,
            #[cfg(not(target_family = "wasm"))]
            definition: Definition::of::<T>,
            parse: |arguments| T::deserialize(arguments).map(|tool| Box::new(tool) as _),
        }
    }

    /// Makes the arguments a call.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the arguments.
    pub(crate) fn prepare(&self, arguments: Map<String, Value>) -> Result<Call, Vec<Problem>> {
        let tool = arguments::read(self.about.name, self.parse, arguments)?;
        let request = tool.request().map_err(|problem| vec![problem])?;
        Ok(Call { request, tool })
    }
}

impl Call {
    /// The tool's output as JSON, from the body of a successful answer.
    pub(crate) fn read_answer(&self, body: &[u8]) -> Result<String, Failure> {
        self.tool.read_answer(body)
    }
}
