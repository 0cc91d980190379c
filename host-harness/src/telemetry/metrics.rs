//! Counts of calls and answers, in the text that Prometheus reads.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::prometheus_text::{self, encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::labels::{Method, Status};
use crate::auth::caller::Caller;

/// Upper bounds of the durations' buckets, in seconds: from one quick read to the usual deadline.
const SECONDS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Called {
    method: &'static str,
    tool: Arc<str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Ended {
    method: &'static str,
    tool: Arc<str>,
    status: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    class: &'static str,
}

/// All that is counted.
pub(super) struct Metrics {
    registry: Registry,
    calls: Family<Ended, Counter>,
    durations: Family<Called, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    upstream_requests: Counter,
    responses: Family<Answered, Counter>,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::default(),
            calls: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            in_flight: Gauge::default(),
            upstream_requests: Counter::default(),
            responses: Family::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let started = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        let start = ConstGauge::<f64>::new(started);
        self.registry.register("process_start_time_seconds", "When the process started, in Unix time", start);
        let ours = self.registry.sub_registry_with_prefix("clerk_mcp");
        let build = Family::<[(&str, &str); 1], Gauge>::default();
        build.get_or_create(&[("version", env!("CARGO_PKG_VERSION"))]).set(1);
        ours.register("build_info", "The version that runs", build);
        ours.register("calls", "Calls that have ended", self.calls.clone());
        ours.register("call_duration_seconds", "How long calls took", self.durations.clone());
        ours.register("calls_in_flight", "Calls that have not ended yet", self.in_flight.clone());
        ours.register("upstream_requests", "Requests to Clerk's API", self.upstream_requests.clone());
        ours.register("http_responses", "Answers over HTTP, by class of status", self.responses.clone());
    }

    pub(super) fn begin(&self) {
        self.in_flight.inc();
    }

    pub(super) fn end(&self, method: Method, tool: &Arc<str>, status: Status, duration: Duration, requests: u32) {
        let (method, tool) = (method.name(), Arc::clone(tool));
        self.in_flight.dec();
        self.durations.get_or_create(&Called { method, tool: Arc::clone(&tool) }).observe(duration.as_secs_f64());
        self.calls.get_or_create(&Ended { method, tool, status: status.name() }).inc();
        self.upstream_requests.inc_by(requests.into());
    }

    fn answer(&self, status: StatusCode) {
        let class = match status.as_u16() / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        self.responses.get_or_create(&Answered { class }).inc();
    }
}

/// `/metrics`.
pub(super) fn route(metrics: Arc<Metrics>) -> Router {
    Router::new().route("/metrics", get(read)).with_state(metrics)
}

async fn read(State(metrics): State<Arc<Metrics>>, holder: Option<Extension<Caller>>) -> Response {
    // They would tell what is done for others.
    if holder.is_some_and(|Extension(holder)| holder.organization.is_some()) {
        let why = "figures of the whole server are not for a token that is kept to an organization";
        return (StatusCode::FORBIDDEN, why).into_response();
    }
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(CONTENT_TYPE, prometheus_text::CONTENT_TYPE)], text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Counts an answer by the class of its status.
pub(super) async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    metrics.answer(response.status());
    response
}
