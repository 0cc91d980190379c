//! The account of one call, from its beginning to its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;

use opentelemetry::trace::Span as _;
use opentelemetry_sdk::trace::Span;
use rmcp::model::ProtocolVersion;

use super::{Telemetry, TraceContext, spans};
use crate::key::SecretKey;

/// What a client asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    CallTool,
    GetPrompt,
    ReadResource,
    Complete,
}

impl Method {
    /// Its name in MCP.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CallTool => "tools/call",
            Self::GetPrompt => "prompts/get",
            Self::ReadResource => "resources/read",
            Self::Complete => "completion/complete",
        }
    }
}

/// How a call ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Ok,
    /// The tool answered with an error, its own or the API's.
    Error,
    InvalidArguments,
    /// The policy forbids it, or there is no key.
    Denied,
    /// There is nothing of that name.
    Unknown,
    InputRequired,
    Cancelled,
    Timeout,
    /// This program or the tool broke.
    Failed,
}

impl Status {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Error => "error",
            Self::InvalidArguments => "invalid_arguments",
            Self::Denied => "denied",
            Self::Unknown => "unknown",
            Self::InputRequired => "input_required",
            Self::Cancelled => "cancelled",
            Self::Timeout => "timeout",
            Self::Failed => "failed",
        }
    }
}

/// Which kind of Clerk instance a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Instance {
    Development,
    Production,
    /// There is no key that would tell.
    Unknown,
}

impl Instance {
    pub(crate) fn of(key: &SecretKey) -> Self {
        if key.is_live() { Self::Production } else { Self::Development }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
            Self::Unknown => "unknown",
        }
    }
}

/// A call that has begun. One that is dropped before it has ended was cancelled.
pub(crate) struct Call {
    telemetry: Telemetry,
    method: Method,
    name: Arc<str>,
    instance: Instance,
    trace: TraceContext,
    span: Option<Span>,
    begun: Instant,
    requests: Arc<AtomicU32>,
    status: Status,
}

impl Call {
    pub(super) fn begin(
        telemetry: &Telemetry,
        method: Method,
        name: Arc<str>,
        instance: Instance,
        trace: &TraceContext,
    ) -> Self {
        if let Some(metrics) = &telemetry.metrics {
            metrics.begin();
        }
        let span = telemetry.spans.as_ref().map(|spans| spans.begin(method, &name, instance, trace));
        let trace = span.as_ref().map_or_else(|| trace.clone(), |span| TraceContext::of_span(span.span_context()));
        Self {
            telemetry: telemetry.clone(),
            method,
            name,
            instance,
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
            status = status.name(),
            milliseconds = (took.as_secs_f64() * 1e6).round() / 1e3,
            upstream_requests = requests,
            trace_id = %self.trace.trace_id(),
            "call"
        );
        if let Some(metrics) = &self.telemetry.metrics {
            metrics.end(self.method, &self.name, status, took, requests);
        }
        if let Some(span) = &mut self.span {
            spans::end(span, status, requests);
        }
    }
}
