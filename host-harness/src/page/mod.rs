//! The page at `/` for whoever may call: what this server does, now and in the last hour. It writes nothing but sessions of browsers.

mod audit;
mod charts;
mod clients;
mod fields;
mod home;
mod html;
mod live;
pub(crate) mod recent;
mod session;
mod sign_in;
mod tools;
mod visitor;

use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use tokio::sync::{Mutex, OnceCell};

use self::html::Html;
use self::recent::Recent;
use self::session::Sessions;
use self::tools::Ruled;
use self::visitor::{Holder, Visitor, visitor};
use crate::auth::{Access, Refused};
use crate::component::Aborted;
use crate::health::Health;
use crate::server::Server;

/// What the page needs on all threads of the process.
pub(crate) struct Page {
    recent: Recent,
    sessions: Sessions<Holder>,
    /// The file of the audit log, where there is one.
    audit: Option<PathBuf>,
    /// Held while the audit log is read: one reader at a time is enough of a load.
    reading: Arc<Mutex<()>>,
    /// The tools of each instance, asked of the component when somebody looks first.
    tools: OnceCell<Vec<Vec<Ruled>>>,
    /// The same for who is kept to an organization by an access token.
    tools_within: OnceCell<Vec<Vec<Ruled>>>,
}

impl Page {
    pub(crate) fn new(recent: Recent, audit: Option<PathBuf>) -> Self {
        Self {
            recent,
            sessions: Sessions::default(),
            audit,
            reading: Arc::default(),
            tools: OnceCell::new(),
            tools_within: OnceCell::new(),
        }
    }
}

/// The page on one thread.
#[derive(Clone)]
struct Site {
    page: Arc<Page>,
    server: Server,
    access: Access,
    health: Arc<Health>,
}

/// No script, no style and no request but this server's own, and no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Headers of every answer of the page. The referrer policy lets a form say where it comes from, which others are not told.
static HEADERS: [(HeaderName, HeaderValue); 7] = [
    (CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
];

/// The routes of the page on one thread.
pub(crate) fn routes(page: &Arc<Page>, server: &Server, access: &Access, health: &Arc<Health>) -> Router {
    let (page, server, access, health) = (Arc::clone(page), server.clone(), access.clone(), Arc::clone(health));
    Router::new()
        .route("/", get(home::show))
        .route("/page/live", get(live::show))
        .route("/page/audit", get(audit::show))
        .route("/page/sign-in", post(sign_in::sign_in))
        .route("/page/sign-out", post(sign_in::sign_out))
        .route("/page/page.css", get(async || asset("text/css; charset=utf-8", include_str!("assets/page.css"))))
        .route("/page/page.js", get(async || asset("text/javascript; charset=utf-8", include_str!("assets/page.js"))))
        .with_state(Site { page, server, access, health })
}

/// Puts the headers of the page on an answer, refusals too.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().extend(HEADERS.iter().cloned());
    response
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], text).into_response()
}

impl Site {
    async fn visitor(&self, headers: &HeaderMap) -> Result<Visitor, Refused> {
        visitor(&self.access, &self.page.sessions, self.server.mode(), headers).await
    }

    /// The tools of each instance, in their order, for who is kept to an organization, where one is named.
    async fn tools(&self, organization: Option<&str>) -> Option<&Vec<Vec<Ruled>>> {
        let ask = async || {
            let mut all = Vec::new();
            for instance in self.server.instances() {
                all.push(tools::ruled(instance, organization).await?);
            }
            Ok(all)
        };
        let kept = if organization.is_some() { &self.page.tools_within } else { &self.page.tools };
        let found: Result<_, Aborted> = kept.get_or_try_init(ask).await;
        found.inspect_err(|aborted| tracing::warn!("the page cannot tell the tools: {aborted}")).ok()
    }
}

/// A whole document.
fn document(status: StatusCode, title: &str, visitor: Option<&Visitor>, main: &Html) -> Response {
    let sign_out = "<form method=\"post\" action=\"/page/sign-out\"><button>Sign out</button></form>";
    let sign_out = visitor.filter(|visitor| visitor.has_session).map_or("", |_| sign_out);
    let version = concat!("clerk-mcp ", env!("CARGO_PKG_VERSION"));
    let head = Html::raw(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"data:,\">\
         <link rel=\"stylesheet\" href=\"/page/page.css\"><script src=\"/page/page.js\" defer></script>",
    );
    let document = head
        .and_html(&Html::element("title", &[], &Html::text(title)))
        .and("</head><body><header><a href=\"/\">")
        .and(version)
        .and("</a>")
        .and(sign_out)
        .and("</header>")
        .and_html(&Html::element("main", &[], main))
        .and("</body></html>");
    (status, [(CONTENT_TYPE, "text/html; charset=utf-8")], document.into_string()).into_response()
}

/// A part of a document, for the script.
fn fragment(html: Html) -> Response {
    ([(CONTENT_TYPE, "text/html; charset=utf-8")], html.into_string()).into_response()
}
