//! A call of a tool whose arguments are valid.

use serde_json::{Map, Value};
use text_cleaning::map_strings;

use crate::api::Api;
use crate::arguments::{self, Arguments};
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::paging::Paging;
use crate::policy::Policy;
use crate::problem::Problem;
use crate::request::Request;
use crate::secret::{self, Secret};
use crate::tool::{Answer, Tool};
use crate::view::read::Reading;

/// A call.
pub(crate) struct Call {
    pub(crate) tool: &'static Tool,
    pub(crate) arguments: Arguments,
    pub(crate) request: Request,
}

impl Call {
    /// Makes the arguments of a tool a call.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the arguments.
    pub(crate) fn new(tool: &'static Tool, given: Map<String, Value>) -> Result<Self, Vec<Problem>> {
        let arguments = arguments::read(&tool.parameters(), tool.rules, !tool.writes(), given)?;
        let request = match (tool.request, tool.answer) {
            (Some(request), _) => request(&arguments),
            (None, Answer::One(_) | Answer::Page(_, Paging::Whole)) => tool.endpoint.request(arguments.sent().clone()),
            (None, Answer::Page(_, paging)) => {
                let mut sent = arguments.sent().clone();
                sent.insert("limit".into(), paging.limit(&arguments).into());
                tool.endpoint.request(sent)
            }
        };
        Ok(Self { tool, arguments, request })
    }

    /// The tool's danger, or more where a parameter decides who may do what.
    pub(crate) fn danger(&self, policy: &Policy<'_>) -> Danger {
        let is_raised = self.set().any(|(name, _)| self.tool.is_raised_by(name, policy));
        if is_raised { self.tool.danger.max(Danger::Access) } else { self.tool.danger }
    }

    /// The arguments that the path does not name, and so what a write sets.
    pub(crate) fn set(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.arguments.sent().iter().filter(|(name, _)| !self.tool.endpoint.names(name))
    }

    /// The part of an object that the tool shows.
    pub(crate) fn view(&self, object: Value) -> Value {
        self.read(object).0
    }

    /// The part of an object that the tool shows, and its secrets.
    fn read(&self, object: Value) -> (Value, Vec<Secret>) {
        let mut reading = Reading::default();
        let object = reading.object(self.tool.view(), object);
        let (object, secrets) = reading.take_secrets(object);
        (reading.finish(object), secrets)
    }

    /// An argument as a preview shows it.
    pub(crate) fn shown(&self, name: &str, value: &Value) -> Value {
        self.tool.parameter(name).map_or_else(|| value.clone(), |parameter| parameter.shown(value))
    }

    /// Makes the call, and gives the tool's answer.
    ///
    /// # Errors
    ///
    /// Clerk refuses it, or it cannot be made.
    pub(crate) fn run(&self, api: &dyn Api) -> Result<Value, Failure> {
        let given = self.given_secrets();
        let without = |text: &str| secret::replaced(text, &given);
        let answer = match self.tool.run {
            Some(run) => run(&self.arguments, api),
            None => self.ask(api),
        };
        match answer {
            answer if given.is_empty() => answer,
            Ok(answer) => Ok(map_strings(answer, &without)),
            Err(failure) => Err(failure.map_texts(&without)),
        }
    }

    /// Makes the one request of a call.
    fn ask(&self, api: &dyn Api) -> Result<Value, Failure> {
        let answer = api.fetch(&self.request)?;
        let (answer, secrets) = match self.tool.answer {
            Answer::One(_) if !answer.is_object() => return Err(Failure::no_object(!self.tool.writes())),
            Answer::Page(view, paging) if let Some(items) = view.items() => {
                paging.read(items, &self.arguments, answer, api.policy().page_bytes())?
            }
            Answer::One(_) | Answer::Page(..) => self.read(answer),
        };
        // What only happens to show secrets hands out none.
        if self.tool.effect == Effect::Creates || self.tool.is_only_for_secrets {
            api.keep(secrets);
        }
        Ok(answer)
    }

    /// The arguments that are secrets, as far as they are texts.
    fn given_secrets(&self) -> Vec<&str> {
        let mut given = Vec::new();
        for (name, value) in self.arguments.sent() {
            if let Some(parameter) = self.tool.parameter(name) {
                parameter.secrets_in(value, &mut given);
            }
        }
        given
    }
}
