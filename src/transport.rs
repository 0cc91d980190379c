//! Sends requests to Clerk's Backend API: the only user of wasi:http.

mod in_flight;

use wasip2::clocks::monotonic_clock;
use wasip2::http::outgoing_handler;
use wasip2::http::types::{
    ErrorCode, Fields, FutureIncomingResponse, IncomingResponse, Method as WasiMethod, OutgoingBody, OutgoingRequest,
    RequestOptions, Scheme,
};

pub(crate) use self::in_flight::InFlight;

use crate::bindings::exports::clerk::mcp::mcp_types::{CallContext, TraceContext};
use crate::error::{Response, SendError};
use crate::request::{Method, Request};
use crate::retry_after;

/// The version that the tools were written for (<https://clerk.com/docs/versioning/available-versions>).
pub(crate) const API_VERSION: &str = "2026-05-12";
const USER_AGENT: &str = concat!("clerk-mcp/", env!("CARGO_PKG_VERSION"));
/// The largest body that is read: 500 users, the largest page there is, with 16 KB of metadata each.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The longest path and query that is sent: what most servers take.
const MOST_PATH: usize = 16 * 1024;

/// A point on the monotonic clock.
#[derive(Clone, Copy)]
pub(crate) struct Deadline(u64);

impl Deadline {
    pub(crate) fn after_ms(milliseconds: u32) -> Self {
        Self(monotonic_clock::now() + u64::from(milliseconds) * 1_000_000)
    }

    pub(crate) fn nanoseconds_left(self) -> u64 {
        self.0.saturating_sub(monotonic_clock::now()).max(1)
    }

    /// Half of the time from now: what a look may take, so that there is time for the write.
    pub(crate) fn half(self) -> Self {
        Self(monotonic_clock::now() + self.nanoseconds_left() / 2)
    }
}

/// Sends a request to the context's API. The host may give up once the deadline is over.
fn send(request: &Request, context: &CallContext, deadline: Deadline) -> Result<FutureIncomingResponse, SendError> {
    let outgoing = outgoing_request(request, context)?;
    // Taken only where there is something to write: an empty body would be announced too.
    let body = request.body.as_deref().map(|text| outgoing.body().map(|body| (body, text))).transpose();
    let body = body.map_err(|()| misused("the request's body was taken before"))?;
    let answer = outgoing_handler::handle(outgoing, Some(options(deadline))).map_err(|error| failed(&error))?;
    if let Some((body, text)) = body {
        write_body(body, text.as_bytes())?;
    }
    Ok(answer)
}

/// An answer without its body.
fn head(response: &IncomingResponse) -> Response {
    let headers = response.headers();
    let header = |name: &str| {
        let value = headers.get(name).into_iter().next()?;
        String::from_utf8(value).ok()
    };
    let trace_id = |name: &str| header(name).filter(|id| text_cleaning::is_trace_id(id));
    Response {
        status: response.status(),
        retry_after_seconds: header("retry-after")
            .and_then(|asked| retry_after::seconds(&asked, header("date").as_deref())),
        trace_id: trace_id("x-clerk-trace-id").or_else(|| trace_id("cf-ray")),
        body: Vec::new(),
    }
}

fn outgoing_request(request: &Request, context: &CallContext) -> Result<OutgoingRequest, SendError> {
    let api_url = context.api_url.as_str();
    let (scheme, rest) = api_url.split_once("://").unwrap_or(("https", api_url));
    let (authority, base_path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let scheme = if scheme == "http" { Scheme::Http } else { Scheme::Https };
    let path = format!("{base_path}{}", request.path_and_query);
    if path.len() > MOST_PATH {
        return Err(SendError {
            code: "request_too_long",
            message: format!("the request's path and query are longer than {MOST_PATH} bytes"),
            remedy: "Shorten the arguments, or give fewer values at once.",
            sent: false,
        });
    }

    let outgoing = OutgoingRequest::new(headers(request.body.as_deref(), context.trace.as_ref())?);
    let refused = |()| misused("the API URL or the path is not valid");
    outgoing.set_method(&wasi_method(request.endpoint.method)).map_err(refused)?;
    outgoing.set_scheme(Some(&scheme)).map_err(refused)?;
    outgoing.set_authority(Some(authority)).map_err(refused)?;
    outgoing.set_path_with_query(Some(&path)).map_err(refused)?;
    Ok(outgoing)
}

fn headers(body: Option<&str>, trace: Option<&TraceContext>) -> Result<Fields, SendError> {
    let mut entries = vec![
        ("accept".to_owned(), b"application/json".to_vec()),
        ("clerk-api-version".to_owned(), API_VERSION.into()),
        ("user-agent".to_owned(), USER_AGENT.into()),
    ];
    if let Some(body) = body {
        entries.push(("content-type".to_owned(), b"application/json".to_vec()));
        entries.push(("content-length".to_owned(), body.len().to_string().into_bytes()));
    }
    if let Some(TraceContext { traceparent, tracestate }) = trace {
        entries.push(("traceparent".to_owned(), traceparent.as_bytes().into()));
        entries.extend(tracestate.as_ref().map(|state| ("tracestate".to_owned(), state.as_bytes().into())));
    }
    Fields::from_list(&entries).map_err(|_| misused("the host refuses the request's headers"))
}

fn wasi_method(method: Method) -> WasiMethod {
    match method {
        Method::Get => WasiMethod::Get,
        Method::Post => WasiMethod::Post,
        Method::Patch => WasiMethod::Patch,
        Method::Put => WasiMethod::Put,
        Method::Delete => WasiMethod::Delete,
    }
}

fn options(deadline: Deadline) -> RequestOptions {
    let options = RequestOptions::new();
    let left = Some(deadline.nanoseconds_left());
    // A host may not support one of them; the deadline holds all the same. A connect timeout of our own is not among them:
    // one host takes it for the time that the connection may be idle, and a request that was sent would look unsent.
    let _ = options.set_first_byte_timeout(left);
    let _ = options.set_between_bytes_timeout(left);
    options
}

fn write_body(outgoing: OutgoingBody, body: &[u8]) -> Result<(), SendError> {
    let stream = outgoing.write().map_err(|()| misused("the request's body was written before"))?;
    for chunk in body.chunks(4096) {
        if stream.blocking_write_and_flush(chunk).is_err() {
            break;
        }
    }
    drop(stream);
    // Whoever answers without reading all of it has said why, and otherwise the failure to answer says what went wrong.
    let _ = OutgoingBody::finish(outgoing, None);
    Ok(())
}

fn timed_out() -> SendError {
    SendError {
        code: "timeout",
        message: "the API did not answer in time".into(),
        remedy: "Call again later, or ask for fewer results.",
        sent: true,
    }
}

fn too_large() -> SendError {
    SendError {
        code: "response_too_large",
        message: format!("the API's answer is larger than {} MiB", MOST_BYTES / 1024 / 1024),
        remedy: "Ask for fewer results with `limit`.",
        sent: true,
    }
}

/// The host does not offer what the component needs.
fn misused(what: &str) -> SendError {
    SendError {
        code: "host_error",
        message: format!("the request could not be made: {what}"),
        remedy: "This is a fault of the host program or its configuration; report it.",
        sent: false,
    }
}

/// The host's reports, sorted by what the caller can do about them.
fn failed(error: &ErrorCode) -> SendError {
    let (code, message, remedy, sent) = match error {
        ErrorCode::HttpRequestDenied => (
            "request_denied",
            "the host refused the request",
            "It allows requests to one API only: the API URL and the host's outbound rules must agree.",
            false,
        ),
        ErrorCode::ConfigurationError => (
            "configuration_error",
            "the host has no usable secret key or API URL for the tools",
            "Grant the component CLERK_SECRET_KEY, and correct it or CLERK_API_URL if it is malformed.",
            false,
        ),
        ErrorCode::ConnectionRefused | ErrorCode::DestinationUnavailable | ErrorCode::DestinationNotFound => (
            "connection_failed",
            "no connection to the API could be made, or it refused the request unprocessed",
            "Call again later. If it stays so, check that the API URL is right and that the API can be reached from here.",
            false,
        ),
        ErrorCode::DnsError(_) | ErrorCode::DnsTimeout => (
            "dns_error",
            "the API's host name could not be resolved",
            "Check the API URL and this machine's name resolution.",
            false,
        ),
        ErrorCode::TlsCertificateError => (
            "tls_error",
            "the certificate of the API's server is not trusted; nothing was sent",
            "Check the API URL, and whether something in between ends TLS. A certificate authority of your own belongs into \
             the platform's store or into the file that SSL_CERT_FILE names.",
            false,
        ),
        ErrorCode::TlsProtocolError | ErrorCode::TlsAlertReceived(_) => (
            "tls_error",
            "no secure connection to the API could be made",
            "Check the API URL and any proxy in between.",
            false,
        ),
        ErrorCode::ConnectionTimeout => {
            ("connection_timeout", "connecting to the API took too long", "Call again later.", false)
        }
        ErrorCode::ConnectionReadTimeout | ErrorCode::HttpResponseTimeout => return timed_out(),
        ErrorCode::HttpResponseBodySize(_) => return too_large(),
        _ => ("connection_error", "the connection to the API broke before it answered", "Call again.", true),
    };
    SendError { code, message: message.into(), remedy, sent }
}
