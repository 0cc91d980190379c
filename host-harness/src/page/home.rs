//! The page itself: what there is of this server, around the part that goes on by itself.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;

use super::html::{Html, table};
use super::tools::{self, Fate, Ruled};
use super::visitor::Visitor;
use super::{Site, clients, document, live, sign_in};
use crate::component::{Danger, Policy};
use crate::server::{Mode, ServedInstance};

/// Answers with the page, or with the way to it.
pub(super) async fn show(State(site): State<Site>, headers: HeaderMap) -> Response {
    let visitor = match site.visitor(&headers).await {
        Ok(visitor) => visitor,
        Err(refused) => {
            let was_tried = headers.contains_key(axum::http::header::AUTHORIZATION);
            return sign_in::ask(&site, &refused, was_tried);
        }
    };
    let live = live::part(&site, &visitor).await;
    let audit = if site.page.audit.is_some() && visitor.sight.has_calls() {
        Html::raw(
            "<section><h2>Audit log</h2><p><a href=\"/page/audit\">Look at the audit log, and verify it</a></p></section>",
        )
    } else {
        Html::default()
    };
    let main = Html::raw("<h1>This server</h1>")
        .and_html(&instances(&site, &visitor))
        .and(
            "<section aria-labelledby=\"now\"><h2 id=\"now\">Now</h2>\
             <p id=\"pace\" hidden><button type=\"button\" id=\"pause\">Pause updates</button> <span id=\"age\"></span></p>\
             <p id=\"reload\">Reload the page for newer figures.</p>",
        )
        .and_html(&Html::element("div", &[("id", "live")], &live))
        .and("</section>")
        .and_html(&audit)
        .and_html(&all_tools(&site, &visitor).await)
        .and_html(&clients::section(&site, &headers));
    document(StatusCode::OK, "clerk-mcp", Some(&visitor), &main)
}

/// The instances, with what is allowed there.
fn instances(site: &Site, visitor: &Visitor) -> Html {
    let row = |instance: &ServedInstance| {
        let (mode, confirm) = tools::words(&instance.policy);
        let key = match &instance.mode {
            Mode::Hosted(_) => Html::raw(instance.kind()),
            Mode::Public => Html::raw("each request brings its own"),
            Mode::WithoutKey(_) => Html::raw("none that can be used"),
        };
        let name = instance.name.as_deref().unwrap_or("the only one");
        let Policy { organizations, users, .. } = &instance.policy;
        let pins = organizations.iter().chain(users).map(String::as_str).chain(visitor.sight.organization());
        let mut pins: Vec<&str> = pins.collect();
        pins.dedup();
        let kept_to = if pins.is_empty() { "the whole instance".to_owned() } else { pins.join(", ") };
        let api = instance.component.egress().origin().to_string();
        [Html::text(name), key, Html::raw(mode), Html::text(&kept_to), Html::raw(confirm), Html::text(&api)]
    };
    let rows = site.server.instances().iter().map(row);
    table("Instances of Clerk", ["Instance", "Key", "Mode", "Reaches", "Who is asked", "API"], rows)
}

/// The tools of each instance.
async fn all_tools(site: &Site, visitor: &Visitor) -> Html {
    let all = match site.tools(visitor.sight.organization()).await {
        Some(all) => {
            site.server.instances().iter().zip(all).map(|(instance, tools)| of(instance, tools, visitor)).collect()
        }
        None => Html::raw("<p>The tools cannot be told just now.</p>"),
    };
    Html::raw(
        "<section aria-labelledby=\"tools\"><h2 id=\"tools\">Tools</h2>\
         <p>What asks shows what it would do, and somebody agrees first. Some parameters make a tool ask that runs otherwise; \
         <code>clerk_whoami</code> names them. <code>clerk_api_write</code> and <code>clerk_api_delete</code> ask where the operation \
         that they are given does.</p>",
    )
    .and_html(&all)
    .and("</section>")
}

fn of(instance: &ServedInstance, tools: &[Ruled], visitor: &Visitor) -> Html {
    let fate = |tool: &Ruled| match tool.fate {
        Fate::Runs | Fate::Asks if visitor.reads_only && tool.danger != Danger::Read => {
            Fate::Off("your access token, which lacks the scope clerk:write")
        }
        fate => fate,
    };
    let count = |word: &str| tools.iter().filter(|tool| fate(tool).word() == word).count();
    let summary = format!(
        "{}{} run, {} ask first, {} are off",
        instance.name.as_deref().map(|name| format!("{name}: ")).unwrap_or_default(),
        count("runs"),
        count("asks first"),
        count("off"),
    );
    let row = |tool: &Ruled| {
        let fate = fate(tool);
        let class = match fate {
            Fate::Runs => "runs",
            Fate::Asks => "asks",
            Fate::Off(_) => "off",
        };
        let word = Html::element("span", &[("class", class)], &Html::raw(fate.word()));
        let why = fate.because().map_or_else(Html::default, |why| Html::raw(": ").and(why));
        let name = Html::element("code", &[], &Html::text(&tool.name));
        let name = name.and("<br>").and_text(&tool.title);
        [name, Html::text(&tool.toolset), Html::raw(tools::danger(tool.danger)), word.and_html(&why)]
    };
    let rows = table(&summary, ["Tool", "Toolset", "Danger", "What the policy does"], tools.iter().map(row));
    let summary = Html::element("summary", &[], &Html::text(&summary));
    Html::element("details", &[], &summary.and_html(&rows))
}
