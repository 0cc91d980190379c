//! What a request waits for, and what ends the wait.

use rmcp::ErrorData;
use rmcp::service::{RequestContext, RoleServer};

use super::asking;
use super::failure;
use super::mode::Mode;
use super::panics::answered;
use super::stopped::Stopped;
use crate::component::{Aborted, Caller, Error};
use crate::telemetry::{self, Status};

/// The component's answer to a request that takes one round.
pub(super) async fn answer<T>(
    mode: &Mode,
    context: &RequestContext<RoleServer>,
    account: telemetry::Call,
    caller: Option<Caller>,
    ask: impl AsyncFnOnce(Caller) -> Result<Result<T, Error>, Aborted>,
) -> Result<T, Stopped> {
    let Some(caller) = caller else {
        account.end(Status::Denied);
        return Err(Stopped::Protocol(failure::missing_key_for_request(mode)));
    };
    let answer = unless_cancelled(context, async { Ok(ask(caller).await) }).await.map_err(Stopped::Protocol)?;
    let answer = match answer {
        Ok(answer) => answer.map_err(Stopped::Refused),
        Err(aborted) => Err(Stopped::Aborted(aborted)),
    };
    account.end(answer.as_ref().map_or_else(Stopped::status, |_| Status::Ok));
    answer
}

/// Waits for the work, or until the client no longer wants it: dropping the work drops its request to the API.
pub(super) fn unless_cancelled<T>(
    context: &RequestContext<RoleServer>,
    work: impl Future<Output = Result<T, ErrorData>>,
) -> impl Future<Output = Result<T, ErrorData>> {
    // It is large, and rmcp moves what holds it several times before it begins.
    let mut work = Box::pin(work);
    async move {
        tokio::select! {
            done = answered(work.as_mut()) => done,
            () = context.ct.cancelled() => Err(ErrorData::internal_error("the call was cancelled", None)),
        }
    }
}

/// Waits for the end of the access token of a request; where there is none, for ever.
pub(super) async fn token_expired(context: &RequestContext<RoleServer>) {
    match asking::token(context) {
        Some(token) => tokio::time::sleep(token.time_left()).await,
        None => std::future::pending().await,
    }
}
