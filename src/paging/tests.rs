//! How pages are read, cut and followed.

use serde_json::json;

use super::*;
use crate::view::{private, text};

static ITEM: View = View(&[text("id"), private("private_metadata")]);

/// The page of a list of which at most 20 were asked for.
fn page(answer: Value, offset: u32, bytes: usize) -> Value {
    let given = serde_json::from_value(json!({ "offset": offset })).expect("an object");
    let arguments = crate::arguments::read(&[&LIMIT, &OFFSET, &INCLUDE_PRIVATE_METADATA], &[], true, given);
    Paging::Total.read(&ITEM, &arguments.expect("they are valid"), answer, bytes).expect("it is a list").0
}

fn items(count: usize) -> Vec<Value> {
    (0..count).map(|number| json!({ "id": format!("x{number}") })).collect()
}

#[test]
fn another_page_follows_while_the_total_is_not_reached() {
    let first = page(json!({ "data": items(2), "total_count": 3 }), 0, 1000);
    assert_eq!(
        (&first["total_count"], &first["has_more"], &first["next_offset"]),
        (&json!(3), &json!(true), &json!(2))
    );
    let last = page(json!({ "data": items(1), "total_count": 3 }), 2, 1000);
    assert_eq!((&last["has_more"], &last["next_offset"]), (&json!(false), &Value::Null));
    let beyond = page(json!({ "data": [], "total_count": 3 }), 7, 1000);
    assert_eq!((&beyond["has_more"], &beyond["next_offset"]), (&json!(false), &Value::Null));
}

#[test]
fn a_full_page_without_a_total_may_have_a_next_one() {
    for answer in [json!(items(20)), json!({ "data": items(20) }), json!({ "data": items(20), "total_count": -1 })] {
        let page = page(answer, 40, 1000);
        assert_eq!(
            (&page["total_count"], &page["has_more"], &page["next_offset"]),
            (&Value::Null, &json!(true), &json!(60))
        );
    }
    for answer in [json!(items(19)), json!({ "data": items(19) }), json!([])] {
        assert_eq!(page(answer, 0, 1000)["has_more"], false);
    }
    // A total that is smaller than what is there is none.
    assert_eq!(page(json!({ "data": items(20), "total_count": 1 }), 0, 1000)["total_count"], Value::Null);
}

#[test]
fn a_page_ends_where_its_bytes_are_full() {
    let cut = page(json!({ "data": items(20), "total_count": 20 }), 0, 60);
    assert_eq!(cut["data"].as_array().map(Vec::len), Some(5));
    assert_eq!((&cut["has_more"], &cut["next_offset"], &cut["total_count"]), (&json!(true), &json!(5), &json!(20)));
    let one = page(json!(items(2)), 0, 1);
    assert_eq!(
        (one["data"].as_array().map(Vec::len), &one["next_offset"]),
        (Some(1), &json!(1)),
        "one is always shown"
    );
}

#[test]
fn the_size_of_a_value_is_that_of_its_json() {
    for value in [
        json!(null),
        json!([]),
        json!({}),
        json!([1, -2.5, true, false, null, "a\n\u{1}\"\\\u{e9}"]),
        json!({ "a": { "b": [{}, []] }, "c": "" }),
    ] {
        assert_eq!(size(&value), value.to_string().len(), "{value}");
    }
}

#[test]
fn one_odd_item_does_not_hide_a_page() {
    let odd = page(json!({ "data": [{ "id": 7 }, null, { "id": "x" }], "total_count": {} }), 0, 1000);
    assert_eq!(odd, json!({ "data": [{}, { "id": "x" }], "has_more": false, "left_out": "data, data.id" }));
    for empty in [json!({ "data": {}, "total_count": 0 }), json!({ "data": {} })] {
        let page = page(empty, 0, 1000);
        assert_eq!((&page["data"], &page["has_more"]), (&json!([]), &json!(false)));
    }
    let mut full = items(20);
    full[3] = json!(null);
    let page = page(json!(full), 40, 1000);
    assert_eq!((page["data"].as_array().map(Vec::len), &page["next_offset"]), (Some(19), &json!(60)));
}

#[test]
fn what_is_no_list_is_a_failure() {
    for other in
        [json!(null), json!({}), json!("x"), json!({ "data": {}, "total_count": 3 }), json!({ "data": "none" })]
    {
        assert!(list(other.clone()).is_err(), "{other}");
    }
}
