//! A request: what of it matters, and its body within limits.

use guarded_tools::Tools;
use stateless_mcp::LONGEST_MESSAGE;
use wasip2::clocks::monotonic_clock;
use wasip2::http::types::{IncomingRequest, Method};
use wasip2::io::poll::poll;
use wasip2::io::streams::StreamError;

use crate::address::Address;
use crate::reply::Reply;

const READ_BYTES: u64 = 64 * 1024;

pub(crate) struct Request {
    inner: IncomingRequest,
    headers: Vec<(String, Vec<u8>)>,
}

impl Request {
    pub(crate) fn new(inner: IncomingRequest) -> Self {
        let headers = inner.headers().entries();
        let headers = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect();
        Self { inner, headers }
    }

    pub(crate) fn method(&self) -> Method {
        self.inner.method()
    }

    /// Without its query.
    pub(crate) fn path(&self) -> String {
        let path = self.inner.path_with_query().unwrap_or_default();
        path.split('?').next().unwrap_or_default().to_owned()
    }

    /// The host and port by which the client knows this server.
    ///
    /// # Errors
    ///
    /// It can be read in two ways, or differs between the header `Host` and what the host of this component has read.
    pub(crate) fn address(&self) -> Result<Address, String> {
        let read = |text: &str| Address::parse(text).ok_or("the request does not say in one way which host it is for");
        let named = self.header("host")?.map(read).transpose()?;
        let known = self.inner.authority().as_deref().map(read).transpose()?;
        match (named, known) {
            (Some(named), Some(known)) if named != known => Err("the request names two hosts".into()),
            (Some(address), _) | (None, Some(address)) => Ok(address),
            (None, None) => Err("the request does not say which host it is for".into()),
        }
    }

    /// The names of the headers, in lower case.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.headers.iter().map(|(name, _)| name.as_str())
    }

    /// Every value of a header, whose name is in lower case.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_slice())
    }

    /// The value of a header that may come once.
    ///
    /// # Errors
    ///
    /// It comes more often, or is no text.
    pub(crate) fn header(&self, name: &str) -> Result<Option<&str>, String> {
        let mut values = self.values(name);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => match str::from_utf8(value) {
                Ok(text) => Ok(Some(text.trim())),
                Err(_) => Err(format!("the header {name} is not text")),
            },
            _ => Err(format!("the header {name} comes more than once")),
        }
    }

    /// The whole body.
    ///
    /// # Errors
    ///
    /// It is too long, does not come in time, or breaks off.
    pub(crate) fn body(&self, tools: &Tools) -> Result<Vec<u8>, Reply> {
        let broken = || Reply::refused(400, "the body broke off");
        let body = self.inner.consume().map_err(|()| broken())?;
        let stream = body.stream().map_err(|()| broken())?;
        let ready = stream.subscribe();
        let mut bytes = Vec::new();
        loop {
            match stream.read(READ_BYTES) {
                Ok(chunk) if chunk.is_empty() => {
                    let deadline = monotonic_clock::subscribe_instant(tools.deadline());
                    if poll(&[&ready, &deadline]).first() != Some(&0) {
                        return Err(Reply::refused(408, "the body did not come in time"));
                    }
                }
                Ok(chunk) if bytes.len() + chunk.len() > LONGEST_MESSAGE => {
                    return Err(Reply::refused(413, format!("the body is longer than {LONGEST_MESSAGE} bytes")));
                }
                Ok(chunk) => bytes.extend(chunk),
                Err(StreamError::Closed) => return Ok(bytes),
                Err(StreamError::LastOperationFailed(_)) => return Err(broken()),
            }
        }
    }
}
