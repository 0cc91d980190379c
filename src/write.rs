//! A call that may write: what it would do, who agrees, and what it did.

use serde_json::{Map, Value};

use crate::api::Api;
use crate::arguments::Problem;
use crate::changes;
use crate::clerk::Clerk;
use crate::consent::{self, Consent, Giver, Round};
use crate::error::Failure;
use crate::preview::{Before, Preview};
use crate::tool::{CONFIRMATION_TOKEN, Call, DRY_RUN, Effect};
use crate::view;

/// How a call came to be made or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    Allowed,
    DryRun,
    Confirmed(Giver),
    /// A person said no, or typed another name.
    Declined,
    /// The question was dismissed without a choice.
    Cancelled,
    /// The client said no, or dismissed the question, before a person could have read it.
    DeclinedUnseen,
    /// The client accepted, and its answer holds no choice.
    NoChoice,
    /// A person has to agree, and the client cannot ask one.
    CannotAsk,
}

/// What a call has come to.
pub(crate) struct Done {
    /// The answer, a JSON object.
    pub(crate) answer: Result<String, Failure>,
    pub(crate) decision: Decision,
    /// What changed, by JSON Pointer, where it can be changed back.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

pub(crate) enum Outcome {
    Done(Done),
    AskPerson { question: Value, state: String },
    AskForToken { preview: String, state: String },
}

/// Takes `dry_run` out of the arguments.
///
/// # Errors
///
/// It is neither true nor false, or there is a token that the host has not opened.
pub(crate) fn take_control(arguments: &mut Map<String, Value>) -> Result<bool, Vec<Problem>> {
    if arguments.remove(CONFIRMATION_TOKEN).is_some_and(|token| !token.is_null()) {
        let message = "this host cannot open it: call without it, in a host that keeps such tokens";
        return Err(vec![Problem::at(CONFIRMATION_TOKEN, message)]);
    }
    match arguments.remove(DRY_RUN) {
        None | Some(Value::Null) => Ok(false),
        Some(Value::Bool(wanted)) => Ok(wanted),
        Some(_) => Err(vec![Problem::at(DRY_RUN, "it takes true or false")]),
    }
}

/// Makes the call as far as the policy lets it.
pub(crate) fn run(call: &Call, dry_run: bool, round: &Round<'_>, clerk: &Clerk<'_>) -> Outcome {
    let failed = |failure, decision| Outcome::Done(Done { answer: Err(failure), decision, before: None, after: None });
    let before = match Before::look(call, clerk) {
        Ok(before) => before,
        Err(failure) => return failed(failure.before_write(), Decision::Allowed),
    };
    if !dry_run && !clerk.policy().asks(call.danger(clerk.policy())) {
        return Outcome::Done(write(call, &before, Decision::Allowed, clerk));
    }
    let preview = match Preview::of(call, &before, clerk) {
        Ok(preview) => preview,
        Err(failure) => return failed(failure.before_write(), Decision::Allowed),
    };
    if dry_run {
        let answer = Ok(format!("{{\"preview\":{}}}", preview.json));
        return Outcome::Done(Done { answer, decision: Decision::DryRun, before: None, after: None });
    }
    match consent::seek(&preview, round, clerk.policy()) {
        Consent::Given(giver) => Outcome::Done(write(call, &before, Decision::Confirmed(giver), clerk)),
        Consent::Refused(failure, decision) => failed(failure, decision),
        Consent::AskPerson { question, state } => Outcome::AskPerson { question, state },
        Consent::AskForToken { state } => Outcome::AskForToken { preview: preview.json, state },
    }
}

/// What is said of a write that the API has confirmed without an answer.
const CONFIRMED: &str = "The API confirmed this with an empty answer: read the current state for more.";

fn write(call: &Call, before: &Before, decision: Decision, clerk: &Clerk<'_>) -> Done {
    let json = match call.run(clerk) {
        Ok(json) => json,
        Err(failure) => {
            let failure = if clerk.has_written() { failure } else { failure.before_write() };
            let is_spent = clerk.has_written() && decision == Decision::Confirmed(Giver::Token);
            let failure = if is_spent { failure.with_spent_token() } else { failure };
            return Done { answer: Err(failure), decision, before: None, after: None };
        }
    };
    let mut after: Value = serde_json::from_str(&json).unwrap_or_default();
    view::hide_private_metadata(&mut after, clerk.policy().private_metadata);
    let is_overwritten = call.about.effect == Effect::Overwrites;
    let mut changes = Vec::new();
    // A write that was confirmed without an answer has changed what it was asked to, and perhaps more.
    let is_silent = clerk.was_silent();
    if is_overwritten {
        changes = changes::between(&before.view, &after);
        changes::complete(&mut changes, before.expected(call, clerk.policy().private_metadata));
    }
    // What has changed nothing needs no way back.
    let undo = if is_overwritten && changes.is_empty() { None } else { before.undo(call, &after, clerk) };
    let by_path = |value: fn(&changes::Change) -> Option<&Value>| -> Option<String> {
        let values = changes.iter().map(|change| (change.path.clone(), value(change).cloned().unwrap_or_default()));
        (!changes.is_empty()).then(|| view::write(&values.collect::<Value>()))
    };
    let records = (by_path(|change| change.before.as_ref()), by_path(|change| change.after.as_ref()));
    if let Value::Object(answer) = &mut after {
        if is_overwritten && !(is_silent && changes.is_empty()) {
            changes::add_to(answer, &changes);
        }
        if is_silent {
            answer.insert("note".into(), CONFIRMED.into());
        }
        answer.extend(undo.map(|undo| ("undo".to_owned(), undo)));
    }
    Done { answer: Ok(view::write(&after)), decision, before: records.0, after: records.1 }
}
