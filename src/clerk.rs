//! The way to Clerk for one call: what goes along it is verified and noted.

use core::cell::RefCell;
use core::mem;
use core::slice;
use std::borrow::Cow;
use std::collections::VecDeque;

use serde_json::{Value, json};

use crate::api::{Answers, Api, Named};
use crate::bindings::exports::clerk::mcp::mcp_types::{Allowance, CallContext};
use crate::catalogue;
use crate::error::{Failure, Response, SendError};
use crate::identity;
use crate::json_text;
use crate::kept::kept;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::Secret;
use crate::standing;
use crate::tool::Tool;
use crate::transport::{Deadline, InFlight};

/// The least time that has to be left to begin another request.
const SHORTEST: u64 = 500_000_000;

/// The way to Clerk for one call, and what has gone along it.
pub(crate) struct Clerk<'a> {
    context: &'a CallContext,
    policy: Policy<'a>,
    deadline: Deadline,
    /// True where reads leave time for a write.
    keeps_time: bool,
    log: RefCell<Log>,
    known: RefCell<Known>,
}

/// The users and sessions that were looked up, and whether each is inside of what the call is kept to.
type Known = Vec<(String, bool)>;

/// The deeds of a call so far.
#[derive(Default)]
pub(crate) struct Log {
    /// Clerk's names for the requests.
    pub(crate) trace_ids: Vec<String>,
    /// The paths of the requests that may have changed something.
    pub(crate) written: Vec<String>,
    /// True where a request was sent that writes, whatever came of it.
    pub(crate) tried: bool,
    /// The secrets that the answers held, for a host that keeps them.
    secrets: Vec<Secret>,
    /// True where Clerk or the host wants no more requests for now.
    full: bool,
    /// True where a write was answered with success and nothing else.
    silent: bool,
}

impl<'a> Clerk<'a> {
    pub(crate) fn new(context: &'a CallContext) -> Self {
        let deadline = Deadline::after_ms(context.timeout_ms);
        let (log, known) = (RefCell::default(), RefCell::default());
        Self { context, policy: (&context.policy).into(), deadline, keeps_time: false, log, known }
    }

    /// Tells whether a user or a session was found to be inside of what the call is kept to; none where nobody has looked.
    pub(crate) fn known(&self, id: &str) -> Option<bool> {
        self.known.borrow().iter().find_map(|(known, is_inside)| (known == id).then_some(*is_inside))
    }

    pub(crate) fn know(&self, id: &str, is_inside: bool) {
        self.known.borrow_mut().push((id.into(), is_inside));
    }

    /// Keeps the call to the organization with this id.
    pub(crate) fn pin(&mut self, organization: &'a str) {
        self.policy.pins.organization = Some(organization);
    }

    /// The answer to a request whose place is not looked at: it finds out what is inside.
    ///
    /// # Errors
    ///
    /// There was no answer in time, or its status is not 2xx, or it is about something else.
    pub(crate) fn fetch_unpinned(&self, request: &Request) -> Result<Value, Failure> {
        let mut looks = self.fetching(Cow::Borrowed(slice::from_ref(request)), false);
        looks.next().expect("a request that reads is begun")
    }

    /// Requests, of which each is held against what the call is kept to or none is.
    fn fetching<'r>(&'r self, requests: Cow<'r, [Request]>, is_kept: bool) -> Fetching<'r> {
        let is_look = self.keeps_time && requests.iter().all(|request| request.endpoint.method.is_read());
        let in_flight = InFlight::until(if is_look { self.deadline.half() } else { self.deadline });
        Fetching { clerk: self, requests, is_kept, refused: VecDeque::new(), begun: 0, taken: 0, in_flight }
    }

    /// Has reads leave time for a write: however slow what it looks at is, the write is sent.
    pub(crate) fn keeping_time(self) -> Self {
        Self { keeps_time: true, ..self }
    }

    /// Tells whether a request was sent that writes.
    pub(crate) fn has_written(&self) -> bool {
        self.log.borrow().tried
    }

    /// Tells whether a write was answered with success and nothing else.
    pub(crate) fn was_silent(&self) -> bool {
        self.log.borrow().silent
    }

    /// The paths of the requests that may have changed something.
    pub(crate) fn written(&self) -> Vec<String> {
        self.log.borrow().written.clone()
    }

    /// The secrets in the answers so far, where the host keeps them.
    pub(crate) fn take_secrets(&self) -> Vec<Secret> {
        mem::take(&mut self.log.borrow_mut().secrets)
    }

    pub(crate) fn log(self) -> Log {
        self.log.into_inner()
    }

    /// Notes what has come of a request, and reads the answer.
    fn read(&self, request: &Request, outcome: Result<Response, SendError>) -> Result<Value, Failure> {
        let is_read = request.endpoint.method.is_read();
        let mut log = self.log.borrow_mut();
        let may_have_written = outcome.as_ref().map_or_else(|error| error.sent, Response::may_have_written);
        if !is_read {
            log.tried |= outcome.as_ref().map_or_else(|error| error.sent, |response| !response.is_kept_back());
            log.written.extend(may_have_written.then(|| request.path_and_query.clone()));
        }
        log.trace_ids.extend(outcome.as_ref().ok().and_then(|response| response.trace_id.clone()));
        match outcome {
            Ok(response) if response.is_success() && response.body.trim_ascii().is_empty() => {
                log.silent |= !is_read;
                silence(request)
            }
            Ok(response) if response.is_success() => {
                let answer = json_text::parse_bytes(&response.body);
                let answer = answer.map_err(|why| Failure::no_json(&why, is_read))?;
                identity::check_answer(request, &answer).map(|()| answer)
            }
            Ok(response) => Err(Failure::refused(response, is_read)),
            Err(error) => Err(Failure::from_send(&error, is_read)),
        }
    }
}

impl Api for Clerk<'_> {
    fn fetch_all<'a>(&'a self, requests: &'a [Request]) -> Answers<'a> {
        Box::new(self.fetching(kept(self.policy.pins, requests), true))
    }

    fn may_go_on(&self) -> bool {
        self.deadline.nanoseconds_left() > SHORTEST && !self.log.borrow().full
    }

    fn keep(&self, secrets: Vec<Secret>) {
        if self.policy.keeps_secrets {
            self.log.borrow_mut().secrets.extend(secrets);
        }
    }

    fn policy(&self) -> &Policy<'_> {
        &self.policy
    }

    fn tools(&self) -> Vec<Named> {
        let tools = catalogue::all().filter(|tool| tool.leads_to.is_empty());
        let named = |tool: &'static Tool| Named {
            name: tool.name,
            title: tool.title,
            description: tool.description,
            obstacle: self.policy.obstacle(tool.subject()),
        };
        tools.map(named).collect()
    }

    fn standing(&self) -> Value {
        let mut standing = standing::of(&self.policy);
        let allowance = |given: &Allowance| json!({ "left": given.left, "of": given.of, "seconds": given.seconds });
        // What is left of it tells what is done for others.
        if let Some(budget) = self.context.budget.as_ref().filter(|_| !self.policy.pins.are_set()) {
            standing["budget"] = json!({});
            for (name, given) in [("requests", &budget.requests), ("writes", &budget.writes)] {
                standing["budget"][name] = given.as_ref().map_or(Value::Null, allowance);
            }
        }
        standing
    }
}

/// Requests that go along the way to Clerk beside each other.
struct Fetching<'a> {
    clerk: &'a Clerk<'a>,
    requests: Cow<'a, [Request]>,
    is_kept: bool,
    /// The reasons for which requests that were begun and not taken are not sent.
    refused: VecDeque<Option<Failure>>,
    /// The number of requests that were begun, and of those whose answers were taken.
    begun: usize,
    taken: usize,
    in_flight: InFlight,
}

impl Iterator for Fetching<'_> {
    type Item = Result<Value, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.taken == self.requests.len() {
            return None;
        }
        self.begin();
        if self.taken == self.begun {
            return None;
        }
        self.taken += 1;
        if let Some(failure) = self.refused.pop_front().flatten() {
            return Some(Err(failure));
        }
        loop {
            if let Some(outcome) = self.in_flight.take() {
                self.clerk.log.borrow_mut().full |= self.in_flight.are_too_many();
                let request = &self.requests[self.taken - 1];
                let answer = self.clerk.read(request, outcome);
                return Some(if self.is_kept { self.clerk.narrowed(request, answer) } else { answer });
            }
            self.in_flight.wait();
            self.begin();
        }
    }
}

impl Fetching<'_> {
    /// Begins as many requests as may be in flight.
    fn begin(&mut self) {
        while let Some(request) = self.requests.get(self.begun)
            && self.in_flight.has_room()
            && self.may_begin(request)
        {
            // What is not to be sent is told in its turn.
            let refused = identity::check_request(request).and_then(|()| self.admit(request)).err();
            if refused.is_none() {
                self.in_flight.begin(request, self.clerk.context);
            }
            self.refused.push_back(refused);
            self.begun += 1;
        }
    }

    fn admit(&self, request: &Request) -> Result<(), Failure> {
        if self.is_kept { self.clerk.admit(request) } else { Ok(()) }
    }

    fn may_begin(&self, request: &Request) -> bool {
        let is_read = request.endpoint.method.is_read();
        is_read || self.begun == 0 || (self.clerk.may_go_on() && !self.in_flight.are_too_many())
    }
}

/// The answer to a write that was confirmed without one; a read needs one.
fn silence(request: &Request) -> Result<Value, Failure> {
    if request.endpoint.method.is_read() {
        return Err(Failure::unusable("the API answered with success, but its body is empty"));
    }
    Ok(identity::known(request))
}
