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
use tokio::time::{Instant, sleep, timeout};
use tokio_io_timeout::TimeoutWriter;
use tokio_util::sync::CancellationToken;

use super::idle::IdleConnections;
use super::shared::Shared;
use super::tied::Tied;

/// How long a new connection may take to bring the head of its first request.
const FIRST_HEAD: Duration = Duration::from_secs(10);
/// How long a connection that has not asked for anything yet is kept when the server stops, as its request may be on its way; and
/// how long others are accepted yet.
const LAST_ORDERS: Duration = Duration::from_secs(1);
/// How long a connection that the system has accepted already takes to show.
const BACKLOG: Duration = Duration::from_millis(20);
/// How long to wait when the system has no room for another connection.
const BREATH: Duration = Duration::from_secs(1);
/// How long a connection that was told to close may take, before another one is told.
const CLOSING: Duration = Duration::from_millis(50);
/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 32 * 1024;

/// How the connections of one thread are served.
#[derive(Clone)]
struct Terms {
    http: http1::Builder,
    router: Router,
    client_timeout: Duration,
    stopping: CancellationToken,
    idle: IdleConnections,
}

/// Accepts connections until the server stops, then waits until all of the process are closed: a session's calls run
/// on the thread that it started on, whichever thread has the connection. Who has connected by then is served; after
/// that nobody can connect, so that a proxy tries another server instead of waiting.
pub(super) async fn accept(listener: TcpListener, router: Router, shared: &Shared) {
    let limits = &shared.settings.limits;
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.idle_timeout).max_buf_size(LONGEST_HEAD);
    let client_timeout = limits.client_timeout;
    // A token of its own for each thread, so that threads do not wait for each other's lock.
    let terms =
        Terms { http, router, client_timeout, stopping: shared.stopping.child_token(), idle: shared.idle.clone() };
    while let Some(stream) = terms.stopping.run_until_cancelled(next(&listener, shared)).await {
        tokio::spawn(terms.clone().serve(stream, place(shared).await));
    }
    // Somebody may never stop to connect.
    let end = Instant::now() + LAST_ORDERS;
    while Instant::now() < end
        && let Ok(stream) = timeout(BACKLOG, next(&listener, shared)).await
    {
        tokio::spawn(terms.clone().serve(stream, place(shared).await));
    }
    drop(listener);
    let _all = shared.connections.acquire_many(limits.max_connections).await;
}

/// The next connection.
async fn next(listener: &TcpListener, shared: &Shared) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_of_one_connection(error.kind()) => {}
            Err(error) => {
                tracing::error!("no connection can be accepted: {error}");
                shared.idle.close_oldest();
                sleep(BREATH).await;
            }
        }
    }
}

/// A place for one more connection. As many as are allowed being open, the one that is idle for the longest is closed for
/// it; where all have a request in work, it waits.
async fn place(shared: &Shared) -> OwnedSemaphorePermit {
    if let Ok(permit) = Arc::clone(&shared.connections).try_acquire_owned() {
        return permit;
    }
    loop {
        shared.idle.close_oldest();
        if let Ok(permit) = timeout(CLOSING, Arc::clone(&shared.connections).acquire_owned()).await {
            return permit.expect("nobody closes this semaphore");
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
        let itself = self.idle.connection();
        let asking = Arc::clone(&itself);
        let service = service_fn(move |request: Request<Incoming>| {
            asks.store(true, Ordering::Relaxed);
            let in_work = asking.begin();
            let answer = router.call(request);
            async move { answer.await.map(|response| response.map(|body| Tied::to(in_work, body))) }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(Box::pin(stream)), service));
        // Later heads have the time that a connection may be idle: hyper does not tell the two apart.
        let mut first_head = pin!(sleep(self.client_timeout.min(FIRST_HEAD)));
        let mut has_to_close = pin!(itself.has_to_close());
        loop {
            tokio::select! {
                biased;
                _ended = connection.as_mut() => return,
                () = self.stopping.cancelled() => break,
                () = has_to_close.as_mut() => {
                    connection.as_mut().graceful_shutdown();
                    // An answer may still be on its way, also of a request that has come in this moment; half a head is
                    // not waited for.
                    let patience = if has_asked.load(Ordering::Relaxed) { self.client_timeout } else { LAST_ORDERS };
                    if timeout(patience, connection.as_mut()).await.is_err() && itself.is_in_work() {
                        let _ended = connection.await;
                    }
                    return;
                }
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
