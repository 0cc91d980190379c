//! Requests: made with the key, and sent if they stay within the API.

use std::cell::Cell;
use std::rc::Rc;

use crate::bindings::exports::wasi::http::outgoing_handler::Guest as Handler;
use crate::bindings::exports::wasi::http::types::{
    ErrorCode, Fields as ExportedFields, FutureIncomingResponse, Guest as Types, GuestOutgoingBody,
    GuestOutgoingRequest, GuestOutgoingResponse, GuestRequestOptions, IoError, Method, OutgoingBody as ExportedBody,
    OutgoingRequest, RequestOptions as ExportedOptions, Scheme, Trailers,
};
use crate::bindings::wasi::http::{outgoing_handler, types as host};
use crate::bindings::wasi::io::streams::OutputStream;
use crate::configuration::SCHEME;
use crate::fields::Fields;
use crate::incoming::{FutureResponse, FutureTrailers, IncomingBody, IncomingResponse, OfServers};
use crate::{Guard, access, environment};

/// What a guarded component has no say in: the credentials, who the request comes from and goes to, and how the connection
/// is used. The length of a body too: one that is not true would make another request of what is left over in hosts that
/// do not look.
const DROPPED: [&str; 16] = [
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "cookie2",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "x-original-url",
    "x-rewrite-url",
];
/// Beginnings of the names of more of them.
const DROPPED_KINDS: [&str; 2] = ["proxy-", "x-forwarded-"];

impl Types for Guard {
    type Fields = Fields;
    type OutgoingRequest = Request;
    type RequestOptions = RequestOptions;
    type IncomingResponse = IncomingResponse;
    type IncomingBody = IncomingBody;
    type FutureTrailers = FutureTrailers;
    type OutgoingBody = OutgoingBody;
    type FutureIncomingResponse = FutureResponse;
    type IncomingRequest = OfServers;
    type ResponseOutparam = OfServers;
    type OutgoingResponse = Response;

    fn http_error_code(error: &IoError) -> Option<ErrorCode> {
        host::http_error_code(error)
    }
}

impl Handler for Guard {
    fn handle(request: OutgoingRequest, options: Option<ExportedOptions>) -> Result<FutureIncomingResponse, ErrorCode> {
        let request = request.into_inner::<Request>();
        request.check()?;
        let options = options.map(|options| options.into_inner::<RequestOptions>().0);
        let response = outgoing_handler::handle(request.inner, options)?;
        Ok(FutureIncomingResponse::new(FutureResponse(response)))
    }
}

pub(crate) struct Request {
    /// The host's request. Its headers hold the key and are never handed out.
    inner: host::OutgoingRequest,
    /// The headers as they go out, but for the key.
    shown: Vec<(String, Vec<u8>)>,
    /// The key that the request was made with.
    key: Option<String>,
    body: Rc<Cell<Body>>,
}

/// What may be done with the body of a request.
#[derive(Clone, Copy, PartialEq)]
enum Body {
    Unwritten,
    Written,
    /// The request was sent without one.
    Closed,
}

impl Request {
    fn check(&self) -> Result<(), ErrorCode> {
        let origin = environment::origin().map_err(|_| ErrorCode::ConfigurationError)?;
        // A key that was lent is good only for as long as it is lent.
        if self.key.is_none() || self.key != access::key().ok() {
            return Err(ErrorCode::ConfigurationError);
        }
        let same_scheme = match self.inner.scheme() {
            Some(Scheme::Https) => origin.is_https,
            Some(Scheme::Http) => !origin.is_https,
            _ => false,
        };
        let same_authority = self.inner.authority().is_some_and(|authority| authority == origin.authority);
        let within = self.inner.path_with_query().is_some_and(|path| {
            let [organizations, users] = environment::pins();
            let below = path.strip_prefix(origin.base_path.as_str()).unwrap_or(&path);
            origin.allows(&path) && pins::admits(&organizations, &users, word(&self.inner.method()), below)
        });
        if same_scheme && same_authority && within && self.is_framed() {
            Ok(())
        } else {
            Err(ErrorCode::HttpRequestDenied)
        }
    }

    /// Whether the method is one of those that are known, and a body is sent only where it takes one: some hosts send the
    /// body of a GET as it is, so that it becomes a request of its own.
    fn is_framed(&self) -> bool {
        match self.inner.method() {
            Method::Post | Method::Put | Method::Patch => true,
            Method::Get | Method::Head | Method::Delete | Method::Options => {
                self.body.replace(Body::Closed) == Body::Unwritten
            }
            Method::Trace | Method::Connect | Method::Other(_) => false,
        }
    }
}

/// A method as HTTP names it; empty for those that are never sent.
fn word(method: &Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Options => "OPTIONS",
        Method::Patch => "PATCH",
        Method::Connect | Method::Trace | Method::Other(_) => "",
    }
}

impl GuestOutgoingRequest for Request {
    fn new(headers: ExportedFields) -> Self {
        let mut shown = headers.into_inner::<Fields>().into_host().entries();
        shown.retain(|(name, _)| !is_dropped(name));
        let key = access::key().ok();
        let mut sent = shown.clone();
        sent.extend(key.iter().map(|key| ("authorization".to_owned(), format!("{SCHEME}{key}").into_bytes())));
        let fields = host::Fields::from_list(&sent);
        // Where the host refuses the headers, nothing is sent at all.
        let key = key.filter(|_| fields.is_ok());
        let inner = host::OutgoingRequest::new(fields.unwrap_or_else(|_| host::Fields::new()));
        Self { inner, shown, key, body: Rc::new(Cell::new(Body::Unwritten)) }
    }

    fn body(&self) -> Result<ExportedBody, ()> {
        let inner = self.inner.body()?;
        Ok(ExportedBody::new(OutgoingBody { inner, state: Rc::clone(&self.body) }))
    }

    fn method(&self) -> Method {
        self.inner.method()
    }

    fn set_method(&self, method: Method) -> Result<(), ()> {
        self.inner.set_method(&method)
    }

    fn path_with_query(&self) -> Option<String> {
        self.inner.path_with_query()
    }

    fn set_path_with_query(&self, path_with_query: Option<String>) -> Result<(), ()> {
        self.inner.set_path_with_query(path_with_query.as_deref())
    }

    fn scheme(&self) -> Option<Scheme> {
        self.inner.scheme()
    }

    fn set_scheme(&self, scheme: Option<Scheme>) -> Result<(), ()> {
        self.inner.set_scheme(scheme.as_ref())
    }

    fn authority(&self) -> Option<String> {
        self.inner.authority()
    }

    fn set_authority(&self, authority: Option<String>) -> Result<(), ()> {
        self.inner.set_authority(authority.as_deref())
    }

    fn headers(&self) -> ExportedFields {
        Fields::fixed(host::Fields::from_list(&self.shown).unwrap_or_else(|_| host::Fields::new()))
    }
}

fn is_dropped(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    DROPPED.contains(&name.as_str()) || DROPPED_KINDS.iter().any(|kind| name.starts_with(kind))
}

pub(crate) struct RequestOptions(host::RequestOptions);

impl GuestRequestOptions for RequestOptions {
    fn new() -> Self {
        Self(host::RequestOptions::new())
    }

    fn connect_timeout(&self) -> Option<u64> {
        self.0.connect_timeout()
    }

    fn set_connect_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
        self.0.set_connect_timeout(duration)
    }

    fn first_byte_timeout(&self) -> Option<u64> {
        self.0.first_byte_timeout()
    }

    fn set_first_byte_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
        self.0.set_first_byte_timeout(duration)
    }

    fn between_bytes_timeout(&self) -> Option<u64> {
        self.0.between_bytes_timeout()
    }

    fn set_between_bytes_timeout(&self, duration: Option<u64>) -> Result<(), ()> {
        self.0.set_between_bytes_timeout(duration)
    }
}

pub(crate) struct OutgoingBody {
    inner: host::OutgoingBody,
    state: Rc<Cell<Body>>,
}

impl GuestOutgoingBody for OutgoingBody {
    fn write(&self) -> Result<OutputStream, ()> {
        if self.state.replace(Body::Written) == Body::Unwritten { self.inner.write() } else { Err(()) }
    }

    /// Trailers are headers too, and are not sent.
    fn finish(this: ExportedBody, _: Option<Trailers>) -> Result<(), ErrorCode> {
        host::OutgoingBody::finish(this.into_inner::<Self>().inner, None)
    }
}

/// Can be made, as the interface has it, and given to nobody.
pub(crate) struct Response(host::OutgoingResponse);

impl GuestOutgoingResponse for Response {
    fn new(headers: ExportedFields) -> Self {
        Self(host::OutgoingResponse::new(headers.into_inner::<Fields>().into_host()))
    }

    fn status_code(&self) -> u16 {
        self.0.status_code()
    }

    fn set_status_code(&self, status_code: u16) -> Result<(), ()> {
        self.0.set_status_code(status_code)
    }

    fn headers(&self) -> ExportedFields {
        Fields::fixed(self.0.headers())
    }

    fn body(&self) -> Result<ExportedBody, ()> {
        let inner = self.0.body()?;
        Ok(ExportedBody::new(OutgoingBody { inner, state: Rc::new(Cell::new(Body::Unwritten)) }))
    }
}
