//! The one way out of the sandbox: one origin, the key added here, pooled connections, reads sent again.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::header::{AUTHORIZATION, COOKIE, HOST, PROXY_AUTHORIZATION, RETRY_AFTER};
use http::response::Parts;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt, Empty, Full, Limited};
use hyper::body::Incoming;
use hyper_util::client::legacy::{Client, Error as ClientError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde_json::json;
use tokio::time::{Instant, sleep, timeout_at};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpHooks};

use crate::budget::{Budget, Exhausted};
use crate::connector::{self, Connector};
use crate::key::SecretKey;
use crate::origin::Origin;
use crate::retry;

/// How long an idle connection is kept: less than servers keep theirs, so that few are closed under a request.
const IDLE: Duration = Duration::from_secs(15);
/// The largest buffer of a connection to the API, in bytes, which an idle one keeps.
const BUFFER: usize = 64 * 1024;
/// The largest answer that is let in, in bytes. The tools stop well before.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// No answer of the API.
#[derive(Debug)]
pub(crate) enum Unreached {
    TimedOut,
    Failed(ClientError),
}

/// The way out, shared by all calls.
#[derive(Clone)]
pub(crate) struct Egress {
    client: Client<Connector, WasiBody>,
    origin: Arc<Origin>,
    budget: Budget,
}

impl Egress {
    pub(crate) fn new(origin: Origin, budget: Budget) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .http1_max_buf_size(BUFFER)
            .build(connector::connector());
        Self { client, origin: Arc::new(origin), budget }
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
        self.probe(within).await.is_ok_and(|answer| !answer.status.is_server_error())
    }

    /// The head of the API's answer to a request without a key.
    pub(crate) async fn probe(&self, within: Duration) -> Result<Parts, Unreached> {
        let mut request = Request::new(empty_body());
        *request.uri_mut() = self.origin.base();
        let answer = tokio::time::timeout(within, self.client.request(request)).await;
        Ok(answer.map_err(|_| Unreached::TimedOut)?.map_err(Unreached::Failed)?.into_parts().0)
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
    ) -> Result<Response<WasiBody>, Error> {
        let read = (request.method() == Method::GET).then(|| again(&request));
        let mut answer = self.send_once(request, key, deadline, sent).await;
        let Some(read) = read else { return answer };
        let mut waited = Duration::ZERO;
        for attempt in 1..retry::MOST_ATTEMPTS {
            let left = deadline.saturating_duration_since(Instant::now());
            let pause = match &answer {
                Ok(response) => retry::pause(response.status(), response.headers(), attempt, waited, left, jitter()),
                // The server closed a connection that it had kept open.
                Err(Error::ConnectionTerminated) if attempt == 1 => Some(Duration::ZERO),
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
    ) -> Result<Response<WasiBody>, Error> {
        let path = self.origin.below(request.uri().path());
        if let Err(exhausted) = self.budget.take(key, request.method(), path) {
            return Ok(too_many_requests(&exhausted));
        }
        sent.requests.fetch_add(1, Ordering::Relaxed);
        // Counted before it is known: a call may be dropped while it waits.
        let writes = u32::from(request.method() != Method::GET && request.method() != Method::HEAD);
        sent.writes.fetch_add(writes, Ordering::Relaxed);
        let limited =
            |body: Incoming| Limited::new(body, MOST_BYTES).map_err(|error| body_error(&*error)).boxed_unsync();
        match timeout_at(deadline, self.client.request(request)).await {
            Ok(Ok(mut response)) => {
                retry::in_seconds(response.headers_mut());
                Ok(response.map(limited))
            }
            Ok(Err(error)) => {
                if error.is_connect() {
                    sent.writes.fetch_sub(writes, Ordering::Relaxed);
                }
                Err(classify(&error))
            }
            Err(_) => Err(Error::HttpResponseTimeout),
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
    pub(crate) deadline: Instant,
    /// How many requests have left so far.
    pub(crate) requests: Arc<AtomicU32>,
    pub(crate) before_write: Option<BeforeWrite>,
    /// How many of those that write may have reached the API.
    pub(crate) writes: Arc<AtomicU32>,
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
        let admitted = self.key.clone().and_then(|key| Some((egress.admit(request, &key)?, key)));
        let before_write = self.before_write.clone();
        Box::new(async move {
            let (request, key) = admitted.ok_or(Error::HttpRequestDenied)?;
            let held_back = match before_write {
                Some(before_write) if request.method() != Method::GET => before_write().await.err(),
                _ => None,
            };
            let response = match held_back {
                Some(reason) => answer_of_ours(StatusCode::FAILED_DEPENDENCY, "audit_unavailable", &reason),
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

/// What Clerk would answer, had it been asked: nothing has left.
fn too_many_requests(exhausted: &Exhausted) -> Response<WasiBody> {
    let seconds = exhausted.retry_after.as_secs_f64().ceil().max(1.0);
    let mut response = answer_of_ours(StatusCode::TOO_MANY_REQUESTS, "budget_exhausted", &exhausted.message);
    if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
        response.headers_mut().insert(RETRY_AFTER, value);
    }
    response
}

/// An error as Clerk has it.
fn answer_of_ours(status: StatusCode, code: &str, message: &str) -> Response<WasiBody> {
    let error = json!({ "code": code, "message": message });
    let body = Full::from(json!({ "errors": [error] }).to_string());
    let mut response = Response::new(body.map_err(|never| match never {}).boxed_unsync());
    *response.status_mut() = status;
    response
}

/// From 0 to 1, different enough between callers.
fn jitter() -> f64 {
    let nanoseconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    f64::from(nanoseconds % 1_000_000) / 1_000_000.0
}

/// Sorts a failure by whether the request may have been sent, and by what can be done about it.
fn classify(error: &ClientError) -> Error {
    if !error.is_connect() {
        return Error::ConnectionTerminated;
    }
    tracing::warn!("no connection to the API could be made: {}", connector::in_one_line(error));
    connector::causes(error).find_map(kind_of_failure).unwrap_or(Error::DestinationUnavailable)
}

/// What one of the causes of a failed connection says of its kind.
fn kind_of_failure(cause: &(dyn std::error::Error + 'static)) -> Option<Error> {
    if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
        return Some(match tls {
            rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented => Error::TlsCertificateError,
            _ => Error::TlsProtocolError,
        });
    }
    if cause.to_string() == "dns error" {
        return Some(Error::DnsError { rcode: None, info_code: None });
    }
    match cause.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => Some(Error::ConnectionRefused),
        io::ErrorKind::TimedOut => Some(Error::ConnectionTimeout),
        _ => None,
    }
}

fn body_error(error: &(dyn std::error::Error + 'static)) -> Error {
    if error.is::<http_body_util::LengthLimitError>() {
        Error::HttpResponseBodySize(None)
    } else {
        Error::HttpResponseIncomplete
    }
}
