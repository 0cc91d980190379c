//! Tells clients of resources that have changed: those that calls through this process have changed, for callers with
//! the same key. What changes elsewhere is not noticed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

use rmcp::ErrorData;
use rmcp::model::ResourceUpdatedNotificationParam;
use rmcp::service::{Peer, RoleServer, SubscriptionSink};
use sha2::{Digest as _, Sha256};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender};
use tokio::task::AbortHandle;

use crate::component::{Caller, Component};
use crate::key::KeyDigest;

/// How many changes may wait for a slow client. More are lost to it.
const MOST_WAITING: usize = 256;
/// How many resources one session, or one stream, may subscribe to.
pub(crate) const MOST_SUBSCRIPTIONS: usize = 1000;

/// A resource that has changed, and with whose key.
#[derive(Clone)]
struct Update {
    key: KeyDigest,
    uri: String,
}

/// All changes, for everybody who wants to hear of them.
#[derive(Clone)]
pub(super) struct Updates(Sender<Update>);

impl Default for Updates {
    fn default() -> Self {
        Self(Sender::new(MOST_WAITING))
    }
}

impl Updates {
    pub(super) fn announce(&self, key: KeyDigest, uris: &[String]) {
        for uri in uris {
            // Nobody may be listening.
            let _ = self.0.send(Update { key, uri: uri.clone() });
        }
    }

    /// The changes from now on that one key may hear of.
    pub(super) fn of(&self, key: KeyDigest) -> Changes {
        Changes { updates: self.0.subscribe(), key }
    }
}

/// The changes that one key may hear of.
pub(super) struct Changes {
    updates: Receiver<Update>,
    key: KeyDigest,
}

impl Changes {
    /// Passes on those of these resources to a client of 2026-07-28, for as long as it listens.
    pub(super) async fn pass_on(mut self, heard: &BTreeSet<String>, kept: Option<&Kept>, sink: &SubscriptionSink) {
        while let Some(uri) = self.next().await {
            let is_heard = heard.contains(&uri) && is_within(kept, &uri).await;
            if is_heard && sink.notify_resource_updated(uri).await.is_err() {
                return;
            }
        }
    }

    /// The next one; none when there will be no more.
    async fn next(&mut self) -> Option<String> {
        loop {
            match self.updates.recv().await {
                Ok(Update { key, uri }) if key == self.key => return Some(uri),
                Ok(_) | Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// The way to find out whether a resource is within what a subscriber is kept to.
pub(super) struct Kept {
    component: Component,
    caller: Caller,
}

impl Kept {
    /// None where the caller is kept to nothing.
    pub(super) fn of(component: &Component, caller: &Caller) -> Option<Arc<Self>> {
        let is_kept = !caller.policy.organizations.is_empty() || !caller.policy.users.is_empty();
        is_kept.then(|| Arc::new(Self { component: component.clone(), caller: caller.clone() }))
    }
}

/// Tells whether a resource can be read now: somebody may have left since they were subscribed to.
async fn is_within(kept: Option<&Kept>, uri: &str) -> bool {
    let Some(Kept { component, caller }) = kept else { return true };
    matches!(component.read_resource(caller, uri).await, Ok(Ok(_)))
}

/// The limits of a subscription.
#[derive(Clone)]
pub(super) struct Limits {
    /// The end of the access token by which it was made.
    pub(super) expires: Option<SystemTime>,
    pub(super) kept: Option<Arc<Kept>>,
}

/// Resources, each by the digest of its URI.
type Uris = BTreeMap<[u8; 32], Limits>;

fn digest(uri: &str) -> [u8; 32] {
    Sha256::digest(uri).into()
}

/// Whether a subscription has not outlived its access token.
fn is_alive(expires: Option<SystemTime>) -> bool {
    expires.is_none_or(|expires| SystemTime::now() < expires)
}

/// What the session of a client of an older version has subscribed to. It ends with the session.
#[derive(Default)]
pub(super) struct Subscriptions {
    uris: Arc<Mutex<Uris>>,
    passing_on: OnceLock<AbortHandle>,
}

impl Subscriptions {
    pub(super) fn add(
        &self,
        uri: &str,
        limits: Limits,
        peer: &Peer<RoleServer>,
        key: KeyDigest,
        updates: &Updates,
    ) -> Result<(), ErrorData> {
        let uri = digest(uri);
        let mut uris = self.uris.lock().unwrap_or_else(PoisonError::into_inner);
        uris.retain(|_, limits| is_alive(limits.expires));
        if uris.len() >= MOST_SUBSCRIPTIONS && !uris.contains_key(&uri) {
            let message = format!("a session may subscribe to at most {MOST_SUBSCRIPTIONS} resources");
            return Err(ErrorData::invalid_request(message, None));
        }
        uris.insert(uri, limits);
        drop(uris);
        self.passing_on.get_or_init(|| {
            let (uris, peer) = (Arc::clone(&self.uris), peer.clone());
            let changes = updates.of(key);
            tokio::spawn(pass_on(changes, uris, peer)).abort_handle()
        });
        Ok(())
    }

    pub(super) fn remove(&self, uri: &str) {
        self.uris.lock().unwrap_or_else(PoisonError::into_inner).remove(&digest(uri));
    }
}

async fn pass_on(mut changes: Changes, uris: Arc<Mutex<Uris>>, peer: Peer<RoleServer>) {
    while let Some(uri) = changes.next().await {
        let limits = uris.lock().unwrap_or_else(PoisonError::into_inner).get(&digest(&uri)).cloned();
        let Some(limits) = limits.filter(|limits| is_alive(limits.expires)) else { continue };
        if is_within(limits.kept.as_deref(), &uri).await
            && peer.notify_resource_updated(ResourceUpdatedNotificationParam::new(uri)).await.is_err()
        {
            return;
        }
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        if let Some(passing_on) = self.passing_on.get() {
            passing_on.abort();
        }
    }
}
