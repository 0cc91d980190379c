//! Requests in flight beside each other: each is a small state machine, and all of them are waited for at once.

use core::mem;

use wasip2::clocks::monotonic_clock;
use wasip2::http::types::{FutureIncomingResponse, IncomingBody, IncomingResponse};
use wasip2::io::poll::{Pollable, poll};
use wasip2::io::streams::{InputStream, StreamError};

use super::{Deadline, MOST_BYTES, failed, head, misused, send, timed_out, too_large};
use crate::bindings::exports::clerk::mcp::mcp_types::CallContext;
use crate::error::{Response, SendError};
use crate::request::Request;

/// The most requests that are in flight at once.
const MOST: usize = 8;
const READ_BYTES: u64 = 64 * 1024;

/// Requests in flight, and the answers that have come before those of earlier requests: in the order of the requests.
pub(crate) struct InFlight {
    flights: Vec<Flight>,
    deadline: Deadline,
    too_many: bool,
}

/// A request and what has come of it. What is dropped first belongs to what is dropped after it.
struct Flight {
    state: State,
    answer: Option<FutureIncomingResponse>,
}

enum State {
    /// It was sent, and nothing has come yet.
    Sent(Pollable),
    Reading(Reading),
    Done(Result<Response, SendError>),
}

impl InFlight {
    pub(crate) fn until(deadline: Deadline) -> Self {
        Self { flights: Vec::new(), deadline, too_many: false }
    }

    /// Sends a request.
    pub(crate) fn begin(&mut self, request: &Request, context: &CallContext) {
        self.flights.push(match send(request, context, self.deadline) {
            Ok(answer) => Flight { state: State::Sent(answer.subscribe()), answer: Some(answer) },
            Err(error) => Flight { state: State::Done(Err(error)), answer: None },
        });
    }

    /// Tells whether one more may be in flight.
    pub(crate) fn has_room(&self) -> bool {
        self.flights.iter().filter(|flight| !flight.is_done()).count() < MOST
    }

    /// Tells whether an answer has come that says that there are too many requests, be it its head alone.
    pub(crate) fn are_too_many(&self) -> bool {
        self.too_many
    }

    /// Takes the answer to the first request, once it is there.
    pub(crate) fn take(&mut self) -> Option<Result<Response, SendError>> {
        if !self.flights.first()?.is_done() {
            return None;
        }
        match self.flights.remove(0).state {
            State::Done(outcome) => Some(outcome),
            State::Sent(_) | State::Reading(_) => None,
        }
    }

    /// Waits until something comes for one of them, or the time is up.
    pub(crate) fn wait(&mut self) {
        let (mut places, mut events) = (Vec::new(), Vec::new());
        for (place, flight) in self.flights.iter().enumerate() {
            if let Some(event) = flight.event(self.room(place)) {
                places.push(place);
                events.push(event);
            }
        }
        let timer = monotonic_clock::subscribe_instant(self.deadline.0);
        events.push(&timer);
        for event in poll(&events) {
            match places.get(event as usize) {
                Some(place) => {
                    let room = self.room(*place);
                    self.flights[*place].go_on(room);
                    self.too_many |= self.flights[*place].status() == Some(429);
                }
                None => self.flights.iter_mut().for_each(Flight::give_up),
            }
        }
    }

    /// The number of bytes that may be read of this answer yet. The first one is always read to its end; those after it wait
    /// where all together are as many as one may have.
    fn room(&self, place: usize) -> usize {
        let held = if place == 0 { 0 } else { self.flights.iter().map(Flight::bytes).sum() };
        MOST_BYTES.saturating_sub(held)
    }
}

impl Flight {
    fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }

    /// What has come of the answer.
    fn response(&self) -> Option<&Response> {
        match &self.state {
            State::Sent(_) | State::Done(Err(_)) => None,
            State::Reading(Reading { response, .. }) | State::Done(Ok(response)) => Some(response),
        }
    }

    fn status(&self) -> Option<u16> {
        self.response().map(|response| response.status)
    }

    /// The number of bytes that it holds.
    fn bytes(&self) -> usize {
        self.response().map_or(0, |response| response.body.len())
    }

    /// The event that it waits for, where so many bytes may be read yet.
    fn event(&self, room: usize) -> Option<&Pollable> {
        match &self.state {
            State::Sent(event) => Some(event),
            State::Reading(reading) => Some(&reading.event).filter(|_| room > 0),
            State::Done(_) => None,
        }
    }

    /// Takes what has come.
    fn go_on(&mut self, room: usize) {
        if let (State::Sent(_), Some(answer)) = (&self.state, &self.answer) {
            let response = match answer.get() {
                Some(Ok(Ok(response))) => Reading::begin(response),
                Some(Ok(Err(error))) => Err(failed(&error)),
                Some(Err(())) => Err(misused("the host gave no answer")),
                None => return,
            };
            self.state = response.map_or_else(|error| State::Done(Err(error)), State::Reading);
        }
        if let State::Reading(reading) = &mut self.state
            && let Some(outcome) = reading.go_on(room)
        {
            self.state = State::Done(outcome);
        }
    }

    /// Drops a request that is not done when the time is up.
    fn give_up(&mut self) {
        if !self.is_done() {
            self.state = State::Done(Err(timed_out()));
            self.answer = None;
        }
    }
}

/// An answer whose body is read as it comes. What is dropped first belongs to what is dropped after it.
struct Reading {
    response: Response,
    event: Pollable,
    stream: InputStream,
    _parents: (IncomingBody, IncomingResponse),
}

impl Reading {
    fn begin(incoming: IncomingResponse) -> Result<Self, SendError> {
        let body = incoming.consume().map_err(|()| misused("the answer's body was taken before"))?;
        let stream = body.stream().map_err(|()| misused("the answer's body was read before"))?;
        Ok(Self { response: head(&incoming), event: stream.subscribe(), stream, _parents: (body, incoming) })
    }

    /// Reads what has come of the body, about as much as there is room for: the answer, once it is whole.
    fn go_on(&mut self, mut room: usize) -> Option<Result<Response, SendError>> {
        let body = &mut self.response.body;
        while room > 0 {
            match self.stream.read(READ_BYTES) {
                Ok(chunk) if chunk.is_empty() => return None,
                Ok(chunk) if body.len() + chunk.len() > MOST_BYTES => return Some(Err(too_large())),
                Ok(chunk) => {
                    room = room.saturating_sub(chunk.len());
                    if body.is_empty() {
                        *body = chunk;
                    } else {
                        body.extend_from_slice(&chunk);
                    }
                }
                Err(StreamError::Closed) => return Some(Ok(mem::take(&mut self.response))),
                Err(StreamError::LastOperationFailed(_)) => return Some(Err(broken_off(body.len()))),
            }
        }
        None
    }
}

fn broken_off(bytes: usize) -> SendError {
    SendError {
        code: "response_incomplete",
        message: format!("the API's answer broke off after {bytes} bytes"),
        remedy: "Call again.",
        sent: true,
    }
}
