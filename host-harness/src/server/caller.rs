//! For whom a request is made: whose key it uses, what it may do, and how its client can be asked for something.

use std::sync::Arc;

use http::request::Parts;
use rmcp::ErrorData;
use rmcp::service::{RequestContext, RoleServer};

use super::apps;
use super::asking::{Asking, client, is_unasked, may_write, token};
use super::failure;
use super::listing::Listing;
use super::mode::{self, Narrowed, RequestKey};
use super::state::Server;
use crate::component::{self, Caller, Confirm, Mode, Policy};
use crate::key::SecretKey;
use crate::telemetry::{self, Instance, Method, TraceContext};

/// Somebody with this key who cannot be asked anything.
fn with_key(key: SecretKey, policy: Policy) -> Caller {
    let policy = Policy { production: key.is_live(), ..policy };
    Caller {
        key,
        policy,
        holder: None,
        brings_key: false,
        client: None,
        capabilities: "{}".into(),
        shows_views: false,
        trace: None,
        requests: Arc::default(),
        before_write: Arc::default(),
        writes: Arc::default(),
    }
}

impl Caller {
    /// From now on, requests count for this call and belong to its trace.
    pub(super) fn join(&mut self, account: &telemetry::Call) {
        let trace = account.trace();
        self.trace = Some(component::TraceContext { traceparent: trace.traceparent(), tracestate: trace.tracestate() });
        self.requests = account.requests();
    }
}

impl Server {
    /// The caller of this request; none where a key is missing.
    pub(super) fn caller(&self, context: &RequestContext<RoleServer>) -> Option<Caller> {
        let parts = context.extensions.get::<Parts>();
        let key = match &self.shared.mode {
            mode::Mode::Hosted(key) => key.clone(),
            mode::Mode::Public => parts?.extensions.get::<RequestKey>().map(|RequestKey(key)| key.clone())?,
            mode::Mode::WithoutKey(_) => return None,
        };
        let declared = context.client_capabilities().unwrap_or_default();
        let usable = Asking::of(context).usable(declared);
        Some(Caller {
            holder: token(context).map(|token| token.subject.clone()),
            brings_key: matches!(self.shared.mode, mode::Mode::Public),
            client: client(context),
            shows_views: apps::are_shown(&usable),
            capabilities: serde_json::to_string(&usable).unwrap_or_else(|_| "{}".into()),
            ..with_key(key, self.policy_for(context))
        })
    }

    /// Begins the account of a request, and says for whom it is made; none where a key is missing.
    pub(super) fn begin(
        &self,
        method: Method,
        name: &str,
        context: &RequestContext<RoleServer>,
    ) -> (telemetry::Call, Option<Caller>) {
        let mut caller = self.caller(context);
        let instance = caller.as_ref().map_or(Instance::Unknown, |caller| Instance::of(&caller.key));
        let account = self.shared.telemetry.begin(method, name, instance, &TraceContext::of(&context.meta));
        let account = account.speaking(context.protocol_version().as_ref());
        if let Some(caller) = &mut caller {
            caller.join(&account);
        }
        (account, caller)
    }

    /// Tells whether a resource is within what a caller is kept to.
    pub(super) async fn reaches(&self, caller: &Caller, uri: &str) -> bool {
        let is_kept = !caller.policy.organizations.is_empty() || !caller.policy.users.is_empty();
        !is_kept || matches!(self.shared.component.read_resource(caller, uri).await, Ok(Ok(_)))
    }

    /// The operator as a caller, who cannot be asked anything; none where there is no key.
    pub(super) fn operator(&self) -> Option<Caller> {
        match &self.shared.mode {
            mode::Mode::Hosted(key) => Some(with_key(key.clone(), self.shared.policy.clone())),
            mode::Mode::Public | mode::Mode::WithoutKey(_) => None,
        }
    }

    /// Whether nothing but the scopes of the access token keeps the caller of this request from a tool or a prompt.
    pub(super) async fn lacks_scope(
        &self,
        context: &RequestContext<RoleServer>,
        name: &str,
    ) -> Result<bool, ErrorData> {
        let narrowed = context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Narrowed>());
        match narrowed {
            _ if may_write(context) => Ok(false),
            None => Ok(self.shared.listing.names(name)),
            Some(Narrowed(policy)) => {
                let listing = Listing::of(&self.shared.component, policy, self.shared.deployment).await;
                listing.map(|listing| listing.names(name)).map_err(|error| failure::internal(&format!("{error:#}")))
            }
        }
    }

    /// What the caller of this request may do: at most what the operator allows.
    pub(super) fn policy_for(&self, context: &RequestContext<RoleServer>) -> Policy {
        let narrowed = context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Narrowed>());
        let mut policy = narrowed.map_or_else(|| self.shared.policy.clone(), |Narrowed(policy)| policy.clone());
        policy.organizations.extend(token(context).and_then(|token| token.organization.clone()));
        if is_unasked(context) && policy.confirm == Confirm::Token {
            policy.confirm = Confirm::Elicit;
        }
        if may_write(context) { policy } else { Policy { mode: Mode::ReadOnly, ..policy } }
    }
}
