//! What a tool says when the API does not answer as it should, or not at all; and that the next call works.

use std::net::{Ipv4Addr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{Answer, Client, HttpServer, Program, Reply, Upstream};

const MEGABYTE: usize = 1024 * 1024;
const UNKNOWN: &str = "The change may or may not have been made: read the current state before you repeat this call.";
const LONG: Duration = Duration::from_secs(30);

fn read(client: &dyn Client) -> Answer {
    client.call("clerk_list_users", json!({}))
}

fn write(client: &dyn Client) -> Answer {
    client.call("clerk_create_organization", json!({ "name": "Umbrella" }))
}

/// A write that looks at its target first.
fn change(client: &dyn Client) -> Answer {
    client.call("clerk_update_user_metadata", json!({ "user_id": "user_1", "public_metadata": { "a": 1 } }))
}

const LOOK: &str = "GET /v1/users/user_1";
const WRITES: [fn(&dyn Client) -> Answer; 2] = [write, change];

/// A server whose first call gets `reply`, and all others a good answer. What a write looks at first is there.
fn server_with(reply: Reply) -> (Upstream, HttpServer) {
    let is_first = AtomicBool::new(true);
    let upstream = Upstream::new(move |seen| match seen.line.as_str() {
        LOOK => Reply::json(200, &json!({ "id": "user_1" })),
        _ if is_first.swap(false, Ordering::Relaxed) => reply.clone(),
        _ => Reply::json(200, &json!([{ "id": "user_1" }])),
    });
    let server = upstream.program().arguments(&["--timeout", "2"]).http();
    (upstream, server)
}

/// How many requests got something else than what is looked at before a write.
fn count(upstream: &Upstream) -> usize {
    upstream.seen().iter().filter(|seen| seen.line != LOOK).count()
}

/// How a read, a write, and a write after its look fail, each on a server of its own, where the next call works.
fn failures(reply: &Reply) -> [Value; 3] {
    [read, write, change].map(|call| {
        let (upstream, server) = server_with(reply.clone());
        let failure = call(&server).failure();
        assert_eq!(count(&upstream), 1, "{failure}");
        assert_eq!(read(&server).output()["data"][0]["id"], "user_1");
        failure
    })
}

fn hint(failure: &Value) -> &str {
    failure["hint"].as_str().unwrap_or_else(|| panic!("no hint: {failure}"))
}

/// A read has changed nothing; of the writes nobody knows.
fn assert_left_in_doubt([read, writes @ ..]: &[Value; 3], code: &str) {
    assert_eq!(read["code"], code);
    assert!(hint(read).starts_with("Nothing was changed."), "{read}");
    for write in writes {
        assert_eq!((&write["code"], hint(write)), (&json!(code), UNKNOWN));
    }
}

#[test]
fn a_success_that_is_no_json_is_reported() {
    for body in ["<!doctype html><title>Welcome</title>", "[{\"id\":\"user_1\"", "{\"unexpected\":"] {
        let [read, writes @ ..] = failures(&Reply::new(200, &["content-type: text/html"], body));
        assert!(hint(&read).starts_with("Nothing was changed."), "{read}");
        for failure in writes.iter().chain([&read]) {
            assert_eq!(failure["code"], "unexpected_response");
        }
        for failure in writes {
            assert!(hint(&failure).contains("most likely took place"), "{failure}");
        }
    }
}

#[test]
fn json_of_another_shape_is_reported() {
    for (body, code) in [
        (json!("text"), "unexpected_response"),
        (json!(1), "unexpected_response"),
        (json!({ "data": "none" }), "unexpected_response"),
        (json!([{ "id": "org_1" }]), "unexpected_object"),
    ] {
        let (_, server) = server_with(Reply::json(200, &body));
        assert_eq!(read(&server).failure()["code"], code, "{body}");
    }
}

#[test]
fn an_odd_field_hides_neither_the_object_nor_the_page() {
    let user = |banned: Value| json!({ "id": "user_1", "banned": banned, "created_at": "soon" });
    let upstream = Upstream::always(Reply::json(200, &json!([user(json!(1)), user(json!(true))])));
    let page = upstream.server().call("clerk_list_users", json!({})).output();
    assert_eq!(page["data"], json!([{ "id": "user_1" }, { "id": "user_1", "banned": true }]));
    assert_eq!(page["left_out"], "data.banned, data.created_at");
    let upstream = Upstream::always(Reply::json(200, &json!([[1], { "id": 1 }, { "id": "user_1" }])));
    let page = upstream.server().call("clerk_list_users", json!({})).output();
    assert_eq!((&page["data"], &page["left_out"]), (&json!([{}, { "id": "user_1" }]), &json!("data, data.id")));
    let upstream = Upstream::always(Reply::json(200, &user(json!({}))));
    let locked = upstream.server().call("clerk_lock_user", json!({ "user_id": "user_1" })).output();
    assert_eq!((&locked["id"], &locked["left_out"]), (&json!("user_1"), &json!("banned")));
}

/// A write that looks at its target first has written nothing when that fails.
#[test]
fn a_look_before_a_write_that_fails_leaves_nothing_in_doubt() {
    let broken = [
        Reply::new(200, &[], "<html>"),
        Reply::json(200, &json!([1])),
        Reply::head(1000).then("{").then_hang_up(),
        Reply::new(500, &[], ""),
    ];
    for reply in broken {
        let upstream = Upstream::always(reply);
        let arguments = json!({ "user_id": "user_1", "last_name": "Byron" });
        let failure = upstream.server().call("clerk_update_user", arguments).failure();
        assert!(hint(&failure).starts_with("Nothing was changed"), "{failure}");
        assert_eq!(upstream.writes(), [""; 0]);
    }
}

#[test]
fn a_bad_gateways_page_is_reported_by_its_status() {
    let page = Reply::new(502, &["content-type: text/html"], "<h1>Bad Gateway</h1>");
    let (down, half_down) = (Upstream::always(page.clone()).server(), Upstream::for_writes(page).server());
    for failure in [read(&down).failure(), write(&down).failure(), change(&half_down).failure()] {
        assert_eq!((&failure["status"], &failure["code"]), (&json!(502), &json!("http_502")));
        assert!(!failure.to_string().contains("<h1>"), "{failure}");
    }
}

#[test]
fn an_answer_that_breaks_off_is_reported() {
    let failures = failures(&Reply::head(1000).then("[{\"id\":").then_hang_up());
    assert_left_in_doubt(&failures, "response_incomplete");
}

#[test]
fn a_connection_that_closes_before_the_answer_leaves_a_write_in_doubt() {
    for call in WRITES {
        let (upstream, server) = server_with(Reply::nothing().then_hang_up());
        let failure = call(&server).failure();
        assert_eq!(failure["code"], "connection_error");
        assert_eq!(hint(&failure), UNKNOWN);
        assert_eq!(count(&upstream), 1);
        read(&server).output();
    }
}

#[test]
fn what_is_no_http_is_reported() {
    for call in WRITES {
        let (_, server) = server_with(Reply::nothing().then("220 mail.example ESMTP\r\n\r\n").then_hang_up());
        let failure = call(&server).failure();
        assert_eq!(failure["code"], "connection_error");
        assert_eq!(hint(&failure), UNKNOWN);
    }
}

#[test]
fn a_huge_answer_is_refused_and_takes_little_memory() {
    let chunked = Reply::nothing().then("HTTP/1.1 200 OK\r\n\r\n").then_ones(100 * MEGABYTE).then_hang_up();
    for reply in [Reply::head(100 * MEGABYTE).then_ones(100 * MEGABYTE).then_hang_up(), chunked] {
        let upstream = Upstream::first_then(reply, Reply::no_users());
        let server = upstream.server();
        let before = server.peak_memory();
        let failure = read(&server).failure();
        assert_eq!(failure["code"], "response_too_large");
        assert_eq!(upstream.count(), 1);
        let taken = server.peak_memory().saturating_sub(before);
        assert!(taken < 100 * MEGABYTE as u64, "{taken} bytes");
        read(&server).output();
    }
}

#[test]
fn an_answer_of_4_megabytes_is_read() {
    let text = "x".repeat(4 * MEGABYTE);
    let upstream = Upstream::always(Reply::json(200, &json!([{ "id": "user_1", "first_name": text }])));
    assert_eq!(read(&upstream.server()).output()["data"][0]["first_name"].as_str().map(str::len), Some(4 * MEGABYTE));
}

#[test]
fn a_refused_connection_means_that_nothing_was_sent() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let url = format!("http://{}/v1", listener.local_addr().expect("it is bound"));
    drop(listener);
    let server = Program::with_api(&url).http();
    for failure in [read(&server).failure(), write(&server).failure(), change(&server).failure()] {
        assert_eq!(failure["code"], "connection_failed");
        assert!(hint(&failure).starts_with("Nothing was sent, so nothing changed."), "{failure}");
    }
}

#[test]
fn an_answer_that_never_comes_is_given_up() {
    let start = Instant::now();
    let failures = failures(&Reply::nothing().then_pause(LONG));
    assert!(start.elapsed() < Duration::from_secs(20));
    assert_left_in_doubt(&failures, "timeout");
}

#[test]
fn a_body_that_never_ends_is_given_up() {
    for reply in
        [Reply::head(1000).then("[").then_pause(LONG), (0..100).fold(Reply::head(1000), |reply, _| slowly(reply, " "))]
    {
        assert_left_in_doubt(&failures(&reply), "timeout");
    }
}

#[test]
fn an_answer_in_small_pieces_is_read() {
    let text = r#"[{"id":"user_1","first_name":"Ada"}]"#;
    let pieces = text.as_bytes().chunks(8).map(|piece| String::from_utf8_lossy(piece));
    let reply = pieces.fold(Reply::head(text.len()), |reply, piece| slowly(reply, &piece));
    let (_, server) = server_with(reply);
    assert_eq!(read(&server).output()["data"][0]["first_name"], "Ada");
}

fn slowly(reply: Reply, piece: &str) -> Reply {
    reply.then_pause(Duration::from_millis(150)).then(piece)
}

#[test]
fn failures_over_standard_input_and_output_are_answers_too() {
    let upstream = Upstream::first_then(Reply::new(200, &[], "<html>"), Reply::no_users());
    let session = upstream.program().stdio();
    assert_eq!(read(&session).failure()["code"], "unexpected_response");
    read(&session).output();
}

#[test]
fn invisible_characters_are_taken_out_of_what_people_wrote() {
    let name = "A\u{200b}d\u{202e}a\u{e0041} \u{feff}L\u{ad}";
    let (_, server) = server_with(Reply::json(200, &json!([{ "id": "user_1", "first_name": name }])));
    assert_eq!(read(&server).output()["data"][0]["first_name"], "Ada L");
}
