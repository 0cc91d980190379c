//! Connections without a request in work, so that the one that is idle for the longest can make room for another.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The idle connections of this process. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct IdleConnections(Arc<Mutex<Register>>);

#[derive(Default)]
struct Register {
    next: u64,
    /// Those that became idle first come first.
    idle: BTreeMap<u64, Arc<Notify>>,
}

impl IdleConnections {
    /// Tells the connection that is idle for the longest to close, if any is idle.
    pub(super) fn close_oldest(&self) {
        if let Some((_, close)) = self.register().idle.pop_first() {
            close.notify_one();
        }
    }

    /// A new connection, which is idle until its first request.
    pub(super) fn connection(&self) -> Arc<Connection> {
        let connection = Connection { all: self.clone(), close: Arc::default(), state: Mutex::default() };
        connection.rest(&mut connection.state());
        Arc::new(connection)
    }

    fn register(&self) -> MutexGuard<'_, Register> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What one connection is at.
pub(super) struct Connection {
    all: IdleConnections,
    close: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    requests: usize,
    /// Its number among the idle ones.
    idle: Option<u64>,
}

impl Connection {
    /// Begins a request, which is in work until what this returns is dropped.
    pub(super) fn begin(self: &Arc<Self>) -> InWork {
        let mut state = self.state();
        state.requests += 1;
        self.wake(&mut state);
        InWork(Arc::clone(self))
    }

    pub(super) fn is_in_work(&self) -> bool {
        self.state().requests > 0
    }

    /// Waits until the connection has to make room for another one.
    pub(super) async fn has_to_close(&self) {
        self.close.notified().await;
    }

    fn rest(&self, state: &mut State) {
        let mut register = self.all.register();
        let number = register.next;
        register.next += 1;
        register.idle.insert(number, Arc::clone(&self.close));
        state.idle = Some(number);
    }

    fn wake(&self, state: &mut State) {
        if let Some(number) = state.idle.take() {
            self.all.register().idle.remove(&number);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut state = self.state();
        self.wake(&mut state);
    }
}

/// A request of a connection that is in work.
pub(super) struct InWork(Arc<Connection>);

impl Drop for InWork {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.requests = state.requests.saturating_sub(1);
        if state.requests == 0 {
            self.0.rest(&mut state);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use super::*;

    fn has_to_close(connection: &Connection) -> bool {
        pin!(connection.has_to_close()).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn the_connection_that_is_idle_for_the_longest_closes_first() {
        let all = IdleConnections::default();
        let [one, two, three] = [(); 3].map(|()| all.connection());
        let in_work = two.begin();
        drop(one.begin());
        // Idle are the third one since it began, and the first one since a moment ago.
        all.close_oldest();
        assert_eq!([&one, &two, &three].map(|connection| has_to_close(connection)), [false, false, true]);
        all.close_oldest();
        all.close_oldest();
        assert_eq!([&one, &two, &three].map(|connection| has_to_close(connection)), [true, false, false]);
        drop(in_work);
        all.close_oldest();
        assert!(has_to_close(&two));
    }

    #[test]
    fn a_connection_that_has_gone_is_forgotten() {
        let all = IdleConnections::default();
        drop(all.connection());
        assert!(all.register().idle.is_empty());
    }
}
