//! The part of the page that is asked for again every few seconds: health, budgets, calls, and questions that wait.

use std::time::{Duration, SystemTime};

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::charts;
use super::html::{Html, table};
use super::recent::{Ended, Question};
use super::visitor::{Sight, Visitor};
use super::{Site, fragment, sign_in};
use crate::budget::Allowance;
use crate::server::{Mode, ServedInstance};
use crate::who::Who;

/// The most calls that are shown.
const MOST: usize = 50;

/// Answers with the part alone.
pub(super) async fn show(State(site): State<Site>, headers: HeaderMap) -> Response {
    match site.visitor(&headers).await {
        Ok(visitor) => fragment(part(&site, &visitor).await),
        Err(refused) => sign_in::challenging((refused.status, refused.message.clone()).into_response(), &refused),
    }
}

pub(super) async fn part(site: &Site, visitor: &Visitor) -> Html {
    health(&site.health.report().await)
        .and_html(&budgets(site, visitor))
        .and_html(&questions(site, &visitor.sight))
        .and("<h3>Calls</h3>")
        .and_html(&figures(site, &visitor.sight))
        .and_html(&latest(site, &visitor.sight))
}

/// How many calls there were, and how long they took.
fn figures(site: &Site, sight: &Sight) -> Html {
    if !sight.has_figures() {
        return Html::default();
    }
    let minutes = site.page.recent.figures();
    let (calls, failed) = charts::totals(&minutes);
    let in_flight = site.page.recent.in_flight();
    let sums = format!("{calls} in the last hour, {failed} of them not ok, {in_flight} in flight");
    Html::element("p", &[], &Html::text(&sums))
        .and("<div class=\"charts\"><figure><figcaption>Calls a minute, <span class=\"failed\">not ok</span> apart</figcaption>")
        .and_html(&charts::rate(&minutes))
        .and("</figure><figure><figcaption>Time of a call: <span class=\"median\">half</span>, <span class=\"slow\">95 of 100</span></figcaption>")
        .and_html(&charts::latency(&minutes))
        .and("</figure></div>")
}

/// The health of the API in a sentence.
fn health(report: &Value) -> Html {
    let (class, words) = match report["clerkConnected"].as_bool() {
        Some(true) => ("good", "Clerk's API answers."),
        Some(false) => ("fault", "Clerk's API does not answer, or not that of every instance."),
        None => ("good", "There is no instance to look at: each request brings its key."),
    };
    Html::element("p", &[("id", "health"), ("class", class)], &Html::raw(words))
}

/// What is left of each instance's budget.
fn budgets(site: &Site, visitor: &Visitor) -> Html {
    if !(visitor.sight.has_calls() && visitor.sight.has_figures()) {
        return Html::default();
    }
    let all: Html = site.server.instances().iter().map(budget).collect();
    if all == Html::default() {
        all
    } else {
        Html::raw("<h3>Budgets</h3><dl class=\"budgets\">").and_html(&all).and("</dl>")
    }
}

fn budget(instance: &ServedInstance) -> Html {
    let Mode::Hosted(key) = &instance.mode else { return Html::default() };
    let (requests, writes) = instance.component.egress().budget().left(key);
    let name = instance.name.as_deref().map(|name| format!("{name}: ")).unwrap_or_default();
    let one = |what: &str, allowance: Option<Allowance>| {
        let label = format!("{name}{what}");
        let term = Html::element("dt", &[], &Html::text(&label));
        let Some(Allowance { left, rate }) = allowance else { return term.and("<dd>not limited</dd>") };
        let words = format!("{left} of {} left in {} s", rate.most, rate.within.as_secs());
        let [most, left, low] = [rate.most, left, rate.most / 4].map(|number| number.to_string());
        let attributes = [("min", "0"), ("max", &*most), ("low", &*low), ("value", &*left), ("aria-label", &*label)];
        let meter = Html::element("meter", &attributes, &Html::text(&words));
        term.and_html(&Html::element("dd", &[], &meter.and(" ").and_text(&words)))
    };
    one("requests", requests).and_html(&one("writes", writes))
}

/// The questions that wait for somebody.
fn questions(site: &Site, sight: &Sight) -> Html {
    if !sight.has_calls() {
        return Html::default();
    }
    let waiting = site.page.recent.questions(|who| sight.sees(who));
    let heading = Html::raw("<h3>Questions that wait for somebody</h3>");
    if waiting.is_empty() {
        return heading.and("<p>None.</p>");
    }
    let row = |question: &Question| {
        [
            tool(&question.name, question.instance.as_deref()),
            who(&question.who),
            time(question.since),
            time(question.until),
        ]
    };
    let rows = waiting.iter().map(row);
    heading.and_html(&table("Asked, and not answered yet", ["Tool", "Who", "Since", "Good until"], rows))
}

/// The latest calls.
fn latest(site: &Site, sight: &Sight) -> Html {
    if !sight.has_calls() {
        return Html::raw("<p>Calls are not shown one by one: callers bring keys of their own.</p>");
    }
    let calls = site.page.recent.calls(|who| sight.sees(who));
    if calls.is_empty() {
        return Html::raw("<p>No calls yet.</p>");
    }
    let row = |call: &Ended| {
        let class = if call.has_failed() { "off" } else { "runs" };
        let outcome = Html::element("span", &[("class", class)], &Html::text(&call.outcome.replace('_', " ")));
        let name = match call.method {
            "tools/call" => tool(&call.name, call.instance.as_deref()),
            method => Html::raw(method).and(" ").and_html(&tool(&call.name, call.instance.as_deref())),
        };
        [time(call.at), name, who(&call.who), outcome, Html::text(&charts::milliseconds(call.took))]
    };
    let caption = if *sight == Sight::All { "The latest calls" } else { "Your latest calls" };
    table(caption, ["Time", "Tool", "Who", "Outcome", "Took"], calls.iter().take(MOST).map(row))
}

fn tool(name: &str, instance: Option<&str>) -> Html {
    let name = Html::element("code", &[], &Html::text(name));
    instance.map_or_else(|| name.clone(), |instance| name.clone().and(" of ").and_text(instance))
}

fn who(who: &Who) -> Html {
    let parts: Vec<&str> = [&who.subject, &who.client].into_iter().filter_map(Option::as_deref).collect();
    Html::text(&if parts.is_empty() { "not said".to_owned() } else { parts.join(" by ") })
}

/// A time of this day, in UTC.
fn time(at: SystemTime) -> Html {
    let since = at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let time = i64::try_from(since.as_secs()).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    let whole = time.unwrap_or_default().to_string();
    let clock = whole.get(11..19).unwrap_or_default();
    Html::element("time", &[("datetime", &whole)], &Html::text(clock)).and(" UTC")
}
