//! The body of an answer, tied to what it depends on: what its request takes until it is written, and the server's end.

use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The largest piece that is handed on to be written, in bytes: what a slow client has not taken is still here.
const PIECE: usize = 16 * 1024;

/// A body that keeps something until it has been written or given up.
pub(super) struct Tied<B, K> {
    body: B,
    /// The rest of what the body has given.
    rest: Bytes,
    end: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    _kept: K,
}

impl<B, K> Tied<B, K> {
    /// A body that ends by itself.
    pub(super) fn to(kept: K, body: B) -> Self {
        Self { body, rest: Bytes::new(), end: None, _kept: kept }
    }

    /// A body that lasts until the server stops.
    pub(super) fn to_end(stopping: &CancellationToken, kept: K, body: B) -> Self {
        Self { end: Some(Box::pin(stopping.clone().cancelled_owned())), ..Self::to(kept, body) }
    }

    fn piece(&mut self, data: Bytes) -> Frame<Bytes> {
        self.rest = data;
        Frame::data(self.rest.split_to(PIECE.min(self.rest.len())))
    }
}

impl<B: Body<Data = Bytes> + Unpin, K: Unpin> Body for Tied<B, K> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if self.end.as_mut().is_some_and(|end| end.as_mut().poll(context).is_ready()) {
            return Poll::Ready(None);
        }
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            return Poll::Ready(Some(Ok(self.piece(rest))));
        }
        Pin::new(&mut self.body).poll_frame(context).map(|frame| {
            Some(frame?.map(|frame| frame.into_data().map_or_else(|other| other, |data| self.piece(data))))
        })
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (rest, of_body) = (self.rest.len() as u64, self.body.size_hint());
        let mut hint = SizeHint::new();
        hint.set_lower(of_body.lower().saturating_add(rest));
        if let Some(upper) = of_body.upper() {
            hint.set_upper(upper.saturating_add(rest));
        }
        hint
    }
}
