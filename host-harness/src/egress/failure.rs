//! Failures of requests: the reason, whether the API may have processed one, and the component's word for it.

use std::io;

use h2::Reason;
use hyper_util::client::legacy::Error as ClientError;
use wasmtime_wasi_http::Error;

use crate::connector;

/// The reason for which a request has no answer.
#[derive(Debug)]
pub(super) enum Failure {
    /// There was no connection, for this reason.
    Unconnected(Error),
    /// The API takes no more requests at once, and has not processed this one (RFC 9113, section 8.7).
    Refused,
    /// The API takes no more requests on a connection that it is about to close, and has not processed this one (RFC 9113,
    /// section 6.8).
    LeftOut,
    /// The connection broke, and nobody knows what has become of the request.
    Broken,
    TimedOut,
}

impl Failure {
    pub(super) fn of(error: &ClientError) -> Self {
        if let Some(refused) = refusal(error) {
            tracing::warn!("the API refused a request and did not process it: {}", connector::in_one_line(error));
            return refused;
        }
        if !error.is_connect() {
            return Self::Broken;
        }
        tracing::warn!("no connection to the API could be made: {}", connector::in_one_line(error));
        let kind = connector::causes(error).find_map(kind_of_failure);
        Self::Unconnected(kind.unwrap_or(Error::DestinationUnavailable))
    }

    /// Tells whether the request cannot have been processed.
    pub(super) fn is_without_effect(&self) -> bool {
        matches!(self, Self::Unconnected(_) | Self::Refused | Self::LeftOut)
    }
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Unconnected(error) => error,
            // Of what wasi:http has, it is this that says that nothing was done.
            Failure::Refused | Failure::LeftOut => Self::ConnectionRefused,
            Failure::Broken => Self::ConnectionTerminated,
            Failure::TimedOut => Self::HttpResponseTimeout,
        }
    }
}

/// The API's word that it has not processed a request over HTTP/2.
fn refusal(error: &ClientError) -> Option<Failure> {
    let error = connector::causes(error).find_map(|cause| cause.downcast_ref::<h2::Error>())?;
    // Of the requests in flight, h2 gives a GOAWAY to those alone that came after the last one that it lets through.
    match error.reason() {
        _ if !error.is_remote() => None,
        _ if error.is_go_away() => Some(Failure::LeftOut),
        Some(Reason::REFUSED_STREAM) => Some(Failure::Refused),
        _ => None,
    }
}

/// The kind of a failed connection, as far as one of its causes tells it.
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

/// The failure of an answer's body.
pub(super) fn of_body(error: &(dyn std::error::Error + 'static)) -> Error {
    if error.is::<http_body_util::LengthLimitError>() {
        Error::HttpResponseBodySize(None)
    } else {
        Error::HttpResponseIncomplete
    }
}
