//! What can be said to a client while its call runs: how far it is, and what it has to answer first.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use http::request::Parts;
use rmcp::model::{
    ClientResult, ElicitRequest, ErrorCode, InputRequest, ProgressNotificationParam, ProgressToken, ServerRequest,
};
use rmcp::service::{Peer, PeerRequestOptions, RequestContext, RoleServer, ServiceError};
use tokio::time::{Instant, interval_at};

use super::asking::{self, Asking};
use super::convert;
use super::stopped::Unanswered;
use crate::auth::scope::NeedsWriting;
use crate::component::{InputRequired, InputResponse, Progress};
use crate::in_flight::InFlight;
use crate::terminal::person::{self, Person};

/// How long a call is silent before its client hears that it still runs.
const BEAT: Duration = Duration::from_secs(2);
/// The same for a person at a terminal, who sees a line for each beat.
const BEAT_OF_PERSON: Duration = Duration::from_secs(2);
/// How long a person gets to answer.
pub(super) const ANSWER_WITHIN: Duration = Duration::from_mins(10);

/// How much of a client's error is repeated, in characters.
const MOST_WORDS: usize = 200;

/// The client's side of a call.
pub(super) struct Conversation {
    peer: Option<Peer<RoleServer>>,
    /// Who sees the terminal, where a command of theirs makes the call.
    person: Option<Person>,
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
            person: None,
            in_flight: None,
            asking: Asking::Never,
            needs_writing: None,
            token: None,
            reported: None,
            step: None,
            start: Instant::now(),
        }
    }

    /// With whoever sees the terminal of a command, if anybody.
    pub(super) fn at_terminal(person: Option<Person>) -> Self {
        let asking = if person.is_some() { Asking::ByRequest } else { Asking::Never };
        Self { person, asking, ..Self::none() }
    }

    pub(super) fn with(context: &RequestContext<RoleServer>) -> Self {
        Self {
            peer: Some(context.peer.clone()),
            in_flight: context.extensions.get::<Parts>().and_then(|parts| parts.extensions.get().cloned()),
            asking: Asking::of(context),
            needs_writing: asking::challenge(context),
            token: context.meta.get_progress_token().filter(|_| asking::takes_streams(context)),
            ..Self::none()
        }
    }

    /// The request that this is said in, where it takes a place.
    pub(super) fn in_flight(&self) -> Option<Arc<InFlight>> {
        self.in_flight.clone()
    }

    /// Whether there is no client, but a command of the operator's.
    pub(super) fn is_with_nobody(&self) -> bool {
        self.peer.is_none()
    }

    pub(super) fn asking(&self) -> Asking {
        self.asking
    }

    /// Has the answer be a challenge for a token with the scope for writing; false for a client that takes none.
    pub(super) fn challenges_for_scope(&self) -> bool {
        self.needs_writing.as_ref().inspect(|needed| needed.set()).is_some()
    }

    /// Waits for the work, and tells the client from time to time that it goes on: some give up after a minute of silence.
    /// `requests`: the number of those that have left for the API so far.
    pub(super) async fn during<T>(&mut self, requests: &AtomicU32, work: Pin<&mut impl Future<Output = T>>) -> T {
        let words = |seconds| match requests.load(Ordering::Relaxed) {
            1 => format!("running for {seconds} s, 1 request made"),
            made => format!("running for {seconds} s, {made} requests made"),
        };
        self.telling(words, work).await
    }

    async fn telling<T>(&mut self, words: impl Fn(f64) -> String, mut work: Pin<&mut impl Future<Output = T>>) -> T {
        let beat = match (&self.token, self.person) {
            (Some(_), _) => BEAT,
            (None, Some(_)) => BEAT_OF_PERSON,
            (None, None) => return work.await,
        };
        let mut beat = interval_at(Instant::now() + beat, beat);
        loop {
            tokio::select! {
                done = &mut work => return done,
                _ = beat.tick() => {
                    let seconds = self.start.elapsed().as_secs_f64().round();
                    if self.person.is_some() {
                        person::tell(None, &words(seconds));
                        continue;
                    }
                    let (progress, total) = self.step.as_ref().map_or((seconds, None), |step| (step.progress, step.total));
                    self.notify(progress, total, Some(words(seconds))).await;
                }
            }
        }
    }

    /// Tells the client that a step is done.
    pub(super) async fn report(&mut self, step: Progress) {
        if self.person.is_some() {
            person::tell(Some((step.progress, step.total)), step.message.as_deref().unwrap_or_default());
        }
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
    pub(super) async fn ask(&mut self, required: InputRequired) -> Result<Vec<InputResponse>, Unanswered> {
        let mut responses = Vec::new();
        if let Some(person) = self.person {
            return ask_at_terminal(person, required).await;
        }
        for request in required.requests {
            let (Ok(InputRequest::Elicitation(elicitation)), Some(peer)) =
                (convert::input_request(&request), self.peer.clone())
            else {
                return Err(Unanswered::Refused("of a client, only elicitation is asked".into()));
            };
            let asked = Instant::now();
            let answer = pin!(elicit(peer, elicitation));
            let response = self.telling(|seconds| format!("waiting for an answer for {seconds} s"), answer).await?;
            let after_ms = u32::try_from(asked.elapsed().as_millis()).ok();
            responses.push(InputResponse { id: request.id, response, after_ms });
        }
        Ok(responses)
    }
}

/// Asks the person at the terminal, who has as long as they want.
async fn ask_at_terminal(person: Person, required: InputRequired) -> Result<Vec<InputResponse>, Unanswered> {
    let mut responses = Vec::new();
    for request in required.requests {
        if request.method != "elicitation/create" {
            return Err(Unanswered::Refused("of a person, only elicitation is asked".into()));
        }
        let asked = Instant::now();
        let response = person.ask(&request.params).await.map_err(Unanswered::Refused)?;
        let after_ms = u32::try_from(asked.elapsed().as_millis()).ok();
        responses.push(InputResponse { id: request.id, response, after_ms });
    }
    Ok(responses)
}

async fn elicit(peer: Peer<RoleServer>, question: ElicitRequest) -> Result<String, Unanswered> {
    // At the end of that time, the client is told that nobody waits any longer.
    let options = PeerRequestOptions::with_timeout(ANSWER_WITHIN);
    let answer = match peer.send_request_with_option(ServerRequest::ElicitRequest(question), options).await {
        Ok(sent) => sent.await_response().await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(ClientResult::ElicitResult(answer)) => {
            serde_json::to_string(&answer).map_err(|error| Unanswered::Refused(error.to_string()))
        }
        Err(ServiceError::McpError(error)) if error.code == ErrorCode::METHOD_NOT_FOUND => {
            Err(Unanswered::Refused("it does not know the method elicitation/create".into()))
        }
        Err(ServiceError::McpError(error)) => {
            let words: String = error.message.chars().filter(|letter| !letter.is_control()).take(MOST_WORDS).collect();
            Err(Unanswered::Refused(format!("it answered with the error {}: {words}", error.code.0)))
        }
        Err(ServiceError::Timeout { .. }) => Err(Unanswered::Late),
        Ok(_) => Err(Unanswered::Refused("its answer is none to a question".into())),
        Err(error) => Err(Unanswered::Refused(format!("it did not answer: {error}"))),
    }
}
