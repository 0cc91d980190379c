//! What passes for an answer to a request, and what does not.

use serde_json::{Value, json};

use super::{check_answer, check_request, known};
use crate::catalogue;
use crate::object::Object;
use crate::request::{Endpoint, Request, delete, get, patch, post};

fn request(endpoint: Endpoint, parameters: &Value) -> Request {
    endpoint.request(serde_json::from_value(parameters.clone()).expect("an object"))
}

fn passes(endpoint: Endpoint, parameters: &Value, answer: &Value) -> bool {
    check_answer(&request(endpoint, parameters), answer).is_ok()
}

/// The kind of object that a tool's endpoint answers with.
fn object(tool: &str) -> &'static Object {
    catalogue::find(tool).expect("there is such a tool").endpoint.object
}

fn user() -> &'static Object {
    object("clerk_list_users")
}

fn membership() -> &'static Object {
    object("clerk_list_organization_members")
}

fn organization() -> &'static Object {
    object("clerk_list_organizations")
}

fn session() -> &'static Object {
    object("clerk_list_sessions")
}

fn one_user() -> Endpoint {
    get("/users/{user_id}", user())
}

fn members() -> Endpoint {
    get("/organizations/{organization_id}/memberships", membership())
}

/// An endpoint that answers with no object of a kind.
const WITHOUT_IDENTITY: [&str; 3] = ["/users/count", "/instance", ""];

#[test]
fn the_answers_of_every_tool_are_of_a_kind() {
    for tool in catalogue::all() {
        let Endpoint { path, object, .. } = tool.endpoint;
        let is_of_none = object.name.is_empty() && object.carried.is_empty();
        assert_eq!(is_of_none, WITHOUT_IDENTITY.contains(&path), "{}: {path}", tool.name);
    }
}

#[test]
fn an_object_is_the_one_that_was_asked_for() {
    let asked = json!({ "user_id": "user_1" });
    assert!(passes(one_user(), &asked, &json!({ "object": "user", "id": "user_1" })));
    for other in [
        json!({ "id": "user_2" }),
        json!({ "id": "USER_1" }),
        json!({ "id": null }),
        json!({ "id": 1 }),
        json!({ "id": ["user_2"] }),
        json!({}),
        json!({ "object": "session", "id": "user_1" }),
        json!({ "user_id": "user_1" }),
        json!([]),
        json!([{ "id": "user_1" }]),
        json!(null),
        json!("user_1"),
    ] {
        assert!(!passes(one_user(), &asked, &other), "{other}");
    }
}

#[test]
fn an_organization_may_be_asked_for_by_its_slug() {
    let acme = json!({ "id": "org_1", "slug": "acme" });
    let by = |name: &str| {
        passes(get("/organizations/{organization_id}", organization()), &json!({ "organization_id": name }), &acme)
    };
    assert!(by("org_1") && by("acme"));
    assert!(!by("org_2") && !by("acme-2"));
    let forged = json!({ "id": "org_2", "slug": "org_1" });
    assert!(!passes(
        get("/organizations/{organization_id}", organization()),
        &json!({ "organization_id": "org_1" }),
        &forged
    ));
}

#[test]
fn each_item_of_a_list_is_verified_bare_or_in_an_envelope() {
    let asked = json!({ "organization_id": "org_1", "user_id": "user_1", "role": "admin", "limit": 1 });
    let membership = |organization: &str, user: Value, role: &str| json!({ "role": role, "organization": { "id": organization }, "public_user_data": { "user_id": user } });
    let right = membership("org_1", json!("user_1"), "org:admin");
    for list in [json!([right]), json!({ "data": [right, right] }), json!([])] {
        assert!(passes(members(), &asked, &list), "{list}");
    }
    for wrong in [
        membership("org_2", json!("user_1"), "org:admin"),
        membership("org_1", json!("user_2"), "org:admin"),
        membership("org_1", Value::Null, "org:admin"),
        membership("org_1", json!("user_1"), "org:member"),
        json!({ "role": "org:admin" }),
    ] {
        for list in [json!([wrong]), json!({ "data": [right, wrong], "total_count": 1 })] {
            assert!(!passes(members(), &asked, &list), "{list}");
        }
    }
}

#[test]
fn an_item_that_cannot_be_compared_is_no_other_object() {
    let users =
        |parameters: Value, item: Value| passes(get("/users", user()), &parameters, &json!([{ "id": "user_1" }, item]));
    for odd in
        [json!(null), json!(7), json!([]), json!({}), json!({ "id": 5 }), json!({ "id": "user_2", "banned": null })]
    {
        assert!(users(json!({}), odd.clone()) && users(json!({ "banned": false }), odd.clone()), "{odd}");
    }
    // But for what says whose it is.
    assert!(!passes(
        get("/sessions", session()),
        &json!({ "user_id": "user_1" }),
        &json!([{ "id": "sess_1", "status": "active" }])
    ));
    assert!(!users(json!({ "external_id": "7" }), json!({ "id": "user_2" })));
    assert!(!users(json!({}), json!({ "id": "org_1" })));
}

#[test]
fn filters_are_compared_as_clerk_reads_them() {
    let ada = json!({
        "id": "user_1", "external_id": "-7", "username": "ada", "banned": false,
        "email_addresses": [{ "email_address": "ada@b.example" }, { "email_address": "Ada@A.example" }],
        "phone_numbers": [{ "phone_number": "+12025550101" }],
    });
    for (filter, value, passed) in [
        ("user_id", json!(["user_2", "+user_1"]), true),
        ("user_id", json!(["user_2"]), false),
        ("user_id", json!("-user_1"), false),
        ("user_id", json!("-user_2"), true),
        ("external_id", json!("+-7"), true),
        ("external_id", json!("7"), false),
        ("email_address", json!(["x@a.example", "ada@a.EXAMPLE"]), true),
        ("email_address", json!("ada@a.examples"), false),
        ("phone_number", json!("+1 202 555 0101"), true),
        ("phone_number", json!("+12025550102"), false),
        ("username", json!("Ada"), true),
        ("username", json!("adam"), false),
        ("banned", json!(true), false),
        ("banned", json!(false), true),
        ("query", json!("nobody"), true),
    ] {
        assert_eq!(passes(get("/users", user()), &json!({ filter: value }), &json!([ada])), passed, "{filter}={value}");
    }
}

#[test]
fn ids_of_another_form_are_none() {
    for (endpoint, wrong) in [
        (get("/users", user()), "org_1"),
        (get("/organizations", organization()), "org_"),
        (post("/organizations", organization()), "../x"),
    ] {
        let answer = json!({ "id": wrong });
        let answer = if endpoint.path == "/organizations" && !wrong.contains('.') { json!([answer]) } else { answer };
        let list = if endpoint.path == "/users" { json!([answer]) } else { answer };
        assert!(!passes(endpoint, &json!({}), &list), "{list}");
    }
}

#[test]
fn a_write_may_answer_with_less_but_not_with_another() {
    let asked = json!({ "organization_id": "org_1", "user_id": "user_1" });
    let leave = delete("/organizations/{organization_id}/memberships/{user_id}", membership());
    for (answer, passed) in [
        (json!({}), true),
        (json!({ "id": null }), true),
        (json!({ "organization": { "id": "org_1" } }), true),
        (json!({ "organization": { "id": "org_2" } }), false),
        (json!({ "public_user_data": { "user_id": "user_2" } }), false),
    ] {
        assert_eq!(passes(leave, &asked, &answer), passed, "{answer}");
    }
    let role = json!({ "organization_id": "org_1", "user_id": "user_1", "role": "org:admin" });
    let change = patch("/organizations/{organization_id}/memberships/{user_id}", membership());
    assert!(passes(change, &role, &json!({ "role": "org:member" })), "what was set is no identity");
    let new = json!({ "name": "Acme  Robotics" });
    assert!(passes(post("/organizations", organization()), &new, &json!({ "id": "org_1", "name": "Acme Robotics" })));
    assert!(!passes(post("/organizations", organization()), &new, &json!({ "id": "org_1", "name": "Umbrella" })));
}

#[test]
fn a_request_is_about_what_it_names() {
    let goes = |endpoint, parameters: Value| check_request(&request(endpoint, &parameters)).is_ok();
    let revoke = post("/sessions/{session_id}/revoke", session());
    assert!(goes(revoke, json!({ "session_id": "sess_1" })));
    for id in [json!("user_1"), json!("sess_"), json!("sess_1/../x"), json!(null), json!(7)] {
        assert!(!goes(revoke, json!({ "session_id": id })), "{id}");
    }
    assert!(goes(get("/sessions", session()), json!({ "user_id": "user_1" })));
    assert!(!goes(get("/sessions", session()), json!({ "status": "active" })), "everybody's");
    assert!(goes(get("/organizations/{organization_id}", organization()), json!({ "organization_id": "acme" })));
    assert!(!goes(get("/organizations/{organization_id}", organization()), json!({ "organization_id": null })));
    assert!(!goes(members(), json!({ "organization_id": "acme" })));
    assert!(!goes(get("/users/{user_id}/organization_invitations", object("clerk_create_invitation")), json!({})));
}

#[test]
fn what_is_known_of_a_silent_write_is_what_it_was_about() {
    let of = |endpoint, parameters: Value| known(&request(endpoint, &parameters));
    assert_eq!(of(post("/users/{user_id}/ban", user()), json!({ "user_id": "user_1" })), json!({ "id": "user_1" }));
    let member = json!({ "organization_id": "org_1", "user_id": "user_1", "role": "org:admin" });
    assert_eq!(
        of(post("/organizations/{organization_id}/memberships", membership()), member),
        json!({ "organization": { "id": "org_1" }, "public_user_data": { "user_id": "user_1" } })
    );
    assert_eq!(of(post("/users", user()), json!({ "email_address": ["a@b.example"] })), json!({}));
}
