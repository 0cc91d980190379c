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
    pub(super) async fn pass_on(mut self, heard: &BTreeSet<String>, sink: &SubscriptionSink) {
        while let Some(uri) = self.next().await {
            if heard.contains(&uri) && sink.notify_resource_updated(uri).await.is_err() {
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

/// Resources, each by the digest of its URI, with the end of the access token by which it was subscribed to.
type Uris = BTreeMap<[u8; 32], Option<SystemTime>>;

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
        expires: Option<SystemTime>,
        peer: &Peer<RoleServer>,
        key: KeyDigest,
        updates: &Updates,
    ) -> Result<(), ErrorData> {
        let uri = digest(uri);
        let mut uris = self.uris.lock().unwrap_or_else(PoisonError::into_inner);
        uris.retain(|_, expires| is_alive(*expires));
        if uris.len() >= MOST_SUBSCRIPTIONS && !uris.contains_key(&uri) {
            let message = format!("a session may subscribe to at most {MOST_SUBSCRIPTIONS} resources");
            return Err(ErrorData::invalid_request(message, None));
        }
        uris.insert(uri, expires);
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
        let subscribed = uris.lock().unwrap_or_else(PoisonError::into_inner).get(&digest(&uri)).copied();
        let is_wanted = subscribed.is_some_and(is_alive);
        if is_wanted && peer.notify_resource_updated(ResourceUpdatedNotificationParam::new(uri)).await.is_err() {
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
