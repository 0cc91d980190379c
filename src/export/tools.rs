//! `mcp-tools`: what can be called.

use core::iter;

use serde_json::{Map, Value};

use super::marked;
use crate::bindings::exports::clerk::mcp::mcp_tools::{
    self as wit, Account, Annotations, CallContext, CallResult, ConsentRequired, ContentBlock, Error, Guest,
    InputRequired, Outcome,
};
use crate::bindings::exports::clerk::mcp::mcp_types::InputRequest;
use crate::clerk::{Clerk, Log};
use crate::consent::{Giver, Round};
use crate::definitions::{self, Definition};
use crate::error::Failure;
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
            let answer = tool.prepare(arguments)?.run(&clerk);
            return Ok(Outcome::Complete(result(answer, &name, &context)));
        }
        write(tool, arguments, clerk, &context)
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
    let response = context.input_responses.iter().find(|response| response.id == QUESTION);
    let round = Round {
        capabilities: &context.client_capabilities,
        response: response.map(|response| response.response.as_str()),
        state: context.request_state.as_deref(),
    };
    match write::run(&call, dry_run, &round, &clerk) {
        write::Outcome::Done(done) => {
            let mut result = result(done.answer, tool.about.name, context);
            let log = clerk.log();
            result.changed = log.written.iter().flat_map(|path| resources::in_path(path)).collect();
            result.account = Some(Account {
                decision: done.decision.into(),
                ids: ids(&call, &log, result.structured_content.as_deref()),
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
            let preview = marked(preview, tool.about.name);
            Ok(Outcome::ConsentRequired(ConsentRequired { preview, state }))
        }
    }
}

/// The ids of what a call was about: those that it was given, those that it wrote to, and that of what it made.
fn ids(call: &Call, log: &Log, answer: Option<&str>) -> Vec<String> {
    let paths = iter::once(&call.request.path_and_query).chain(&log.written);
    let in_paths = paths.flat_map(|path| path.split('?').next().unwrap_or_default().split('/'));
    let mut ids: Vec<String> =
        in_paths.filter(|segment| segment.contains('_') && is_id(segment)).map(Into::into).collect();
    let answer: Value = answer.and_then(|answer| serde_json::from_str(answer).ok()).unwrap_or_default();
    ids.extend(answer["id"].as_str().map(Into::into));
    ids.sort_unstable();
    ids.dedup();
    ids
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
        }
    }
}

/// The text is the structured content: clients that read only one of the two lose nothing. A failure is text only, as
/// clients hold structured content against the output schema.
fn result(answer: Result<String, Failure>, tool: &str, called: &CallContext) -> CallResult {
    let is_error = answer.is_err();
    let shown = policy::Policy::from(&called.policy).private_metadata;
    let json = match answer {
        Ok(json) => marked(view::without_private_metadata(json, shown), tool),
        Err(failure) => view::write(&failure),
    };
    let content = vec![ContentBlock::Text(json.clone())];
    let structured_content = (!is_error).then_some(json);
    CallResult { content, structured_content, is_error, changed: Vec::new(), account: None }
}
