//! A call that may write: what it would do, who agrees, and what it did.

use serde_json::{Map, Value};

use crate::api::Api;
use crate::call::Call;
use crate::changes::{self, Change};
use crate::clerk::Clerk;
use crate::consent::{self, Consent, Round};
use crate::decision::{Decision, Giver};
use crate::error::Failure;
use crate::exit;
use crate::preview::{Before, Preview};
use crate::tool::DRY_RUN;

/// A call that was made or refused.
pub(crate) struct Done {
    pub(crate) answer: Result<Value, Failure>,
    pub(crate) decision: Decision,
    /// The changes by JSON Pointer, where they can be changed back: JSON objects.
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
}

/// The end of a round of a call.
pub(crate) enum Outcome {
    Done(Done),
    Previewed(Preview),
    AskPerson { question: Value, state: String },
    AskForToken { preview: Preview, state: String },
}

/// Makes the call as far as the policy lets it.
pub(crate) fn run(call: &Call, round: &Round<'_>, clerk: &Clerk<'_>) -> Outcome {
    let failed = |failure, decision| Outcome::Done(Done { answer: Err(failure), decision, before: None, after: None });
    let before = match Before::look(call, clerk) {
        Ok(before) => before,
        Err(failure) => return failed(failure.before_write(), Decision::Allowed),
    };
    let dry_run = call.arguments.is_on(&DRY_RUN);
    if !dry_run && !clerk.policy().asks(call.danger(clerk.policy())) {
        return Outcome::Done(write(call, &before, Decision::Allowed, clerk));
    }
    let preview = match Preview::of(call, &before, clerk) {
        Ok(preview) => preview,
        Err(failure) => return failed(failure.before_write(), Decision::Allowed),
    };
    if dry_run {
        return Outcome::Previewed(preview);
    }
    match consent::seek(&preview, round, clerk.policy()) {
        Consent::Given(giver) => Outcome::Done(write(call, &before, Decision::Confirmed(giver), clerk)),
        Consent::Refused(failure, decision) => failed(failure, decision),
        Consent::AskPerson { question, state } => Outcome::AskPerson { question, state },
        Consent::AskForToken { state } => Outcome::AskForToken { preview, state },
    }
}

/// The note on a write that the API has confirmed without an answer.
const CONFIRMED: &str = "The API confirmed this with an empty answer: read the current state for more.";

fn write(call: &Call, before: &Before, decision: Decision, clerk: &Clerk<'_>) -> Done {
    let mut after = match call.run(clerk) {
        Ok(answer) => answer,
        Err(failure) => {
            let failure = if clerk.has_written() { failure } else { failure.before_write() };
            let is_spent = clerk.has_written() && decision == Decision::Confirmed(Giver::Token);
            let failure = if is_spent { failure.with_spent_token() } else { failure };
            return Done { answer: Err(failure), decision, before: None, after: None };
        }
    };
    let shown = clerk.policy().private_metadata;
    let is_overwritten = before.is_comparable;
    let mut changes = Vec::new();
    // A write that was confirmed without an answer has changed what it was asked to, and perhaps more.
    let is_silent = clerk.was_silent();
    if is_overwritten {
        changes = changes::between(&before.view, &after, shown);
        changes::complete(&mut changes, before.expected(call, shown));
    }
    // What has changed nothing needs no way back.
    let is_undone = !is_overwritten || is_silent || !changes.is_empty();
    let undo = if is_undone { before.undo(call, &after, clerk) } else { None };
    if let Value::Object(answer) = &mut after {
        if is_overwritten && !(is_silent && changes.is_empty()) {
            changes::add_to(answer, &changes);
        }
        if is_silent {
            answer.insert("note".into(), CONFIRMED.into());
        }
        if let Some(undo) = undo {
            answer.insert("undo".into(), undo);
        }
    }
    let before = by_path(&changes, |change| change.before.as_ref());
    let after_by_path = by_path(&changes, |change| change.after.as_ref());
    Done { answer: Ok(after), decision, before, after: after_by_path }
}

/// One side of the changes as a JSON object, by JSON Pointer; none where nothing has changed.
fn by_path(changes: &[Change], side: fn(&Change) -> Option<&Value>) -> Option<String> {
    let mut values = Map::new();
    for change in changes {
        values.insert(change.path.clone(), side(change).cloned().unwrap_or_default());
    }
    (!values.is_empty()).then(|| exit::cleaned(values.into()).to_string())
}
