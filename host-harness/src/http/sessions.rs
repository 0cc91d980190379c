//! Sessions, for those clients of the versions before 2026-07-28 that can be asked something in the middle of a call.
//!
//! All others are served without one, so that any replica of this server can serve any of their requests. A client that can
//! be asked, and has no session, must not pass for one that cannot: who names a session that is not there is told so, and
//! who got none because there was no room names that, and gets a refusal of what asks.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method};
use rmcp::model::{ProtocolVersion, RequestId};
use rmcp::transport::streamable_http_server::session::SessionManager as _;
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::message::Message;
use super::refusal::{PROTOCOL_VERSION, Refusal};
use crate::auth::caller::Caller as TokenHolder;
use crate::server::{OnlyJson, RequestKey};

pub(super) const SESSION: HeaderName = HeaderName::from_static("mcp-session-id");

/// What a client that can be asked gets for the id of a session where it has none.
pub(super) const NO_QUESTIONS: HeaderValue = HeaderValue::from_static("no-questions");

/// Where a request is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    InSession,
    Stateless,
    /// Without a session, and with a client that could be asked if it had one.
    Unasked,
}

/// The sessions of this process.
pub(super) struct Sessions {
    pub(super) manager: Arc<LocalSessionManager>,
    most: usize,
    /// Whether callers need no key of their own.
    is_hosted: bool,
    stopping: CancellationToken,
    records: Mutex<Records>,
    unanswered: Arc<Mutex<Unanswered>>,
}

#[derive(Default)]
struct Records {
    /// Who started which session.
    owners: HashMap<Arc<str>, Owner>,
}

#[derive(Clone)]
struct Owner {
    caller: Caller,
    /// Cancelled when the session ends.
    ends: CancellationToken,
}

type Unanswered = HashSet<(Vec<u8>, RequestId)>;

/// A request within a session that has no answer yet.
pub(super) struct Expected {
    key: Option<(Vec<u8>, RequestId)>,
    all: Arc<Mutex<Unanswered>>,
}

impl Expected {
    fn all(&self) -> MutexGuard<'_, Unanswered> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        if let Some(key) = self.key.take() {
            self.all().remove(&key);
        }
    }
}

/// A hash of what a request proves its caller with.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Caller([u8; 32]);

impl Caller {
    /// The operator's token needs no looking at: there is one, and it was asked for.
    fn of(request: &Parts) -> Self {
        // Access tokens are renewed; their holder stays, and what they are kept to.
        let holder = request.extensions.get::<TokenHolder>();
        let holder = holder.map(|holder| format!("{:?}", (&holder.subject, &holder.client_id, &holder.organization)));
        let key = request.extensions.get::<RequestKey>().map(|RequestKey(key)| key.authorization());
        let key = key.as_ref().map_or(&b""[..], HeaderValue::as_bytes);
        let holder = holder.unwrap_or_default();
        // What is printed for debugging has no line break.
        Self(Sha256::new().chain_update(holder).chain_update(b"\n").chain_update(key).finalize().into())
    }
}

impl Sessions {
    /// No more than `most` at once, and none that was not used for `idle`.
    pub(super) fn new(most: usize, idle: Duration, is_hosted: bool, stopping: &CancellationToken) -> Self {
        let mut manager = LocalSessionManager::default();
        manager.session_config.keep_alive = Some(idle);
        Self {
            manager: Arc::new(manager),
            most,
            is_hosted,
            stopping: stopping.clone(),
            records: Mutex::default(),
            unanswered: Arc::default(),
        }
    }

    /// Where a request is to be served.
    pub(super) async fn place(&self, request: &Parts, message: Option<&Message>) -> Result<Place, Refusal> {
        let version = request.headers.get(PROTOCOL_VERSION).map(HeaderValue::as_bytes);
        if version.is_some_and(|version| version >= ProtocolVersion::V_2026_07_28.as_str().as_bytes()) {
            return Ok(Place::Stateless);
        }
        let Some(id) = request.headers.get(&SESSION).and_then(|value| value.to_str().ok()) else {
            // Within a session, answers are streams.
            let takes_streams = request.extensions.get::<OnlyJson>().is_none();
            // A session is kept, and nothing is kept of who brings no key.
            let may_call = self.is_hosted || request.extensions.get::<RequestKey>().is_some();
            let can_be_asked = message.is_some_and(Message::introduces_who_can_be_asked);
            if !can_be_asked && !message.is_some_and(Message::introduces_who_shows_views) {
                return Ok(Place::Stateless);
            }
            // A client that only shows views does without them.
            let otherwise = if can_be_asked { Place::Unasked } else { Place::Stateless };
            let is_given = takes_streams && may_call && self.manager.sessions.read().await.len() < self.most;
            return Ok(if is_given { Place::InSession } else { otherwise });
        };
        if id == NO_QUESTIONS {
            return Ok(Place::Unasked);
        }
        match self.owner(id).await {
            Some(owner) if owner.caller == Caller::of(request) => Ok(Place::InSession),
            _ => Err(Refusal::no_session()),
        }
    }

    /// Is cancelled when nobody can answer any more what is asked within this request: its session ends, or the server.
    pub(super) fn ends(&self, request: &Parts, place: Place) -> CancellationToken {
        let id = request.headers.get(&SESSION).and_then(|value| value.to_str().ok());
        let owner = id.filter(|_| place == Place::InSession).and_then(|id| self.records().owners.get(id).cloned());
        owner.map_or_else(|| self.stopping.clone(), |owner| owner.ends)
    }

    /// Reserves the id of a request within its session until the request is done: rmcp would take the answer of one for
    /// that of another with the same id.
    pub(super) fn expect_answer(&self, request: &Parts, id: Option<RequestId>) -> Result<Arc<Expected>, Refusal> {
        let session = request.headers.get(&SESSION).map(|session| session.as_bytes().to_vec());
        let mut expected = Expected { key: None, all: Arc::clone(&self.unanswered) };
        // What starts a session is in none yet.
        let key = session.zip(id);
        if key.as_ref().is_some_and(|key| !expected.all().insert(key.clone())) {
            return Err(Refusal::id_in_use());
        }
        expected.key = key;
        Ok(Arc::new(expected))
    }

    /// Takes down what a request that was served in a session did to it.
    pub(super) async fn record(&self, request: &Parts, opened: Option<&HeaderValue>) {
        let opened = opened.and_then(|id| id.to_str().ok());
        let named = request.headers.get(&SESSION).and_then(|id| id.to_str().ok());
        match (opened, named) {
            (Some(id), _) => self.open(id, Caller::of(request)).await,
            (None, Some(id)) if request.method == Method::DELETE => self.end(id),
            _ => {}
        }
    }

    async fn open(&self, id: &str, caller: Caller) {
        let alive = self.manager.sessions.read().await;
        let mut records = self.records();
        records.owners.retain(|id, _| alive.contains_key(id));
        records.owners.insert(id.into(), Owner { caller, ends: self.stopping.child_token() });
    }

    fn end(&self, id: &str) {
        let mut records = self.records();
        if let Some(owner) = records.owners.remove(id) {
            owner.ends.cancel();
        }
    }

    /// Who started a session that is alive.
    async fn owner(&self, id: &str) -> Option<Owner> {
        let owner = self.records().owners.get(id).cloned()?;
        let is_alive = self.manager.has_session(&id.into()).await.unwrap_or(false);
        is_alive.then_some(owner)
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
