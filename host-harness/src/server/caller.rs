//! For whom a request is made: whose key it uses, what it may do, and how its client can be asked for something.

use std::sync::Arc;

use http::request::Parts;
use rmcp::ErrorData;
use rmcp::model::JsonObject;
use rmcp::service::{RequestContext, RoleServer};

use super::apps;
use super::asking::{Asking, client, is_unasked, may_write, token};
use super::failure;
use super::instances::ServedInstance;
use super::mode::{self, Narrowed, RequestKey};
use super::state::Server;
use super::stopped::Stopped;
use crate::component::{self, Caller, Confirm, Error, Mode, Policy};
use crate::key::SecretKey;
use crate::policy::unabridged;
use crate::telemetry::{self, Instance, Method, TraceContext};
use crate::who::Who;

/// Somebody with this key who cannot be asked anything.
fn with_key(key: SecretKey, policy: Policy) -> Caller {
    let policy = Policy { production: key.is_live(), ..policy };
    Caller {
        key,
        policy,
        who: Who::default(),
        brings_key: false,
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

impl ServedInstance {
    /// The operator as a caller, who cannot be asked anything; none where there is no key.
    pub(super) fn operator(&self) -> Option<Caller> {
        match &self.mode {
            mode::Mode::Hosted(key) => Some(with_key(key.clone(), self.policy.clone())),
            mode::Mode::Public | mode::Mode::WithoutKey(_) => None,
        }
    }
}

impl Server {
    /// The caller of this request; none where a key is missing.
    pub(super) fn caller(&self, instance: &ServedInstance, context: &RequestContext<RoleServer>) -> Option<Caller> {
        let parts = context.extensions.get::<Parts>();
        let key = match &instance.mode {
            mode::Mode::Hosted(key) => key.clone(),
            mode::Mode::Public => parts?.extensions.get::<RequestKey>().map(|RequestKey(key)| key.clone())?,
            mode::Mode::WithoutKey(_) => return None,
        };
        let declared = context.client_capabilities().unwrap_or_default();
        let usable = Asking::of(context).usable(declared);
        Some(Caller {
            who: who(context),
            brings_key: matches!(instance.mode, mode::Mode::Public),
            shows_views: apps::are_shown(&usable),
            capabilities: serde_json::to_string(&usable).unwrap_or_else(|_| "{}".into()),
            ..with_key(key, self.policy_for(instance, context).unwrap_or_else(|_| nothing(&instance.policy)))
        })
    }

    /// Begins the account of a request for an instance, and says for whom it is made; no caller where a key is missing.
    pub(super) fn begin(
        &self,
        instance: &ServedInstance,
        method: Method,
        name: &str,
        context: &RequestContext<RoleServer>,
    ) -> (telemetry::Call, Option<Caller>) {
        let mut caller = self.caller(instance, context);
        let kind = caller.as_ref().map_or(Instance::Unknown, |caller| Instance::of(&caller.key));
        let account = self.account(kind, method, name, context).of_profile(instance.name.as_ref());
        if let Some(caller) = &mut caller {
            caller.join(&account);
        }
        (account, caller)
    }

    /// Begins the account of a request.
    pub(super) fn account(
        &self,
        kind: Instance,
        method: Method,
        name: &str,
        context: &RequestContext<RoleServer>,
    ) -> telemetry::Call {
        let account = self.shared.telemetry.begin(method, name, kind, &TraceContext::of(&context.meta));
        account.speaking(context.protocol_version().as_ref()).by(|| who(context))
    }

    /// The instance that a call of a tool is for. Takes its name out of the arguments, where there are several.
    pub(super) fn instance_of_call(
        &self,
        tool: &str,
        arguments: &mut Option<JsonObject>,
        context: &RequestContext<RoleServer>,
    ) -> Result<&ServedInstance, Stopped> {
        let chosen = self.shared.instances.choose(tool, arguments);
        let instance = chosen.map_err(|problem| Stopped::Refused(Error::InvalidArguments(vec![problem])))?;
        self.admit(instance, context).map(|()| instance)
    }

    /// The instance that resources, prompts and completions are of: they have no argument that would name one.
    pub(super) fn default_for(
        &self,
        what: &str,
        context: &RequestContext<RoleServer>,
    ) -> Result<&ServedInstance, Stopped> {
        let default = self.shared.instances.default().ok_or_else(|| {
            let message = format!(
                "{what} are those of the default instance, and this server has none: its operator can name one in the file of \
                 profiles; tools take the name of an instance: {}",
                self.shared.instances.names()
            );
            Stopped::Refused(Error::NotFound(message))
        })?;
        self.admit(default, context).map(|()| default)
    }

    /// The instance that a resource is read of: a file of a skill is the same in all that allow it.
    pub(super) fn instance_of_resource(
        &self,
        uri: &str,
        context: &RequestContext<RoleServer>,
    ) -> Result<&ServedInstance, Stopped> {
        let listing = &self.shared.listing;
        if !listing.has_file(uri) {
            return self.default_for("resources", context);
        }
        let guide = &self.shared.instances.all()[listing.guide];
        self.admit(guide, context).map(|()| guide)
    }

    /// Refuses a request to which its headers have closed an instance.
    pub(super) fn admit(&self, instance: &ServedInstance, context: &RequestContext<RoleServer>) -> Result<(), Stopped> {
        if instance.name.is_none() {
            return Ok(());
        }
        let closed = self.policy_for(instance, context).err();
        closed.map_or(Ok(()), |reason| Err(Stopped::Refused(Error::Denied(reason))))
    }

    /// Tells whether nothing but the scopes of the access token keeps the caller of this request from a tool or a prompt.
    pub(super) async fn lacks_scope(
        &self,
        instance: &ServedInstance,
        context: &RequestContext<RoleServer>,
        name: &str,
    ) -> Result<bool, ErrorData> {
        if may_write(context) {
            return Ok(false);
        }
        let narrowed = context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Narrowed>());
        if narrowed.is_none() && !self.shared.instances.are_several() {
            return Ok(self.shared.listing.names(name));
        }
        let Ok(policy) = self.own_policy(instance, context) else { return Ok(false) };
        let internal = |error| failure::internal(&format!("{error}"));
        // In boxes, as few come here: what waits for this is moved several times before it begins.
        let unabridged = unabridged(&policy);
        let callable = Box::pin(instance.component.list_tools(&unabridged)).await.map_err(internal)?;
        let prompts = Box::pin(instance.component.list_prompts(&policy)).await.map_err(internal)?;
        Ok(callable.iter().any(|tool| tool.name == name) || prompts.iter().any(|prompt| prompt.name == name))
    }

    /// The operator's policy for an instance, or the one that the request wants instead; why it is closed, where it is.
    fn own_policy(&self, instance: &ServedInstance, context: &RequestContext<RoleServer>) -> Result<Policy, String> {
        let narrowed = context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get::<Narrowed>());
        let Some(Narrowed(policies)) = narrowed else { return Ok(instance.policy.clone()) };
        policies[self.shared.instances.place(instance)].clone()
    }

    /// What the caller of this request may do with an instance: at most what the operator allows.
    ///
    /// # Errors
    ///
    /// The request's headers have closed it, for this reason.
    pub(super) fn policy_for(
        &self,
        instance: &ServedInstance,
        context: &RequestContext<RoleServer>,
    ) -> Result<Policy, String> {
        let mut policy = self.own_policy(instance, context)?;
        // Before that of a header: the first one says what the others have to name.
        if let Some(organization) = token(context).and_then(|token| token.organization.clone()) {
            policy.organizations.insert(0, organization);
        }
        if is_unasked(context) && policy.confirm == Confirm::Token {
            policy.confirm = Confirm::Elicit;
        }
        Ok(if may_write(context) { policy } else { Policy { mode: Mode::ReadOnly, ..policy } })
    }
}

/// Who sends a request: whom its access token names, and the client, as that or the client itself says.
fn who(context: &RequestContext<RoleServer>) -> Who {
    let token = token(context);
    Who {
        subject: token.map(|token| token.subject.clone()),
        organization: token.and_then(|token| token.organization.clone()),
        client: client(context),
    }
}

/// The policy that allows nothing. Nobody gets as far as that: it is here so that a mistake allows nothing either.
fn nothing(policy: &Policy) -> Policy {
    Policy { mode: Mode::ReadOnly, exclude_tools: vec!["*".into()], ..policy.clone() }
}
