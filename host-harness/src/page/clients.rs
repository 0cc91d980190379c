//! What to paste into each client, so that it talks to this server.

use axum::http::HeaderMap;
use axum::http::header::HOST;

use super::Site;
use super::html::Html;
use crate::origin::is_loopback;
use crate::server::Mode;
use crate::setup::{Pasted, pasted};

/// The section with an entry for each client.
pub(super) fn section(site: &Site, headers: &HeaderMap) -> Html {
    let url = site.access.public_url().map_or_else(|| called(headers), str::to_owned);
    let entries: Html = pasted(&url).iter().map(entry).collect();
    let key = match site.server.mode() {
        Mode::Public => {
            " Each client has to send a secret key of Clerk's, as the header X-Clerk-Secret-Key, by a field for headers of its own."
        }
        Mode::Hosted(_) | Mode::WithoutKey(_) => "",
    };
    let needs = match (site.access.is_open(), site.access.issuer()) {
        (true, _) => "No token is needed.",
        (false, Some(_)) => "The client has you sign in at the issuer when it connects.",
        (false, None) => {
            "Each client has to send the operator's token too, as the header Authorization: Bearer …, by a field for headers \
             of its own; this page does not know the token."
        }
    };
    Html::raw("<section aria-labelledby=\"clients\"><h2 id=\"clients\">Into a client</h2><p>MCP is served at <code>")
        .and_text(&url)
        .and("</code>. ")
        .and(needs)
        .and(key)
        .and("</p>")
        .and_html(&entries)
        .and("</section>")
}

/// The address by which this page was called, as that of MCP.
fn called(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let by_tls = headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
    let scheme = if by_tls && !is_loopback(name) { "https" } else { "http" };
    format!("{scheme}://{host}/mcp")
}

fn entry(client: &Pasted) -> Html {
    let command = Html::raw("<p><code>").and_text(&client.command).and("</code>");
    let by_hand = match &client.entry {
        Some(entry) => command
            .and(", or by hand into <code>")
            .and_text(&client.file)
            .and("</code>:</p><pre tabindex=\"0\"><code>")
            .and_text(entry)
            .and("</code></pre>"),
        None => command.and(": its file takes no URL, so that it starts the program by itself.</p>"),
    };
    let summary = Html::element("summary", &[], &Html::text(client.title));
    let inner = summary.and_html(&by_hand).and("<p>").and_text(client.afterwards).and("</p>");
    Html::element("details", &[], &inner)
}
