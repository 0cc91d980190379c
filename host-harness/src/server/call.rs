//! A call as it came from the client, and how it has ended.

use rmcp::model::{InputRequiredResult, JsonObject};
use serde_json::Value;

use super::instances::ServedInstance;
use super::token_words::SPELLINGS;
use crate::component::{Caller, ConsentRequired, Round};

/// A call as it came from the client.
pub(super) struct Call<'a> {
    pub(super) instance: &'a ServedInstance,
    pub(super) caller: Caller,
    pub(super) name: &'a str,
    /// A JSON object, or nothing.
    pub(super) arguments: String,
    /// What somebody has agreed with, as the client brought it.
    pub(super) token: Option<Value>,
    /// Nothing but the scopes of the caller's access token forbids it.
    pub(super) lacks_scope: bool,
    /// Its client shows a person the view of its answer.
    pub(super) has_view: bool,
    /// The client's answers, and the state as it came back from the client: sealed.
    pub(super) round: Round,
}

impl<'a> Call<'a> {
    pub(super) fn new(
        instance: &'a ServedInstance,
        caller: Caller,
        name: &'a str,
        arguments: Option<JsonObject>,
    ) -> Self {
        let mut arguments = arguments;
        let token = arguments.as_mut().and_then(take_token);
        let arguments = text(arguments.as_ref());
        Self { instance, caller, name, arguments, token, lacks_scope: false, has_view: false, round: Round::default() }
    }
}

/// Arguments as the contract takes them.
fn text(arguments: Option<&JsonObject>) -> String {
    arguments.map(|map| serde_json::to_string(map).unwrap_or_default()).unwrap_or_default()
}

/// The end of a round of a call.
pub(super) enum Ended<T> {
    Done(T),
    /// The client has to make the call again, with what this asks for.
    InputRequired(InputRequiredResult),
    /// Somebody has to agree, and then the call is made again with a token.
    ConsentRequired(ConsentRequired),
}

/// Takes the token out of the arguments.
fn take_token(arguments: &mut JsonObject) -> Option<Value> {
    let [first, second] = SPELLINGS.map(|name| arguments.remove(name).filter(|token| !token.is_null() && *token != ""));
    first.or(second)
}
