//! `mcp-tools`: what can be called.

use core::iter;

use serde_json::{Map, Value};

use super::{marked, marked_preview};
use crate::api::Api as _;
use crate::bindings::exports::clerk::mcp::mcp_tools::{
    self as wit, Account, Annotations, CallContext, CallResult, ConsentRequired, ContentBlock, Error, Guest,
    InputRequired, Outcome,
};
use crate::bindings::exports::clerk::mcp::mcp_types::InputRequest;
use crate::clerk::{Clerk, Log};
use crate::consent::{Giver, Round};
use crate::definitions::{self, Definition};
use crate::error::Failure;
use crate::question::Answered;
use crate::tool::{Call, Danger, Effect, Entry};
use crate::write::Decision;
use crate::{ClerkTools, arguments, policy, resources, tools, view, write};

impl Guest for ClerkTools {
    fn list(policy: wit::Policy) -> Vec<wit::Tool> {
        let policy = policy::Policy::from(&policy);
        let allowed = tools::all().filter(|(toolset, tool)| policy.check(toolset, tool).is_ok());
        allowed.map(|(toolset, tool)| wit::Tool::new(toolset, tool)).collect()
    }

    fn describe(name: String) -> Result<wit::Tool, Error> {
        let (toolset, tool) = tools::find(&name).map_err(Error::Unknown)?;
        Ok(wit::Tool::new(toolset, tool))
    }

    fn call(name: String, arguments: String, context: CallContext) -> Result<Outcome, Error> {
        let (toolset, tool) = tools::find(&name).map_err(Error::Unknown)?;
        policy::Policy::from(&context.policy).check(toolset, tool).map_err(Error::Denied)?;
        let clerk = Clerk::new(&context);
        let arguments = arguments::spell_like_clerk(arguments::parse(&arguments)?)?;
        if tool.about.effect == Effect::Reads {
            let shown = clerk.policy().private_metadata;
            let answer = tool.prepare(arguments)?.run(&clerk);
            let answer = answer.map(|json| view::without_private_metadata(json, shown));
            return Ok(Outcome::Complete(result(answer, &name)));
        }
        write(tool, arguments, clerk.keeping_time(), &context)
    }
}

/// The one question that a call asks.
const QUESTION: &str = "confirm";

fn write(
    tool: &Entry,
    mut arguments: Map<String, Value>,
    clerk: Clerk<'_>,
    context: &CallContext,
) -> Result<Outcome, Error> {
    let dry_run = write::take_control(&mut arguments)?;
    let call = tool.prepare(arguments)?;
    let danger = call.danger(clerk.policy()).into();
    let response = context.input_responses.iter().find(|response| response.id == QUESTION);
    let round = Round {
        capabilities: &context.client_capabilities,
        response: response.map(|response| Answered { json: &response.response, after_ms: response.after_ms }),
        state: context.request_state.as_deref(),
    };
    match write::run(&call, dry_run, &round, &clerk) {
        write::Outcome::Done(done) => {
            let is_preview = done.decision == Decision::DryRun;
            let mut result = if is_preview { preview(done.answer) } else { result(done.answer, tool.about.name) };
            let log = clerk.log();
            let answer: Option<Value> =
                result.structured_content.as_deref().and_then(|answer| serde_json::from_str(answer).ok());
            result.changed = log.written.iter().flat_map(|path| resources::in_path(path)).collect();
            result.account = Some(Account {
                decision: done.decision.into(),
                sent: log.tried,
                danger,
                incomplete: answer.as_ref().is_some_and(is_incomplete),
                ids: ids(&call, &log, answer.as_ref()),
                trace_ids: log.trace_ids,
                before: done.before,
                after: done.after,
            });
            Ok(Outcome::Complete(result))
        }
        write::Outcome::AskPerson { question, state } => {
            let params = question.to_string();
            let request = InputRequest { id: QUESTION.into(), method: "elicitation/create".into(), params };
            Ok(Outcome::InputRequired(InputRequired { requests: vec![request], state: Some(state) }))
        }
        write::Outcome::AskForToken { preview, state } => {
            let preview = marked_preview(preview);
            Ok(Outcome::ConsentRequired(ConsentRequired { preview, state }))
        }
    }
}

/// The ids of what a call was about: those that it was given, those that it wrote to, and that of what it made.
fn ids(call: &Call, log: &Log, answer: Option<&Value>) -> Vec<String> {
    let paths = iter::once(&call.request.path_and_query).chain(&log.written);
    let in_paths = paths.flat_map(|path| path.split('?').next().unwrap_or_default().split('/'));
    let mut ids: Vec<String> = in_paths.filter(|segment| is_id(segment)).map(Into::into).collect();
    ids.extend(answer.and_then(|answer| answer["id"].as_str()).map(Into::into));
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Whether steps failed, or were left.
fn is_incomplete(answer: &Value) -> bool {
    let has_some = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
    let steps = || iter::once(answer).chain(answer.as_object().into_iter().flat_map(|parts| parts.values()));
    steps().any(|part| part["done"].is_array() && (has_some(&part["failed"]) || has_some(&part["not_tried"])))
}

/// `user_2abc…`, but not `organization_memberships`.
fn is_id(segment: &str) -> bool {
    segment.split_once('_').is_some_and(|(prefix, rest)| {
        ["org", "orginv", "orgmem", "sess", "user"].contains(&prefix)
            && rest.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

impl wit::Tool {
    fn new(toolset: &str, tool: &Entry) -> Self {
        let about = &tool.about;
        let text =
            |part: fn(&Definition) -> &'static str| definitions::of(about.name).map(part).unwrap_or_default().into();
        Self {
            name: about.name.into(),
            title: about.title.into(),
            description: text(|definition| definition.description),
            input_schema: text(|definition| definition.input_schema),
            output_schema: Some(text(|definition| definition.output_schema)),
            annotations: about.effect.into(),
            toolset: toolset.into(),
            danger: about.danger.into(),
        }
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

/// The result of a dry run.
fn preview(answer: Result<String, Failure>) -> CallResult {
    in_both_forms(answer.map(marked_preview))
}

/// The result of a call that was made, whose private metadata is hidden already.
fn result(answer: Result<String, Failure>, tool: &str) -> CallResult {
    in_both_forms(answer.map(|json| marked(json, tool)))
}

/// The text is the structured content: clients that read only one of the two lose nothing. A failure is text only, as
/// clients hold structured content against the output schema.
fn in_both_forms(answer: Result<String, Failure>) -> CallResult {
    let is_error = answer.is_err();
    let json = answer.unwrap_or_else(|failure| view::write(&failure));
    let content = vec![ContentBlock::Text(json.clone())];
    let structured_content = (!is_error).then_some(json);
    CallResult { content, structured_content, is_error, changed: Vec::new(), account: None }
}
