//! The component's exports, each in an instance of its own.

use std::sync::atomic::AtomicU32;
use std::sync::{Arc, OnceLock};

use tokio::time::Instant;
use wasmtime::Store;

use super::aborted::Aborted;
use super::contract::{
    Allowance, App, Budget, CallContext, Completion, Error, InputResponse, Masks, Outcome, Policy, Prompt,
    PromptOutcome, Reference, Resource, ResourceContents, ResourceTemplate, ServerInfo, Skill, Tool, TraceContext,
};
use super::sandbox::Component;
use crate::budget;
use crate::egress::{BeforeWrite, CallEgress};
use crate::key::SecretKey;
use crate::who::Who;

/// For whom a call is made, and what it may do and use.
#[derive(Clone)]
pub(crate) struct Caller {
    pub(crate) key: SecretKey,
    pub(crate) policy: Policy,
    /// Who they are besides having the key.
    pub(crate) who: Who,
    /// The key is theirs, not the operator's.
    pub(crate) brings_key: bool,
    /// MCP's `ClientCapabilities` as JSON: the client can be asked for these.
    pub(crate) capabilities: String,
    /// The client shows views to a person (MCP Apps).
    pub(crate) shows_views: bool,
    pub(crate) trace: Option<TraceContext>,
    /// The number of requests that have left for the API so far.
    pub(crate) requests: Arc<AtomicU32>,
    /// Runs before the first write leaves. Set once, where the call is recorded.
    pub(crate) before_write: Arc<OnceLock<BeforeWrite>>,
    /// The number of those that write that may have reached it; 1 at least once a credential was revealed.
    pub(crate) writes: Arc<AtomicU32>,
}

/// The outcome of an earlier round of the same call.
#[derive(Clone, Default)]
pub(crate) struct Round {
    pub(crate) responses: Vec<InputResponse>,
    pub(crate) state: Option<String>,
}

/// An answer of the component, or why it gave none.
type Answer<T> = Result<Result<T, Error>, Aborted>;

impl Component {
    /// The name, title and instructions of the server under this policy.
    pub(crate) async fn describe_server(&self, policy: &Policy) -> Result<ServerInfo, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.server.load(&mut *store, instance)?.call_describe(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// A sentence for each part of the policy that means nothing.
    pub(crate) async fn check_policy(&self, policy: &Policy) -> Result<Vec<String>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.server.load(&mut *store, instance)?.call_check(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The tools that the policy allows.
    pub(crate) async fn list_tools(&self, policy: &Policy) -> Result<Vec<Tool>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.tools.load(&mut *store, instance)?.call_list(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The prompts that the policy allows.
    pub(crate) async fn list_prompts(&self, policy: &Policy) -> Result<Vec<Prompt>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.prompts.load(&mut *store, instance)?.call_list(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The resources that the policy allows.
    pub(crate) async fn list_resources(&self, policy: &Policy) -> Result<Vec<Resource>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.resources.load(&mut *store, instance)?.call_list(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The kinds of resources that the policy allows.
    pub(crate) async fn list_resource_templates(&self, policy: &Policy) -> Result<Vec<ResourceTemplate>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.resources.load(&mut *store, instance)?.call_templates(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The skills that the policy allows.
    pub(crate) async fn list_skills(&self, policy: &Policy) -> Result<Vec<Skill>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.skills.load(&mut *store, instance)?.call_list(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The views that the policy allows.
    pub(crate) async fn list_apps(&self, policy: &Policy) -> Result<Vec<App>, Aborted> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.apps.load(&mut *store, instance)?.call_list(store, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// The direct children of a folder of a skill.
    pub(crate) async fn read_directory(&self, uri: &str, policy: &Policy) -> Answer<Vec<Resource>> {
        let run = async |instance: &_, store: &mut Store<_>| {
            self.exports.skills.load(&mut *store, instance)?.call_directory(store, uri, policy).await
        };
        self.in_sandbox(self.no_egress(), run).await
    }

    /// Calls a tool.
    pub(crate) async fn call_tool(
        &self,
        caller: &Caller,
        round: Round,
        deadline: Instant,
        name: &str,
        arguments: &String,
    ) -> Answer<Outcome> {
        let run = async |instance: &_, store: &mut Store<_>| {
            let context = self.context(caller, round, deadline);
            self.exports.tools.load(&mut *store, instance)?.call_call(store, name, arguments, &context).await
        };
        self.in_sandbox(self.egress_for(caller, deadline), run).await
    }

    /// Fills in a prompt.
    pub(crate) async fn get_prompt(
        &self,
        caller: &Caller,
        round: Round,
        deadline: Instant,
        name: &str,
        arguments: &String,
    ) -> Answer<PromptOutcome> {
        let run = async |instance: &_, store: &mut Store<_>| {
            let context = self.context(caller, round, deadline);
            self.exports.prompts.load(&mut *store, instance)?.call_get(store, name, arguments, &context).await
        };
        self.in_sandbox(self.egress_for(caller, deadline), run).await
    }

    /// Reads a resource.
    pub(crate) async fn read_resource(&self, caller: &Caller, uri: &str) -> Answer<Vec<ResourceContents>> {
        let deadline = Instant::now() + self.timeout;
        let run = async |instance: &_, store: &mut Store<_>| {
            let context = self.context(caller, Round::default(), deadline);
            self.exports.resources.load(&mut *store, instance)?.call_read(store, uri, &context).await
        };
        self.in_sandbox(self.egress_for(caller, deadline), run).await
    }

    /// Completes an argument of which `value` has been typed.
    pub(crate) async fn complete(
        &self,
        caller: &Caller,
        of: &Reference,
        name: &str,
        value: &str,
    ) -> Answer<Completion> {
        let deadline = Instant::now() + self.timeout;
        let run = async |instance: &_, store: &mut Store<_>| {
            let context = self.context(caller, Round::default(), deadline);
            self.exports.completion.load(&mut *store, instance)?.call_complete(store, of, name, value, &context).await
        };
        self.in_sandbox(self.egress_for(caller, deadline), run).await
    }

    fn context(&self, caller: &Caller, round: Round, deadline: Instant) -> CallContext {
        let Masks { emails, phones } = caller.policy.masks;
        let left = deadline.saturating_duration_since(Instant::now());
        CallContext {
            policy: caller.policy.clone(),
            api_url: self.egress.origin().to_string(),
            timeout_ms: u32::try_from(left.as_millis()).unwrap_or(u32::MAX),
            client_capabilities: caller.capabilities.clone(),
            input_responses: round.responses,
            request_state: round.state,
            trace: caller.trace.clone(),
            budget: Some(self.budget(caller)),
            mask_key: (emails || phones).then(|| caller.key.mask_key().into()),
        }
    }

    fn budget(&self, caller: &Caller) -> Budget {
        let (requests, writes) = self.egress.budget().left(&caller.key);
        let allowance = |allowance: budget::Allowance| {
            let seconds = u32::try_from(allowance.rate.within.as_secs()).unwrap_or(u32::MAX);
            Allowance { left: allowance.left, of: allowance.rate.most, seconds }
        };
        Budget { requests: requests.map(allowance), writes: writes.map(allowance) }
    }

    fn egress_for(&self, caller: &Caller, deadline: Instant) -> CallEgress {
        CallEgress {
            egress: self.egress.clone(),
            key: Some(caller.key.clone()),
            organizations: caller.policy.organizations.clone(),
            users: caller.policy.users.clone(),
            deadline,
            requests: Arc::clone(&caller.requests),
            before_write: caller.before_write.get().cloned(),
            writes: Arc::clone(&caller.writes),
        }
    }
}
