//! Which step is told where, whatever comes of the others.

use serde_json::Map;

use super::*;
use crate::api::tests::Told;
use crate::error::Response;
use crate::object::NO_OBJECT;
use crate::request::post;

/// The answer that stands at the path of a request: a refusal where it is a status and a code.
fn answered(answers: &Value, request: &Request) -> Result<Value, Failure> {
    let answer = &answers[&request.path_and_query];
    let Some(status) = answer["status"].as_u64().and_then(|status| u16::try_from(status).ok()) else {
        return Ok(answer.clone());
    };
    let body = json!({ "errors": [{ "code": answer["code"] }] }).to_string().into();
    Err(Failure::refused(Response { status, body, ..Response::default() }, false))
}

/// The steps for these names, each a request of its own.
fn steps(names: &[&'static str]) -> Vec<Step> {
    let step = |path: &&'static str| Step { of: (*path).into(), request: post(path, &NO_OBJECT).request(Map::new()) };
    names.iter().map(step).collect()
}

fn run<const PARTS: usize>(parts: [Result<Vec<Step>, Steps>; PARTS], api: &Told) -> [Value; PARTS] {
    Steps::run(parts, api, &mut |of, answer| json!([of, answer])).map(|steps| {
        let mut told = Value::from(steps);
        for failed in told["failed"].as_array_mut().into_iter().flatten() {
            *failed = json!([failed["of"], failed["code"]]);
        }
        told
    })
}

#[test]
fn each_step_is_told_in_its_turn() {
    let api = Told::new(json!({ "a": 1, "b": { "status": 422, "code": "no" }, "c": 3, "d": 4 }), answered);
    let [told] = run([Ok(steps(&["a", "b", "c", "d"]))], &api);
    assert_eq!(told, json!({ "done": [["a", 1], ["c", 3], ["d", 4]], "failed": [["b", "no"]], "not_tried": [] }));
    assert_eq!(api.begun(), ["a", "b", "c", "d"]);
}

#[test]
fn what_is_not_begun_is_left_to_do() {
    let too_many = json!({ "status": 429, "code": "rate_limited" });
    let api = Told::new(json!({ "a": 1, "b": too_many, "c": too_many, "d": 4 }), answered).beginning(4);
    let [told] = run([Ok(steps(&["a", "b", "c", "d", "e", "f"]))], &api);
    let failed = json!([["b", "rate_limited"], ["c", "rate_limited"]]);
    assert_eq!(told, json!({ "done": [["a", 1], ["d", 4]], "failed": failed, "not_tried": ["e", "f"] }));
}

/// The host lets none of them out: that one is told as the reason, and the others are left.
#[test]
fn what_the_budget_keeps_back_is_left_to_do() {
    let kept = json!({ "status": 429, "code": "budget_exhausted" });
    let answers = json!({ "a": 1, "b": kept, "c": kept, "d": { "status": 422, "code": "no" }, "e": kept });
    let api = Told::new(answers, answered).beginning(5);
    let [one, other] = run([Ok(steps(&["a", "b", "c"])), Ok(steps(&["d", "e", "f"]))], &api);
    assert_eq!(one, json!({ "done": [["a", 1]], "failed": [["b", "budget_exhausted"]], "not_tried": ["c"] }));
    assert_eq!(other, json!({ "done": [], "failed": [["d", "no"]], "not_tried": ["e", "f"] }));
}

#[test]
fn a_part_that_was_not_found_keeps_no_other_from_being_taken() {
    let api = Told::new(json!({ "a": 1 }), answered);
    let missing = Steps::not_found("memberships", Failure::not_found("there are none", "Look elsewhere."));
    let [one, other] = run([Err(missing), Ok(steps(&["a"]))], &api);
    assert_eq!(one["failed"], json!([["memberships", "resource_not_found"]]));
    assert_eq!(other["done"], json!([["a", 1]]));
}
