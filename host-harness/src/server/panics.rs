//! Answers requests whose code panics: rmcp would leave their clients waiting.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::Poll;

use rmcp::ErrorData;

use super::failure;

/// The result of `work`, or an internal error where it panics. The panic's message goes to standard error only.
pub(super) async fn answered<T>(
    mut work: Pin<&mut impl Future<Output = Result<T, ErrorData>>>,
) -> Result<T, ErrorData> {
    poll_fn(|context| {
        // Nothing that a panic left half done is used again: the work is dropped.
        let polled = catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context)));
        polled.unwrap_or_else(|_| Poll::Ready(Err(failure::internal(PANICKED))))
    })
    .await
}

const PANICKED: &str = "this server failed in the middle of the request; if it was to change something, that may have \
                        happened: read the current state before you repeat it";

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use rmcp::model::ErrorCode;
    use tokio::task::yield_now;

    use super::*;

    fn run<T>(work: impl Future<Output = Result<T, ErrorData>>) -> Result<T, ErrorData> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(answered(pin!(work)))
    }

    fn panic() -> Result<(), ErrorData> {
        panic!("a secret")
    }

    #[test]
    fn a_request_that_panics_is_answered_without_the_panic() {
        let error = run(async {
            yield_now().await;
            panic()
        });
        let error = error.expect_err("it has panicked");
        assert_eq!(error.code, ErrorCode::INTERNAL_ERROR);
        assert!(!error.message.contains("a secret"), "{}", error.message);
    }

    #[test]
    fn a_request_that_does_not_panic_is_answered_as_it_is() {
        let work = async {
            yield_now().await;
            Ok(7)
        };
        assert_eq!(run(work), Ok(7));
    }
}
