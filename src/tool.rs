//! What a tool is: the trait that each one implements, what it declares, and the entry that lists hold.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::api::Api;
use crate::arguments::{self, Problem};
use crate::error::Failure;
use crate::policy::Policy;
use crate::request::{Endpoint, Parameters, Request, get};
#[cfg(not(target_family = "wasm"))]
use crate::schema::Definition;
use crate::target::Target;
use crate::view;

/// A tool. The implementing struct is its parameters, and the struct's doc comment is its description.
pub(crate) trait Tool: DeserializeOwned + JsonSchema + Serialize + 'static {
    /// What it returns: an allowlist of Clerk's fields.
    type Output: DeserializeOwned + JsonSchema + Serialize;

    const ABOUT: About;

    /// The request that a call stands for; of a call that takes several steps, the first.
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

    /// Makes the call. A tool of several steps overrides this.
    fn run(&self, request: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        self.output(&api.fetch(request)?)
    }
}

/// What a tool declares besides its parameters.
#[derive(Clone, Copy, Debug)]
pub(crate) struct About {
    /// `clerk_verb_noun`, at most 64 characters.
    pub(crate) name: &'static str,
    /// What a person sees in a list of tools.
    pub(crate) title: &'static str,
    /// The call of a write in words, with `{places}` for what it is about: the beginning of the line that a person sees who
    /// has to agree.
    pub(crate) sentence: &'static str,
    pub(crate) effect: Effect,
    pub(crate) danger: Danger,
    /// Parameters that decide who may do what: a call that gives one of them changes access.
    pub(crate) access_parameters: &'static [&'static str],
    pub(crate) endpoint: Endpoint,
    /// What a write is about: it is looked at before the write.
    pub(crate) target: Target,
    pub(crate) undo: Undo,
    /// What of it stays, whatever is done afterwards: a sentence for whoever has to agree, or nothing.
    pub(crate) lasting: &'static str,
    /// Arguments of a typical call, as JSON.
    #[cfg_attr(target_family = "wasm", expect(dead_code, reason = "for the tests and what they write"))]
    pub(crate) example: &'static str,
}

/// The parameters that tools have which may write, besides their own: whether only to preview what a call would do, and
/// the token of the preview that somebody has agreed to.
pub(crate) const DRY_RUN: &str = "dry_run";
pub(crate) const CONFIRMATION_TOKEN: &str = "confirmation_token";

/// What all tools that change nothing declare alike.
pub(crate) const READS: About = About {
    name: "",
    title: "",
    sentence: "",
    effect: Effect::Reads,
    danger: Danger::Read,
    access_parameters: &[],
    endpoint: get(""),
    target: Target::Nothing,
    undo: Undo::None,
    lasting: "",
    example: "{}",
};

impl About {
    /// Whether a call that gives this parameter changes access.
    pub(crate) fn raised_by(self, name: &str, policy: &Policy<'_>) -> bool {
        self.access_parameters.contains(&name) || (policy.ask_metadata && METADATA.contains(&name))
    }
}

/// The parameters that set metadata.
pub(crate) const METADATA: [&str; 3] = ["public_metadata", "private_metadata", "unsafe_metadata"];

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
    /// Changes data, and a later call can change it back.
    Reversible,
    /// Changes who may do what, signs people out or sends an email; can be undone, but people notice.
    Access,
    Irreversible,
    /// Mints or reveals a credential, moves money, or changes the whole instance.
    Critical,
}

/// Which call takes a write back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Undo {
    None,
    /// The same tool, with the values that were there before.
    Again,
    /// This tool, with the ids of the call or of what it created.
    With(&'static str),
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
    fn parameters(&self) -> Parameters;
    fn read_answer(&self, body: &[u8]) -> Result<String, Failure>;
    fn run(&self, request: &Request, api: &dyn Api) -> Result<String, Failure>;
}

impl<T: Tool> Parsed for T {
    fn request(&self) -> Result<Request, Problem> {
        Tool::request(self)
    }

    fn parameters(&self) -> Parameters {
        Parameters::of(self)
    }

    fn read_answer(&self, body: &[u8]) -> Result<String, Failure> {
        self.output(body).map(|output| view::write(&output))
    }

    fn run(&self, request: &Request, api: &dyn Api) -> Result<String, Failure> {
        Tool::run(self, request, api).map(|output| view::write(&output))
    }
}

/// A call whose arguments are valid.
pub(crate) struct Call {
    pub(crate) about: About,
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
        Ok(Call { about: self.about, request, tool })
    }
}

impl Call {
    /// The tool's danger, or more where a parameter decides who may do what.
    pub(crate) fn danger(&self, policy: &Policy<'_>) -> Danger {
        let parameters = self.parameters();
        let is_raised = parameters.beside(self.about.endpoint.path).any(|(name, _)| self.about.raised_by(name, policy));
        if is_raised { self.about.danger.max(Danger::Access) } else { self.about.danger }
    }

    /// Its parameters as they are sent.
    pub(crate) fn parameters(&self) -> Parameters {
        self.tool.parameters()
    }

    /// The tool's output as JSON, from the body of a successful answer.
    pub(crate) fn read_answer(&self, body: &[u8]) -> Result<String, Failure> {
        self.tool.read_answer(body)
    }

    /// Makes the call, and gives the tool's output as JSON.
    pub(crate) fn run(&self, api: &dyn Api) -> Result<String, Failure> {
        self.tool.run(&self.request, api)
    }
}
