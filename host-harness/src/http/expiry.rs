//! Streams that last as long as the access token that opened them.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{Method, Response};
use axum::middleware::Next;
use hyper::body::{Body as HttpBody, Frame};
use tokio::time::{Sleep, sleep};

use crate::auth::caller::Caller;

/// Ends the stream of a session with the access token of the request that opened it. A call that was let in goes on to its
/// end, and `subscriptions/listen` ends itself.
pub(super) async fn end_with_token(request: Request, next: Next) -> Response<Body> {
    let left = request.extensions().get::<Caller>().map(Caller::time_left);
    let left = left.filter(|_| request.method() == Method::GET);
    let response = next.run(request).await;
    match left {
        Some(left) if response.status().is_success() => {
            response.map(|body| Body::new(Expiring { body, end: Box::pin(sleep(left)) }))
        }
        _ => response,
    }
}

/// A body that ends at a time.
struct Expiring {
    body: Body,
    end: Pin<Box<Sleep>>,
}

impl HttpBody for Expiring {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        if self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(None);
        }
        Pin::new(&mut self.body).poll_frame(context)
    }
}
