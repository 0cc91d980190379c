//! Requests: made with the key, and sent if they stay within the API.

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

/// What a guarded component has no say in: the credentials, and who the request comes from and goes to.
const DROPPED: [&str; 6] = ["authorization", "cookie", "cookie2", "forwarded", "host", "proxy-authorization"];

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
    has_key: bool,
}

impl Request {
    fn check(&self) -> Result<(), ErrorCode> {
        let origin = environment::origin().map_err(|_| ErrorCode::ConfigurationError)?;
        if !self.has_key {
            return Err(ErrorCode::ConfigurationError);
        }
        let scheme = if origin.is_https { Scheme::Https } else { Scheme::Http };
        let same_scheme = matches!(
            (self.inner.scheme(), scheme),
            (Some(Scheme::Https), Scheme::Https) | (Some(Scheme::Http), Scheme::Http)
        );
        let same_authority = self.inner.authority().is_some_and(|authority| authority == origin.authority);
        let within = self.inner.path_with_query().is_some_and(|path| origin.allows(&path));
        let plain_method = !matches!(self.inner.method(), Method::Trace | Method::Connect | Method::Other(_));
        if same_scheme && same_authority && within && plain_method { Ok(()) } else { Err(ErrorCode::HttpRequestDenied) }
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
        let has_key = key.is_some() && fields.is_ok();
        let inner = host::OutgoingRequest::new(fields.unwrap_or_else(|_| host::Fields::new()));
        Self { inner, shown, has_key }
    }

    fn body(&self) -> Result<ExportedBody, ()> {
        self.inner.body().map(|body| ExportedBody::new(OutgoingBody(body)))
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
    DROPPED.contains(&name.as_str()) || name.starts_with("x-forwarded-")
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

pub(crate) struct OutgoingBody(host::OutgoingBody);

impl GuestOutgoingBody for OutgoingBody {
    fn write(&self) -> Result<OutputStream, ()> {
        self.0.write()
    }

    fn finish(this: ExportedBody, trailers: Option<Trailers>) -> Result<(), ErrorCode> {
        let trailers = trailers.map(|trailers| trailers.into_inner::<Fields>().into_host());
        host::OutgoingBody::finish(this.into_inner::<Self>().0, trailers)
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
        self.0.body().map(|body| ExportedBody::new(OutgoingBody(body)))
    }
}
