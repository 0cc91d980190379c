//! The one way out of the sandbox: one origin, the key added here, pooled connections, reads sent again.

mod connections;
mod failure;
mod own_answers;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION};
use http::response::Parts;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::Error as ClientError;
use tokio::time::{Instant, sleep, timeout_at};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::budget::Budget;
use crate::key::SecretKey;
use crate::origin::Origin;
use crate::retry;
use connections::{Connections, connections};
use failure::Failure;
use own_answers::{audit_unavailable, budget_exhausted};

/// The largest answer that is let in, in bytes. The tools stop well before.
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// The time that a connection opened in advance may take.
const WARM_WITHIN: Duration = Duration::from_secs(10);

/// No answer of the API.
#[derive(Debug)]
pub(crate) enum Unreached {
    TimedOut,
    Failed(ClientError),
}

/// The way out, shared by all calls.
#[derive(Clone)]
pub(crate) struct Egress {
    connections: Connections,
    origin: Arc<Origin>,
    budget: Budget,
}

impl Egress {
    pub(crate) fn new(origin: Origin, budget: Budget) -> Self {
        Self { connections: connections(), origin: Arc::new(origin), budget }
    }

    /// A way out to the same API with a pool of connections of its own.
    pub(crate) fn with_own_connections(&self) -> Self {
        Self::new(Origin::clone(&self.origin), self.budget.clone())
    }

    pub(crate) fn origin(&self) -> &Origin {
        &self.origin
    }

    pub(crate) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Whether the API answers, whatever it answers to a request without a key.
    pub(crate) async fn is_reachable(&self, within: Duration) -> bool {
        self.probe(Method::GET, within).await.is_ok_and(|answer| !answer.status.is_server_error())
    }

    /// The head of the API's answer to a request without a key.
    pub(crate) async fn probe(&self, method: Method, within: Duration) -> Result<Parts, Unreached> {
        let mut request = Request::new(empty_body());
        *request.method_mut() = method;
        *request.uri_mut() = self.origin.base();
        let answer = tokio::time::timeout(within, self.connections.request(request)).await;
        Ok(answer.map_err(|_| Unreached::TimedOut)?.map_err(Unreached::Failed)?.into_parts().0)
    }

    /// Opens a connection for the first call, in the background, by a HEAD without a key: the pool makes one for a request
    /// only. An API without TLS is on this machine, where that takes no time. Where there is no network, the call will say so.
    pub(crate) fn warm(&self) {
        if !self.origin.is_secure() {
            return;
        }
        let egress = self.clone();
        tokio::spawn(async move {
            match egress.probe(Method::HEAD, WARM_WITHIN).await {
                Ok(_) => tracing::debug!("a connection to the API is open"),
                Err(unreached) => tracing::debug!("no connection to the API yet: {unreached:?}"),
            }
        });
    }

    /// The request with what the host adds, if it may leave at all.
    fn admit(&self, request: Request<WasiBody>, key: &SecretKey) -> Option<Request<WasiBody>> {
        let is_usual = ![Method::TRACE, Method::CONNECT].contains(request.method());
        if !is_usual || !self.origin.allows(request.uri()) {
            tracing::warn!(method = %request.method(), "a request to something else than the API was refused");
            return None;
        }
        let (mut parts, body) = request.into_parts();
        for name in [AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION] {
            parts.headers.remove(name);
        }
        parts.headers.insert(AUTHORIZATION, key.authorization());
        Some(Request::from_parts(parts, body))
    }

    /// Sends a request; a read again where the answer invites it and the deadline leaves time. Each time counts as one
    /// of the call's requests.
    async fn send(
        &self,
        request: Request<WasiBody>,
        key: &SecretKey,
        deadline: Instant,
        sent: Sent<'_>,
    ) -> Result<Response<WasiBody>, Failure> {
        let read = (request.method() == Method::GET).then(|| again(&request));
        let mut answer = self.send_once(request, key, deadline, sent).await;
        let Some(read) = read else { return answer };
        let mut waited = Duration::ZERO;
        for attempt in 1..retry::MOST_ATTEMPTS {
            let left = deadline.saturating_duration_since(Instant::now());
            let pause = match &answer {
                Ok(response) => retry::pause(response.status(), response.headers(), attempt, waited, left, jitter()),
                Err(Failure::Refused) => {
                    retry::pause(StatusCode::SERVICE_UNAVAILABLE, &HeaderMap::new(), attempt, waited, left, jitter())
                }
                // The server closed a connection that it had kept open: the next one is another.
                Err(Failure::Broken | Failure::LeftOut) if attempt == 1 => Some(Duration::ZERO),
                Err(_) => None,
            };
            let Some(pause) = pause else { break };
            sleep(pause).await;
            waited = waited.saturating_add(pause);
            answer = self.send_once(again(&read), key, deadline, sent).await;
        }
        answer
    }

    async fn send_once(
        &self,
        request: Request<WasiBody>,
        key: &SecretKey,
        deadline: Instant,
        sent: Sent<'_>,
    ) -> Result<Response<WasiBody>, Failure> {
        let path = self.origin.below(request.uri().path());
        if let Err(exhausted) = self.budget.take(key, request.method(), path) {
            return Ok(budget_exhausted(&exhausted));
        }
        sent.requests.fetch_add(1, Ordering::Relaxed);
        // Counted before it is known: a call may be dropped while it waits.
        let writes = u32::from(request.method() != Method::GET && request.method() != Method::HEAD);
        sent.writes.fetch_add(writes, Ordering::Relaxed);
        let limited =
            |body: Incoming| Limited::new(body, MOST_BYTES).map_err(|error| failure::of_body(&*error)).boxed_unsync();
        match timeout_at(deadline, self.connections.request(request)).await {
            Ok(Ok(mut response)) => {
                retry::in_seconds(response.headers_mut());
                Ok(response.map(limited))
            }
            Ok(Err(error)) => {
                let failure = Failure::of(&error);
                if failure.is_without_effect() {
                    sent.writes.fetch_sub(writes, Ordering::Relaxed);
                }
                Err(failure)
            }
            Err(_) => Err(Failure::TimedOut),
        }
    }
}

/// The counts of a call's requests, and of those that write and may have reached the API.
#[derive(Clone, Copy)]
struct Sent<'a> {
    requests: &'a AtomicU32,
    writes: &'a AtomicU32,
}

/// The way out for one call.
pub(crate) struct CallEgress {
    pub(crate) egress: Egress,
    /// Without a key nothing leaves.
    pub(crate) key: Option<SecretKey>,
    /// The organization that each of these names, and the users that requests are kept to.
    pub(crate) organizations: Vec<String>,
    pub(crate) users: Vec<String>,
    pub(crate) deadline: Instant,
    /// How many requests have left so far.
    pub(crate) requests: Arc<AtomicU32>,
    pub(crate) before_write: Option<BeforeWrite>,
    /// How many of those that write may have reached the API.
    pub(crate) writes: Arc<AtomicU32>,
}

impl CallEgress {
    /// Tells whether a request stays within what the call is kept to.
    fn is_inside(&self, request: &Request<WasiBody>) -> bool {
        let whole = request.uri().path_and_query().map_or("", |path| path.as_str());
        let path = self.egress.origin.below(whole);
        let is_inside = pins::admits(&self.organizations, &self.users, request.method().as_str(), path);
        if !is_inside {
            tracing::warn!(method = %request.method(), "a request outside of what the call is kept to was refused");
        }
        is_inside
    }
}

/// Work to be done before the first write of a call leaves. Why it failed, if it did: then the write stays.
pub(crate) type BeforeWrite = Arc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), String>> + Send>> + Send + Sync>;

type Io = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for CallEgress {
    fn send_request(
        &mut self,
        request: Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Io,
    ) -> Box<dyn Future<Output = Result<(Response<WasiBody>, Io), Error>> + Send> {
        let (egress, deadline) = (self.egress.clone(), self.deadline);
        let (requests, writes) = (Arc::clone(&self.requests), Arc::clone(&self.writes));
        let is_inside = self.is_inside(&request);
        let admitted = self.key.clone().filter(|_| is_inside);
        let admitted = admitted.and_then(|key| Some((egress.admit(request, &key)?, key)));
        let before_write = self.before_write.clone();
        Box::new(async move {
            let (request, key) = admitted.ok_or(Error::HttpRequestDenied)?;
            let held_back = match before_write {
                Some(before_write) if request.method() != Method::GET => before_write().await.err(),
                _ => None,
            };
            let response = match held_back {
                Some(reason) => audit_unavailable(&reason),
                None => egress.send(request, &key, deadline, Sent { requests: &requests, writes: &writes }).await?,
            };
            Ok((response, Box::new(std::future::ready(Ok(()))) as Io))
        })
    }

    fn set_host_header(&mut self) -> bool {
        false
    }
}

/// The same request once more; reads have no body.
fn again(request: &Request<WasiBody>) -> Request<WasiBody> {
    let mut copy = Request::new(empty_body());
    request.method().clone_into(copy.method_mut());
    request.uri().clone_into(copy.uri_mut());
    request.headers().clone_into(copy.headers_mut());
    copy
}

fn empty_body() -> WasiBody {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// From 0 to 1, different enough between callers.
fn jitter() -> f64 {
    let nanoseconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    f64::from(nanoseconds % 1_000_000) / 1_000_000.0
}
