//! Runs a call to its end, which may take several rounds: steps of long work, and answers that the client has to give.

use std::pin::pin;
use std::sync::atomic::Ordering;

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, GetPromptResult};
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use super::answers::make_room;
use super::asking::Asking;
use super::call::{Call, Ended};
use super::consent::Purpose;
use super::conversation::Conversation;
use super::instances::ServedInstance;
use super::keeping;
use super::recording::Recording;
use super::state::Server;
use super::stopped::Stopped;
use super::{convert, failure, naming};
use crate::audit::Unwritable;
use crate::component::{
    Aborted, Account, CallResult, Component, ConsentRequired, Decision, Error, InputRequired, Outcome, Progress,
    PromptOutcome, PromptResult, Round,
};
use crate::telemetry::{self, Status};

/// How often one call may ask.
const MOST_QUESTIONS: usize = 10;

/// The outcome of one round.
enum Step<T> {
    Done(T),
    Ask(InputRequired),
    AskForConsent(ConsentRequired),
    Continue(Progress),
}

/// A result that may take several rounds.
trait Rounds: Sized {
    const METHOD: &'static str;

    /// Runs one round.
    fn step(
        component: &Component,
        call: &Call<'_>,
        round: Round,
        deadline: Instant,
    ) -> impl Future<Output = Result<Result<Step<Self>, Error>, Aborted>> + Send;
}

impl Rounds for CallResult {
    const METHOD: &'static str = "tools/call";

    async fn step(
        component: &Component,
        call: &Call<'_>,
        round: Round,
        deadline: Instant,
    ) -> Result<Result<Step<Self>, Error>, Aborted> {
        let answer = component.call_tool(&call.caller, round, deadline, call.name, &call.arguments).await?;
        Ok(answer.map(|outcome| match outcome {
            Outcome::Complete(result) => Step::Done(result),
            Outcome::InputRequired(required) => Step::Ask(required),
            Outcome::ConsentRequired(required) => Step::AskForConsent(required),
            Outcome::InProgress(progress) => Step::Continue(progress),
        }))
    }
}

impl Rounds for PromptResult {
    const METHOD: &'static str = "prompts/get";

    async fn step(
        component: &Component,
        call: &Call<'_>,
        round: Round,
        deadline: Instant,
    ) -> Result<Result<Step<Self>, Error>, Aborted> {
        let answer = component.get_prompt(&call.caller, round, deadline, call.name, &call.arguments).await?;
        Ok(answer.map(|outcome| match outcome {
            PromptOutcome::Complete(result) => Step::Done(result),
            PromptOutcome::InputRequired(required) => Step::Ask(required),
        }))
    }
}

impl Server {
    /// Runs a tool and says in MCP's terms what came of it.
    pub(super) async fn run_tool(
        &self,
        call: &Call<'_>,
        account: telemetry::Call,
        conversation: &mut Conversation,
    ) -> Result<Ended<CallToolResult>, ErrorData> {
        let recording = match self.shared.recorder.begin(call).await {
            Ok(recording) => recording,
            Err(unwritable) => {
                account.end(Status::Failed);
                return Ok(Ended::Done(failure::unrecorded(&unwritable)));
            }
        };
        let purpose = Self::purpose::<CallResult>(call);
        let begun = match purpose.begin() {
            Ok(begun) => begun,
            Err(rejected) => {
                account.end(Status::Denied);
                let (decision, why) = (rejected.decision(), rejected.why());
                return match record(recording, |recording| recording.refused(decision, why)).await {
                    Some(unrecorded) => Ok(Ended::Done(unrecorded)),
                    None => rejected.answer().map(Ended::Done),
                };
            }
        };
        self.answered(&purpose);
        let mut ended = self.rounds::<CallResult>(call, begun.round.clone(), conversation).await;
        if account_of(&ended).is_some_and(|account| account.sent) {
            // What reveals a credential does so by a GET, which is not counted on its way out.
            call.caller.writes.fetch_max(1, Ordering::Relaxed);
        }
        if let Ok(Ended::Done(result)) = &mut ended {
            let operation = result.account.as_ref().and_then(|account| account.operation.clone());
            let what = operation.as_deref().unwrap_or(call.name);
            let what = call.instance.name.as_ref().map_or_else(|| what.into(), |name| format!("{name}.{what}"));
            keeping::keep(self.shared.secrets.as_ref(), &what, result).await;
        }
        // From here on it is used up, or as good as before.
        drop(begun);
        if was_agreed(call, &ended) {
            purpose.agreed();
        }
        account.end(status(&ended, |result| result.is_error));
        if !conversation.is_with_nobody() {
            self.asked(&purpose, &ended);
        }
        if let Some(unrecorded) = record(recording, |recording| recording.end(&ended)).await {
            return Ok(Ended::Done(unrecorded));
        }
        match ended {
            Ok(Ended::Done(result)) => {
                // Resources are those of the default.
                if self.shared.instances.is_default(call.instance) {
                    self.shared.updates.announce(call.caller.key.digest(), &result.changed);
                }
                if let Err(aborted) = make_room(&self.shared.for_answers, &result, conversation) {
                    return failure::of_tool(Stopped::Aborted(aborted)).map(Ended::Done);
                }
                convert::call_result(result).map(Ended::Done)
            }
            Ok(Ended::InputRequired(required)) => Ok(Ended::InputRequired(required)),
            Ok(Ended::ConsentRequired(required)) if conversation.is_with_nobody() => {
                Purpose::show(&required).map(Ended::Done)
            }
            Ok(Ended::ConsentRequired(required)) => purpose.ask(&required).map(Ended::Done),
            Err(Stopped::Refused(Error::Denied(_))) if call.lacks_scope && conversation.challenges_for_scope() => {
                Err(failure::missing_scope_for_request(call.name))
            }
            Err(Stopped::Refused(Error::Denied(_))) if call.lacks_scope => {
                Ok(Ended::Done(failure::missing_scope(call.name)))
            }
            Err(stopped) => failure::of_tool(stopped).map(Ended::Done),
        }
    }

    /// Fills in a prompt.
    pub(super) async fn run_prompt(
        &self,
        call: &Call<'_>,
        account: telemetry::Call,
        conversation: &mut Conversation,
    ) -> Result<Ended<GetPromptResult>, ErrorData> {
        let purpose = Self::purpose::<PromptResult>(call);
        let begun = match purpose.begin() {
            Ok(begun) => begun,
            Err(rejected) => {
                account.end(Status::InvalidArguments);
                return Err(rejected.error());
            }
        };
        self.answered(&purpose);
        let ended = self.rounds::<PromptResult>(call, begun.round.clone(), conversation).await;
        self.asked(&purpose, &ended);
        account.end(status(&ended, |_| false));
        match ended {
            Ok(Ended::Done(result)) => {
                let prompt = convert::prompt_result(result);
                Ok(Ended::Done(match &call.instance.name {
                    Some(name) => naming::in_prompt(prompt, name),
                    None => prompt,
                }))
            }
            Ok(Ended::InputRequired(required)) => Ok(Ended::InputRequired(required)),
            Ok(Ended::ConsentRequired(_)) => Err(failure::internal("a prompt needs nobody's consent")),
            Err(Stopped::Refused(Error::Denied(_))) if call.lacks_scope => {
                conversation.challenges_for_scope();
                Err(failure::missing_scope_for_request(call.name))
            }
            Err(stopped) => Err(failure::of_request(stopped)),
        }
    }

    fn purpose<'a, T: Rounds>(call: &'a Call<'a>) -> Purpose<'a> {
        Purpose { call, method: T::METHOD }
    }

    /// Runs a call from this round on.
    async fn rounds<T: Rounds>(
        &self,
        call: &Call<'_>,
        mut round: Round,
        conversation: &mut Conversation,
    ) -> Result<Ended<T>, Stopped> {
        let component = &call.instance.component;
        let timeout = component.timeout();
        let mut deadline = Instant::now() + timeout;
        let mut questions = 0;
        loop {
            let step = pin!(T::step(component, call, round, deadline));
            let done = conversation.during(&call.caller.requests, step).await.map_err(Stopped::Aborted)?;
            round = match named(call.instance, done.map_err(Stopped::Refused)?) {
                Step::Done(result) => return Ok(Ended::Done(result)),
                Step::AskForConsent(required) => return Ok(Ended::ConsentRequired(required)),
                Step::Continue(_) if Instant::now() >= deadline => {
                    return Err(Stopped::Aborted(Aborted::TimedOut(timeout)));
                }
                Step::Continue(progress) => {
                    let state = Some(progress.state.clone());
                    conversation.report(progress).await;
                    Round { responses: Vec::new(), state }
                }
                Step::Ask(required) if let Some(missing) = missing(&required, &call.caller.capabilities) => {
                    return Err(Stopped::Refused(Error::MissingCapability(missing)));
                }
                Step::Ask(required) if conversation.asking() == Asking::ByResult => {
                    return Self::purpose::<T>(call)
                        .input_required(required)
                        .map(Ended::InputRequired)
                        .map_err(Stopped::Protocol);
                }
                Step::Ask(_) if questions == MOST_QUESTIONS => {
                    let message = format!("the call has asked {MOST_QUESTIONS} times without coming to an end");
                    return Err(Stopped::Protocol(failure::internal(&message)));
                }
                Step::Ask(required) => {
                    questions += 1;
                    let state = required.state.clone();
                    let _shown = self.waiting(call);
                    // Few calls ask, and waiting for an answer takes much room.
                    let responses =
                        Box::pin(self.shared.questions.ask(&call.caller, conversation, required, timeout)).await?;
                    // The time that people take to answer is theirs, not the call's.
                    deadline = Instant::now() + timeout;
                    Round { responses, state }
                }
            };
        }
    }
}

/// A step that asks says which instance it asks about, where there are several.
fn named<T>(instance: &ServedInstance, step: Step<T>) -> Step<T> {
    match (step, &instance.name) {
        (Step::Ask(required), Some(name)) => Step::Ask(naming::in_questions(required, name)),
        (step, _) => step,
    }
}

/// The component's account of a call that is done.
fn account_of(ended: &Result<Ended<CallResult>, Stopped>) -> Option<&Account> {
    let Ok(Ended::Done(result)) = ended else { return None };
    result.account.as_ref()
}

/// Whether the call has written because a person agreed.
fn was_agreed(call: &Call<'_>, ended: &Result<Ended<CallResult>, Stopped>) -> bool {
    account_of(ended).is_some_and(|account| account.decision == Decision::ConfirmedByPerson)
        && call.caller.writes.load(Ordering::Relaxed) > 0
}

/// Writes the line of a call, where it gets one. What its caller is told instead of the answer where that fails.
async fn record<F: Future<Output = Result<(), Unwritable>>>(
    recording: Option<Recording>,
    write: impl FnOnce(Recording) -> F,
) -> Option<CallToolResult> {
    let recording = recording?;
    let may_have_written = recording.has_begun();
    let unwritable = write(recording).await.err()?;
    Some(if may_have_written { failure::recorded_later(&unwritable) } else { failure::unrecorded(&unwritable) })
}

/// How a call has ended, for the operator.
fn status<T>(ended: &Result<Ended<T>, Stopped>, is_error: impl Fn(&T) -> bool) -> Status {
    match ended {
        Ok(Ended::Done(result)) if is_error(result) => Status::Error,
        Ok(Ended::Done(_)) => Status::Ok,
        Ok(Ended::InputRequired(_) | Ended::ConsentRequired(_)) => Status::InputRequired,
        Err(stopped) => stopped.status(),
    }
}

/// Which capabilities the client lacks for what it is asked, as JSON; none when it has all of them.
fn missing(required: &InputRequired, declared: &str) -> Option<String> {
    let declared: Value = serde_json::from_str(declared).unwrap_or_default();
    let needed = required.requests.iter().filter_map(|request| match request.method.as_str() {
        "elicitation/create" => Some("elicitation"),
        "sampling/createMessage" => Some("sampling"),
        "roots/list" => Some("roots"),
        _ => None,
    });
    let lacking: Map<String, Value> = needed
        .filter(|name| declared.get(name).is_none_or(Value::is_null))
        .map(|name| (name.to_owned(), json!({})))
        .collect();
    (!lacking.is_empty()).then(|| Value::Object(lacking).to_string())
}
