//! A call of a tool whose arguments are valid.

use serde_json::{Map, Value};

use crate::api::Api;
use crate::arguments::{self, Arguments};
use crate::danger::Danger;
use crate::error::Failure;
use crate::policy::Policy;
use crate::problem::Problem;
use crate::request::Request;
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
            (None, Answer::One(_)) => tool.endpoint.request(arguments.sent().clone()),
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
        let mut reading = Reading::default();
        let object = reading.object(self.tool.view(), object);
        reading.finish(object)
    }

    /// Makes the call, and gives the tool's answer.
    ///
    /// # Errors
    ///
    /// Clerk refuses it, or it cannot be made.
    pub(crate) fn run(&self, api: &dyn Api) -> Result<Value, Failure> {
        if let Some(run) = self.tool.run {
            return run(&self.arguments, api);
        }
        let answer = api.fetch(&self.request)?;
        match self.tool.answer {
            Answer::One(_) if !answer.is_object() => Err(Failure::no_object(!self.tool.writes())),
            Answer::One(_) => Ok(self.view(answer)),
            Answer::Page(view, paging) => match view.items() {
                Some(items) => paging.read(items, &self.arguments, answer, api.policy().page_bytes()),
                None => Ok(self.view(answer)),
            },
        }
    }
}
