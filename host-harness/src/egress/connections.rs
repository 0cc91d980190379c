//! The pool of connections to the API: HTTP/2 where it is offered, and how long an idle connection is kept.

use std::time::Duration;

use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use wasmtime_wasi_http::WasiBody;

use crate::connector::{self, Connector};
use crate::engine::MOST_CALLS;

/// The time for which an idle connection is kept: long enough for the pauses between the calls of a conversation, and less
/// than the fronts of APIs keep theirs (load balancers of AWS 60 s, nginx 75 s, Cloudflare 400 s), so that few are closed
/// under a request. Over HTTP/1.1 nobody could tell whether a write on such a connection was made.
const IDLE: Duration = Duration::from_secs(55);
/// The number of idle connections that are kept over HTTP/1.1: one for each call that there may be. HTTP/2 has one for all.
const MOST_IDLE: usize = MOST_CALLS as usize;
/// The largest head of an answer, in bytes, and the largest piece in which its body is read: the buffer of a connection, which an
/// idle one keeps, or a frame.
const BUFFER: u32 = 64 * 1024;

/// The number of bytes of one answer that may have arrived over HTTP/2 and not been read, as over HTTP/1.1. No more comes in a
/// round trip: 1.3 MB a second where that takes 50 ms.
const STREAM_WINDOW: u32 = BUFFER;
/// The number of requests that one call has in flight at most.
const MOST_REQUESTS: u32 = 8;
/// The number of bytes that may wait on one connection: those of all requests that there can be, 32 MiB. Answers wait for those
/// before them, and if they could fill the connection, the one that is being read would never come to its end.
const CONNECTION_WINDOW: u32 = MOST_CALLS * MOST_REQUESTS * STREAM_WINDOW;

/// The silence after which a connection with requests in flight is asked for a sign of life, and the time that it has to give
/// one. All calls share a connection over HTTP/2: a dead one would take each of them to its deadline. Nothing is sent while
/// nothing is in flight.
const SILENCE: Duration = Duration::from_secs(10);
const SIGN_OF_LIFE: Duration = Duration::from_secs(10);

/// Connections to the API that are used again. Over HTTP/2, all requests share one.
pub(super) type Connections = Client<Connector, WasiBody>;

pub(super) fn connections() -> Connections {
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE)
        .pool_max_idle_per_host(MOST_IDLE)
        .http1_max_buf_size(BUFFER as usize)
        .http2_max_header_list_size(BUFFER)
        .http2_max_frame_size(BUFFER)
        .http2_initial_stream_window_size(STREAM_WINDOW)
        .http2_initial_connection_window_size(CONNECTION_WINDOW)
        .http2_keep_alive_interval(SILENCE)
        .http2_keep_alive_timeout(SIGN_OF_LIFE)
        .build(connector::to_api())
}
