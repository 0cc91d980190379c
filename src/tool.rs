//! A tool as a value: one plain struct of statics, complete by itself, which one engine reads.

pub(crate) mod check;

use serde_json::Value;

use crate::api::Api;
use crate::arguments::Arguments;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::kind::{Kind, Parameter, parameter};
use crate::object::NO_OBJECT;
use crate::paging::Paging;
use crate::policy::{Names, Policy, Subject};
use crate::request::{Endpoint, Request, get};
use crate::rule::Rule;
use crate::target::Target;
use crate::view::{self, View};

/// A tool.
#[derive(Debug)]
pub(crate) struct Tool {
    /// `clerk_verb_noun`, at most 64 characters.
    pub(crate) name: &'static str,
    /// The words for it in a list that a person sees.
    pub(crate) title: &'static str,
    /// Product text for a model.
    pub(crate) description: &'static str,
    /// The group that a policy can choose it by.
    pub(crate) toolset: &'static str,
    /// Listed also where the policy chooses nothing. Every other tool is listed where it is chosen, and can be called anyway.
    pub(crate) is_listed: bool,
    /// The operation that it calls; of a tool that takes several steps, the first.
    pub(crate) endpoint: Endpoint,
    pub(crate) parameters: &'static [Parameter],
    /// Rules about parameters taken together.
    pub(crate) rules: &'static [Rule],
    pub(crate) answer: Answer,
    pub(crate) effect: Effect,
    pub(crate) danger: Danger,
    /// Parameters that decide who may do what: a call that gives one of them changes access.
    pub(crate) access_parameters: &'static [&'static str],
    /// Of no use without the secrets in its answer: it is off where nobody keeps them.
    pub(crate) is_only_for_secrets: bool,
    /// The object that a write is about: it is looked at before the write. None where there is none before.
    pub(crate) target: Option<&'static Target>,
    pub(crate) undo: Undo,
    /// The call of a write in words, with `{places}` for what it is about: the beginning of the line that a person sees who
    /// has to agree.
    pub(crate) sentence: &'static str,
    /// A sentence for whoever has to agree on what stays, whatever is done afterwards; empty for nothing.
    pub(crate) lasting: &'static str,
    /// Arguments of a typical call, as JSON.
    #[cfg_attr(target_family = "wasm", expect(dead_code, reason = "for the tests and what they write"))]
    pub(crate) example: &'static str,
    /// Clerk's parameters that it does not offer on purpose. A test holds all others against Clerk's document.
    #[cfg_attr(not(test), expect(dead_code, reason = "for the tests"))]
    pub(crate) not_offered: &'static [&'static str],
    /// The tool whose arguments choose it: it is an operation of the API. Empty for what is called by its own name.
    pub(crate) called_by: &'static str,
    /// The operations that it makes the calls of, as its arguments say.
    pub(crate) leads_to: &'static [&'static str],
    /// The request of a call, where it is not made of the endpoint and the arguments as they are.
    pub(crate) request: Option<fn(&Arguments) -> Request>,
    /// The steps of a call, where it takes several requests or its answer is more than Clerk's: what it answers, as its view
    /// shows it.
    pub(crate) run: Option<Run>,
}

/// The steps of a call.
pub(crate) type Run = fn(&Arguments, &dyn Api) -> Result<Value, Failure>;

/// The answer of a tool.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Answer {
    One(&'static View),
    /// One page of a list: a view of [`view::page`].
    Page(&'static View, Paging),
}

/// The call that takes a write back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Undo {
    None,
    /// This tool itself, with the values that were there before.
    Again,
    /// This tool of the same toolset, with the ids of the call or of what it created.
    With(&'static Tool),
}

/// The tools of one Clerk resource.
#[derive(Clone, Copy)]
pub(crate) struct Toolset {
    pub(crate) name: &'static str,
    pub(crate) tools: &'static [&'static Tool],
}

/// No operation: the tool asks Clerk nothing, or its arguments say which one it calls.
pub(crate) const NO_ENDPOINT: Endpoint = get("", &NO_OBJECT);

/// The parts that tools which change nothing have alike.
pub(crate) const READ: Tool = Tool {
    name: "",
    title: "",
    description: "",
    toolset: "",
    is_listed: true,
    endpoint: NO_ENDPOINT,
    parameters: &[],
    rules: &[],
    answer: Answer::One(&View(&[])),
    effect: Effect::Reads,
    danger: Danger::Read,
    access_parameters: &[],
    is_only_for_secrets: false,
    target: None,
    undo: Undo::None,
    sentence: "",
    lasting: "",
    example: "{}",
    not_offered: &[],
    called_by: "",
    leads_to: &[],
    request: None,
    run: None,
};

/// The parts that tools which write have alike. Each says its effect and its danger.
pub(crate) const WRITE: Tool = Tool { effect: Effect::Overwrites, danger: Danger::Irreversible, ..READ };

/// The parameters of every tool that writes, besides its own: whether only to preview what a call would do, and the token of
/// the preview that somebody has agreed to.
pub(crate) const DRY_RUN: Parameter = parameter("dry_run", Kind::Flag, "Only preview.").kept();
pub(crate) const CONFIRMATION_TOKEN: Parameter =
    parameter("confirmation_token", Kind::Token, "From the agreed preview.").kept();

impl Tool {
    /// Its name where it is an operation of the API.
    pub(crate) fn operation(&self) -> Option<&'static str> {
        (!self.called_by.is_empty()).then_some(self.name)
    }

    pub(crate) fn writes(&self) -> bool {
        self.effect != Effect::Reads
    }

    /// Tells whether a call may need somebody's consent: what writes, and what reveals a credential.
    pub(crate) fn is_guarded(&self) -> bool {
        self.writes() || self.danger >= Danger::Critical
    }

    /// Tells whether no later call brings back what this one takes away: an object, or the credential that it replaces.
    pub(crate) fn is_final(&self) -> bool {
        let replaces_credential = self.effect == Effect::Overwrites && self.is_only_for_secrets;
        match self.danger {
            Danger::Irreversible => true,
            Danger::Critical => self.effect == Effect::Removes || replaces_credential,
            _ => false,
        }
    }

    /// Tells whether a parameter or a field of its answers has this name.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.parameter(name).is_some() || self.view().has_name(name)
    }

    /// Its parameters, those that all writes have among them.
    pub(crate) fn parameters(&self) -> Vec<&'static Parameter> {
        let mut all: Vec<&'static Parameter> = self.parameters.iter().collect();
        if self.is_guarded() {
            all.push(&DRY_RUN);
        }
        if self.may_ask() {
            all.push(&CONFIRMATION_TOKEN);
        }
        all
    }

    /// Tells whether a call may ask first under some policy.
    fn may_ask(&self) -> bool {
        let may_rise =
            !self.access_parameters.is_empty() || self.parameters.iter().any(|parameter| parameter.kind.is_metadata());
        self.is_guarded() && (self.danger >= Danger::Access || may_rise)
    }

    /// Tells whether a call that gives this parameter changes access.
    pub(crate) fn is_raised_by(&self, name: &str, policy: &Policy<'_>) -> bool {
        self.access_parameters.contains(&name)
            || (policy.ask_metadata && self.parameter(name).is_some_and(|parameter| parameter.kind.is_metadata()))
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }

    pub(crate) fn subject(&self) -> Subject {
        let Self { name, toolset, effect, danger, is_only_for_secrets, leads_to, endpoint, .. } = *self;
        let chosen_by = Names::Many(leads_to);
        let operation = leads_to.is_empty().then_some((endpoint.method.word(), endpoint.path));
        Subject { name, toolset, effect, danger, is_only_for_secrets, operation, chosen_by, excluded_by: [""; 2] }
    }

    /// The view of its answers.
    pub(crate) fn view(&self) -> &'static View {
        match self.answer {
            Answer::One(view) | Answer::Page(view, _) => view,
        }
    }

    /// The JSON Schema of its arguments: an object.
    #[cfg(test)]
    pub(crate) fn input_schema(&self) -> String {
        crate::kind::schema::arguments(&self.parameters())
    }

    /// The outline of the JSON Schema of its answers, as a list of tools has room for it: an object. A write answers with its preview,
    /// a request for consent or its result, so that its fields are told in the documentation only. Clients drop fields that an
    /// outline does not name beside others: that of a tool which answers as the operation that it calls names none.
    pub(crate) fn output_schema(&self) -> String {
        let names_some = !self.writes() && !self.view().0.is_empty();
        if names_some { view::schema::outline(self.view()) } else { r#"{"type":"object"}"#.into() }
    }
}
