//! Connections of clients: how many are open, and how long one may be silent.

use std::io::ErrorKind;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;

use super::Shared;

/// How long a new connection may take to bring the head of its first request.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// How long a connection that has not asked for anything yet is kept when the server stops: its request may be on its way.
const LAST_ORDERS: Duration = Duration::from_secs(1);
/// How long a connection that the system has accepted already takes to show.
const BACKLOG: Duration = Duration::from_millis(20);
/// How long to wait when the system has no room for another connection.
const BREATH: Duration = Duration::from_secs(1);

/// How the connections of one thread are served.
#[derive(Clone)]
struct Terms {
    http: http1::Builder,
    router: Router,
    client_timeout: Duration,
    stopping: CancellationToken,
}

/// Accepts connections until the server stops, then waits until all of the process are closed: a session's calls run
/// on the thread that it started on, whichever thread has the connection. Who has connected by then is served; after
/// that nobody can connect, so that a proxy tries another server instead of waiting.
pub(super) async fn accept(listener: TcpListener, router: Router, shared: &Shared) {
    let limits = &shared.settings.limits;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.idle_timeout);
    let client_timeout = limits.client_timeout;
    // A token of its own for each thread, so that threads do not wait for each other's lock.
    let terms = Terms { http, router, client_timeout, stopping: shared.stopping.child_token() };
    while let Some((stream, permit)) = terms.stopping.run_until_cancelled(next(&listener, shared)).await {
        tokio::spawn(terms.clone().serve(stream, permit));
    }
    while let Ok((stream, permit)) = timeout(BACKLOG, next(&listener, shared)).await {
        tokio::spawn(terms.clone().serve(stream, permit));
    }
    drop(listener);
    let _all = shared.connections.acquire_many(limits.max_connections).await;
}

/// The next connection. As many as are allowed being open, it has to wait until one is closed.
async fn next(listener: &TcpListener, shared: &Shared) -> (TcpStream, OwnedSemaphorePermit) {
    let permit = Arc::clone(&shared.connections).acquire_owned().await.expect("nobody closes this semaphore");
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return (stream, permit),
            Err(error) if is_of_one_connection(error.kind()) => {}
            Err(error) => {
                tracing::error!("no connection can be accepted: {error}");
                sleep(BREATH).await;
            }
        }
    }
}

fn is_of_one_connection(error: ErrorKind) -> bool {
    matches!(error, ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

impl Terms {
    async fn serve(self, stream: TcpStream, _permit: OwnedSemaphorePermit) {
        // An answer is written at once; waiting for more to send only delays it.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutWriter::new(stream);
        stream.set_timeout(Some(self.client_timeout));
        let has_asked = Arc::new(AtomicBool::new(false));
        let (router, asks) = (TowerToHyperService::new(self.router), Arc::clone(&has_asked));
        let service = service_fn(move |request: Request<Incoming>| {
            asks.store(true, Ordering::Relaxed);
            router.call(request)
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(Box::pin(stream)), service));
        // Later heads have the time that a connection may be idle: hyper does not tell the two apart.
        let mut first_head = pin!(sleep(self.client_timeout.min(FIRST_HEAD)));
        loop {
            tokio::select! {
                biased;
                _ended = connection.as_mut() => return,
                () = self.stopping.cancelled() => break,
                () = first_head.as_mut(), if !first_head.is_elapsed() => {
                    if !has_asked.load(Ordering::Relaxed) {
                        return;
                    }
                }
            }
        }
        let is_silent = !has_asked.load(Ordering::Relaxed);
        if is_silent && timeout(LAST_ORDERS, connection.as_mut()).await.is_ok() {
            return;
        }
        connection.as_mut().graceful_shutdown();
        let _ended = connection.await;
    }
}
