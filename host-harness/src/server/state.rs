//! An MCP server, and what all of its sessions and calls share.

use std::path::Path;
use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::model::Tool;
use rmcp::service::{RequestContext, RoleServer};
use tokio::sync::OnceCell;

use super::asking::{is_kept, is_narrowed, may_write};
use super::failure;
use super::instances::{Instances, ServedInstance};
use super::listing::{self, Listing};
use super::mode::Mode;
use super::questions::Questions;
use super::recording::Recorder;
use super::subscriptions::{Subscriptions, Updates};
use crate::component::{self, Aborted, Component, Policy};
use crate::egress::Egress;
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
    pub(super) instances: Instances,
    pub(super) telemetry: Telemetry,
    /// Where and how this server runs, in words for an assistant.
    pub(super) deployment: Arc<str>,
    pub(super) listing: Arc<Listing>,
    /// For callers who may only read.
    pub(super) reading: Arc<OnceCell<Arc<Listing>>>,
    pub(super) updates: Updates,
    pub(super) recorder: Recorder,
    /// Where secrets are kept, if anywhere.
    pub(super) secrets: Option<Arc<SecretsDirectory>>,
    pub(super) questions: Questions,
    pub(super) for_answers: Room,
}

impl Server {
    /// Asks the component once what it has. `is_demo`: the API is an emulator.
    pub(crate) async fn start(
        instances: Instances,
        is_demo: bool,
        telemetry: Telemetry,
        recorder: Recorder,
        secrets: Option<SecretsDirectory>,
    ) -> anyhow::Result<Self> {
        let deployment: Arc<str> = listing::deployment(&instances, is_demo).into();
        let policies = instances.all().iter().map(|instance| Some(instance.policy.clone())).collect();
        let listing = Listing::of(&instances, policies, &deployment).await?;
        let shared = Shared {
            instances,
            telemetry,
            deployment,
            listing: Arc::new(listing),
            reading: Arc::default(),
            updates: Updates::default(),
            recorder,
            secrets: secrets.map(Arc::new),
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

    /// All tools that there are, whatever the policy allows.
    pub(crate) async fn everything(&self) -> Result<Vec<component::Tool>, Aborted> {
        self.shared.instances.home().component.list_tools(&crate::policy::everything()).await
    }

    /// The same server with connections of its own, for another thread.
    pub(crate) fn with_own_connections(&self) -> Self {
        let Shared {
            instances,
            telemetry,
            deployment,
            listing,
            reading,
            updates,
            recorder,
            secrets,
            questions,
            for_answers,
        } = &*self.shared;
        let shared = Shared {
            instances: instances.with_own_connections(),
            telemetry: telemetry.clone(),
            deployment: Arc::clone(deployment),
            listing: Arc::clone(listing),
            reading: Arc::clone(reading),
            updates: updates.clone(),
            recorder: recorder.clone(),
            secrets: secrets.clone(),
            questions: questions.clone(),
            for_answers: for_answers.clone(),
        };
        Self { shared: Arc::new(shared), subscriptions: Arc::default() }
    }

    /// Opens a connection to the API for the first call, where there is a key for one; of several instances, to the default. It is
    /// to run on the thread that makes the calls.
    pub(crate) fn warm(&self) {
        let home = self.shared.instances.home();
        if matches!(home.mode, Mode::Hosted(_)) {
            home.component.egress().warm();
        }
    }

    /// The same server for another session.
    pub(crate) fn for_session(&self) -> Self {
        Self { shared: Arc::clone(&self.shared), subscriptions: Arc::default() }
    }

    /// The file of the audit log, where there is one.
    pub(crate) fn audit_file(&self) -> Option<&Path> {
        self.shared.recorder.file()
    }

    pub(crate) fn telemetry(&self) -> &Telemetry {
        &self.shared.telemetry
    }

    /// The owner of the keys. Where there are several instances, all are the operator's.
    pub(crate) fn mode(&self) -> &Mode {
        &self.shared.instances.home().mode
    }

    /// The instances that this serves.
    pub(crate) fn instances(&self) -> &[ServedInstance] {
        self.shared.instances.all()
    }

    /// The ways out to all instances.
    pub(crate) fn egresses(&self) -> Vec<Egress> {
        self.instances().iter().map(|instance| instance.component.egress().clone()).collect()
    }

    /// A part of a policy that means nothing, in a sentence.
    pub(crate) async fn problem_of(&self, policy: &Policy) -> Result<Option<String>, Aborted> {
        Ok(self.shared.instances.home().component.check_policy(policy).await?.into_iter().next())
    }

    /// Tells whether the operator allows this tool, and it does more than reading.
    pub(crate) fn writes(&self, tool: &str) -> bool {
        let reads = |tool: &Tool| tool.annotations.as_ref().and_then(|hints| hints.read_only_hint) == Some(true);
        self.tools().iter().any(|listed| listed.name == tool && !reads(listed))
    }

    /// The tools that the operator's policy allows.
    pub(super) fn tools(&self) -> &[Tool] {
        &self.shared.listing.tools
    }

    /// The lists for the caller of this request.
    pub(super) async fn listing(&self, context: &RequestContext<RoleServer>) -> Result<Arc<Listing>, ErrorData> {
        let Shared { instances, deployment, listing, reading, .. } = &*self.shared;
        let is_own = is_narrowed(context) || is_kept(context);
        if !is_own && may_write(context) {
            return Ok(Arc::clone(listing));
        }
        let policy = |instance: &ServedInstance| {
            if is_own {
                return self.policy_for(instance, context).ok();
            }
            Some(Policy { mode: component::Mode::ReadOnly, ..instance.policy.clone() })
        };
        let policies = instances.all().iter().map(policy).collect();
        // In a box, as few ask: what waits for this is moved several times before it begins.
        let ask = async || Box::pin(Listing::of(instances, policies, deployment)).await.map(Arc::new);
        let found = if is_own { ask().await } else { reading.get_or_try_init(ask).await.map(Arc::clone) };
        found.map_err(|error| failure::internal(&format!("{error:#}")))
    }
}
