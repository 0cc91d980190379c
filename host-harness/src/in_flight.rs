//! A request that is being served: its place among those in flight, and whether anybody waits for its answer.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::room::Share;

/// A request in flight. Its place is free again when nobody holds this any more.
pub(crate) struct InFlight {
    places: Arc<Semaphore>,
    held: Mutex<Held>,
    unattended: CancellationToken,
}

#[derive(Default)]
struct Held {
    place: Option<OwnedSemaphorePermit>,
    room: Vec<Share>,
}

/// Why a request that was set aside does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lost {
    /// Its client, its session or the server has gone.
    Unattended,
    /// No place has become free in time.
    NoPlace,
}

impl InFlight {
    /// `ends` is cancelled where the request's session ends, or the server.
    pub(crate) fn new(places: &Arc<Semaphore>, place: Option<OwnedSemaphorePermit>, ends: &CancellationToken) -> Self {
        let held = Mutex::new(Held { place, room: Vec::new() });
        Self { places: Arc::clone(places), held, unattended: ends.child_token() }
    }

    /// A guard: when it is dropped, nobody waits for the answer any more.
    pub(crate) fn attended(&self) -> DropGuard {
        self.unattended.clone().drop_guard()
    }

    /// Gives the place to others: what is left to do is to write the answer.
    pub(crate) fn finish(&self) {
        self.held().place = None;
    }

    /// Keeps a share of memory for as long as the request is in flight.
    pub(crate) fn keep(&self, share: Share) {
        self.held().room.push(share);
    }

    /// Waits for something that is no work, and gives the place to others meanwhile. Afterwards it takes up to `within` to
    /// get one again.
    ///
    /// # Errors
    ///
    /// The request does not go on.
    pub(crate) async fn aside<T>(&self, wait: impl Future<Output = T>, within: Duration) -> Result<T, Lost> {
        let had_place = self.held().place.take().is_some();
        let gone = self.unattended.cancelled();
        let waited = async {
            let outcome = wait.await;
            if had_place {
                let place = timeout(within, Arc::clone(&self.places).acquire_owned()).await;
                self.held().place = Some(place.ok().and_then(Result::ok).ok_or(Lost::NoPlace)?);
            }
            Ok(outcome)
        };
        tokio::select! {
            biased;
            () = gone => Err(Lost::Unattended),
            outcome = waited => outcome,
        }
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    const SOON: Duration = Duration::from_millis(20);

    fn one_of(places: &Arc<Semaphore>, server: &CancellationToken) -> InFlight {
        let place = Arc::clone(places).try_acquire_owned().expect("a place is free");
        InFlight::new(places, Some(place), server)
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_waits_gives_its_place_to_others_and_takes_one_again() {
        let (places, server) = (Arc::new(Semaphore::new(1)), CancellationToken::new());
        let request = one_of(&places, &server);
        let during = async { places.available_permits() };
        assert_eq!((request.aside(during, SOON).await, places.available_permits()), (Ok(1), 0));
        let other = request.aside(async { one_of(&places, &server) }, SOON).await;
        assert_eq!(other.map(drop), Err(Lost::NoPlace));
        drop(request);
        assert_eq!(places.available_permits(), 1);
    }

    #[tokio::test(flavor = "current_thread")]
    async fn what_nobody_waits_for_ends() {
        let (places, server) = (Arc::new(Semaphore::new(2)), CancellationToken::new());
        let request = one_of(&places, &server);
        drop(request.attended());
        assert_eq!(request.aside(pending::<()>(), SOON).await, Err(Lost::Unattended));
        let other = one_of(&places, &server);
        server.cancel();
        assert_eq!(other.aside(pending::<()>(), SOON).await, Err(Lost::Unattended));
    }
}
