//! The clock that interrupts instances, and the most that one may compute.

use std::thread;
use std::time::Duration;

use wasmtime::Engine;

/// The time between two interruptions of a computing instance: they let others run, and tell when it has computed too long.
const TICK: Duration = Duration::from_millis(5);
/// The most that one call may compute, waiting not counted. The largest answer took about half a second.
pub(super) const MOST_COMPUTING: Duration = Duration::from_secs(2);

/// Interrupts computing instances until the engine is gone.
pub(super) fn start(engine: &Engine) -> std::io::Result<()> {
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
