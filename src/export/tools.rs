//! `mcp-tools`: what can be called.

use core::iter;

use pins::Pins;
use serde_json::{Map, Value};

use super::enter;
use crate::api::Api as _;
use crate::bindings::exports::clerk::mcp::mcp_tools::{
    self as wit, Account, Annotations, CallContext, CallResult, ConsentRequired, ContentBlock, Error, Guest,
    InputRequired, Outcome,
};
use crate::bindings::exports::clerk::mcp::mcp_types::InputRequest;
use crate::call::Call;
use crate::clerk::{Clerk, Log};
use crate::consent::Round;
use crate::danger::{Danger, Effect};
use crate::decision::{Decision, Giver};
use crate::error::Failure;
use crate::ids::Resource;
use crate::problem::Problem;
use crate::question::Answered;
use crate::tool::{CONFIRMATION_TOKEN, Tool};
use crate::{ClerkTools, arguments, catalogue, exit, filling, membership, operations, policy, resources, write};

impl Guest for ClerkTools {
    fn list(policy: wit::Policy) -> Vec<wit::Tool> {
        let policy = policy::Policy::from(&policy);
        catalogue::listed(&policy).map(|tool| listed(tool, policy.pins)).collect()
    }

    fn describe(name: String) -> Result<wit::Tool, Error> {
        catalogue::find(&name).map(|tool| listed(tool, Pins::default())).map_err(Error::Unknown)
    }

    fn call(name: String, arguments: String, context: CallContext) -> Result<Outcome, Error> {
        let policy = enter(&context);
        let tool = catalogue::find(&name).map_err(Error::Unknown)?;
        policy.check(tool.subject()).map_err(Error::Denied)?;
        let clerk = match membership::clerk(&context) {
            Ok(clerk) => clerk,
            Err(failure) => return Ok(Outcome::Complete(result(Err(failure)))),
        };
        let call = operations::call(tool, arguments::parse(&arguments)?, clerk.policy())?;
        if call.loses_its_link() && !policy.keeps_secrets {
            return Err(Problem::at("notify", NOBODY_GETS_IT).into());
        }
        if tool.is_guarded() {
            return write(&call, clerk.keeping_time(), &context);
        }
        let answer = call.run(&clerk).map(|answer| printed(&call, answer, &clerk));
        Ok(Outcome::Complete(CallResult { secrets: secrets(&clerk), ..result(answer) }))
    }
}

const NOBODY_GETS_IT: &str =
    "nobody would get the link: leave `notify` out, or have the operator set --secrets-dir, CLERK_SECRETS_DIR";

/// The one question that a call asks.
const QUESTION: &str = "confirm";

fn write(call: &Call, clerk: Clerk<'_>, context: &CallContext) -> Result<Outcome, Error> {
    if call.arguments.get(&CONFIRMATION_TOKEN).is_some() {
        let message = "this host cannot open it: call without it, in a host that keeps such tokens";
        return Err(Problem::at(CONFIRMATION_TOKEN.name, message).into());
    }
    let response = context.input_responses.iter().find(|response| response.id == QUESTION);
    let round = Round {
        capabilities: &context.client_capabilities,
        response: response.map(|response| Answered { json: &response.response, after_ms: response.after_ms }),
        state: context.request_state.as_deref(),
    };
    match write::run(call, &round, &clerk) {
        write::Outcome::Done(done) => Ok(Outcome::Complete(completed(call, done, clerk))),
        write::Outcome::Previewed(preview) => {
            let mut result = result(Ok(exit::print_preview(&preview.fields(), preview.shown)));
            result.account = Some(account(call, Decision::DryRun, None, clerk));
            Ok(Outcome::Complete(result))
        }
        write::Outcome::AskPerson { question, state } => {
            let params = question.to_string();
            let request = InputRequest { id: QUESTION.into(), method: "elicitation/create".into(), params };
            Ok(Outcome::InputRequired(InputRequired { requests: vec![request], state: Some(state) }))
        }
        write::Outcome::AskForToken { preview, state } => {
            let (fields, name) = (preview.fields(), preview.name);
            let preview = exit::print(&fields, preview.shown, policy::PrivateMetadata::Show);
            Ok(Outcome::ConsentRequired(ConsentRequired { preview, name, state }))
        }
    }
}

/// The result of a call that was made or refused, and its account.
fn completed(call: &Call, done: write::Done, clerk: Clerk<'_>) -> CallResult {
    let write::Done { answer, decision, before, after } = done;
    let seen = answer.as_ref().ok().cloned();
    let mut result = result(answer.map(|answer| printed(call, answer, &clerk)));
    result.secrets = secrets(&clerk);
    let changed = clerk.written();
    let account = account(call, decision, seen.as_ref(), clerk);
    result.changed = changed.iter().flat_map(|path| resources::in_path(path)).collect();
    result.account = Some(Account { before, after, ..account });
    result
}

fn account(call: &Call, decision: Decision, answer: Option<&Value>, clerk: Clerk<'_>) -> Account {
    let danger = call.danger(clerk.policy()).into();
    let log = clerk.log();
    Account {
        decision: decision.into(),
        operation: call.tool.operation().map(Into::into),
        // What reveals a credential is as good as written.
        sent: log.tried || (!call.tool.writes() && answer.is_some()),
        danger,
        incomplete: answer.is_some_and(is_incomplete),
        ids: ids(call, &log, answer),
        trace_ids: log.trace_ids,
        before: None,
        after: None,
    }
}

/// The secrets that a call hands out.
fn secrets(clerk: &Clerk<'_>) -> Vec<wit::Secret> {
    let secret = |(name, value)| wit::Secret { name, value };
    clerk.take_secrets().into_iter().map(|kept| secret(kept.into_text())).collect()
}

/// The answer of a tool as it leaves.
fn printed(call: &Call, answer: Value, clerk: &Clerk<'_>) -> String {
    exit::print(call.tool.view().0, answer, clerk.policy().private_metadata)
}

/// The ids of what a call was about: those that it was given, those that it wrote to, and that of what it made.
fn ids(call: &Call, log: &Log, answer: Option<&Value>) -> Vec<String> {
    let paths = iter::once(&call.request.path_and_query).chain(&log.written);
    let in_paths = paths.flat_map(|path| path.split('?').next().unwrap_or_default().split('/'));
    let in_paths = in_paths.filter(|text| Resource::of_id(text).is_some());
    let named = call.tool.endpoint.names_in_path().filter_map(|name| call.arguments.sent().get(name)?.as_str());
    let mut ids: Vec<String> = Vec::new();
    let mut add = |id: &str| {
        if ids.iter().all(|known| known != id) {
            ids.push(id.to_owned());
        }
    };
    in_paths.chain(named).for_each(&mut add);
    if let Some(made) = answer.and_then(|answer| answer["id"].as_str()) {
        add(&exit::shown(made));
    }
    ids
}

/// Tells whether steps failed, or were left.
fn is_incomplete(answer: &Value) -> bool {
    let has_some = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    let steps = || iter::once(answer).chain(answer.as_object().into_iter().flat_map(Map::values));
    steps().any(|part| part["done"].is_array() && (has_some(&part["failed"]) || has_some(&part["not_tried"])))
}

impl From<operations::NoCall> for Error {
    fn from(reason: operations::NoCall) -> Self {
        match reason {
            operations::NoCall::Wrong(problems) => problems.into(),
            operations::NoCall::Denied(reason) => Self::Denied(reason),
        }
    }
}

/// A tool as clients see it, whose calls are kept to this.
fn listed(tool: &Tool, pins: Pins<'_>) -> wit::Tool {
    wit::Tool {
        name: tool.name.into(),
        title: tool.title.into(),
        description: tool.description.into(),
        input_schema: filling::schema(pins, tool, tool.parameters()),
        output_schema: Some(tool.output_schema()),
        annotations: tool.effect.into(),
        toolset: tool.toolset.into(),
        danger: tool.danger.into(),
    }
}

impl From<Effect> for Annotations {
    fn from(effect: Effect) -> Self {
        Self {
            read_only: effect == Effect::Reads,
            destructive: effect.is_destructive(),
            idempotent: effect.is_idempotent(),
            // Every tool talks to a service outside, and part of what it returns was written by strangers.
            open_world: true,
        }
    }
}

impl From<Danger> for wit::Danger {
    fn from(danger: Danger) -> Self {
        match danger {
            Danger::Read => Self::Read,
            Danger::Reversible => Self::Reversible,
            Danger::Access => Self::Access,
            Danger::Irreversible => Self::Irreversible,
            Danger::Critical => Self::Critical,
        }
    }
}

impl From<Decision> for wit::Decision {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allowed => Self::Allowed,
            Decision::DryRun => Self::DryRun,
            Decision::Confirmed(Giver::Person) => Self::ConfirmedByPerson,
            Decision::Confirmed(Giver::Token) => Self::ConfirmedByToken,
            Decision::Declined => Self::Declined,
            Decision::Cancelled => Self::Cancelled,
            Decision::DeclinedUnseen => Self::DeclinedUnseen,
            Decision::NoChoice => Self::NoChoice,
            Decision::CannotAsk => Self::CannotAsk,
        }
    }
}

/// The text is the structured content: clients that read only one of the two lose nothing. A failure is text only, as
/// clients hold structured content against the output schema.
fn result(answer: Result<String, Failure>) -> CallResult {
    let is_error = answer.is_err();
    let json = answer.unwrap_or_else(exit::print_failure);
    let content = vec![ContentBlock::Text(json.clone())];
    let structured_content = (!is_error).then_some(json);
    CallResult { content, structured_content, is_error, changed: Vec::new(), account: None, secrets: Vec::new() }
}
