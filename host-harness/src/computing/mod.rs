//! The time that work takes a processor, as long as it does not only wait for one: on a busy machine nobody is charged for others.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

#[cfg(unix)]
use unix::computed_by_thread;
#[cfg(windows)]
use windows::computed_by_thread;

/// The time that is taken by the clock before the system is asked, which costs more: ordinary calls are done by then.
const BY_THE_CLOCK: Duration = Duration::from_millis(100);

/// Does some work, and gives up when it has computed for more than `most`. It looks each time that the work yields.
pub(crate) async fn within<T>(most: Duration, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut computed = Duration::ZERO;
    poll_fn(move |context| {
        let before = (computed >= BY_THE_CLOCK).then(computed_by_thread);
        let start = Instant::now();
        let polled = work.as_mut().poll(context);
        computed += before.map_or_else(|| start.elapsed(), |before| computed_by_thread().saturating_sub(before));
        match polled {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if computed > most => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: Duration = Duration::from_millis(200);

    /// The outcome of work that does this eight times, and yields after each.
    fn done(step: impl Fn()) -> Option<()> {
        let mut left = 8;
        let work = poll_fn(move |context| {
            step();
            left -= 1;
            context.waker().wake_by_ref();
            if left == 0 { Poll::Ready(()) } else { Poll::Pending }
        });
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(within(MOST, work))
    }

    #[test]
    fn work_is_ended_that_computes_too_long_and_not_what_was_kept_waiting() {
        if cfg!(unix) {
            assert_eq!(done(|| std::thread::sleep(MOST / 4)), Some(()));
        }
        let compute = || {
            let until = computed_by_thread() + MOST / 4;
            while computed_by_thread() < until {}
        };
        assert_eq!(done(compute), None);
    }
}
