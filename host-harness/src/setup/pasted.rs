//! What to paste into each client for a server that runs already.

use super::clients::{CLIENTS, Client};
use super::places::System;

/// A client's entry for a server at a URL.
pub(crate) struct Pasted {
    pub(crate) title: &'static str,
    /// The command that puts it in.
    pub(crate) command: String,
    /// The file of the client, on the system that this program runs on.
    pub(crate) file: String,
    /// The whole file, where there is nothing else in it; none where the client's file takes no URL.
    pub(crate) entry: Option<String>,
    /// The next step of the person.
    pub(crate) afterwards: &'static str,
}

/// The entries of all clients for the server at `url`.
pub(crate) fn pasted(url: &str) -> Vec<Pasted> {
    CLIENTS.iter().map(|client| of(client, url)).collect()
}

fn of(client: &Client, url: &str) -> Pasted {
    let entry = client.http.and_then(|shape| client.place("clerk").put("", &shape.entry("clerk", url)).ok());
    let http = if entry.is_some() { format!(" --http {url}") } else { String::new() };
    let file = client.user.on(System::CURRENT).first().map(|file| file.replace("$XDG_CONFIG_HOME", "~/.config"));
    Pasted {
        title: client.title,
        command: format!("npx -y clerk-mcp init --client {}{http}", client.name),
        file: file.unwrap_or_default(),
        entry,
        afterwards: client.afterwards,
    }
}
