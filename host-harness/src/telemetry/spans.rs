//! A span for each call, sent to a collector in the background: a bounded queue, a thread that empties it, and calls
//! that never wait for it. Names are those of OpenTelemetry's conventions for MCP.

use std::env;
use std::time::Duration;

use anyhow::Context as _;
use http::Uri;
use http::uri::Scheme;
use opentelemetry::trace::{
    Span as _, SpanKind, Status as Outcome, TraceContextExt as _, Tracer as _, TracerProvider as _,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::resource::{EnvResourceDetector, TelemetryResourceDetector};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider, Span};
use rmcp::model::ProtocolVersion;

use super::collector::Collector;
use super::labels::{Instance, Method, Status};
use super::trace::TraceContext;

/// How long the end of the program waits for the last spans to be taken.
const PATIENCE: Duration = Duration::from_secs(3);

/// Where spans go. Cheap to clone.
#[derive(Clone)]
pub(super) struct Spans {
    provider: SdkTracerProvider,
    tracer: SdkTracer,
}

impl Spans {
    /// Sends spans by OTLP over HTTP. `endpoint` is the collector's base URL, such as `http://localhost:4318`.
    pub(super) fn to(endpoint: &str) -> anyhow::Result<Self> {
        let url = traces_url(endpoint).with_context(|| "CLERK_MCP_OTLP_ENDPOINT (--otlp-endpoint)")?;
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(url.to_string())
            .with_http_client(Collector::at(url)?)
            .build()
            .context("the standard variables of OpenTelemetry (OTEL_EXPORTER_OTLP_…) ask for what is not there")?;
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource()).build();
        let tracer = provider.tracer("clerk-mcp");
        Ok(Self { provider, tracer })
    }

    pub(super) fn begin(&self, method: Method, name: &str, instance: Instance, trace: &TraceContext) -> Span {
        let mut attributes =
            vec![KeyValue::new("mcp.method.name", method.name()), KeyValue::new("clerk_mcp.instance", instance.name())];
        let name = name.to_owned();
        let span_name = format!("{} {name}", method.name());
        match method {
            Method::CallTool => attributes.extend([
                KeyValue::new("gen_ai.operation.name", "execute_tool"),
                KeyValue::new("gen_ai.tool.name", name),
            ]),
            Method::GetPrompt => attributes.push(KeyValue::new("gen_ai.prompt.name", name)),
            Method::ReadResource | Method::Complete => {}
        }
        let parent = trace.remote().map(|remote| Context::new().with_remote_span_context(remote.clone()));
        let span = self.tracer.span_builder(span_name).with_kind(SpanKind::Server).with_attributes(attributes);
        span.start_with_context(&self.tracer, &parent.unwrap_or_default())
    }

    /// Sends what is left. It is lost where the collector does not take it soon.
    pub(super) fn finish(&self) {
        if self.provider.shutdown_with_timeout(PATIENCE).is_err() {
            tracing::warn!("the last spans were not taken by the collector and are lost");
        }
    }
}

/// Notes the version of MCP.
pub(super) fn speak(span: &mut Span, version: &ProtocolVersion) {
    span.set_attribute(KeyValue::new("mcp.protocol.version", version.to_string()));
}

/// Names the instance by its profile.
pub(super) fn name_profile(span: &mut Span, name: &str) {
    span.set_attribute(KeyValue::new("clerk_mcp.profile", name.to_owned()));
}

/// Ends a call's span.
pub(super) fn end(span: &mut Span, status: Status, requests: u32) {
    span.set_attribute(KeyValue::new("clerk_mcp.status", status.name()));
    span.set_attribute(KeyValue::new("clerk_mcp.upstream_requests", i64::from(requests)));
    if let Some(error) = error_type(status) {
        span.set_attribute(KeyValue::new("error.type", error));
        span.set_status(Outcome::error(""));
    }
    span.end();
}

/// What the conventions call a failure: the code of a JSON-RPC error, or that the result has `isError`.
fn error_type(status: Status) -> Option<&'static str> {
    match status {
        Status::Ok | Status::InputRequired => None,
        Status::Error | Status::InvalidArguments | Status::Denied => Some("tool_error"),
        Status::Unknown => Some("-32602"),
        Status::Cancelled | Status::Timeout | Status::Failed => Some(status.name()),
    }
}

/// What sends the spans. The standard variables can say more of it, and call it something else.
fn resource() -> Resource {
    let ours = Resource::builder_empty()
        .with_service_name("clerk-mcp")
        .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
        .with_detectors(&[Box::new(TelemetryResourceDetector), Box::new(EnvResourceDetector::new())]);
    match env::var("OTEL_SERVICE_NAME") {
        Ok(name) if !name.is_empty() => ours.with_service_name(name).build(),
        _ => ours.build(),
    }
}

/// Where a collector takes spans, below its base URL.
fn traces_url(endpoint: &str) -> anyhow::Result<Uri> {
    const WRONG: &str = "it is not a URL such as http://localhost:4318";
    let parts = endpoint.parse::<Uri>().context(WRONG)?.into_parts();
    let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else { anyhow::bail!(WRONG) };
    let path = parts.path_and_query.as_ref().map_or("", |path| path.path()).trim_end_matches('/');
    let has_query = parts.path_and_query.as_ref().is_some_and(|path| path.query().is_some());
    let is_http = scheme == Scheme::HTTP || scheme == Scheme::HTTPS;
    if !is_http || has_query || endpoint.contains('#') || authority.as_str().contains('@') {
        anyhow::bail!("it must be http:// or https:// without a user name, a password, a query or a fragment");
    }
    let path = if path.ends_with("/v1/traces") { path.to_owned() } else { format!("{path}/v1/traces") };
    Uri::builder().scheme(scheme).authority(authority).path_and_query(path).build().context(WRONG)
}
