//! The words of failures, and the parts that are left out of them.

use serde_json::Value;

use super::*;

fn refused(status: u16, body: &str) -> Failure {
    let trace_id = Some("from the header".into());
    Failure::refused(Response { status, body: body.into(), retry_after_seconds: None, trace_id }, false)
}

fn interrupted(sent: bool) -> SendError {
    SendError { code: "timeout", message: "no answer".into(), remedy: "Call again.", sent }
}

#[test]
fn all_of_clerks_errors_are_kept() {
    let failure = refused(422, r#"{"errors":[{"code":"one","message":"1"},{"code":"two","message":"2"}]}"#);
    assert_eq!((failure.0.code.as_str(), failure.0.message.as_str()), ("one", "1"));
    let codes: Vec<&Value> = failure.0.errors.iter().map(|error| &error["code"]).collect();
    assert_eq!(codes, ["one", "two"]);
}

#[test]
fn the_longer_message_is_preferred() {
    let failure = refused(422, r#"{"errors":[{"code":"c","message":"short","long_message":"longer"}]}"#);
    assert_eq!(failure.0.message, "longer");
}

#[test]
fn the_parameter_is_named() {
    let failure = refused(422, r#"{"errors":[{"code":"c","message":"m","meta":{"param_name":"slug"}}]}"#);
    assert_eq!(failure.0.param.as_deref(), Some("slug"));
}

#[test]
fn clerks_trace_is_preferred_to_the_headers() {
    assert_eq!(refused(404, r#"{"errors":[],"clerk_trace_id":"abc"}"#).0.trace_id.as_deref(), Some("abc"));
    assert_eq!(refused(404, "").0.trace_id.as_deref(), Some("from the header"));
}

#[test]
fn what_cannot_be_a_trace_is_none() {
    for echoed in ["sk_test_abc", "a b", "a\u{202e}b", "", &"a".repeat(65)] {
        let body = serde_json::json!({"errors": [], "clerk_trace_id": echoed}).to_string();
        assert_eq!(refused(404, &body).0.trace_id.as_deref(), Some("from the header"), "{echoed}");
    }
}

#[test]
fn of_what_an_error_is_about_only_texts_are_kept() {
    let meta = r#"{"param_name":{"private_metadata":1},"identifiers":["a",{"b":1}],"session_id":"sess_1"}"#;
    let failure = refused(422, &format!(r#"{{"errors":[{{"code":"c","message":"m","meta":{meta}}}]}}"#));
    let kept = failure.0.errors[0]["meta"].clone();
    assert_eq!(kept, serde_json::json!({"identifiers": ["a"], "session_id": "sess_1"}));
}

#[test]
fn an_unreadable_body_is_not_repeated() {
    assert_eq!(json_text::parse_bytes(b"\"pin 1234 \xff\""), Err("it is no text in UTF-8".into()));
    let why = json_text::parse_bytes(b"pin 1234").unwrap_err();
    let failure = Failure::no_json(&why, true);
    assert!(!failure.0.message.contains("1234") && failure.0.message.contains("line 1"), "{}", failure.0.message);
}

#[test]
fn a_body_that_is_not_clerks_still_makes_a_failure() {
    for body in ["", "<html>Bad gateway</html>", "[]", "null", r#"{"errors":"none"}"#] {
        let failure = refused(502, body);
        assert_eq!((failure.0.status, failure.0.code.as_str()), (Some(502), "http_502"), "{body}");
        assert!(!failure.0.message.contains("html") && failure.0.errors.is_empty(), "{body}");
    }
}

#[test]
fn the_time_to_wait_is_told() {
    let response = Response { status: 429, body: Vec::new(), retry_after_seconds: Some(7), trace_id: None };
    let failure = Failure::refused(response, false);
    assert_eq!(failure.0.retry_after_seconds, Some(7));
    assert!(failure.0.hint.is_some_and(|hint| hint.contains("after 7 s")));
}

#[test]
fn a_redirect_is_a_failure_with_a_reason() {
    assert!(refused(302, "").0.hint.is_some_and(|hint| hint.contains("never followed")));
}

#[test]
fn a_write_that_was_cut_off_may_have_happened() {
    let hint = |sent, is_read| Failure::from_send(&interrupted(sent), is_read).0.hint.unwrap();
    assert!(hint(true, false).starts_with("The change may or may not have been made"));
    assert_eq!(hint(true, true), "Nothing was changed. Call again.");
    assert_eq!(hint(false, false), "Nothing was sent, so nothing changed. Call again.");
}

#[test]
fn absent_parts_are_not_written() {
    let failure = Failure::not_found("nobody", "Look elsewhere.");
    let names: Vec<&str> = failure.fields().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["code", "message", "hint"]);
}

#[test]
fn a_hint_fits_what_was_called() {
    let hint = |status, body: &str, is_read| {
        let response = Response { status, body: body.into(), retry_after_seconds: None, trace_id: None };
        Failure::refused(response, is_read).0.hint.unwrap_or_default()
    };
    for status in [400, 422, 402, 429, 500, 503] {
        let read = hint(status, "", true);
        assert!(!read.contains("changed") && !read.contains("change;") && read.ends_with('.'), "{status}: {read}");
    }
    for status in [400, 422, 402, 429] {
        assert!(hint(status, "", false).ends_with("nothing was changed."), "{status}");
    }
    let unknown_role = r#"{"errors":[{"code":"resource_not_found","meta":{"param_name":"role"}}]}"#;
    assert!(hint(404, unknown_role, false).contains("clerk_list_roles"));
    assert!(hint(404, "Not Found", true).contains("API URL"));
    assert!(hint(404, r#"{"errors":[{"code":"resource_not_found"}]}"#, true).contains("Check the ids"));
    let of_body = |is_read| Failure::no_json("it is no JSON", is_read).0.hint.unwrap_or_default();
    assert!(of_body(true).starts_with("Nothing was changed") && of_body(false).contains("most likely took place"));
}
