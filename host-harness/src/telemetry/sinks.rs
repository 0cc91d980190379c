//! The places besides the log where accounts of calls go.

use std::sync::Arc;

use super::metrics::Metrics;
use super::spans::Spans;
use crate::page::recent::Recent;

/// Where the account of each call goes besides the log. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Sinks {
    pub(super) metrics: Option<Arc<Metrics>>,
    pub(super) spans: Option<Spans>,
    /// What the page shows, where there is one.
    pub(super) recent: Option<Recent>,
}
