//! Which masks are on: the operator says, and a request may add some.

use serde_json::{Value, json};

use super::{ADA, NUMBER, masking, shown};
use crate::harness::{Answer, Clerk, Client as _, HttpServer, Program};

/// Whether addresses and numbers are masked for a request with this header.
fn masked(server: &HttpServer, header: Option<&str>) -> (bool, bool) {
    let headers: Vec<(&str, &str)> = header.into_iter().map(|value| ("x-mcp-mask", value)).collect();
    let answer = Answer(server.call_with(&headers, "clerk_list_users", &json!({ "query": "call.me@" })).json());
    let (user, output) = (&answer.output()["data"][0], answer.output().to_string());
    let whole = |list: &str, field: &str, value: &str| user[list][0][field] == value;
    let addresses = !whole("email_addresses", "email_address", "call.me@acme.example");
    let numbers = !whole("phone_numbers", "phone_number", NUMBER);
    assert_eq!((addresses, numbers), (output.contains("(email_"), output.contains("(phone_")), "{output}");
    (addresses, numbers)
}

#[test]
fn a_request_adds_masks_and_takes_none_away() {
    let clerk = Clerk::sample();
    masking(&clerk);
    for (option, header, expected) in [
        (None, None, (false, false)),
        (None, Some("emails"), (true, false)),
        (None, Some("Emails, phones"), (true, true)),
        (Some("phones"), None, (false, true)),
        (Some("phones"), Some("emails"), (true, true)),
        (Some("emails,phones"), Some("phones"), (true, true)),
    ] {
        let server = clerk.program().arguments(&option.map_or(vec![], |masks| vec!["--mask", masks])).http();
        assert_eq!(masked(&server, header), expected, "{option:?} {header:?}");
    }
    let server = clerk.server();
    for value in ["names", "none", ","] {
        let answer = server.call_with(&[("x-mcp-mask", value)], "clerk_list_users", &json!({}));
        assert_eq!(answer.status, 400, "{answer:?}");
    }
}

#[test]
fn a_handle_reaches_nobody_outside_of_what_a_connection_is_kept_to() {
    let clerk = Clerk::sample();
    let server = clerk.program().arguments(&["--mask", "emails", "--organization", "acme"]).http();
    let whole = clerk.program().arguments(&["--mask", "emails"]).http();
    let (ada, outside) = (shown(&whole, ADA), shown(&whole, "ines@kestrel.example"));
    let found = |address: &str| server.call("clerk_get_user", json!({ "email_address": address }));
    assert_eq!(found(&ada).output()["email_addresses"][0]["email_address"], ada);
    let (of_handle, of_address) = (found(&outside).failure(), found("nobody@kestrel.example").failure());
    assert_eq!(of_handle["code"], of_address["code"], "{of_handle} {of_address}");
    assert_eq!(server.call("clerk_list_users", json!({ "email_address": outside })).output()["data"], json!([]));
}

#[test]
fn an_assistant_is_told_which_masks_are_on() {
    let clerk = Clerk::sample();
    let instructions = |server: &HttpServer| -> String {
        let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
        server.request("initialize", hello).result()["instructions"].to_string()
    };
    let masks = |server: &HttpServer| server.call("clerk_whoami", json!({})).output()["masks"].clone();
    let (plain, masking) = (clerk.server(), clerk.program().variable("CLERK_MASK", "phones").http());
    assert_eq!((masks(&plain), masks(&masking)), (json!([]), json!(["phones"])));
    assert!(!instructions(&plain).contains("masked") && instructions(&masking).contains("masked"));
}

#[test]
fn a_wrong_mask_stops_the_start() {
    let refused = Program::new(&["--demo", "--mask", "names", "call", "clerk_whoami"]).run();
    assert_eq!((refused.status, refused.stdout.as_str()), (2, ""), "{}", refused.stderr);
    let masked =
        Program::new(&["--demo", "--mask", "emails", "call", "clerk_find_user", &json!({ "query": ADA }).to_string()])
            .run();
    let found: Value = serde_json::from_str(&masked.stdout).expect("the output is JSON");
    assert!(found.to_string().contains("a…@acme.example (email_") && !masked.stdout.contains(ADA), "{found}");
}
