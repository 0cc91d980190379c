//! What a tool says when Clerk refuses.

use serde_json::{Value, json};

use crate::harness::{Client, Reply, Upstream};

fn read(reply: Reply) -> (Value, usize) {
    let upstream = Upstream::always(reply);
    let failure = upstream.server().call("clerk_list_users", json!({})).failure();
    (failure, upstream.count())
}

fn write(reply: Reply) -> (Value, usize) {
    let upstream = Upstream::always(reply);
    let failure = upstream.server().call("clerk_create_organization", json!({ "name": "Umbrella" })).failure();
    (failure, upstream.count())
}

/// A write that looks at its target first, which Clerk lets it do.
fn change(reply: Reply) -> (Value, usize) {
    let upstream = Upstream::for_writes(reply);
    let arguments = json!({ "user_id": "user_1", "public_metadata": { "a": 1 } });
    let failure = upstream.server().call("clerk_update_user_metadata", arguments).failure();
    (failure, upstream.writes().len())
}

#[test]
fn a_refusal_is_passed_on_in_clerks_words_with_a_hint() {
    let cases = [
        (400, "Correct the arguments"),
        (401, "does not accept the secret key"),
        (402, "plan lacks this feature"),
        (403, "does not allow this"),
        (404, "Check the ids"),
        (409, "conflicts with what exists"),
        (422, "Correct the arguments"),
        (500, "Clerk has a problem"),
    ];
    for (status, hint) in cases {
        let reply = Reply::refusal(status, "some_code", "The long message.");
        for (failure, count) in [read(reply.clone()), write(reply.clone()), change(reply)] {
            assert_eq!(failure["status"], status);
            assert_eq!(failure["code"], "some_code");
            assert_eq!(failure["message"], "The long message.");
            assert_eq!(failure["trace_id"], "trace-1");
            assert!(failure["hint"].as_str().is_some_and(|text| text.contains(hint)), "{failure}");
            assert_eq!(count, 1, "{failure}");
        }
    }
}

#[test]
fn all_errors_of_an_answer_are_shown() {
    let error = |name: &str, code: &str| {
        let long = format!("{name} is not right.");
        json!({ "code": code, "message": "is invalid", "long_message": long, "meta": { "param_name": name } })
    };
    let errors = json!([error("name", "form_param_value_invalid"), error("slug", "form_identifier_exists")]);
    let (failure, _) = write(Reply::json(422, &json!({ "errors": errors, "clerk_trace_id": "trace-1" })));
    assert_eq!(failure["code"], "form_param_value_invalid");
    assert_eq!(failure["message"], "name is not right.");
    assert_eq!(failure["param"], "name");
    assert_eq!(failure["errors"], errors);
}

#[test]
fn the_trace_id_may_come_in_a_header() {
    for name in ["x-clerk-trace-id", "cf-ray"] {
        let (failure, _) = read(Reply::new(404, &[&format!("{name}: trace-2")], "{}"));
        assert_eq!((&failure["code"], &failure["trace_id"]), (&json!("http_404"), &json!("trace-2")));
    }
}

#[test]
fn a_refusal_that_cannot_be_read_is_reported_by_its_status() {
    for body in ["", "<html>no</html>", "[]", "{\"errors\":{}}", "null"] {
        let (failure, _) = write(Reply::new(403, &[], body));
        assert_eq!(failure["code"], "http_403");
        assert_eq!(failure["message"], "the API answered with status 403 and no error that could be read");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Upstream::always(Reply::no_users());
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::new(status, &[&format!("location: {}/users", elsewhere.url())], "");
        for (failure, count) in [read(reply.clone()), write(reply.clone()), change(reply)] {
            assert_eq!(failure["status"], status);
            assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("never followed")), "{failure}");
            assert_eq!(count, 1);
        }
    }
    assert_eq!(elsewhere.count(), 0);
}

#[test]
fn too_many_requests_are_reported_with_how_long_to_wait() {
    for call in [write, change] {
        let (failure, count) = call(Reply::new(429, &["retry-after: 7"], "{}"));
        assert_eq!((&failure["retry_after_seconds"], count), (&json!(7), 1));
        assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("after 7 s")), "{failure}");
        let (failure, count) = call(Reply::new(429, &[], "{}"));
        assert_eq!((failure.get("retry_after_seconds"), count), (None, 1));
        assert!(failure["hint"].as_str().is_some_and(|hint| hint.contains("Wait ten seconds")), "{failure}");
    }
}
