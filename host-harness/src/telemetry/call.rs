//! The account of one call, from its beginning to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Instant, SystemTime};

use opentelemetry::trace::Span as _;
use opentelemetry_sdk::trace::Span;
use rmcp::model::ProtocolVersion;

use super::labels::{Instance, Method, Status};
use super::sinks::Sinks;
use super::spans;
use super::trace::TraceContext;
use crate::page::recent::Ended;
use crate::who::Who;

/// A call that has begun. One that is dropped before it has ended was cancelled.
pub(crate) struct Call {
    sinks: Sinks,
    method: Method,
    name: Arc<str>,
    instance: Instance,
    /// The name of the instance, where there are several.
    profile: Option<Arc<str>>,
    /// Who calls, where that is shown.
    who: Who,
    trace: TraceContext,
    span: Option<Span>,
    begun: Instant,
    requests: Arc<AtomicU32>,
    status: Status,
}

impl Call {
    pub(super) fn begin(
        sinks: &Sinks,
        method: Method,
        name: Arc<str>,
        instance: Instance,
        trace: &TraceContext,
    ) -> Self {
        if let Some(metrics) = &sinks.metrics {
            metrics.begin();
        }
        if let Some(recent) = &sinks.recent {
            recent.begin();
        }
        let span = sinks.spans.as_ref().map(|spans| spans.begin(method, &name, instance, trace));
        let trace = span.as_ref().map_or_else(|| trace.clone(), |span| TraceContext::of_span(span.span_context()));
        Self {
            sinks: sinks.clone(),
            method,
            name,
            instance,
            profile: None,
            who: Who::default(),
            trace,
            span,
            begun: Instant::now(),
            requests: Arc::default(),
            status: Status::Cancelled,
        }
    }

    /// Names the version of MCP that the client speaks, if it is one that there is.
    pub(crate) fn speaking(mut self, version: Option<&ProtocolVersion>) -> Self {
        let known = version.filter(|version| ProtocolVersion::KNOWN_VERSIONS.contains(version));
        if let (Some(span), Some(version)) = (&mut self.span, known) {
            spans::speak(span, version);
        }
        self
    }

    /// Names the instance, where there are several.
    pub(crate) fn of_profile(mut self, name: Option<&Arc<str>>) -> Self {
        if let (Some(span), Some(name)) = (&mut self.span, name) {
            spans::name_profile(span, name);
        }
        self.profile = name.cloned();
        self
    }

    /// Says who calls, where that is shown.
    pub(crate) fn by(mut self, who: impl FnOnce() -> Who) -> Self {
        if self.sinks.recent.is_some() {
            self.who = who();
        }
        self
    }

    /// What the requests that belong to this call say of their trace.
    pub(crate) fn trace(&self) -> &TraceContext {
        &self.trace
    }

    /// To be raised by one for each request to the API.
    pub(crate) fn requests(&self) -> Arc<AtomicU32> {
        Arc::clone(&self.requests)
    }

    pub(crate) fn end(mut self, status: Status) {
        self.status = status;
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let (status, took) = (self.status, self.begun.elapsed());
        let requests = self.requests.load(Ordering::Relaxed);
        tracing::info!(
            target: "clerk_mcp::call",
            method = self.method.name(),
            tool = &*self.name,
            instance = self.instance.name(),
            profile = self.profile.as_deref(),
            status = status.name(),
            milliseconds = (took.as_secs_f64() * 1e6).round() / 1e3,
            upstream_requests = requests,
            trace_id = %self.trace.trace_id(),
            "call"
        );
        if let Some(metrics) = &self.sinks.metrics {
            metrics.end(self.method, &self.name, status, took, requests);
        }
        if let Some(recent) = &self.sinks.recent {
            recent.end(Ended {
                at: SystemTime::now(),
                method: self.method.name(),
                name: Arc::clone(&self.name),
                instance: self.profile.clone(),
                who: std::mem::take(&mut self.who),
                outcome: status.name(),
                took,
            });
        }
        if let Some(span) = &mut self.span {
            spans::end(span, status, requests);
        }
    }
}
