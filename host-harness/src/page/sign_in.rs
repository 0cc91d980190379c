//! Signing in to the page by the token that `/mcp` takes, and out again.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, LOCATION, ORIGIN, SET_COOKIE, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse as _, Response};
use tokio::time::timeout;

use super::fields::field;
use super::html::Html;
use super::visitor::Holder;
use super::{Site, document, session};
use crate::auth::{Access, Refused};

/// The largest form, in bytes: a token of 8 KiB of which each byte is encoded.
const LARGEST: usize = 32 * 1024;
/// How long the form may take to arrive.
const WITHIN: Duration = Duration::from_secs(10);

/// Takes a token and opens a session.
pub(super) async fn sign_in(State(site): State<Site>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let holder = match holder(&site, body).await {
        Ok(holder) => holder,
        Err(refused) => return ask(&site, &refused, true),
    };
    let lasts = holder.as_ref().map_or(session::LONGEST, |holder| holder.time_left().min(session::LONGEST));
    // Only a browser that came here by TLS says so.
    let came_by_tls = parts.headers.get(ORIGIN).is_some_and(|origin| origin.as_bytes().starts_with(b"https://"));
    let is_secure = came_by_tls || is_secure(&site.access);
    // Another session of this browser is over.
    site.page.sessions.close(&parts.headers);
    let owner = holder.as_ref().map_or(String::new(), |holder| holder.subject.clone());
    match site.page.sessions.open(holder, &owner, lasts) {
        Some(text) => home([session::given(&text, lasts, is_secure)]),
        None => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Tells whether browsers come here by TLS alone.
pub(super) fn is_secure(access: &Access) -> bool {
    access.public_url().is_some_and(|url| url.starts_with("https://"))
}

/// Who has the token in a form.
async fn holder(site: &Site, form: Body) -> Result<Holder, Refused> {
    let malformed =
        |message: &str| Refused { status: StatusCode::BAD_REQUEST, challenge: None, message: message.into() };
    let token = read(form).await.and_then(|form| field(&form, "token"));
    let token = token.ok_or_else(|| malformed("the form has no token, or did not arrive"))?;
    let value = HeaderValue::try_from(format!("Bearer {}", token.trim()));
    let value = value.map_err(|_| malformed("this is no token: it has characters that no token has"))?;
    site.access.admit(&HeaderMap::from_iter([(AUTHORIZATION, value)])).await
}

/// Ends the session.
pub(super) async fn sign_out(State(site): State<Site>, headers: HeaderMap) -> Response {
    site.page.sessions.close(&headers);
    home(session::taken())
}

/// Sends a browser to the page, with these cookies.
fn home<const N: usize>(cookies: [String; N]) -> Response {
    let cookies = AppendHeaders(cookies.map(|cookie| (SET_COOKIE, cookie)));
    (StatusCode::SEE_OTHER, [(LOCATION, "/")], cookies).into_response()
}

async fn read(body: Body) -> Option<String> {
    let bytes = timeout(WITHIN, to_bytes(body, LARGEST)).await.ok()?.ok()?;
    String::from_utf8(bytes.to_vec()).ok()
}

/// The form for who may not see the page. `was_tried`: they have sent a token.
pub(super) fn ask(site: &Site, refused: &Refused, was_tried: bool) -> Response {
    let why = if was_tried {
        Html::element("p", &[("class", "fault"), ("role", "alert")], &Html::text(&refused.message))
    } else {
        Html::default()
    };
    let form = Html::raw(
        "<form method=\"post\" action=\"/page/sign-in\" class=\"sign-in\"><label for=\"token\">Token</label>\
         <input id=\"token\" name=\"token\" type=\"password\" autocomplete=\"off\" spellcheck=\"false\" required>\
         <button>Sign in</button></form>\
         <p>The token is sent once and not kept. The session lasts eight hours at most, and ends with the token or when you sign out.</p>",
    );
    let main = Html::raw("<h1>Sign in</h1>").and_html(&why).and_html(&way(&site.access)).and_html(&form);
    challenging(document(refused.status, "Sign in · clerk-mcp", None, &main), refused)
}

/// An answer that says by which header somebody may come in.
pub(super) fn challenging(mut answer: Response, refused: &Refused) -> Response {
    let challenge = refused.challenge.as_ref().and_then(|challenge| HeaderValue::try_from(challenge).ok());
    if let Some(challenge) = challenge {
        answer.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// Where a token is had.
fn way(access: &Access) -> Html {
    match access.issuer() {
        None => Html::raw(
            "<p>This page shows what this server does, to whoever may call it. The token is the one that clients send: the \
             operator has it as <code>CLERK_MCP_AUTH_TOKEN</code>.</p>",
        ),
        Some((issuer, resource)) => Html::raw(
            "<p>This page shows you the tools, the figures of this server and your own calls. It takes an access token of the \
             issuer <code>",
        )
        .and_text(issuer)
        .and("</code> for the resource <code>")
        .and_text(resource)
        .and("</code> with the scope <code>clerk:read</code>: the one that your MCP client got when you signed in there, or one that \
              your organization's tools for OAuth get for you.</p>"),
    }
}
