//! What can be said to a client while its call runs: how far it is, and what it has to answer first.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use rmcp::ErrorData;
use rmcp::model::{ElicitRequestParams, InputRequest, ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext, RoleServer, ServiceError};
use tokio::time::{Instant, interval_at};

use super::caller::{self, Asking};
use super::convert;
use crate::auth::scope::NeedsWriting;
use crate::component::{self, InputRequired, InputResponse, Progress};
use crate::in_flight::InFlight;

/// How long a call is silent before its client hears that it still runs.
const BEAT: Duration = Duration::from_secs(2);
/// How long a person gets to answer.
const ANSWER_WITHIN: Duration = Duration::from_mins(10);

/// The client's side of a call.
pub(super) struct Conversation {
    peer: Option<Peer<RoleServer>>,
    in_flight: Option<Arc<InFlight>>,
    asking: Asking,
    /// Where to say that the call needs another access token.
    needs_writing: Option<NeedsWriting>,
    /// Where to report progress, if the client wants to hear of it.
    token: Option<ProgressToken>,
    /// What was last reported: progress has to grow.
    reported: Option<f64>,
    /// The last step that the call itself has reported.
    step: Option<Progress>,
    start: Instant,
}

impl Conversation {
    /// With nobody.
    pub(super) fn none() -> Self {
        Self {
            peer: None,
            in_flight: None,
            asking: Asking::Never,
            needs_writing: None,
            token: None,
            reported: None,
            step: None,
            start: Instant::now(),
        }
    }

    pub(super) fn with(context: &RequestContext<RoleServer>) -> Self {
        Self {
            peer: Some(context.peer.clone()),
            in_flight: context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get().cloned()),
            asking: Asking::of(context),
            needs_writing: caller::challenge(context),
            token: context.meta.get_progress_token().filter(|_| caller::takes_streams(context)),
            ..Self::none()
        }
    }

    /// The request that this is said in, where it takes a place.
    pub(super) fn in_flight(&self) -> Option<Arc<InFlight>> {
        self.in_flight.clone()
    }

    pub(super) fn asking(&self) -> Asking {
        self.asking
    }

    /// Has the answer be a challenge for a token with the scope for writing; false for a client that takes none.
    pub(super) fn challenges_for_scope(&self) -> bool {
        self.needs_writing.as_ref().inspect(|needed| needed.set()).is_some()
    }

    /// Waits for the work, and tells the client from time to time that it goes on.
    pub(super) async fn during<T>(&mut self, mut work: Pin<&mut impl Future<Output = T>>) -> T {
        if self.token.is_none() {
            return work.await;
        }
        let mut beat = interval_at(Instant::now() + BEAT, BEAT);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = beat.tick() => {
                    let seconds = self.start.elapsed().as_secs_f64().round();
                    let (progress, total) = self.step.as_ref().map_or((seconds, None), |step| (step.progress, step.total));
                    self.notify(progress, total, Some(format!("running for {seconds} s"))).await;
                }
            }
        }
    }

    /// Tells the client that a step is done.
    pub(super) async fn report(&mut self, step: Progress) {
        self.notify(step.progress, step.total, step.message.clone()).await;
        self.step = Some(step);
    }

    async fn notify(&mut self, progress: f64, total: Option<f64>, message: Option<String>) {
        let (Some(peer), Some(token)) = (&self.peer, &self.token) else { return };
        let progress = self.reported.map_or(progress, |reported| progress.max(reported.next_up()));
        self.reported = Some(progress);
        let mut notification = ProgressNotificationParam::new(token.clone(), progress);
        (notification.total, notification.message) = (total, message);
        // A client that has gone away is noticed elsewhere.
        let _ = peer.notify_progress(notification).await;
    }

    /// Asks the client by requests, one after the other, and collects its answers.
    ///
    /// # Errors
    ///
    /// What cannot be asked, or why there is no answer.
    pub(super) async fn ask(&self, required: InputRequired) -> Result<Vec<InputResponse>, ErrorData> {
        let mut responses = Vec::new();
        for request in required.requests {
            let response = match convert::input_request(&request)? {
                InputRequest::Elicitation(elicitation) => self.elicit(elicitation.params).await?,
                _ => return Err(ErrorData::invalid_request("of a client, only elicitation is asked", None)),
            };
            responses.push(component::InputResponse { id: request.id, response });
        }
        Ok(responses)
    }

    async fn elicit(&self, params: ElicitRequestParams) -> Result<String, ErrorData> {
        let Some(peer) = &self.peer else { return Err(ErrorData::invalid_request("nobody can be asked", None)) };
        // At the end of that time, the client is told that nobody waits any longer.
        let answer = match peer.create_elicitation_with_timeout(params, Some(ANSWER_WITHIN)).await {
            Ok(answer) => answer,
            Err(ServiceError::McpError(error)) => return Err(error),
            Err(ServiceError::Timeout { .. }) => {
                return Err(ErrorData::internal_error("nobody answered within ten minutes; nothing was done", None));
            }
            Err(error) => {
                return Err(ErrorData::internal_error(format!("the client did not answer: {error}"), None));
            }
        };
        serde_json::to_string(&answer).map_err(|error| ErrorData::internal_error(error.to_string(), None))
    }
}
