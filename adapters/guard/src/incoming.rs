//! Answers: passed on as they are.

use crate::bindings::exports::wasi::http::types::{
    ErrorCode, Fields as ExportedFields, FutureTrailers as ExportedTrailers, GuestFutureIncomingResponse,
    GuestFutureTrailers, GuestIncomingBody, GuestIncomingRequest, GuestIncomingResponse, GuestResponseOutparam,
    IncomingBody as ExportedBody, IncomingResponse as ExportedResponse, Method, OutgoingResponse, ResponseOutparam,
    Scheme, Trailers,
};
use crate::bindings::wasi::http::types as host;
use crate::bindings::wasi::io::poll::Pollable;
use crate::bindings::wasi::io::streams::InputStream;
use crate::fields::Fields;

pub(crate) struct FutureResponse(pub(crate) host::FutureIncomingResponse);

impl GuestFutureIncomingResponse for FutureResponse {
    fn subscribe(&self) -> Pollable {
        self.0.subscribe()
    }

    fn get(&self) -> Option<Result<Result<ExportedResponse, ErrorCode>, ()>> {
        let response = self.0.get()?;
        Some(response.map(|answer| answer.map(|answer| ExportedResponse::new(IncomingResponse(answer)))))
    }
}

pub(crate) struct IncomingResponse(host::IncomingResponse);

impl GuestIncomingResponse for IncomingResponse {
    fn status(&self) -> u16 {
        self.0.status()
    }

    fn headers(&self) -> ExportedFields {
        Fields::fixed(self.0.headers())
    }

    fn consume(&self) -> Result<ExportedBody, ()> {
        self.0.consume().map(|body| ExportedBody::new(IncomingBody(body)))
    }
}

pub(crate) struct IncomingBody(host::IncomingBody);

impl GuestIncomingBody for IncomingBody {
    fn stream(&self) -> Result<InputStream, ()> {
        self.0.stream()
    }

    fn finish(this: ExportedBody) -> ExportedTrailers {
        let trailers = host::IncomingBody::finish(this.into_inner::<Self>().0);
        ExportedTrailers::new(FutureTrailers(trailers))
    }
}

pub(crate) struct FutureTrailers(host::FutureTrailers);

impl GuestFutureTrailers for FutureTrailers {
    fn subscribe(&self) -> Pollable {
        self.0.subscribe()
    }

    fn get(&self) -> Option<Result<Result<Option<Trailers>, ErrorCode>, ()>> {
        let trailers = self.0.get()?;
        Some(trailers.map(|answer| answer.map(|trailers| trailers.map(Fields::fixed))))
    }
}

/// What only a server is given: it cannot exist here.
pub(crate) enum OfServers {}

impl GuestIncomingRequest for OfServers {
    fn method(&self) -> Method {
        match *self {}
    }

    fn path_with_query(&self) -> Option<String> {
        match *self {}
    }

    fn scheme(&self) -> Option<Scheme> {
        match *self {}
    }

    fn authority(&self) -> Option<String> {
        match *self {}
    }

    fn headers(&self) -> ExportedFields {
        match *self {}
    }

    fn consume(&self) -> Result<ExportedBody, ()> {
        match *self {}
    }
}

impl GuestResponseOutparam for OfServers {
    fn set(param: ResponseOutparam, _: Result<OutgoingResponse, ErrorCode>) {
        match *param.get::<Self>() {}
    }
}
