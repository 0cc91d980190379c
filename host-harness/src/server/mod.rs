//! MCP, served from the component.

mod answers;
mod caller;
mod consent;
mod conversation;
mod convert;
mod decided;
mod failure;
mod handler;
mod introduction;
mod listing;
mod panics;
mod questions;
mod recording;
mod redemption;
mod rounds;
mod seal;
mod subscriptions;

use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, JsonObject, Tool};
use rmcp::service::{RequestContext, RoleServer};
use tokio::sync::OnceCell;

use crate::component::{self, Aborted, Component, Policy};
use crate::key::SecretKey;
use crate::room::{self, Room};
use crate::telemetry::{Instance, Method, Telemetry, TraceContext};
use conversation::Conversation;
use listing::Listing;
use questions::Questions;
use redemption::Redemptions;
use rounds::Ended;
use subscriptions::{Subscriptions, Updates};

pub(crate) use convert::tool as to_mcp;
pub(crate) use introduction::shorten;
pub(crate) use recording::{Recorder, name_of};
pub(crate) use subscriptions::MOST_SUBSCRIPTIONS;

/// Whose key a call uses.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    /// The operator's.
    Hosted(SecretKey),
    /// The caller's, brought along with each HTTP request.
    Public,
    /// None that can be used: all can be listed, and each call is answered with what is missing.
    WithoutKey(MissingKey),
}

/// What keeps the operator's key from being used.
#[derive(Clone, Debug)]
pub(crate) struct MissingKey {
    pub(crate) code: &'static str,
    /// In words that do not repeat the key.
    pub(crate) message: Arc<str>,
}

/// The key that a request brought, as the HTTP layer found it.
#[derive(Clone)]
pub(crate) struct RequestKey(pub(crate) SecretKey);

/// What a request wants instead of the operator's policy, as the HTTP layer found it: never more than that allows.
#[derive(Clone)]
pub(crate) struct Narrowed(pub(crate) Policy);

/// Marks a request of an older version over HTTP that belongs to no session: nothing can be sent to its client but the
/// answer.
#[derive(Clone, Copy)]
pub(crate) struct Sessionless;

/// Marks a request of a client that can be asked, and has no session to be asked in: it is not asked for tokens instead.
#[derive(Clone, Copy)]
pub(crate) struct Unasked;

/// Marks a request whose client accepts JSON and no stream: nothing can be sent to it before the answer.
#[derive(Clone, Copy)]
pub(crate) struct OnlyJson;

/// An MCP server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Server {
    shared: Arc<Shared>,
    /// Of this server's session. Where clients have no sessions, there are none.
    subscriptions: Arc<Subscriptions>,
}

struct Shared {
    component: Component,
    mode: Mode,
    policy: Policy,
    telemetry: Telemetry,
    /// Where and how this server runs, in words for an assistant.
    deployment: &'static str,
    listing: Arc<Listing>,
    /// For callers who may only read.
    reading: Arc<OnceCell<Arc<Listing>>>,
    updates: Updates,
    recorder: Recorder,
    redemptions: Arc<Redemptions>,
    questions: Questions,
    for_answers: Room,
}

impl Server {
    /// Asks the component once what it has. `is_demo`: the API is an emulator.
    pub(crate) async fn start(
        component: Component,
        policy: Policy,
        mode: Mode,
        is_demo: bool,
        telemetry: Telemetry,
        recorder: Recorder,
    ) -> anyhow::Result<Self> {
        let deployment = listing::deployment(&mode, is_demo);
        let listing = Listing::of(&component, &policy, deployment).await?;
        let shared = Shared {
            component,
            mode,
            policy,
            telemetry,
            deployment,
            listing: Arc::new(listing),
            reading: Arc::default(),
            updates: Updates::default(),
            recorder,
            redemptions: Arc::default(),
            questions: Questions::default(),
            for_answers: Room::new(room::FOR_ANSWERS),
        };
        Ok(Self { shared: Arc::new(shared), subscriptions: Arc::default() })
    }

    /// The names of everything that can be called, whatever the policy allows.
    pub(crate) async fn names(component: &Component, tools: &[component::Tool]) -> anyhow::Result<Vec<String>> {
        let tools = tools.iter().map(|tool| tool.name.clone());
        let prompts = component.list_prompts(&crate::policy::EVERYTHING).await?.into_iter().map(|prompt| prompt.name);
        let templates = component.list_resource_templates(&crate::policy::EVERYTHING).await?;
        let templates = templates.into_iter().map(|template| template.uri_template);
        Ok(tools.chain(prompts).chain(templates).collect())
    }

    /// The same server with connections of its own, for another thread.
    pub(crate) fn with_own_connections(&self) -> Self {
        let Shared {
            component,
            mode,
            policy,
            telemetry,
            deployment,
            listing,
            reading,
            updates,
            recorder,
            redemptions,
            questions,
            for_answers,
        } = &*self.shared;
        let shared = Shared {
            component: component.with_own_connections(),
            mode: mode.clone(),
            policy: policy.clone(),
            telemetry: telemetry.clone(),
            deployment,
            listing: Arc::clone(listing),
            reading: Arc::clone(reading),
            updates: updates.clone(),
            recorder: recorder.clone(),
            redemptions: Arc::clone(redemptions),
            questions: questions.clone(),
            for_answers: for_answers.clone(),
        };
        Self { shared: Arc::new(shared), subscriptions: Arc::default() }
    }

    /// The same server for another session.
    pub(crate) fn for_session(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), subscriptions: Arc::default() }
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.shared.telemetry
    }

    pub(crate) fn mode(&self) -> &Mode {
        &self.shared.mode
    }

    /// What the operator allows.
    pub(crate) fn policy(&self) -> &Policy {
        &self.shared.policy
    }

    /// What of a policy means nothing.
    pub(crate) async fn problem_of(&self, policy: &Policy) -> Result<Option<String>, Aborted> {
        Ok(self.shared.component.check_policy(policy).await?.into_iter().next())
    }

    /// Whether the operator allows this tool, and it does more than reading.
    pub(crate) fn writes(&self, tool: &str) -> bool {
        let reads = |tool: &Tool| tool.annotations.as_ref().and_then(|hints| hints.read_only_hint) == Some(true);
        self.tools().iter().any(|listed| listed.name == tool && !reads(listed))
    }

    /// The tools that the operator's policy allows.
    fn tools(&self) -> &[Tool] {
        &self.shared.listing.tools
    }

    /// Calls a tool for nobody who could be asked anything.
    pub(crate) async fn call(&self, name: &str, arguments: Option<JsonObject>) -> Result<CallToolResult, ErrorData> {
        let Some(mut caller) = self.operator() else { return Ok(failure::missing_key(self.mode())) };
        let account =
            self.shared.telemetry.begin(Method::CallTool, name, Instance::of(&caller.key), &TraceContext::fresh());
        caller.join(&account);
        let call = rounds::Call::new(caller, name, arguments);
        match self.run_tool(&call, account, &mut Conversation::none()).await? {
            Ended::Done(result) => Ok(result),
            Ended::InputRequired(_) | Ended::ConsentRequired(_) => {
                Err(ErrorData::invalid_request("this tool has to ask something first", None))
            }
        }
    }

    /// What is listed for the caller of this request.
    async fn listing(&self, context: &RequestContext<RoleServer>) -> Result<Arc<Listing>, ErrorData> {
        let Shared { component, policy, deployment, listing, reading, .. } = &*self.shared;
        let found = match (caller::is_narrowed(context), caller::may_write(context)) {
            (false, true) => return Ok(Arc::clone(listing)),
            (false, false) => {
                let policy = Policy { mode: component::Mode::ReadOnly, ..policy.clone() };
                let ask = async || Listing::of(component, &policy, deployment).await.map(Arc::new);
                reading.get_or_try_init(ask).await.map(Arc::clone)
            }
            (true, _) => Listing::of(component, &self.policy_for(context), deployment).await.map(Arc::new),
        };
        found.map_err(|error| failure::internal(&format!("{error:#}")))
    }
}
