//! Handles stand for addresses and numbers where those are arguments, and nowhere else.

use clerk_emulator::SeenRequest;
use serde_json::{Value, json};

use super::{ADA, NUMBER, assert_absent, handle, masking, personal, shown};
use crate::harness::{Answer, Clerk, Client, HttpServer};

fn api(server: &HttpServer, tool: &str, operation: &str, arguments: &Value) -> Answer {
    server.call(tool, json!({ "operation": operation, "arguments": arguments }))
}

#[test]
fn a_handle_finds_the_person_that_it_stands_for() {
    let clerk = Clerk::sample();
    let server = masking(&clerk).http();
    let ada = clerk.user(ADA);
    let (address, number) = (shown(&server, ADA), shown(&server, NUMBER));
    assert!(
        address.starts_with("a…@acme.example (email_") && number.starts_with("+1…42 (phone_"),
        "{address} {number}"
    );
    assert_eq!(address, shown(&server, ADA), "it is the same each time");
    for given in [address.clone(), handle(&address), handle(&address).to_uppercase()] {
        clerk.requests();
        let first = |tool: &str, arguments: Value| server.call(tool, arguments).output()["data"][0]["id"].clone();
        assert_eq!(first("clerk_find_user", json!({ "query": given })), ada);
        assert_eq!(first("clerk_list_users", json!({ "query": given })), ada);
        assert_eq!(first("clerk_list_users", json!({ "email_address": given })), ada);
        assert_eq!(first("clerk_list_users", json!({ "email_address": format!("[{:?}]", given) })), ada);
        assert_eq!(server.call("clerk_get_user", json!({ "email_address": given })).output()["id"], ada);
        let listed = api(&server, "clerk_api_read", "GetUserList", &json!({ "email_address": [given] })).output();
        assert_eq!(listed["data"][0]["id"], ada, "{listed}");
        let sent = clerk.requests();
        assert!(sent.iter().all(|one| one.target.contains("ada%40acme.example")), "{sent:?}");
    }
    for given in [number.clone(), handle(&number), NUMBER.into()] {
        clerk.requests();
        let found = server.call("clerk_list_users", json!({ "phone_number": [given] })).output();
        assert_eq!(found["data"][0]["phone_numbers"][0]["phone_number"], number);
        assert!(clerk.only_request().contains("phone_number=%2B15551230142"));
    }
    let exact = server.call("clerk_find_user", json!({ "query": handle(&number) })).output();
    assert_eq!((&exact["is_exact"], exact["data"].as_array().map(Vec::len)), (&json!(true), Some(1)), "{exact}");
}

#[test]
fn a_handle_is_written_as_what_it_stands_for() {
    let clerk = Clerk::sample();
    let known = personal(&clerk);
    let server = masking(&clerk).arguments(&["--mode", "full"]).http();
    let kestrel = clerk.organization("kestrel-logistics");
    let (ada, grace) = (shown(&server, ADA), shown(&server, "grace@acme.example"));
    let given = [handle(&ada), grace.clone()];
    for emails in [json!(given), json!(json!(given).to_string())] {
        clerk.requests();
        let arguments = json!({ "organization_id": kestrel, "email_address": emails, "role": "org:member" });
        let answer = server.call("clerk_create_invitations_bulk", arguments);
        assert!(answer.0.to_string().contains("a…@acme.example (email_"), "{answer:?}");
        let bodies = clerk.requests().into_iter().filter_map(|one| one.json());
        let mut invited: Vec<String> = bodies.map(|body| body["email_address"].to_string()).collect();
        invited.sort_unstable();
        assert_eq!(invited, [r#""ada@acme.example""#, r#""grace@acme.example""#]);
    }
    for (tool, operation, arguments, place) in [
        ("clerk_api_write", "CreateWaitlistEntry", json!({ "email_address": ada }), "/email_address"),
        ("clerk_api_write", "CreateBlocklistIdentifier", json!({ "identifier": ada }), "/identifier"),
        (
            "clerk_api_write",
            "CreateBulkInvitations",
            json!({ "body": [{ "email_address": handle(&ada) }] }),
            "/0/email_address",
        ),
        ("clerk_api_write", "CreateUser", json!({ "email_address": [ada, "new@acme.example"] }), "/email_address/0"),
    ] {
        clerk.requests();
        let answer = api(&server, tool, operation, &arguments);
        let sent = clerk.requests();
        let body = sent.iter().find_map(SeenRequest::json).unwrap_or_else(|| panic!("{operation}: {answer:?}"));
        assert_eq!(body.pointer(place), Some(&json!(ADA)), "{operation}: {body}");
    }
    // What is taken by somebody else is refused by Clerk, which may repeat it.
    let user = clerk.user("tim@acme.example");
    server.call("clerk_add_email_address", json!({ "user_id": user, "email_address": ada })).failure();
    assert_absent(&known, &server.terminate().stdout);
}

#[test]
fn a_handle_that_cannot_be_opened_is_refused_and_nothing_is_sent() {
    let (clerk, other) = (Clerk::sample(), Clerk::with_key("sk_test_CANARY7f3aAnother00000000000000000000"));
    let server = masking(&clerk).http();
    let foreign = other.program().variable("CLERK_SECRET_KEY", "sk_test_CANARY7f3aAnother00000000000000000000");
    let foreign = foreign.arguments(&["--mask", "emails"]).http();
    let (own, foreign) = (handle(&shown(&server, ADA)), handle(&shown(&foreign, ADA)));
    assert_ne!(own, foreign);
    let grace = shown(&server, "grace@acme.example");
    clerk.requests();
    let swapped = format!("g…@acme.example ({own})");
    for given in [
        &foreign,
        &own[..own.len() - 1],
        &own.replace("email_", "phone_"),
        &swapped,
        "a…@acme.example",
        "email_0123456789abcdefg",
    ] {
        for (tool, name) in
            [("clerk_get_user", "email_address"), ("clerk_find_user", "query"), ("clerk_list_users", "phone_number")]
        {
            let problems = server.call(tool, json!({ name: given })).problems();
            let says = |words: &[&str]| words.iter().any(|word| problems[0].contains(word));
            assert!(says(&["handle"]), "{tool} {given}: {problems:?}");
        }
    }
    let two = format!("{own}, {grace}");
    assert_eq!(server.call("clerk_list_users", json!({ "email_address": two })).problems().len(), 1);
    clerk.assert_nothing_sent();
    let off = clerk.server();
    let problems = off.call("clerk_get_user", json!({ "email_address": own })).problems();
    assert!(problems[0].contains("masks are off"), "{problems:?}");
    clerk.assert_nothing_sent();
}

#[test]
fn what_is_masked_is_not_stored_as_it_is_shown() {
    let clerk = Clerk::sample();
    let server = masking(&clerk).arguments(&["--mode", "full"]).http();
    let (user, address) = (clerk.user("tim@acme.example"), shown(&server, ADA));
    let text = format!("write to {address}");
    clerk.requests();
    for (tool, arguments) in [
        ("clerk_update_user", json!({ "user_id": user, "first_name": address })),
        ("clerk_update_user", json!({ "user_id": user, "first_name": "a…@acme.example" })),
        ("clerk_update_user_metadata", json!({ "user_id": user, "public_metadata": { "contact": [text] } })),
        (
            "clerk_update_user_metadata",
            json!({ "user_id": user, "public_metadata": json!({ address.clone(): 1 }).to_string() }),
        ),
        // As text, which spells it otherwise.
        (
            "clerk_update_user_metadata",
            json!({ "user_id": user, "public_metadata": r#"{"contact":"a\u2026\u0040acme.example"}"# }),
        ),
        ("clerk_create_organization", json!({ "name": handle(&address) })),
        (
            "clerk_api_write",
            json!({ "operation": "UpdateUser", "arguments": { "user_id": user, "external_id": address } }),
        ),
    ] {
        let problems = server.call(tool, arguments).problems();
        assert!(problems[0].contains("holds something masked"), "{tool}: {problems:?}");
    }
    clerk.assert_nothing_sent();
}
