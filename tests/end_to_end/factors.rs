//! The ways in which somebody signs in: an address more, and second factors reset.

use serde_json::{Value, json};

use crate::harness::{Clerk, Client as _, Reply, Upstream};

#[test]
fn an_address_is_added_and_counts_as_verified_only_where_that_is_said() {
    let clerk = Clerk::sample();
    let (server, grace) = (clerk.server(), clerk.user("grace@acme.example"));
    let call = |address: &str, verified: Value| {
        let arguments = json!({ "user_id": grace, "email_address": address, "verified": verified });
        server.call("clerk_add_email_address", arguments).output()
    };
    let preview = server.call(
        "clerk_add_email_address",
        json!({ "user_id": grace, "email_address": "grace@navy.example", "primary": true, "dry_run": true }),
    );
    let summary = preview.output()["preview"]["summary"].clone();
    assert!(
        summary.as_str().is_some_and(|text| {
            text.starts_with("Add grace@navy.example to \"Grace Hopper\"")
                && text.contains("(counts as verified at once: no; becomes the primary address in the place of grace@acme.example: yes)?")
        }),
        "{summary}"
    );
    let unverified = call("grace@navy.example", Value::Null);
    assert_ne!(unverified["verification"]["status"], "verified", "{unverified}");
    let verified = call("hopper@navy.example", json!(true));
    assert_eq!(verified["verification"]["status"], "verified", "{verified}");
    let user = server.call("clerk_get_user", json!({ "user_id": grace })).output();
    let addresses = user["email_addresses"].to_string();
    assert!(["grace@navy.example", "hopper@navy.example"].iter().all(|one| addresses.contains(one)), "{user}");
    assert_eq!(user["email_addresses"].as_array().map(Vec::len), Some(3));
}

#[test]
fn second_factors_are_reset_once_their_owner_is_named() {
    let clerk = Clerk::sample();
    let (server, grace) = (clerk.server(), clerk.user("grace@acme.example"));
    let arguments = json!({ "user_id": grace });
    let asked = server.call("clerk_reset_second_factors", arguments.clone()).output();
    let preview = &asked["preview"];
    assert_eq!(
        (&preview["user"]["name"], &preview["second_factors"]["two_factor_enabled"]),
        (&json!("Grace Hopper"), &json!(true))
    );
    assert!(clerk.requests().iter().all(|request| request.method == http::Method::GET));
    let mut agreed = arguments;
    agreed["confirmation_token"] = asked["confirmation_token"].clone();
    let reset = server.call("clerk_reset_second_factors", agreed).output();
    let user = clerk.get(&format!("/users/{grace}"));
    let phones = user["phone_numbers"].as_array().into_iter().flatten().map(|phone| {
        let [number, is_reserved] = ["phone_number", "reserved_for_second_factor"].map(|name| phone[name].clone());
        json!({ "phone_number": number, "reserved_for_second_factor": is_reserved })
    });
    let none = json!({
        "two_factor_enabled": false,
        "totp_enabled": false,
        "backup_code_enabled": false,
        "phone_numbers": phones.collect::<Vec<_>>(),
    });
    assert_eq!(reset, json!({ "user_id": grace, "second_factors": none, "failed": [] }));
    assert_eq!(user["two_factor_enabled"], false);
}

/// Of another user's, nothing may be reset or reported.
#[test]
fn a_reset_that_is_confirmed_for_somebody_else_is_an_error() {
    let upstream = Upstream::for_writes(Reply::json(200, &json!({ "user_id": "user_2" })));
    let server = upstream.program().arguments(&["--confirm", "off"]).http();
    let failure = server.call("clerk_reset_second_factors", json!({ "user_id": "user_1" })).failure();
    assert_eq!(failure["code"], "unexpected_object", "{failure}");
}
