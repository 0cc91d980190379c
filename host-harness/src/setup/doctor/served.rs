//! Entries that name a server which runs already, by a URL on this machine.

use std::net::SocketAddr;
use std::time::Duration;

use http::Uri;
use serde_json::Value;
use tokio::net::lookup_host;
use tokio::time::timeout;

use super::Finding;
use super::clients::{Entry, TOPIC};
use super::ours::USUAL_NAME;
use super::port::health;
use crate::origin::is_loopback;

const WITHIN: Duration = Duration::from_secs(5);
/// The fields in which entries have a URL, whichever client reads which.
const URL_FIELDS: [&str; 4] = ["url", "httpUrl", "serverUrl", "uri"];

/// Tells whether an entry names a server by a URL.
pub(super) fn has_url(entry: &Value) -> bool {
    url(entry).is_some()
}

fn url(entry: &Value) -> Option<&str> {
    URL_FIELDS.iter().find_map(|&field| entry[field].as_str())
}

/// What there is to say of an entry; nothing where it is not one of ours.
pub(super) async fn look(entry: &Entry) -> Option<Finding> {
    let text = url(&entry.value)?;
    let what = entry.what();
    let url: Option<Uri> = text.parse().ok();
    let Some((url, host)) = url.as_ref().and_then(|url| Some((url, url.host()?))) else {
        let said = || format!("{what} has a URL that cannot be read");
        return (entry.name == USUAL_NAME).then(|| Finding::problem(TOPIC, said(), "correct the URL"));
    };
    if !is_loopback(host) {
        let said = || format!("{what} names a server at {host}, which is not asked: it is not on this machine");
        return (entry.name == USUAL_NAME).then(|| Finding::ok(TOPIC, said()));
    }
    let (host, port) = (host.trim_matches(['[', ']']).to_owned(), url.port_u16().unwrap_or(80));
    match timeout(WITHIN, ask(host, port)).await {
        Ok(Ok(answer)) if answer.contains("clerkConnected") && !matches!(url.path(), "/mcp" | "/mcp/") => {
            let said = format!("{what}: the clerk-mcp at {url} serves MCP at /mcp");
            Some(Finding::problem(TOPIC, said, "correct the URL: it ends in /mcp"))
        }
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
