//! Answers that come in another order than the requests went, or as failures, or as much as memory can hold: what is told
//! stays in the order of the requests.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::json;

use super::{World, each, invitation, invited, people, person, place, ten, unasked};
use crate::harness::patience::{PATIENCE, wait_until};
use crate::harness::upstream::Seen;
use crate::harness::{Client as _, Reply, Upstream};

const MEGABYTE: usize = 1024 * 1024;

/// Lets answers go when it is their turn.
#[derive(Default)]
struct Turns {
    come: Mutex<usize>,
    more: Condvar,
}

impl Turns {
    /// Counts a request, and waits until so many have come.
    fn wait_for(&self, most: usize) {
        let mut come = self.come.lock().expect("no test panicked with it");
        *come += 1;
        self.more.notify_all();
        let (come, waited) =
            self.more.wait_timeout_while(come, PATIENCE, |come| *come < most).expect("no test panicked with it");
        assert!(!waited.timed_out(), "{come} of {most} have come");
    }
}

/// The answer to the one of the eight that were sent first which was sent last comes first, and so on. That the next one is
/// sent shows that it has come.
#[test]
fn steps_are_told_in_their_order_whenever_they_are_answered() {
    let turns = Arc::<Turns>::default();
    let upstream = Upstream::new(move |seen| {
        let Some(place) = place(seen) else { return World::default().reply(seen) };
        turns.wait_for(match place {
            7 => 8,
            6 => 9,
            _ => 10,
        });
        World::default().reply(seen)
    });
    let steps = unasked(&upstream).http().call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["done"], "email_address"), people(0..10), "{steps}");
    assert_eq!((&steps["failed"], &steps["not_tried"]), (&json!([]), &json!([])));
    assert_eq!(invited(&upstream), (0..10).collect::<Vec<_>>());
}

/// As for one request: what a step that breaks off has done is not known, and nothing is sent again.
#[test]
fn steps_that_fail_are_told_in_their_order_and_the_others_are_taken() {
    let upstream = Upstream::new(|seen| match place(seen) {
        Some(2) => Reply::refusal(422, "duplicate_record", "They are invited already."),
        Some(4) => Reply::nothing().then_hang_up(),
        Some(5) => Reply::head(1000).then("{").then_hang_up(),
        Some(7) => Reply::new(503, &["retry-after: 0"], ""),
        _ => World::default().reply(seen),
    });
    let steps = unasked(&upstream).http().call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["done"], "email_address"), people([0, 1, 3, 6, 8, 9]), "{steps}");
    assert_eq!(each(&steps["failed"], "of"), people([2, 4, 5, 7]));
    let codes = json!(["duplicate_record", "connection_error", "response_incomplete", "http_503"]);
    assert_eq!(each(&steps["failed"], "code"), codes);
    let unknown = "Read the current state before you repeat";
    for (place, words) in [(0, "nothing was changed"), (1, "may or may not"), (2, "may or may not"), (3, unknown)] {
        let hint = steps["failed"][place]["hint"].as_str().unwrap_or_default();
        assert!(hint.contains(words), "{steps}");
    }
    assert_eq!(invited(&upstream), (0..10).collect::<Vec<_>>());
}

/// The invitation of somebody else is no success of the step that was asked for, whichever comes first.
#[test]
fn answers_that_are_mixed_up_are_told_as_such() {
    let upstream = Upstream::new(|seen| match place(seen) {
        Some(3) => Reply::json(200, &invitation(&other(4))),
        Some(4) => Reply::json(200, &invitation(&other(3))),
        _ => World::default().reply(seen),
    });
    let steps = unasked(&upstream).http().call("clerk_create_invitations_bulk", ten()).output();
    assert_eq!(each(&steps["failed"], "of"), people([3, 4]), "{steps}");
    assert_eq!(each(&steps["failed"], "code"), json!(["unexpected_object", "unexpected_object"]));
    assert_eq!(each(&steps["done"], "email_address"), people([0, 1, 2, 5, 6, 7, 8, 9]));
}

/// A request that invites this one of the ten.
fn other(number: usize) -> Seen {
    Seen { body: json!({ "email_address": person(number) }).to_string(), ..Seen::default() }
}

/// The parts of a report are told in their order, and one that fails by itself.
#[test]
fn parts_of_a_report_come_in_any_order() {
    let world = World { sessions: 2, memberships: 1 };
    for first in ["/organization_memberships", "/organization_invitations", "status=active", "limit=500"] {
        let turns = Arc::<Turns>::default();
        let upstream = Upstream::new(move |seen| {
            turns.wait_for(5);
            if seen.line.contains(first) { world.reply(seen) } else { slowly(&world.reply(seen)) }
        });
        let report = upstream.server().call("clerk_get_user_access_report", json!({ "user_id": "user_1" })).output();
        assert_eq!(report["user"]["id"], "user_1", "{first}");
        assert_eq!(each(&report["organizations"]["data"], "role"), json!(["org:admin"]));
        assert_eq!(each(&report["active_sessions"]["data"], "id"), json!(["sess_1", "sess_2"]));
        assert_eq!(report["failed"], json!([]));
    }
}

/// The same answer in two pieces.
fn slowly(reply: &Reply) -> Reply {
    let body = reply.body().expect("a success");
    let (one, other) = body.split_at(body.len() / 2);
    Reply::head(body.len()).then(one).then_pause(Duration::from_millis(20)).then(other)
}

/// Nothing is told of who is not there, and nobody waits for the rest.
#[test]
fn a_report_on_nobody_is_the_refusal_alone() {
    let upstream = Upstream::new(|seen| match seen.line.as_str() {
        "GET /v1/users/user_1" => Reply::refusal(404, "resource_not_found", "There is no such user."),
        _ => Reply::nothing().then_hear_hang_up(),
    });
    let failure = upstream.server().call("clerk_get_user_access_report", json!({ "user_id": "user_1" })).failure();
    assert_eq!((&failure["status"], &failure["code"]), (&json!(404), &json!("resource_not_found")), "{failure}");
    wait_until("the others are dropped", || upstream.hang_ups() == 4);
}

/// Four lists of which each is nearly as large as one may be: read beside each other, and never all in memory.
#[test]
fn large_lists_fit_into_memory_together() {
    let text = "x".repeat(7 * MEGABYTE + MEGABYTE / 2);
    let upstream = Upstream::new(move |seen| match seen.line.split('?').next().unwrap_or_default() {
        "GET /v1/organization_memberships" => Reply::json(200, &json!({ "data": [{ "large": text }] })),
        "GET /v1/users" => Reply::json(200, &json!([{ "id": "user_1", "locked": true, "username": text }])),
        _ => Reply::json(200, &json!([{ "status": "pending", "large": text }])),
    });
    let server = upstream.server();
    let before = server.peak_memory();
    let review = server.call("clerk_security_review", json!({})).output();
    let taken = server.peak_memory().saturating_sub(before);
    assert!(taken < 100 * MEGABYTE as u64, "{taken} bytes");
    assert_eq!((&review["failed"], upstream.count()), (&json!([]), 4), "{}", review["failed"]);
    let counts = ["locks_without_end", "pending_app_invitations"].map(|finding| &review[finding]["total_count"]);
    assert_eq!(counts, [&json!(1); 2]);
}
