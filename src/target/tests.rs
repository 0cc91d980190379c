//! What is told of a target: how many there are of something, and which ones first.

use serde_json::json;

use super::*;
use crate::api::Named;
use crate::object::NO_OBJECT;
use crate::policy::Policy;
use crate::policy::tests::STANDARD;
use crate::request::{Request, get};
use crate::view::text;

/// An API that answers lists as it is told, and refuses what it is not told.
struct Lists(Value);

impl Api for Lists {
    fn fetch(&self, request: &Request) -> Result<Value, Failure> {
        let path = request.path_and_query.split('?').next().unwrap_or_default();
        let found = self.0.get(path).cloned();
        found.ok_or_else(|| Failure::not_found("nothing", "Look elsewhere."))
    }

    fn may_go_on(&self) -> bool {
        true
    }

    fn policy(&self) -> &Policy<'_> {
        &STANDARD
    }

    fn tools(&self) -> Vec<Named> {
        Vec::new()
    }

    fn standing(&self) -> Value {
        Value::Null
    }
}

static NAMED: View = View(&[text("name")]);
static TARGET: Target = Target {
    look: Look::at(get("/target", &NO_OBJECT)),
    facts: &[
        Fact::Count("count", &[Look::at(get("/one", &NO_OBJECT)), Look::at(get("/other", &NO_OBJECT))]),
        Fact::Count("kept", &[Look { keep: Some(("is", "meant")), ..Look::at(get("/kept", &NO_OBJECT)) }]),
        Fact::Listed("listed_count", &Look::at(get("/listed", &NO_OBJECT)), "listed", &NAMED),
    ],
    typed: &["/listed/0/name", "/listed/1/name"],
};

fn items(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| json!({ "name": format!("n{number}"), "is": if number < 3 { "meant" } else { "other" } }))
        .collect()
}

fn facts(lists: Value) -> Value {
    TARGET.facts(&Value::Null, &Arguments::default(), &Lists(lists)).expect("no other object is needed").into()
}

#[test]
fn a_count_is_exact_or_says_that_it_is_not() {
    let count = |one: Value, other: Value| facts(json!({ "/one": one, "/other": other }))["count"].clone();
    assert_eq!(count(json!(items(99)), json!([])), 99);
    assert_eq!(count(json!(items(2)), json!({ "data": items(3), "total_count": 3 })), 5);
    assert_eq!(count(json!(items(100)), json!([])), "100 or more");
    assert_eq!(count(json!({ "data": items(100), "total_count": 250 }), json!(items(1))), 251);
    // A total that is smaller than what is there is none, and one without a full page behind it speaks for nothing.
    assert_eq!(count(json!({ "data": items(100), "total_count": 50 }), json!(items(1))), "101 or more");
    assert_eq!(count(json!({ "data": items(2), "total_count": 250 }), json!([])), 2);
    assert_eq!(facts(json!({ "/one": [] }))["count"], "not known (resource_not_found)");
    assert_eq!(count(json!([]), json!("text")), "not known (unexpected_response)");
}

#[test]
fn only_the_items_that_are_meant_are_counted() {
    let kept = |list: Value| facts(json!({ "/kept": list }))["kept"].clone();
    assert_eq!(kept(json!(items(120))), 3);
    assert_eq!(kept(json!({ "data": items(10), "total_count": 10 })), 3);
    assert_eq!(kept(json!(items(500))), "3 or more");
}

#[test]
fn ten_are_named_and_all_are_counted() {
    let facts = facts(json!({ "/listed": items(12) }));
    assert_eq!((facts["listed"].as_array().map(Vec::len), &facts["listed_count"]), (Some(10), &json!(12)));
    assert_eq!(facts["listed"][9], json!({ "name": "n9" }));
}

#[test]
fn the_first_name_that_can_be_seen_is_typed() {
    let typed = |names: &[&str]| {
        let listed: Vec<Value> = names.iter().map(|name| json!({ "name": name })).collect();
        TARGET.typed(&json!({ "listed": listed }))
    };
    assert_eq!(typed(&["Acme", "x"]).as_deref(), Some("Acme"));
    assert_eq!(typed(&[" ", "x"]).as_deref(), Some("x"));
    assert_eq!(typed(&["", ""]), None);
}
