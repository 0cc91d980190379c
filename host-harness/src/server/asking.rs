//! Facts about a request: how its client can be asked for something, what it takes, and whose access token it has.

use std::time::SystemTime;

use http::request::Parts;
use rmcp::model::{ClientCapabilities, ProtocolVersion};
use rmcp::service::{RequestContext, RoleServer};

use super::apps;
use super::introduction::shortened;
use super::mode::{Narrowed, OnlyJson, Sessionless, Unasked};
use crate::auth::caller::Caller as TokenHolder;
use crate::auth::scope::NeedsWriting;

/// The way in which a client is asked for something in the middle of a call.
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

    /// The client's capabilities that can be used. Of the deprecated ones, none by a request.
    pub(super) fn usable(self, declared: ClientCapabilities) -> ClientCapabilities {
        let mut usable = ClientCapabilities::default();
        match self {
            Self::ByResult => usable = declared,
            Self::ByRequest => {
                usable.extensions = apps::of(&declared);
                usable.elicitation = declared.elicitation;
            }
            Self::Never => {}
        }
        usable
    }
}

/// Whether this request's client shows views to a person.
pub(super) fn shows_views(context: &RequestContext<RoleServer>) -> bool {
    let declared = context.client_capabilities();
    Asking::of(context) != Asking::Never && declared.is_some_and(|declared| apps::are_shown(&declared))
}

/// Whether nothing but the answer can be sent to this request's client.
pub(super) fn is_sessionless(context: &RequestContext<RoleServer>) -> bool {
    let parts = context.extensions.get::<Parts>();
    parts.is_some_and(|parts| parts.extensions.get::<Sessionless>().is_some())
}

/// Whether this request's client could be asked if it had a session.
pub(super) fn is_unasked(context: &RequestContext<RoleServer>) -> bool {
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

/// Tells whether the caller's access token keeps them to one organization.
pub(super) fn is_kept(context: &RequestContext<RoleServer>) -> bool {
    token(context).is_some_and(|token| token.organization.is_some())
}

/// The program that calls: the client of its access token, or what it calls itself. A request of an older version that
/// belongs to no session does not say.
pub(super) fn client(context: &RequestContext<RoleServer>) -> Option<String> {
    let says = !is_sessionless(context) || context.meta.client_info().is_some();
    let named = || {
        context
            .client_info()
            .filter(|_| says)
            .map(|info| format!("{} {}", shortened(&info.name), shortened(&info.version)))
    };
    token(context).and_then(|token| token.client_id.clone()).or_else(named)
}
