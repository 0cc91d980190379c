//! Arguments that no tool takes: each problem is named, and nothing is sent.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client, HttpServer};

/// A server for sample data that must not be reached.
struct Guarded {
    clerk: Clerk,
    server: HttpServer,
}

impl Guarded {
    fn new() -> Self {
        let clerk = Clerk::sample();
        let server = clerk.server();
        Self { clerk, server }
    }

    fn problems(&self, tool: &str, arguments: Value) -> Vec<String> {
        let problems = self.server.call(tool, arguments).problems();
        self.clerk.assert_nothing_sent();
        problems
    }
}

#[test]
fn an_unknown_tool_is_a_protocol_error_that_names_the_closest() {
    let guarded = Guarded::new();
    let answer = guarded.server.call("clerk_list_user", json!({}));
    assert_eq!(answer.error(), (-32602, "unknown tool `clerk_list_user`; did you mean `clerk_list_users`?"));
    let answer = guarded.server.call("make_coffee", json!({}));
    assert_eq!(answer.error(), (-32602, "unknown tool `make_coffee`"));
    guarded.clerk.assert_nothing_sent();
}

#[test]
fn an_unknown_argument_is_answered_with_a_suggestion() {
    let guarded = Guarded::new();
    let problems = guarded.problems("clerk_list_users", json!({ "limt": 5 }));
    assert_eq!(problems, ["/limt: unknown parameter `limt`; did you mean `limit`?"]);
    let problems =
        guarded.problems("clerk_delete_organization", json!({ "organization_id": "org_1", "confirm": true }));
    assert_eq!(
        problems,
        ["/confirm: unknown parameter `confirm`; the parameters are organization_id, dry_run, confirmation_token"]
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    let guarded = Guarded::new();
    let of_users = [
        (json!({ "limit": "ten" }), "/limit: expected a whole number from 1 to 500, not \"ten\""),
        (json!({ "limit": 1.5 }), "/limit: expected a whole number from 1 to 500, not 1.5"),
        (json!({ "banned": "yes" }), "/banned: expected true or false, not \"yes\""),
        (json!({ "query": ["x"] }), "/query: expected a text that is not empty"),
        (json!({ "email_address": { "a": 1 } }), "/email_address: expected an array of 1 to 100 values"),
        (json!({ "email_address": "a@b.example, c@d.example" }), "/email_address: expected one email address"),
        (
            json!({ "created_at_after": 1_735_689_600 }),
            "/created_at_after: 1735689600 milliseconds are 1970-01-21T02:08:09",
        ),
    ];
    for (arguments, problem) in of_users {
        let problems = guarded.problems("clerk_list_users", arguments);
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].starts_with(problem), "{problems:?}");
    }
}

#[test]
fn limits_and_offsets_have_bounds() {
    let guarded = Guarded::new();
    for tool in ["clerk_list_users", "clerk_list_organizations"] {
        for limit in [0, 501] {
            let problems = guarded.problems(tool, json!({ "limit": limit }));
            let expected = format!("/limit: expected a whole number from 1 to 500, not {limit}");
            assert_eq!(problems, [expected]);
        }
        for name in ["limit", "offset"] {
            let problems = guarded.problems(tool, json!({ name: -1 }));
            assert!(
                problems[0].contains("expected a whole number from ") && problems[0].ends_with("not -1"),
                "{problems:?}"
            );
        }
    }
}

#[test]
fn an_id_that_would_lead_elsewhere_is_refused() {
    let guarded = Guarded::new();
    let bad = [
        "",
        "..",
        "org_..",
        "org_1/../../users",
        "org_1/x",
        "org_1?x=y",
        "org_1#x",
        "org_1%2f",
        "org_",
        "user_1",
        "org_1 ",
    ];
    for id in bad {
        for tool in ["clerk_get_organization", "clerk_delete_organization"] {
            let expected = "expected an id of the form `org_…` with letters and digits only";
            let problems = guarded.problems(tool, json!({ "organization_id": id }));
            assert_eq!(problems, [format!("/organization_id: {expected}, not {id:?}")]);
        }
        let problems = guarded.problems("clerk_get_user", json!({ "user_id": format!("x{id}") }));
        assert_eq!(problems.len(), 1, "{problems:?}");
    }
}

#[test]
fn a_slug_that_would_lead_elsewhere_is_refused() {
    let guarded = Guarded::new();
    for slug in ["", "..", "a/b", "a?b", "a#b", "Acme", "a b", "%2e%2e"] {
        let problems = guarded.problems("clerk_get_organization", json!({ "slug": slug }));
        let expected = format!("/slug: expected a slug of lowercase letters, digits and `-`, not {slug:?}");
        assert_eq!(problems, [expected]);
    }
}

#[test]
fn an_empty_filter_is_refused_and_never_means_all() {
    let guarded = Guarded::new();
    for arguments in [
        json!({ "query": "" }),
        json!({ "query": "  " }),
        json!({ "email_address": [] }),
        json!({ "email_address": [""] }),
        json!({ "user_id": [""] }),
    ] {
        assert_eq!(guarded.problems("clerk_list_users", arguments).len(), 1);
    }
}

#[test]
fn metadata_has_to_be_an_object_of_at_most_8_kilobytes() {
    let guarded = Guarded::new();
    let update = |metadata: Value| {
        let arguments = json!({ "user_id": "user_1", "public_metadata": metadata });
        guarded.problems("clerk_update_user_metadata", arguments)
    };
    assert_eq!(update(json!(["a"])), ["/public_metadata: expected a JSON object, not [\"a\"]"]);
    assert_eq!(update(json!("pro")), ["/public_metadata: expected a JSON object, not \"pro\""]);
    let problems = update(json!({ "k": "x".repeat(8185) }));
    let expected = "8193 bytes of JSON are too many: Clerk stores at most 8192 (8 KB) in each kind of metadata";
    assert_eq!(problems, [format!("/public_metadata: {expected}")]);
}

#[test]
fn metadata_of_exactly_8_kilobytes_is_stored() {
    let clerk = Clerk::sample();
    let ada = clerk.user("ada@acme.example");
    let arguments = json!({ "user_id": ada, "unsafe_metadata": { "k": "x".repeat(8184) } });
    let updated = clerk.server().call("clerk_update_user_metadata", arguments).output();
    assert_eq!(updated["unsafe_metadata"]["k"].as_str().map(str::len), Some(8184));
}

#[test]
fn exactly_one_way_to_name_an_organization_or_a_user_is_taken() {
    let guarded = Guarded::new();
    let both = json!({ "organization_id": "org_1", "slug": "acme" });
    assert_eq!(
        guarded.problems("clerk_get_organization", both),
        [": give exactly one of `organization_id` and `slug`"]
    );
    assert_eq!(
        guarded.problems("clerk_get_organization", json!({})),
        [": give exactly one of `organization_id` and `slug`"]
    );
    let expected = [": give exactly one of `user_id`, `email_address` and `external_id`"];
    assert_eq!(guarded.problems("clerk_get_user", json!({})), expected);
    assert_eq!(guarded.problems("clerk_get_user", json!({ "user_id": "user_1", "external_id": "x" })), expected);
}

#[test]
fn parameters_that_do_not_go_together_are_refused() {
    let guarded = Guarded::new();
    let users = |arguments: Value| guarded.problems("clerk_list_users", arguments);
    assert_eq!(
        users(json!({ "starting_after": "user_1", "offset": 10 })),
        [": give only one of `starting_after` and `offset`"]
    );
    assert_eq!(
        users(json!({ "starting_after": "user_1", "order_by": "first_name" })),
        [": `starting_after` works only with `order_by` `created_at`, `+created_at` and `-created_at`"]
    );
    assert_eq!(users(json!({ "provider": "oauth_google" })), [": `provider` and `provider_user_id` need each other"]);
    let nothing = guarded.problems("clerk_update_user_metadata", json!({ "user_id": "user_1" }));
    assert_eq!(nothing, [": give at least one of `public_metadata`, `private_metadata` and `unsafe_metadata`"]);
}

#[test]
fn one_argument_in_two_spellings_is_refused() {
    let guarded = Guarded::new();
    let arguments = json!({ "organization_id": "org_1", "organizationId": "org_2" });
    let problems = guarded.problems("clerk_delete_organization", arguments);
    assert_eq!(problems, ["/organization_id: `organization_id` is given twice, in two spellings"]);
}

#[test]
fn all_problems_are_named_at_once() {
    let guarded = Guarded::new();
    let arguments = json!({ "limit": 0, "offset": -1, "nonsense": 1, "role": "", "order_by": "age" });
    let problems = guarded.problems("clerk_list_organization_members", arguments);
    let mut pointers: Vec<&str> = problems.iter().filter_map(|problem| Some(problem.split_once(':')?.0)).collect();
    pointers.sort_unstable();
    assert_eq!(pointers, ["/limit", "/nonsense", "/offset", "/order_by", "/organization_id", "/role"], "{problems:?}");
    assert_eq!(problems.last().map(String::as_str), Some("/organization_id: required, but missing"));
}

#[test]
fn arguments_that_are_no_object_are_refused() {
    let guarded = Guarded::new();
    for arguments in [json!([]), json!("x"), json!(1)] {
        let body = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": "clerk_list_users", "arguments": arguments },
        });
        let answer = guarded.server.post(&[], &body.to_string());
        assert!(answer.status >= 400 || answer.json()["error"].is_object(), "{answer:?}");
        guarded.clerk.assert_nothing_sent();
    }
    guarded.server.call("clerk_list_users", json!({})).output();
}
