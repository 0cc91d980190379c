//! What is told of a target: how many there are of something, and which ones first.

use serde_json::json;

use super::*;
use crate::api::tests::Told;
use crate::arguments;
use crate::kind::{Kind, Parameter, parameter};
use crate::object::NO_OBJECT;
use crate::request::get;
use crate::view::text;

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
    TARGET.facts(&Value::Null, &Arguments::default(), &Told::by_path(lists)).expect("no other object is needed").into()
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

/// A list that cannot be had does not shift the answers to the others.
#[test]
fn each_fact_has_the_answers_to_its_own_requests() {
    let answers = json!({ "/one": items(1), "/kept": items(9), "/listed": items(2) });
    let api = Told::by_path(answers);
    let facts =
        Value::from(TARGET.facts(&Value::Null, &Arguments::default(), &api).expect("no other object is needed"));
    let counts = (&facts["count"], &facts["kept"], &facts["listed_count"]);
    assert_eq!(counts, (&json!("not known (resource_not_found)"), &json!(3), &json!(2)));
    let paths: Vec<String> = api.begun().iter().filter_map(|path| path.split('?').next().map(Into::into)).collect();
    assert_eq!(paths, ["/one", "/other", "/kept", "/listed"]);
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

#[test]
fn of_what_a_search_finds_only_the_one_that_is_meant_is_the_target() {
    static SOUGHT: Target = Target {
        look: Look::searched(get("/things", &NO_OBJECT), "thing_id", ("there is none", "Look elsewhere.")),
        facts: &[],
        typed: &[],
    };
    const THING_ID: Parameter = parameter("thing_id", Kind::Key, "Its id.");
    let given = serde_json::from_value(json!({ "thing_id": "t_2" })).expect("an object");
    let arguments = arguments::read(&[&THING_ID], &[], false, given).expect("they are right");
    let sought = |found: Value| SOUGHT.fetch(&arguments, &Told::by_path(json!({ "/things": found }))).ok();
    let (other, meant) = (json!({ "id": "t_21" }), json!({ "id": "t_2", "name": "n" }));
    assert_eq!(sought(json!([other, meant])), Some(meant));
    for others in [json!([other]), json!([]), json!([{}]), json!([{ "id": null }])] {
        assert_eq!(sought(others.clone()), None, "{others}");
    }
    let query = |name: &str| SOUGHT.look.query(&arguments, &Value::Null).get(name).cloned();
    assert_eq!((query("query"), query("thing_id")), (Some(json!("t_2")), None));
}
