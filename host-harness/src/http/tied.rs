//! The body of an answer, tied to what it depends on: the place that its request takes, and the server's end.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// A place among the requests in flight, for as long as anybody holds on to it.
pub(super) type Permit = Arc<OwnedSemaphorePermit>;

/// A body that lets go of its permit when it has been written.
pub(super) struct Tied<B> {
    body: B,
    end: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    _permit: Option<Permit>,
}

impl<B> Tied<B> {
    /// A body that ends by itself.
    pub(super) fn to(permit: Option<Permit>, body: B) -> Self {
        Self { body, end: None, _permit: permit }
    }

    /// A body that lasts until the server stops.
    pub(super) fn to_end(stopping: &CancellationToken, permit: Option<Permit>, body: B) -> Self {
        Self { body, end: Some(Box::pin(stopping.clone().cancelled_owned())), _permit: permit }
    }
}

impl<B: Body + Unpin> Body for Tied<B> {
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
