//! One thread with a runtime for each core, from their start to the end of the last call.

use std::num::NonZero;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::{JoinError, JoinSet};
use tokio::time::sleep;

use super::connections;
use super::routes::router;
use super::shared::{Settings, Shared};
use crate::health::Health;
use crate::server::Server;
use crate::signals::Signals;

/// How much longer than one call the end may take.
const GRACE: Duration = Duration::from_secs(5);

const PANICKED: &str = "a thread that serves HTTP panicked";

/// The threads; each one's end is reported.
type Threads = JoinSet<anyhow::Result<()>>;

/// Serves until a signal, then lets calls in flight finish. A second signal breaks them off.
///
/// Each core gets a thread with a runtime and connections to the API of its own, and whichever thread accepts a client
/// serves it: no call moves between threads.
pub(crate) async fn serve(
    listener: TcpListener,
    settings: Settings,
    server: Server,
    health: Health,
    mut signals: Signals,
) -> anyhow::Result<()> {
    let longest = settings.call_timeout + GRACE;
    let shared = Shared::new(settings, health, &server);
    let mut threads = start(listener, &shared, &server)?;
    tokio::select! {
        () = signals.next() => shared.stopping.cancel(),
        ended = threads.join_next() => {
            outcome(ended)?;
            anyhow::bail!("a thread that serves HTTP has ended");
        }
    }
    tokio::select! {
        ended = finish(&mut threads) => ended,
        () = sleep(longest) => {
            tracing::warn!("clients that did not finish within {} s were cut off", longest.as_secs());
            Ok(())
        }
        () = signals.next() => anyhow::bail!("a second signal broke off what was in flight"),
    }
}

/// Starts the threads, this one among them. One that cannot go on says so in its end.
fn start(listener: TcpListener, shared: &Shared, server: &Server) -> anyhow::Result<Threads> {
    let listener = listener.into_std()?;
    let mut threads = Threads::new();
    for _ in 1..thread::available_parallelism().map_or(1, NonZero::get) {
        let listener = listener.try_clone().context("no listener for another thread")?;
        let accepting = accept(listener, server.with_own_connections(), shared.clone());
        let (report, reported) = oneshot::channel();
        let run = move || report.send(run(accepting));
        thread::Builder::new().name("http".into()).spawn(run).context("another thread cannot be started")?;
        threads.spawn(async move { reported.await.unwrap_or_else(|_| Err(anyhow::anyhow!(PANICKED))) });
    }
    threads.spawn(accept(listener, server.clone(), shared.clone()));
    Ok(threads)
}

fn run(accepting: impl Future<Output = anyhow::Result<()>>) -> anyhow::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build().context("no runtime for another thread")?;
    let ended = runtime.block_on(accepting);
    // A name that is still being looked up would keep this thread.
    runtime.shutdown_background();
    ended
}

async fn accept(listener: std::net::TcpListener, server: Server, shared: Shared) -> anyhow::Result<()> {
    let listener = TcpListener::from_std(listener).context("a thread cannot listen")?;
    server.warm();
    connections::accept(listener, router(&shared, &server), &shared).await;
    Ok(())
}

async fn finish(threads: &mut Threads) -> anyhow::Result<()> {
    while let Some(ended) = threads.join_next().await {
        outcome(Some(ended))?;
    }
    Ok(())
}

fn outcome(ended: Option<Result<anyhow::Result<()>, JoinError>>) -> anyhow::Result<()> {
    ended.transpose().context(PANICKED)?.unwrap_or(Ok(()))
}
