//! W3C trace context, as MCP carries it in `_meta` (<https://www.w3.org/TR/trace-context/>, SEP-414).

use opentelemetry::trace::{SpanContext, SpanId, TraceFlags, TraceId, TraceState};
use opentelemetry_sdk::trace::{IdGenerator as _, RandomIdGenerator};
use rmcp::model::MetaObject;

/// The longest `tracestate` and the most members in it that every vendor has to take.
const MOST_STATE: usize = 512;
const MOST_MEMBERS: usize = 32;

/// The trace that a call belongs to: the client's, or one that begins here.
#[derive(Clone, Debug)]
pub(crate) struct TraceContext(SpanContext);

impl TraceContext {
    /// Reads what a client sent. What is not as W3C defines it is ignored, and then the call has a trace of its own.
    /// `baggage` stays here: it is the client's own data, and no business of Clerk's.
    pub(crate) fn of(meta: &MetaObject) -> Self {
        let Some((trace, span, flags)) = meta.get_traceparent().and_then(parent) else { return Self::fresh() };
        let state = meta.get_tracestate().and_then(state).unwrap_or_default();
        Self(SpanContext::new(trace, span, flags, true, state))
    }

    /// A trace that nobody has asked to sample.
    pub(crate) fn fresh() -> Self {
        let (trace, span) = (RandomIdGenerator::default().new_trace_id(), RandomIdGenerator::default().new_span_id());
        Self(SpanContext::new(trace, span, TraceFlags::NOT_SAMPLED, false, TraceState::NONE))
    }

    pub(super) fn of_span(span: &SpanContext) -> Self {
        Self(span.clone())
    }

    /// The client's span, if it named one.
    pub(super) fn remote(&self) -> Option<&SpanContext> {
        self.0.is_remote().then_some(&self.0)
    }

    pub(crate) fn trace_id(&self) -> TraceId {
        self.0.trace_id()
    }

    /// The header `traceparent` of a request that is part of this call.
    pub(crate) fn traceparent(&self) -> String {
        format!("00-{}-{}-{:02x}", self.0.trace_id(), self.0.span_id(), self.0.trace_flags())
    }

    /// The header `tracestate`, if there is anything to say in it.
    pub(crate) fn tracestate(&self) -> Option<String> {
        Some(self.0.trace_state().header()).filter(|header| !header.is_empty())
    }
}

/// A `traceparent` of version 00, for example `00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01`.
fn parent(text: &str) -> Option<(TraceId, SpanId, TraceFlags)> {
    let parts: Vec<&str> = text.split('-').collect();
    let ["00", trace, span, flags] = parts[..] else { return None };
    let is_hexadecimal =
        |part: &str, length| part.len() == length && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    if !is_hexadecimal(trace, 32) || !is_hexadecimal(span, 16) || !is_hexadecimal(flags, 2) {
        return None;
    }
    let trace = TraceId::from_hex(trace).ok().filter(|trace| *trace != TraceId::INVALID)?;
    let span = SpanId::from_hex(span).ok().filter(|span| *span != SpanId::INVALID)?;
    // The other flags are not defined in this version, and are not passed on.
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    Some((trace, span, flags))
}

/// A `tracestate` such as `rojo=00f067aa0ba902b7,congo=t61rcWkgMzE`.
fn state(text: &str) -> Option<TraceState> {
    if text.len() > MOST_STATE {
        return None;
    }
    let members = text.split(',').map(|member| member.trim_matches([' ', '\t'])).filter(|member| !member.is_empty());
    let members: Vec<_> = members.map(member).collect::<Option<_>>()?;
    if members.len() > MOST_MEMBERS { None } else { TraceState::from_key_value(members).ok() }
}

/// One member's key and value; what else is wrong with them shows where the whole is put together.
fn member(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once('=')?;
    let is_printable = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    (is_printable && !key.is_empty() && !value.is_empty()).then_some((key, value))
}
