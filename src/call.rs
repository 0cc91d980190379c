//! A call of a tool whose arguments are valid.

use pins::Pins;
use serde_json::{Map, Value};
use text_cleaning::{REDACTED, map_strings};

use crate::api::Api;
use crate::arguments::{self, Arguments};
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::exit::hide_values;
use crate::filling;
use crate::paging::Paging;
use crate::policy::{Policy, PrivateMetadata};
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
    /// Makes the arguments of a tool a call, kept to what it is pinned to.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the arguments.
    pub(crate) fn new(tool: &'static Tool, given: Map<String, Value>, pins: Pins<'_>) -> Result<Self, Vec<Problem>> {
        let given = if pins.are_set() { filling::fill(pins, tool, given)? } else { given };
        let arguments = arguments::read(&tool.parameters(), tool.rules, !tool.writes(), given)?;
        filling::check(pins, tool, &arguments)?;
        let request = match (tool.request, tool.answer) {
            (Some(request), _) => request(&arguments),
            (None, Answer::One(_)) => tool.endpoint.request(arguments.sent().clone()),
            (None, Answer::Page(_, paging)) => {
                let mut sent = arguments.sent().clone();
                if !matches!(paging, Paging::Whole) {
                    sent.insert("limit".into(), paging.limit(&arguments).into());
                }
                // Some paths of lists end like those of single objects.
                Request { is_list: true, ..tool.endpoint.request(sent) }
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

    /// Tells whether it has Clerk send no email, where others would.
    pub(crate) fn is_quiet(&self) -> bool {
        self.arguments.sent().get("notify").is_some_and(|notify| *notify == false)
    }

    /// Tells whether the link in its answer is the only way to what it makes: an invitation to the application that no email
    /// goes with. One to an organization shows in the application too.
    pub(crate) fn loses_its_link(&self) -> bool {
        self.is_quiet() && self.request.endpoint.path == "/invitations"
    }

    /// The part of a stored object that the tool shows, and the object less its secrets.
    pub(crate) fn view(&self, object: Value) -> (Value, Value) {
        let (view, secrets) = self.read(object.clone());
        (view, secret::without(object, &secrets))
    }

    /// A value of the API, less the secrets that the call is given, wherever the API has repeated them.
    pub(crate) fn without_given(&self, value: Value) -> Value {
        let given = self.given_secrets();
        if given.is_empty() { value } else { map_strings(value, &|text| secret::replaced(text, &given)) }
    }

    /// The part of an object that the tool shows, and its secrets.
    fn read(&self, object: Value) -> (Value, Vec<Secret>) {
        let mut reading = Reading::default();
        let object = reading.object(self.tool.view(), object);
        let (object, secrets) = reading.take_secrets(object);
        (reading.finish(object), secrets)
    }

    /// An argument as a preview shows it, where private metadata is shown like this.
    pub(crate) fn shown(&self, name: &str, value: &Value, private: PrivateMetadata) -> Value {
        let private = |metadata: &Value| {
            let mut metadata = metadata.clone();
            match private {
                PrivateMetadata::Show => {}
                PrivateMetadata::Keys => hide_values(&mut metadata),
                PrivateMetadata::Hide => metadata = REDACTED.into(),
            }
            metadata
        };
        self.tool.parameter(name).map_or_else(|| value.clone(), |parameter| parameter.shown(value, &private))
    }

    /// An argument without the secrets in it.
    pub(crate) fn without_secrets(&self, name: &str, value: &Value) -> Value {
        self.shown(name, value, PrivateMetadata::Show)
    }

    /// Makes the call, and gives the tool's answer.
    ///
    /// # Errors
    ///
    /// Clerk refuses it, or it cannot be made.
    pub(crate) fn run(&self, api: &dyn Api) -> Result<Value, Failure> {
        let answer = match self.tool.run {
            Some(run) => run(&self.arguments, api),
            None => self.ask(api),
        };
        match answer {
            Ok(answer) => Ok(self.without_given(answer)),
            Err(failure) => {
                let given = self.given_secrets();
                Err(failure.map_texts(&|text| secret::replaced(text, &given)))
            }
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

    /// The arguments that are secrets, as far as they are texts that can be told from our own words.
    fn given_secrets(&self) -> Vec<&str> {
        let mut given = Vec::new();
        for (name, value) in self.arguments.sent() {
            if let Some(parameter) = self.tool.parameter(name) {
                parameter.secrets_in(value, &mut given);
            }
        }
        given.retain(|text| secret::can_be_found(text) && !self.tool.has_name(text));
        given
    }
}
