//! The audit log on a page of its own: its latest calls by a filter, and whether it is as it was written.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use tokio::task::spawn_blocking;

use super::fields::field;
use super::html::{Html, table};
use super::visitor::Sight;
use super::{Site, document, sign_in};
use crate::audit::review::{Filter, Review, Row, Within, review};
use crate::component::Policy;
use crate::server::ServedInstance;

/// The most calls that are shown.
const MOST: usize = 200;

/// Answers with the log, as far as the visitor may see it.
pub(super) async fn show(State(site): State<Site>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let visitor = match site.visitor(&headers).await {
        Ok(visitor) => visitor,
        Err(refused) => return sign_in::ask(&site, &refused, false),
    };
    let title = Html::raw("<h1>Audit log</h1>");
    let query = query.unwrap_or_default();
    let [text, outcome] = ["text", "outcome"].map(|name| field(&query, name).unwrap_or_default());
    let Some(file) = site.page.audit.clone().filter(|_| visitor.sight.has_calls()) else {
        let main = title.and("<p>There is no audit log to be seen here: <code>--audit FILE</code> keeps one, which is shown where callers share the operator's key or have access tokens.</p>");
        return document(StatusCode::NOT_FOUND, "Audit log · clerk-mcp", Some(&visitor), &main);
    };
    let subject = visitor.sight.holder().map(str::to_owned);
    let (words, outcome_is) = (text.trim().to_lowercase(), outcome.trim().to_owned());
    let within = within(&site, &visitor.sight);
    let filter = Filter { subject, within, text: words, outcome: outcome_is, most: MOST };
    let own = filter.subject.is_some();
    let is_whole = !own && filter.within.is_empty();
    // One reader at a time, where it holds up no call; it reads to the end also if nobody waits any more.
    let reading = Arc::clone(&site.page.reading).lock_owned().await;
    let read = spawn_blocking(move || {
        let found = review(&file, &filter);
        drop(reading);
        found
    });
    let found = match read.await {
        Ok(Ok(review)) => shown(&review, own, is_whole),
        Ok(Err(error)) => fault(&format!("{error:#}")),
        Err(_) => fault("the log cannot be read"),
    };
    document(
        StatusCode::OK,
        "Audit log · clerk-mcp",
        Some(&visitor),
        &title.and_html(&form(&text, &outcome)).and_html(&found),
    )
}

/// What the visitor's calls are kept to: nothing else of the log is theirs, whoever wrote it.
fn within(site: &Site, sight: &Sight) -> Vec<Within> {
    let of = |instance: &ServedInstance| {
        let Policy { organizations, users, .. } = &instance.policy;
        let pins = organizations.iter().chain(users).map(String::as_str).chain(sight.organization());
        Within { instance: instance.name.as_deref().map(str::to_owned), kept_to: pins.map(str::to_owned).collect() }
    };
    let all: Vec<Within> = site.server.instances().iter().map(of).collect();
    if all.iter().all(|within| within.kept_to.is_empty()) { Vec::new() } else { all }
}

fn fault(words: &str) -> Html {
    Html::element("p", &[("class", "fault"), ("role", "alert")], &Html::text(words))
}

/// The filter, with what was chosen before.
fn form(text: &str, outcome: &str) -> Html {
    let words = [("id", "text"), ("name", "text"), ("type", "search"), ("value", text)];
    let option = |value: &'static str, label: &'static str| {
        let chosen: &[(&'static str, &str)] =
            if value == outcome { &[("value", value), ("selected", "")] } else { &[("value", value)] };
        Html::element("option", chosen, &Html::raw(label))
    };
    let options: Html = [
        ("", "any"),
        ("ok", "ok"),
        ("in part", "in part"),
        ("error", "error"),
        ("refused", "refused"),
        ("broken off", "broken off"),
        ("nothing yet", "nothing yet"),
        ("begun", "begun"),
    ]
    .map(|(value, label)| option(value, label))
    .into_iter()
    .collect();
    Html::raw("<form method=\"get\" action=\"/page/audit\" class=\"filter\" role=\"search\"><label for=\"text\">Tool, who, id or decision</label>")
        .and_html(&Html::void("input", &words))
        .and("<label for=\"outcome\">Outcome</label>")
        .and_html(&Html::element("select", &[("id", "outcome"), ("name", "outcome")], &options))
        .and("<button>Filter</button></form>")
}

/// `is_whole`: all of the log is the visitor's. How long it is tells what others do.
fn shown(review: &Review, own: bool, is_whole: bool) -> Html {
    let (class, words) = match &review.verdict {
        Ok(summary) if is_whole => ("good", format!("As it was written: {summary}")),
        Err(fault) if is_whole => ("fault", format!("Not as it was written: {fault}")),
        Ok(_) => ("good", "As it was written".to_owned()),
        Err(_) => ("fault", "Not as it was written: the operator finds out where by clerk-mcp audit verify".to_owned()),
    };
    let verdict = Html::element("p", &[("id", "verdict"), ("class", class)], &Html::text(&words));
    let row = |row: &Row| {
        let class = if row.has_failed() { "off" } else { "runs" };
        let [time, who, instance, tool, decision, outcome, ids] = row.cells().map(|cell| Html::text(&cell));
        [time, who, instance, tool, decision, Html::element("span", &[("class", class)], &outcome), ids]
    };
    let caption = match (review.found, own) {
        (found, true) => format!("Your calls that may write: {found} found, the last one first"),
        (found, false) => format!("Calls that may write: {found} found, the last one first"),
    };
    let headings = ["Time", "Who", "Instance", "Tool", "Decision", "Outcome", "Ids"];
    verdict.and_html(&table(&caption, headings, review.rows.iter().rev().map(row)))
}
