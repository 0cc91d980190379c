//! A collector of OpenTelemetry spans that keeps all it is sent.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, Span};
use prost::Message as _;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

use super::http::runtime;

type Taken = Arc<Mutex<Vec<ResourceSpans>>>;

/// A collector of its own for each test.
pub(crate) struct Collector {
    /// `http://127.0.0.1:<port>`
    pub(crate) url: String,
    taken: Taken,
    serving: AbortHandle,
}

impl Collector {
    pub(crate) fn start() -> Self {
        let taken = Taken::default();
        let router = Router::new().route("/v1/traces", post(take)).with_state(taken.clone());
        let listener = runtime().block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let serve = async { axum::serve(listener, router).await };
        Self { url, taken, serving: runtime().spawn(serve).abort_handle() }
    }

    /// All spans so far, in the order of their beginning.
    pub(crate) fn spans(&self) -> Vec<Span> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let scopes = taken.iter().flat_map(|resource| &resource.scope_spans);
        let mut spans: Vec<Span> = scopes.flat_map(|scope| scope.spans.clone()).collect();
        spans.sort_by_key(|span| span.start_time_unix_nano);
        spans
    }

    /// What the sender says of itself, `name=value`.
    pub(crate) fn sender(&self) -> Vec<String> {
        let taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let resource = taken.first().and_then(|spans| spans.resource.as_ref()).expect("a batch with a resource");
        attributes(&resource.attributes)
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn take(State(taken): State<Taken>, body: Body) {
    let bytes = to_bytes(body, usize::MAX).await.expect("the batch is complete");
    let batch = ExportTraceServiceRequest::decode(bytes).expect("the batch is OTLP");
    taken.lock().unwrap_or_else(PoisonError::into_inner).extend(batch.resource_spans);
}

/// Attributes as `name=value`, sorted.
pub(crate) fn attributes(attributes: &[KeyValue]) -> Vec<String> {
    let value = |attribute: &KeyValue| match attribute.value.as_ref().and_then(|any| any.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{}: {other:?}", attribute.key),
    };
    let mut all: Vec<String> =
        attributes.iter().map(|attribute| format!("{}={}", attribute.key, value(attribute))).collect();
    all.sort();
    all
}

/// An id as it is written.
pub(crate) fn hexadecimal(id: &[u8]) -> String {
    id.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}
