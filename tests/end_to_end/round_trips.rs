//! Requests of one call that do not depend on each other are in flight beside each other; what depends on another one waits.

mod cut_short;
mod out_of_order;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::upstream::Seen;
use crate::harness::{Client as _, HttpServer, Program, Reply, Upstream, Waves};

/// The most requests of one call that are in flight at once.
const MOST: usize = 8;

/// A user with so many sessions and memberships, an organization, and whatever is made of them.
#[derive(Clone, Copy, Default)]
struct World {
    sessions: usize,
    memberships: usize,
}

impl World {
    fn reply(self, seen: &Seen) -> Reply {
        let (method, target) = seen.line.split_once(' ').unwrap_or_default();
        let path = target.split('?').next().unwrap_or_default().trim_start_matches("/v1");
        match (method, path) {
            ("GET", "/sessions") => Reply::json(200, &(1..=self.sessions).map(session).collect()),
            ("GET", "/users/user_1/organization_memberships" | "/organization_memberships") => {
                let data: Vec<Value> = (1..=self.memberships).map(membership).collect();
                Reply::json(200, &json!({ "data": data, "total_count": self.memberships }))
            }
            ("GET", "/users" | "/invitations") => Reply::json(200, &json!([])),
            ("GET", path) if path.ends_with("/organization_invitations") => {
                Reply::json(200, &json!({ "data": [], "total_count": 0 }))
            }
            ("POST", "/organizations/org_1/invitations") => Reply::json(200, &invitation(seen)),
            ("POST" | "DELETE", path) if !path.ends_with("/ban") => Reply::json(200, &json!({})),
            (_, path) if path.contains("/users/") => Reply::json(200, &json!({ "id": "user_1" })),
            _ => Reply::json(200, &json!({ "id": "org_1" })),
        }
    }
}

fn session(number: usize) -> Value {
    json!({ "id": format!("sess_{number}"), "user_id": "user_1", "status": "active" })
}

fn membership(number: usize) -> Value {
    let (organization, person) = (json!({ "id": format!("org_{number}") }), json!({ "user_id": "user_1" }));
    json!({ "role": "org:admin", "organization": organization, "public_user_data": person })
}

/// The address that a request invites.
fn address(seen: &Seen) -> String {
    let body: Value = serde_json::from_str(&seen.body).unwrap_or_default();
    body["email_address"].as_str().unwrap_or_default().to_owned()
}

/// The invitation that a request makes.
fn invitation(seen: &Seen) -> Value {
    let number = address(seen).trim_start_matches('p').split('@').next().unwrap_or_default().to_owned();
    json!({ "id": format!("orginv_{number}"), "email_address": address(seen), "organization_id": "org_1" })
}

/// The place in a list of ten of the person that a request invites; none where it invites nobody.
fn place(seen: &Seen) -> Option<usize> {
    (0..10).find(|number| address(seen) == person(*number))
}

fn person(number: usize) -> String {
    format!("p{number}@new.example")
}

fn people(numbers: impl IntoIterator<Item = usize>) -> Value {
    numbers.into_iter().map(person).collect()
}

/// The arguments that invite ten people.
fn ten() -> Value {
    json!({ "organization_id": "org_1", "email_address": people(0..10), "role": "org:member" })
}

/// A field of each item of a list, in its order.
fn each(list: &Value, field: &str) -> Value {
    list.as_array().unwrap_or_else(|| panic!("no list: {list}")).iter().map(|item| item[field].clone()).collect()
}

/// The people who are invited by what has come to an upstream, in any order.
fn invited(upstream: &Upstream) -> Vec<usize> {
    let mut invited: Vec<usize> = upstream.seen().iter().filter_map(place).collect();
    invited.sort_unstable();
    invited
}

/// Nothing asks here.
fn unasked(upstream: &Upstream) -> Program {
    upstream.program().arguments(&["--confirm", "off"])
}

/// Makes a call whose requests come in waves of these sizes, each of which is answered when it is complete.
fn in_waves(world: World, sizes: &[usize], call: impl FnOnce(&HttpServer)) {
    let waves = Arc::new(Waves::of(sizes));
    let gate = Arc::clone(&waves);
    let upstream = Upstream::new(move |seen| {
        gate.hold();
        world.reply(seen)
    });
    call(&unasked(&upstream).http());
    let lines: Vec<String> = upstream.seen().into_iter().map(|seen| seen.line).collect();
    let (come, most) = waves.counts();
    assert_eq!((come, most), (sizes.iter().sum(), sizes.iter().copied().max().unwrap_or(0)), "{lines:#?}");
    assert!(most <= MOST);
}

#[test]
fn an_access_report_takes_one_round_trip() {
    in_waves(World { sessions: 2, memberships: 1 }, &[5], |server| {
        let report = server.call("clerk_get_user_access_report", json!({ "user_id": "user_1" })).output();
        assert_eq!((&report["user"]["id"], &report["failed"]), (&json!("user_1"), &json!([])));
        assert_eq!(each(&report["active_sessions"]["data"], "id"), json!(["sess_1", "sess_2"]));
    });
}

#[test]
fn a_preview_of_an_off_boarding_takes_two() {
    in_waves(World { sessions: 2, memberships: 1 }, &[1, 3], |server| {
        let arguments = json!({ "user_id": "user_1", "dry_run": true });
        let preview = server.call("clerk_offboard_user", arguments).output()["preview"].clone();
        assert_eq!((&preview["active_sessions"], &preview["organizations_count"]), (&json!(2), &json!(1)));
    });
}

/// The organization is looked at before anybody is invited.
#[test]
fn ten_invitations_take_three() {
    in_waves(World::default(), &[1, 8, 2], |server| {
        let steps = server.call("clerk_create_invitations_bulk", ten()).output();
        assert_eq!(each(&steps["done"], "email_address"), people(0..10));
    });
}

#[test]
fn twelve_sessions_are_revoked_in_four() {
    in_waves(World { sessions: 12, memberships: 0 }, &[1, 2, 8, 4], |server| {
        let revoked = server.call("clerk_revoke_all_user_sessions", json!({ "user_id": "user_1" })).output();
        let ids: Value = (1..=12).map(|number| format!("sess_{number}")).collect();
        assert_eq!((&revoked["sessions"]["done"], &revoked["has_more"]), (&ids, &json!(false)));
    });
}

/// The user is looked at, then banned, before anything else happens.
#[test]
fn an_off_boarding_takes_four() {
    in_waves(World { sessions: 2, memberships: 1 }, &[1, 1, 3, 3], |server| {
        let done = server.call("clerk_offboard_user", json!({ "user_id": "user_1" })).output();
        assert_eq!((&done["ban"]["done"], &done["is_complete"]), (&json!(["user_1"]), &json!(true)), "{done}");
        assert_eq!(done["sessions"]["done"], json!(["sess_1", "sess_2"]));
        assert_eq!(done["memberships"]["done"], json!(["org_1"]));
    });
}

#[test]
fn a_security_review_takes_two() {
    in_waves(World { sessions: 0, memberships: 1 }, &[4, 1], |server| {
        let review = server.call("clerk_security_review", json!({})).output();
        let lists = ["organization_memberships", "administrators", "users", "organization_invitations", "invitations"];
        assert_eq!((each(&review["looked_at"], "list"), &review["failed"]), (json!(lists), &json!([])));
    });
}

#[test]
fn two_lists_of_one_report_take_one() {
    in_waves(World::default(), &[2], |server| {
        drop(server.call("clerk_list_restrictions", json!({})));
    });
}
