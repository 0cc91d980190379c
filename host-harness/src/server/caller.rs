//! For whom a request is made: whose key it uses, what it may do, and how its client can be asked for something.

use std::sync::Arc;
use std::time::SystemTime;

use http::request::Parts;
use rmcp::ErrorData;
use rmcp::model::{ClientCapabilities, ProtocolVersion};
use rmcp::service::{RequestContext, RoleServer};

use super::introduction::shortened;
use super::listing::Listing;
use super::{Narrowed, OnlyJson, RequestKey, Server, Sessionless, Unasked, failure};
use crate::auth::caller::Caller as TokenHolder;
use crate::auth::scope::NeedsWriting;
use crate::component::{self, Caller, Confirm, Mode, Policy};
use crate::key::SecretKey;
use crate::telemetry::{self, Instance, Method, TraceContext};

/// How a client is asked for something in the middle of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    /// By a result that requires input, since 2026-07-28: the client makes the call again with it.
    ByResult,
    /// By a request to the client, up to 2025-11-25.
    ByRequest,
    Never,
}

impl Asking {
    pub(super) fn of(context: &RequestContext<RoleServer>) -> Self {
        if context.protocol_version().is_some_and(|version| version >= ProtocolVersion::V_2026_07_28) {
            Self::ByResult
        } else if is_sessionless(context) {
            Self::Never
        } else {
            Self::ByRequest
        }
    }

    /// What of the client's capabilities can be used. Of the deprecated ones, none by a request.
    fn usable(self, declared: ClientCapabilities) -> ClientCapabilities {
        let mut usable = ClientCapabilities::default();
        match self {
            Self::ByResult => usable = declared,
            Self::ByRequest => usable.elicitation = declared.elicitation,
            Self::Never => {}
        }
        usable
    }
}

/// Whether nothing but the answer can be sent to this request's client.
pub(super) fn is_sessionless(context: &RequestContext<RoleServer>) -> bool {
    let parts = context.extensions.get::<Parts>();
    parts.is_some_and(|parts| parts.extensions.get::<Sessionless>().is_some())
}

/// Whether this request's client could be asked if it had a session.
fn is_unasked(context: &RequestContext<RoleServer>) -> bool {
    context.extensions.get::<Parts>().is_some_and(|parts| parts.extensions.get::<Unasked>().is_some())
}

/// Whether this request's client can hear of its progress.
pub(super) fn takes_streams(context: &RequestContext<RoleServer>) -> bool {
    context.extensions.get::<Parts>().is_none_or(|parts| parts.extensions.get::<OnlyJson>().is_none())
}

/// Whom the access token of this request was issued to, where callers need one.
pub(super) fn token(context: &RequestContext<RoleServer>) -> Option<&TokenHolder> {
    context.extensions.get::<Parts>()?.extensions.get()
}

/// Whether the caller's access token, where one is needed, is good for more than reading.
pub(super) fn may_write(context: &RequestContext<RoleServer>) -> bool {
    token(context).is_none_or(|token| token.scopes.write)
}

/// When the caller's access token expires, where one is needed.
pub(super) fn expiry(context: &RequestContext<RoleServer>) -> Option<SystemTime> {
    token(context).map(|token| token.expires)
}

/// Where to say that a call needs the scope for writing, for a client that takes a challenge for that.
pub(super) fn challenge(context: &RequestContext<RoleServer>) -> Option<NeedsWriting> {
    let parts = context.extensions.get::<Parts>().filter(|_| Asking::of(context) == Asking::ByResult);
    parts?.extensions.get().cloned()
}

/// Whether the request wants less than the operator allows.
pub(super) fn is_narrowed(context: &RequestContext<RoleServer>) -> bool {
    context.extensions.get::<Parts>().is_some_and(|parts| parts.extensions.get::<Narrowed>().is_some())
}

/// The program that calls: the client of its access token, or what it calls itself. A request of an older version that
/// belongs to no session does not say.
fn client(context: &RequestContext<RoleServer>) -> Option<String> {
    let says = !is_sessionless(context) || context.meta.client_info().is_some();
    let named = || {
        context
            .client_info()
            .filter(|_| says)
            .map(|info| format!("{} {}", shortened(&info.name), shortened(&info.version)))
    };
    token(context).and_then(|token| token.client_id.clone()).or_else(named)
}

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
            super::Mode::Hosted(key) => key.clone(),
            super::Mode::Public => parts?.extensions.get::<RequestKey>().map(|RequestKey(key)| key.clone())?,
            super::Mode::WithoutKey(_) => return None,
        };
        let declared = context.client_capabilities().unwrap_or_default();
        let usable = Asking::of(context).usable(declared);
        Some(Caller {
            holder: token(context).map(|token| token.subject.clone()),
            brings_key: matches!(self.shared.mode, super::Mode::Public),
            client: client(context),
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

    /// The operator as a caller, who cannot be asked anything; none where there is no key.
    pub(super) fn operator(&self) -> Option<Caller> {
        match &self.shared.mode {
            super::Mode::Hosted(key) => Some(with_key(key.clone(), self.shared.policy.clone())),
            super::Mode::Public | super::Mode::WithoutKey(_) => None,
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
        if is_unasked(context) && policy.confirm == Confirm::Token {
            policy.confirm = Confirm::Elicit;
        }
        if may_write(context) { policy } else { Policy { mode: Mode::ReadOnly, ..policy } }
    }
}
