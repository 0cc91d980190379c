//! The connection to a collector of spans, which may be gone at any time.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

use crate::connector::{self, Connector};

/// How long a collector may take to answer.
const WITHIN: Duration = Duration::from_secs(5);
/// The longest answer that is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// A collector. It says once in the log when it stops taking spans, and once when it takes them again.
#[derive(Debug)]
pub(super) struct Collector {
    url: Uri,
    client: Client<Connector, Full<Bytes>>,
    /// For the exporter's thread, which has none.
    runtime: Runtime,
    is_failing: AtomicBool,
}

impl Collector {
    pub(super) fn at(url: Uri) -> anyhow::Result<Self> {
        Ok(Self {
            url,
            client: Client::builder(TokioExecutor::new()).build(connector::connector()),
            runtime: Builder::new_current_thread().enable_all().build()?,
            is_failing: AtomicBool::new(false),
        })
    }

    async fn send(&self, request: Request<Bytes>) -> anyhow::Result<Response<Bytes>> {
        let (parts, body) = self.client.request(request.map(Full::new)).await?.into_parts();
        let body = Limited::new(body, MOST_BYTES).collect().await.map_err(|error| anyhow::anyhow!(error))?;
        Ok(Response::from_parts(parts, body.to_bytes()))
    }

    /// Tells of a change, and not of each failure: a collector may be gone for days.
    fn report(&self, answer: &anyhow::Result<Response<Bytes>>) {
        let reason = match answer {
            Ok(response) if response.status().is_success() => None,
            Ok(response) => Some(format!("it answers {}", response.status())),
            Err(error) => Some(format!("{error:#}")),
        };
        let was_failing = self.is_failing.swap(reason.is_some(), Ordering::Relaxed);
        match reason {
            Some(reason) if !was_failing => {
                tracing::warn!("the collector at {} takes no spans, and they are lost: {reason}", self.url);
            }
            None if was_failing => tracing::info!("the collector at {} takes spans again", self.url),
            _ => {}
        }
    }
}

#[async_trait::async_trait]
impl HttpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.runtime.block_on(async { timeout(WITHIN, self.send(request)).await });
        let answer = answer.context("it did not answer in time").flatten();
        self.report(&answer);
        Ok(answer?)
    }
}
