//! Calls of tools. The client of the newest version may be asked in between: by a result, which has it make the call again
//! with its answers and the state.

use std::borrow::Cow;
use std::collections::BTreeMap;

use guarded_tools::mcp_types::{Error as Refusal, InputRequired, InputResponse};
use guarded_tools::{Answer, Refused, Round, Tools};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::Error;
use crate::message::Message;
use crate::object::results::{CallResult, InputRequiredResult};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Params<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow)]
    arguments: Option<&'a RawValue>,
    #[serde(borrow)]
    input_responses: Option<BTreeMap<String, &'a RawValue>>,
    #[serde(borrow)]
    request_state: Option<Cow<'a, str>>,
}

/// What a call has come to.
pub(crate) enum Called {
    Done(CallResult),
    InputRequired(InputRequiredResult),
}

/// Runs a tool, or one round of it.
pub(crate) fn call_tool(message: &Message<'_>, tools: &Tools) -> Result<Called, Error> {
    let Params { name, arguments, input_responses, request_state } = message.params()?;
    let arguments = arguments.map_or("{}", RawValue::get);
    let mut round = Round::only();
    if !message.is_older() {
        round.capabilities = message.capabilities_to_ask();
        round.responses = input_responses.into_iter().flatten().map(response).collect();
        let state = request_state.map(|sealed| tools.open_state(&name, arguments, &sealed)).transpose();
        round.state = match state {
            Ok(state) => state,
            Err(Refused::Failed(failure)) => return refused(Refusal::Failed(failure.to_string())),
            Err(Refused::Invalid(reason)) => {
                return Err(Error::invalid_params(format!("{reason}: make the call again, without a requestState")));
            }
        };
    }
    match tools.round(&name, arguments, round) {
        Ok(Answer::Complete(result)) => CallResult::new(result).map(Called::Done),
        Ok(Answer::InputRequired(required)) => asked(required, message),
        Err(error) => refused(error),
    }
}

fn response((id, response): (String, &RawValue)) -> InputResponse {
    InputResponse { id, response: response.get().into(), after_ms: None }
}

fn refused(error: Refusal) -> Result<Called, Error> {
    CallResult::from_error(error).map(Called::Done)
}

/// The tools were told whom they can ask: if they ask more, it is their fault.
fn asked(required: InputRequired, message: &Message<'_>) -> Result<Called, Error> {
    let can_ask = message.elicitation().is_some();
    if !can_ask || required.requests.iter().any(|request| request.method != "elicitation/create") {
        return Err(Error::internal("the tool asks what this client cannot be asked"));
    }
    InputRequiredResult::new(required).map(Called::InputRequired)
}
