//! Whether this server works, and whether it can reach Clerk.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::egress::Egress;
use crate::server::Mode;

/// How long an answer is good for, so that polling costs the instance's quota nothing.
const FRESH: Duration = Duration::from_secs(10);
const WITHIN: Duration = Duration::from_secs(3);

/// Looks at Clerk when asked, and remembers for a while what it saw.
pub(crate) struct Health {
    /// One for each instance.
    egresses: Vec<Egress>,
    is_hosted: bool,
    seen: Mutex<Option<(Instant, bool)>>,
}

impl Health {
    pub(crate) fn new(egresses: Vec<Egress>, mode: &Mode) -> Self {
        Self { egresses, is_hosted: matches!(mode, Mode::Hosted(_)), seen: Mutex::new(None) }
    }

    /// `{"status":"ok","mode":"hosted","clerkConnected":true}`; in public mode there is no instance to look at, and
    /// `clerkConnected` is null.
    pub(crate) async fn report(&self) -> Value {
        if !self.is_hosted {
            return json!({ "status": "ok", "mode": "public", "clerkConnected": null });
        }
        let connected = self.is_connected().await;
        let status = if connected { "ok" } else { "degraded" };
        json!({ "status": status, "mode": "hosted", "clerkConnected": connected })
    }

    async fn is_connected(&self) -> bool {
        let mut seen = self.seen.lock().await;
        match *seen {
            Some((when, connected)) if when.elapsed() < FRESH => connected,
            _ => {
                let connected = self.are_reachable().await;
                *seen = Some((Instant::now(), connected));
                connected
            }
        }
    }

    /// Whether all instances can be reached. They are looked at beside each other.
    async fn are_reachable(&self) -> bool {
        let mut looks = JoinSet::new();
        for egress in &self.egresses {
            let egress = egress.clone();
            looks.spawn(async move { egress.is_reachable(WITHIN).await });
        }
        looks.join_all().await.into_iter().all(|reachable| reachable)
    }
}
