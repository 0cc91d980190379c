//! How long an instance computes: the clock that interrupts it, and the account that ends it.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};

use wasmtime::Engine;

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

/// Adds up the time that a call computes, and gives up when that is too much. Each tick of the clock makes a computing
/// instance yield, so that this gets to look.
pub(super) async fn within_account<T>(call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    let mut computed = Duration::ZERO;
    poll_fn(move |context| {
        let start = Instant::now();
        let polled = call.as_mut().poll(context);
        computed += start.elapsed();
        match polled {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if computed > MOST_COMPUTING => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
