//! The issuer's keys, kept for a while. However many tokens come in, and whatever they name, the issuer is asked rarely.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use super::issuer::Issuer;
use super::key_set::KeySet;

/// How long keys are used without asking for them again: so long a withdrawn one may still be accepted.
const FRESH: Duration = Duration::from_mins(10);
/// How long they are used while the issuer cannot be reached.
const KEPT: Duration = Duration::from_hours(1);
/// How often, at most, a token that names an unknown key makes us ask.
const BETWEEN_UNKNOWN: Duration = Duration::from_secs(30);
/// How long we wait after a failure before we ask again.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Keys, shared by all threads.
pub(super) struct KeyCache {
    issuer: Issuer,
    fetched: RwLock<Option<Fetched>>,
    /// Whoever holds this may ask the issuer; the others wait for what comes of it.
    history: Arc<Mutex<History>>,
}

#[derive(Clone)]
struct Fetched {
    keys: Arc<KeySet>,
    when: Instant,
}

#[derive(Default)]
struct History {
    /// When the issuer was last asked because of an unknown key.
    asked_for_unknown: Option<Instant>,
    /// When asking failed, unless it succeeded since.
    failed: Option<Instant>,
}

/// Why a key is not at hand.
pub(super) enum Missing {
    /// The issuer has no key of that name, or had none moments ago.
    Unknown,
    /// The issuer gives no keys; ask again after this time.
    Unavailable(Duration),
}

impl KeyCache {
    pub(super) fn new(issuer: Issuer) -> Self {
        Self { issuer, fetched: RwLock::new(None), history: Arc::default() }
    }

    /// A key set that has a key of this name.
    pub(super) async fn with_key(self: &Arc<Self>, id: &str) -> Result<Arc<KeySet>, Missing> {
        if let Some(keys) = self.younger_than(FRESH).filter(|keys| keys.has(id)) {
            return Ok(keys);
        }
        let kept = self.younger_than(KEPT).filter(|keys| keys.has(id));
        let history = match (Arc::clone(&self.history).try_lock_owned(), kept) {
            (Ok(history), _) => history,
            // Somebody is asking already, and until then this will do.
            (Err(_), Some(keys)) => return Ok(keys),
            (Err(_), None) => Arc::clone(&self.history).lock_owned().await,
        };
        let cache = Arc::clone(self);
        let id = id.to_owned();
        // A task of its own, so that a client that hangs up does not break off what others wait for.
        let asking = tokio::spawn(async move {
            let mut history = history;
            cache.ask_if_due(&id, &mut history).await
        });
        asking.await.unwrap_or(Err(Missing::Unavailable(AFTER_FAILURE)))
    }

    async fn ask_if_due(&self, id: &str, history: &mut History) -> Result<Arc<KeySet>, Missing> {
        // Others may have asked while this waited for its turn.
        let fresh = self.younger_than(FRESH);
        if let Some(keys) = fresh.as_ref().filter(|keys| keys.has(id)) {
            return Ok(Arc::clone(keys));
        }
        let names_unknown = fresh.is_some();
        let was_asked = names_unknown && left(history.asked_for_unknown, BETWEEN_UNKNOWN).is_some();
        if !was_asked && left(history.failed, AFTER_FAILURE).is_none() {
            if names_unknown {
                history.asked_for_unknown = Some(Instant::now());
            }
            self.ask(history).await;
        }
        match (self.younger_than(KEPT), left(history.failed, AFTER_FAILURE)) {
            (Some(keys), _) if keys.has(id) => Ok(keys),
            (Some(_), None) => Err(Missing::Unknown),
            (_, wait) => Err(Missing::Unavailable(wait.unwrap_or_default())),
        }
    }

    async fn ask(&self, history: &mut History) {
        match self.issuer.keys().await {
            Ok(keys) => {
                history.failed = None;
                let fetched = Fetched { keys: Arc::new(keys), when: Instant::now() };
                *self.fetched.write().unwrap_or_else(PoisonError::into_inner) = Some(fetched);
            }
            Err(error) => {
                tracing::warn!("the keys to check access tokens with could not be fetched: {error}");
                history.failed = Some(Instant::now());
            }
        }
    }

    fn younger_than(&self, age: Duration) -> Option<Arc<KeySet>> {
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner).clone();
        fetched.filter(|fetched| fetched.when.elapsed() < age).map(|fetched| fetched.keys)
    }
}

/// What is left of a time since something happened.
fn left(since: Option<Instant>, time: Duration) -> Option<Duration> {
    since.and_then(|since| time.checked_sub(since.elapsed()))
}
