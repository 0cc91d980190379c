//! Figures, calls, budgets and questions, as they change with calls.

use serde_json::{Value, json};

use super::{rows, shown, text};
use crate::harness::canary::KEY;
use crate::harness::patience::wait_until;
use crate::harness::{Clerk, Client as _, HttpServer, Program, Reply, Upstream, Wire};

fn live(server: &HttpServer) -> String {
    shown(server, "/page/live")
}

#[test]
fn a_call_shows_with_who_made_it_and_what_came_of_it() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    assert!(live(&server).contains("No calls yet."));
    server.call("clerk_find_user", json!({ "query": "a query of nobody" })).output();
    server.call("clerk_find_user", json!({ "nonsense": 1 })).failure();
    server.call("clerk_made_up", json!({})).error();
    let page = live(&server);
    assert!(page.contains("3 in the last hour, 2 of them not ok, 0 in flight"), "{page}");
    let calls: Vec<(String, String)> = rows(&page).into_iter().map(|row| (row[1].clone(), row[3].clone())).collect();
    let expected = [("unknown", "unknown"), ("clerk_find_user", "invalid arguments"), ("clerk_find_user", "ok")];
    assert_eq!(calls, expected.map(|(tool, outcome)| (tool.to_owned(), outcome.to_owned())));
    for never in ["nobody", "nonsense", "made_up", KEY] {
        assert!(!page.contains(never), "{never}: {page}");
    }
    assert!(page.contains("<rect class=\"calls\"") && page.contains("<rect class=\"failed\""), "{page}");
    assert!(page.contains("<path class=\"median\"") && page.contains("3 in all, 2 of them not ok"), "{page}");
}

#[test]
fn names_of_clients_are_text() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let hostile = "<img src=x onerror=alert(1)>\"'&\u{202e}\u{200b}sk_live_abcdefgh";
    let meta = json!({ "io.modelcontextprotocol/clientInfo": { "name": hostile, "version": "<b>1</b>" },
        "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {} });
    let parameters = json!({ "name": "clerk_list_users", "arguments": {}, "_meta": meta });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters });
    let headers =
        [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call"), ("mcp-name", "clerk_list_users")];
    let answer = server.post(&headers, &request.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    let page = live(&server);
    let who = &rows(&page)[0][2];
    assert!(
        who.starts_with("<img src=x onerror=alert(1)>\"'&sk_live_(not shown)") && who.contains("<b>1</b>"),
        "{who}"
    );
    for never in ["<img", "<b>", "abcdefgh", "\u{202e}", "\u{200b}"] {
        assert!(!page.contains(never), "{never}: {page}");
    }
}

#[test]
fn budgets_are_shown_as_they_empty() {
    let clerk = Clerk::sample();
    let program = clerk.program().variable("CLERK_MAX_REQUESTS", "40").variable("CLERK_MAX_WRITES", "7");
    let server = program.http();
    let left = || text(&live(&server));
    assert!(left().contains("7 of 7 left in 60 s"), "{}", left());
    server.call("clerk_create_organization", json!({ "name": "Another" })).output();
    assert!(left().contains("6 of 7 left in 60 s") && left().contains("of 40 left in 10 s"), "{}", left());
    let unlimited = text(&live(&clerk.server()));
    assert_eq!(unlimited.matches("not limited").count(), 2, "{unlimited}");
}

#[test]
fn health_is_that_of_the_api() {
    let clerk = Clerk::sample();
    assert!(live(&clerk.server()).contains("Clerk's API answers."));
    let broken = Upstream::always(Reply::new(503, &[], ""));
    assert!(live(&broken.server()).contains("Clerk's API does not answer"));
}

#[test]
fn a_question_given_out_waits_until_the_call_is_made_again() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let user = clerk.user("tim@acme.example");
    let asked = server.call("clerk_delete_user", json!({ "user_id": user })).output();
    let page = live(&server);
    let (table, _) = page.split_once("<h3>Calls").expect("calls come behind");
    assert_eq!(rows(table)[0][0], "clerk_delete_user", "{table}");
    assert!(!page.contains(&user) && !page.contains("tim@"), "{page}");
    let token = asked["confirmation_token"].clone();
    server.call("clerk_delete_user", json!({ "user_id": user, "confirmation_token": token })).output();
    let page = live(&server);
    assert!(page.contains("<h3>Questions that wait for somebody</h3><p>None.</p>"), "{page}");
    let outcomes: Vec<String> = rows(&page).into_iter().map(|row| row[3].clone()).collect();
    assert_eq!(outcomes, ["ok", "input required"]);
}

#[test]
fn a_question_at_a_client_waits_until_it_is_answered() {
    let clerk = Clerk::sample();
    let server = clerk.server();
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "protocolVersion": "2025-11-25",
        "capabilities": { "elicitation": {} }, "clientInfo": { "name": "asker", "version": "2" } } });
    let session = server.post(&[], &hello.to_string()).headers["mcp-session-id"].to_str().expect("text").to_owned();
    let headers = [format!("mcp-session-id: {session}")];
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let post = |message: &Value| Wire::to(&server).send(Wire::post(&headers, &message.to_string()));
    post(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).answered();
    let call = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call",
        "params": { "name": "clerk_delete_user", "arguments": { "user_id": clerk.user("tim@acme.example") } } });
    let mut waiting = post(&call);
    let question = loop {
        let event = waiting.event().expect("the call asks");
        if event["method"] == "elicitation/create" {
            break event;
        }
    };
    wait_until("the question is shown", || live(&server).contains("Asked, and not answered yet"));
    let page = live(&server);
    assert!(rows(&page)[0][1].contains("asker 2") && page.contains("1 in flight"), "{page}");
    post(&json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "action": "decline" } })).answered();
    wait_until("the call ends", || live(&server).contains("0 in flight"));
    assert!(live(&server).contains("<p>None.</p>"));
}

#[test]
fn where_callers_bring_their_keys_nobodys_calls_are_shown() {
    let clerk = Clerk::sample();
    let server = Program::new(&[]).variable("CLERK_API_URL", &clerk.url).http();
    let answer = server.call_with(&[("x-clerk-secret-key", KEY)], "clerk_list_users", &json!({}));
    assert_eq!(answer.status, 200, "{answer:?}");
    let page = shown(&server, "/");
    assert!(page.contains("1 in the last hour") && page.contains("Calls are not shown one by one"), "{page}");
    let live = live(&server);
    assert!(!live.contains("clerk_list_users") && !live.contains("Budgets") && !live.contains("Questions"), "{live}");
    assert!(!page.contains(KEY));
}
