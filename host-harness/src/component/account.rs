//! How long an instance computes: the clock that interrupts it, and the account that ends it.

use std::thread;
use std::time::Duration;

use wasmtime::Engine;

use crate::computing;

/// How often a computing instance is interrupted, to let others run and to look at its account.
const TICK: Duration = Duration::from_millis(5);
/// How long one call may compute, waiting not counted. The largest answer took about half a second.
pub(super) const MOST_COMPUTING: Duration = Duration::from_secs(2);

/// Interrupts computing instances until the engine is gone.
pub(super) fn start_clock(engine: &Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    };
    thread::Builder::new().name("sandbox-clock".into()).spawn(tick).map(drop)
}

/// Gives up on a call that computes too long. Each tick of the clock makes a computing instance yield, so that this gets to look.
pub(super) fn within_account<T>(call: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    computing::within(MOST_COMPUTING, call)
}
