//! What an operator sees of the calls: a line in the log, and if wanted metrics and spans. None of it holds arguments,
//! results or keys.

mod call;
mod collector;
mod labels;
mod lines;
pub(crate) mod logs;
mod metrics;
mod sinks;
mod spans;
mod trace;

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;

pub(crate) use call::Call;
pub(crate) use labels::{Instance, Method, Status};
pub(crate) use trace::TraceContext;

use metrics::Metrics;
use sinks::Sinks;
use spans::Spans;

use crate::page::recent::Recent;

/// Where the account of each call goes. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Telemetry {
    names: Arc<HashSet<Arc<str>>>,
    sinks: Sinks,
}

impl Telemetry {
    /// Keeps a log; sends spans as well where there is a collector for them.
    pub(crate) fn start(collector: Option<&str>) -> anyhow::Result<Self> {
        let sinks = Sinks { spans: collector.map(Spans::to).transpose()?, ..Sinks::default() };
        Ok(Self { sinks, ..Self::default() })
    }

    /// Counts as well, for [`Self::metrics_route`].
    pub(crate) fn counting(mut self) -> Self {
        self.sinks.metrics = Some(Arc::new(Metrics::new()));
        self
    }

    /// Keeps the last hour as well, for the page.
    pub(crate) fn watching(mut self) -> Self {
        self.sinks.recent = Some(Recent::default());
        self
    }

    /// The last hour, where it is kept.
    pub(crate) fn recent(&self) -> Option<&Recent> {
        self.sinks.recent.as_ref()
    }

    /// The name that calls of a tool or prompt go by.
    pub(crate) fn known(&self, name: &str) -> Arc<str> {
        self.names.get(name).cloned().unwrap_or_else(|| Arc::from("unknown"))
    }

    /// Calls these tools, prompts and resources by their names, and all others `unknown`: what clients make up must
    /// neither fill the metrics nor write into the log.
    pub(crate) fn knowing(mut self, names: impl IntoIterator<Item = String>) -> Self {
        Arc::make_mut(&mut self.names).extend(names.into_iter().map(Into::into));
        self
    }

    /// Begins the account of a call.
    pub(crate) fn begin(&self, method: Method, name: &str, instance: Instance, trace: &TraceContext) -> Call {
        Call::begin(&self.sinks, method, self.known(name), instance, trace)
    }

    /// The route that Prometheus reads, empty where nothing is counted.
    pub(crate) fn metrics_route(&self) -> Router {
        self.sinks.metrics.clone().map(metrics::route).unwrap_or_default()
    }

    /// Counts the answers of `router`.
    pub(crate) fn count_responses(&self, router: Router) -> Router {
        match &self.sinks.metrics {
            Some(metrics) => router.layer(from_fn_with_state(Arc::clone(metrics), metrics::count)),
            None => router,
        }
    }

    /// Sends the spans that are still here, and gives up soon where nobody takes them.
    pub(crate) fn end(&self) {
        if let Some(spans) = &self.sinks.spans {
            spans.finish();
        }
    }
}
