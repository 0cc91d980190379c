//! The port of `clerk-mcp http`: free, or who has it.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::Finding;
use crate::cli::DEFAULT_LISTEN;

const TOPIC: &str = "port";
const WITHIN: Duration = Duration::from_secs(5);
/// The most that is read of an answer, in bytes.
const MOST: u64 = 16 * 1024;

pub(super) async fn look() -> Finding {
    let listen = std::env::var("CLERK_MCP_LISTEN").ok().filter(|listen| !listen.is_empty());
    let listen = listen.unwrap_or_else(|| DEFAULT_LISTEN.into());
    let Ok(address) = listen.parse::<SocketAddr>() else {
        return Finding::problem(
            TOPIC,
            format!("{listen} is no address"),
            "set CLERK_MCP_LISTEN to one such as 127.0.0.1:3000",
        );
    };
    match TcpListener::bind(address) {
        Ok(_) => Finding::ok(TOPIC, format!("{address} is free for `clerk-mcp http`")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => match timeout(WITHIN, health(address)).await {
            Ok(Ok(answer)) if answer.contains("clerkConnected") => {
                Finding::ok(TOPIC, format!("a clerk-mcp serves at {address}"))
            }
            _ => Finding::warning(
                TOPIC,
                format!("{address} is taken by another program"),
                "give `clerk-mcp http` another one, such as --listen 127.0.0.1:3001",
            ),
        },
        Err(error) => {
            let advice = "give `clerk-mcp http` another address (--listen)";
            Finding::warning(TOPIC, format!("nothing can listen at {address}: {error}"), advice)
        }
    }
}

/// The answer of a server to `GET /health`, head and body.
pub(super) async fn health(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /health HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(MOST).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
