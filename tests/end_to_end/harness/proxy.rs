//! A proxy that leads connections on when it is asked to by CONNECT, and keeps what it was asked.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

use super::http::runtime;

type Seen = Arc<Mutex<Vec<String>>>;

/// A proxy of its own for each test.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    seen: Seen,
    serving: AbortHandle,
}

impl Proxy {
    /// Leads on each connection.
    pub(crate) fn start() -> Self {
        Self::answering("200 Connection established")
    }

    /// Answers CONNECT with this status.
    pub(crate) fn answering(status: &'static str) -> Self {
        let listener = runtime().block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let seen = Seen::default();
        let taken = Arc::clone(&seen);
        let accept = async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(lead_on(stream, status, Arc::clone(&taken)));
            }
        };
        Self { address, seen, serving: runtime().spawn(accept).abort_handle() }
    }

    /// The heads of all requests so far.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn lead_on(mut client: TcpStream, status: &str, seen: Seen) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
    seen.lock().unwrap_or_else(PoisonError::into_inner).push(head);
    let _ = client.write_all(format!("HTTP/1.1 {status}\r\n\r\n").as_bytes()).await;
    if !status.starts_with('2') {
        return;
    }
    if let Ok(mut server) = TcpStream::connect(target).await {
        let _ = copy_bidirectional(&mut client, &mut server).await;
    }
}
