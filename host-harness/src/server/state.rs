//! An MCP server, and what all of its sessions and calls share.

use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::model::Tool;
use rmcp::service::{RequestContext, RoleServer};
use tokio::sync::OnceCell;

use super::asking::{is_kept, is_narrowed, may_write};
use super::failure;
use super::listing::{self, Listing};
use super::mode::Mode;
use super::questions::Questions;
use super::recording::Recorder;
use super::redemption::Redemptions;
use super::subscriptions::{Subscriptions, Updates};
use crate::component::{self, Aborted, Component, Policy};
use crate::room::{self, Room};
use crate::secrets::SecretsDirectory;
use crate::telemetry::Telemetry;

/// An MCP server. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Server {
    pub(super) shared: Arc<Shared>,
    /// Of this server's session. Where clients have no sessions, there are none.
    pub(super) subscriptions: Arc<Subscriptions>,
}

pub(super) struct Shared {
    pub(super) component: Component,
    pub(super) mode: Mode,
    pub(super) policy: Policy,
    pub(super) telemetry: Telemetry,
    /// Where and how this server runs, in words for an assistant.
    pub(super) deployment: &'static str,
    pub(super) listing: Arc<Listing>,
    /// For callers who may only read.
    pub(super) reading: Arc<OnceCell<Arc<Listing>>>,
    pub(super) updates: Updates,
    pub(super) recorder: Recorder,
    /// Where secrets are kept, if anywhere.
    pub(super) secrets: Option<Arc<SecretsDirectory>>,
    pub(super) redemptions: Arc<Redemptions>,
    pub(super) questions: Questions,
    pub(super) for_answers: Room,
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
        secrets: Option<SecretsDirectory>,
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
            secrets: secrets.map(Arc::new),
            redemptions: Arc::default(),
            questions: Questions::default(),
            for_answers: Room::new(room::FOR_ANSWERS),
        };
        Ok(Self { shared: Arc::new(shared), subscriptions: Arc::default() })
    }

    /// The names of everything that can be called, whatever the policy allows.
    pub(crate) async fn names(component: &Component, tools: &[component::Tool]) -> anyhow::Result<Vec<String>> {
        let everything = crate::policy::everything();
        let tools = tools.iter().map(|tool| tool.name.clone());
        let prompts = component.list_prompts(&everything).await?.into_iter().map(|prompt| prompt.name);
        let templates = component.list_resource_templates(&everything).await?;
        let templates = templates.into_iter().map(|template| template.uri_template);
        let skills = component.list_skills(&everything).await?;
        let files = skills.into_iter().flat_map(|skill| skill.files).map(|file| file.uri);
        let views = component.list_apps(&everything).await?.into_iter().map(|app| app.uri);
        Ok(tools.chain(prompts).chain(templates).chain(files).chain(views).collect())
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
            secrets,
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
            secrets: secrets.clone(),
            redemptions: Arc::clone(redemptions),
            questions: questions.clone(),
            for_answers: for_answers.clone(),
        };
        Self { shared: Arc::new(shared), subscriptions: Arc::default() }
    }

    /// Opens a connection to the API for the first call, where there is a key for one. It is to run on the thread that makes
    /// the calls.
    pub(crate) fn warm(&self) {
        if matches!(self.shared.mode, Mode::Hosted(_)) {
            self.shared.component.egress().warm();
        }
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
    pub(super) fn tools(&self) -> &[Tool] {
        &self.shared.listing.tools
    }

    /// What is listed for the caller of this request.
    pub(super) async fn listing(&self, context: &RequestContext<RoleServer>) -> Result<Arc<Listing>, ErrorData> {
        let Shared { component, policy, deployment, listing, reading, .. } = &*self.shared;
        let found = match (is_narrowed(context) || is_kept(context), may_write(context)) {
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
