//! Entries that name a server which runs already, by a URL on this machine.

use std::net::SocketAddr;
use std::time::Duration;

use http::Uri;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::Finding;
use super::clients::{Entry, TOPIC};
use super::port::health;
use crate::origin::is_loopback;

const WITHIN: Duration = Duration::from_secs(5);
/// What `init` calls an entry, unless it is told otherwise.
const USUAL_NAME: &str = "clerk";

/// What there is to say of an entry; nothing where it is not one of ours.
pub(super) async fn look(entry: &Entry) -> Option<Finding> {
    let shape = entry.client.http?;
    let url: Uri = entry.value[shape.url].as_str()?.parse().ok()?;
    let host = url.host().filter(|host| is_loopback(host))?.trim_matches(['[', ']']);
    let (host, port) = (host.to_owned(), url.port_u16().unwrap_or(80));
    let what = entry.what();
    match timeout(WITHIN, ask(host, port)).await {
        Ok(Ok(answer)) if answer.contains("clerkConnected") => {
            Some(Finding::ok(TOPIC, format!("{what} names a clerk-mcp that serves at {url}")))
        }
        _ if entry.name != USUAL_NAME => None,
        Ok(Ok(_)) => Some(Finding::problem(TOPIC, format!("{what}: no clerk-mcp answers at {url}"), "correct the URL")),
        Ok(Err(_)) | Err(_) => {
            let advice = "start it by `clerk-mcp http`, or have the client start it: `clerk-mcp init`";
            Some(Finding::problem(TOPIC, format!("{what}: nothing answers at {url}"), advice))
        }
    }
}

async fn ask(host: String, port: u16) -> std::io::Result<String> {
    let addresses: Vec<SocketAddr> = lookup_host((host, port)).await?.collect();
    let mut answer = Err(std::io::ErrorKind::NotFound.into());
    for address in addresses {
        answer = health(address).await;
        if answer.is_ok() {
            break;
        }
    }
    answer
}
