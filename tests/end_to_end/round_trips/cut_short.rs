//! Calls of several steps that end before all of them are done: by a time, a limit, a budget, or the client.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use super::{World, each, invited, people, place, ten, unasked};
use crate::harness::patience::wait_until;
use crate::harness::upstream::Seen;
use crate::harness::{Client as _, Directory, Program, Reply, Upstream};

fn never() -> Reply {
    Reply::nothing().then_hear_hang_up()
}

/// Makes an invitation with a trace id of its own.
fn traced(place: usize, seen: &Seen) -> Reply {
    let header = format!("x-clerk-trace-id: trace{place}");
    let invitation = super::invitation(seen).to_string();
    Reply::new(200, &["content-type: application/json", &header], &invitation)
}

fn audited(program: Program, directory: &Directory) -> Program {
    program.variable("CLERK_MCP_AUDIT", &directory.file().to_string_lossy())
}

/// The outcomes of the lines of an audit log, and its last line.
fn recorded(file: &Path) -> (Vec<String>, Value) {
    let text = fs::read_to_string(file).expect("there is an audit log");
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    let outcomes = lines.iter().map(|line| line["outcome"].as_str().unwrap_or_default().to_owned()).collect();
    (outcomes, lines.last().cloned().unwrap_or_default())
}

/// The one step of which nobody knows is told as such; the places of the others are taken by those that wait.
#[test]
fn a_step_that_is_never_answered_keeps_no_other_from_being_taken() {
    let directory = Directory::new();
    let upstream = Upstream::new(|seen| match place(seen) {
        Some(1) => never(),
        Some(place) => traced(place, seen),
        None => World::default().reply(seen),
    });
    let server = audited(unasked(&upstream), &directory).arguments(&["--timeout", "3"]).http();
    let steps = server.call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["done"], "email_address"), people([0, 2, 3, 4, 5, 6, 7, 8, 9]), "{steps}");
    let failed = &steps["failed"];
    assert_eq!((each(failed, "of"), each(failed, "code")), (people([1]), json!(["timeout"])));
    assert!(failed[0]["hint"].as_str().is_some_and(|hint| hint.contains("may or may not have been made")), "{steps}");
    assert_eq!(steps["not_tried"], json!([]));
    assert_eq!(invited(&upstream), (0..10).collect::<Vec<_>>());
    wait_until("the request is dropped", || upstream.hang_ups() == 1);
    let (outcomes, last) = recorded(&directory.file());
    assert_eq!(outcomes, ["begun", "in part"]);
    // Clerk's names for the requests, in their order.
    let expected: Value = [0, 2, 3, 4, 5, 6, 7, 8, 9].map(|place| format!("trace{place}")).into_iter().collect();
    assert_eq!(last["trace_ids"], expected, "{last}");
}

/// One place is free, and nothing is begun in it.
#[test]
fn after_an_answer_that_there_are_too_many_requests_none_is_begun() {
    let upstream = Upstream::new(|seen| match place(seen) {
        Some(3) => Reply::new(429, &["retry-after: 30"], ""),
        Some(_) => never(),
        None => World::default().reply(seen),
    });
    let server = unasked(&upstream).arguments(&["--timeout", "2"]).http();
    let steps = server.call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["failed"], "of"), people(0..8), "{steps}");
    let (timeout, too_many) = ("timeout", "http_429");
    let codes = json!([timeout, timeout, timeout, too_many, timeout, timeout, timeout, timeout]);
    assert_eq!(each(&steps["failed"], "code"), codes);
    assert_eq!((&steps["done"], &steps["not_tried"]), (&json!([]), &people([8, 9])));
    assert_eq!(invited(&upstream), (0..8).collect::<Vec<_>>());
}

/// Its body need not have come: what ends meanwhile makes room for nothing.
#[test]
fn the_head_of_an_answer_that_there_are_too_many_requests_is_enough() {
    let head = "HTTP/1.1 429 Status\r\ncontent-length: 2\r\n\r\n";
    let upstream = Upstream::new(move |seen| match place(seen) {
        Some(3) => Reply::nothing().then(head).then_pause(Duration::from_secs(3)).then("{}"),
        Some(_) => Reply::json(200, &super::invitation(seen)).after(Duration::from_millis(300)),
        None => World::default().reply(seen),
    });
    let server = unasked(&upstream).arguments(&["--timeout", "2"]).http();
    let steps = server.call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["done"], "email_address"), people([0, 1, 2, 4, 5, 6, 7]), "{steps}");
    assert_eq!((each(&steps["failed"], "of"), &steps["not_tried"]), (people([3]), &people([8, 9])));
    assert_eq!(invited(&upstream), (0..8).collect::<Vec<_>>());
}

/// Steps of several parts are one list: where it ends, it ends for the parts behind too.
#[test]
fn too_many_requests_for_one_part_leave_the_next_one() {
    let world = World { sessions: 10, memberships: 1 };
    let upstream = Upstream::new(move |seen| {
        let is_step = seen.line.starts_with("POST /v1/sessions");
        if is_step { Reply::new(429, &["retry-after: 60"], "") } else { world.reply(seen) }
    });
    let done = unasked(&upstream).http().call("clerk_offboard_user", json!({ "user_id": "user_1" })).output();
    // Eight are in flight when the first answer comes.
    let begun: Value = (1..=8).map(|number| format!("sess_{number}")).collect();
    assert_eq!((each(&done["sessions"]["failed"], "of"), &done["is_complete"]), (begun, &json!(false)));
    assert_eq!(done["sessions"]["not_tried"], json!(["sess_9", "sess_10"]));
    assert_eq!((&done["memberships"]["not_tried"], &done["ban"]["done"]), (&json!(["org_1"]), &json!(["user_1"])));
    assert_eq!(upstream.writes().len(), 9);
}

/// What the host keeps back is left to do, and did not leave.
#[test]
fn a_budget_that_ends_among_requests_in_flight_leaves_the_rest() {
    let directory = Directory::new();
    let upstream = Upstream::new(|seen| World::default().reply(seen));
    let program = audited(unasked(&upstream), &directory).variable("CLERK_MAX_WRITES", "3");
    let server = program.logging_json().http();
    let steps = server.call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["done"], "email_address"), people(0..3), "{steps}");
    let failed = &steps["failed"];
    assert_eq!((each(failed, "of"), each(failed, "code")), (people([3]), json!(["budget_exhausted"])));
    assert_eq!(steps["not_tried"], people(4..10));
    assert_eq!(invited(&upstream), [0, 1, 2]);
    assert_eq!(recorded(&directory.file()).0, ["begun", "in part"]);
    let log = server.terminate().stderr;
    let line = log.lines().find(|line| line.contains("clerk_create_invitations_bulk")).expect("the call has a line");
    // The look, and the three that left.
    assert!(line.contains(r#""upstream_requests":4"#), "{line}");
}

/// Reads wait for their turn in the host, each by itself, and come back in their order.
#[test]
fn reads_that_the_budget_keeps_back_wait_beside_each_other() {
    let world = World { sessions: 1, memberships: 1 };
    let upstream = Upstream::new(move |seen| world.reply(seen));
    let server = upstream.program().variable("CLERK_MAX_REQUESTS", "3").arguments(&["--timeout", "2"]).http();
    let report = server.call("clerk_get_user_access_report", json!({ "user_id": "user_1" })).output();
    assert_eq!(upstream.count(), 3, "{report}");
    assert_eq!(report["user"]["id"], "user_1");
    assert_eq!(each(&report["failed"], "code"), json!(["budget_exhausted"]), "{report}");
}

#[test]
fn a_call_that_is_cancelled_lets_go_of_all_its_requests() {
    let directory = Directory::new();
    let upstream = Upstream::new(|seen| match place(seen) {
        Some(0 | 1) | None => World::default().reply(seen),
        Some(_) => never(),
    });
    let session = audited(unasked(&upstream), &directory).stdio();
    let call = json!({ "name": "clerk_create_invitations_bulk", "arguments": ten() });
    session.write(&json!({ "jsonrpc": "2.0", "id": 101, "method": "tools/call", "params": call }).to_string());
    wait_until("all requests are made", || invited(&upstream).len() == 10);
    let cancelled = json!({ "requestId": 101, "reason": "no longer needed" });
    let message = json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": cancelled });
    session.write(&message.to_string());
    wait_until("the requests are dropped", || upstream.hang_ups() == 8);
    session.request("ping", json!({})).result();
    assert_eq!(invited(&upstream), (0..10).collect::<Vec<_>>());
    wait_until("the end is recorded", || recorded(&directory.file()).0.len() == 2);
    let (outcomes, last) = recorded(&directory.file());
    assert_eq!(outcomes[0], "begun");
    assert!(last["message"].as_str().is_some_and(|message| message.contains("may have been changed")), "{last}");
}

/// A look that fails, or is about something else, keeps every write from leaving.
#[test]
fn no_write_leaves_before_its_look() {
    let other = json!({ "id": "org_2" });
    for look in [Reply::refusal(404, "resource_not_found", "It is not there."), Reply::json(200, &other)] {
        let upstream = Upstream::new(move |seen| if seen.is_read() { look.clone() } else { never() });
        unasked(&upstream).http().call("clerk_create_invitations_bulk", ten()).failure();
        assert_eq!((upstream.count(), upstream.writes()), (1, Vec::new()));
    }
}

/// The ban comes first, and alone: nothing is looked up for what follows while it is not answered.
#[test]
fn nothing_leaves_beside_the_ban() {
    let world = World { sessions: 2, memberships: 1 };
    let upstream = Upstream::new(move |seen| if seen.line.ends_with("/ban") { never() } else { world.reply(seen) });
    let server = unasked(&upstream).arguments(&["--timeout", "2"]).http();
    let done = server.call("clerk_offboard_user", json!({ "user_id": "user_1" })).output();
    assert_eq!((each(&done["ban"]["failed"], "code"), upstream.count()), (json!(["timeout"]), 2), "{done}");
    assert_eq!(done["sessions"]["not_tried"], json!(["sessions"]));
    assert_eq!(done["memberships"]["not_tried"], json!(["memberships"]));
}
