//! The body of an answer, tied to what it depends on: what its request takes until it is written, and the server's end.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A body that keeps something until it has been written or given up.
pub(super) struct Tied<B, K> {
    body: B,
    end: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    _kept: K,
}

impl<B, K> Tied<B, K> {
    /// A body that ends by itself.
    pub(super) fn to(kept: K, body: B) -> Self {
        Self { body, end: None, _kept: kept }
    }

    /// A body that lasts until the server stops.
    pub(super) fn to_end(stopping: &CancellationToken, kept: K, body: B) -> Self {
        Self { body, end: Some(Box::pin(stopping.clone().cancelled_owned())), _kept: kept }
    }
}

impl<B: Body + Unpin, K: Unpin> Body for Tied<B, K> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let has_ended = self.end.as_mut().is_some_and(|end| end.as_mut().poll(context).is_ready());
        if has_ended { Poll::Ready(None) } else { Pin::new(&mut self.body).poll_frame(context) }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
