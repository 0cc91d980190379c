//! Masks: an assistant sees parts of email addresses and telephone numbers, and handles that stand for them.

mod asking;
mod handles;
mod narrowed;
mod sweep;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::examples::examples;
use crate::harness::http::send;
use crate::harness::{Clerk, Client, KEY, Program};

const ADA: &str = "ada@acme.example";
const NUMBER: &str = "+15551230142";

/// A program that masks everything there is to mask, for a Clerk with the sample and somebody with a telephone number.
fn masking(clerk: &Clerk) -> Program {
    let fields = json!({ "phone_number": [NUMBER], "email_address": ["call.me@acme.example"], "skip_password_requirement": true });
    write(clerk, "/users", &fields);
    clerk.program().arguments(&["--mask", "emails,phones", "--confirm", "off"])
}

/// Sends a request to Clerk past the server.
fn write(clerk: &Clerk, path: &str, body: &Value) -> Value {
    let authorization = format!("Bearer {KEY}");
    let headers = [("authorization", authorization.as_str()), ("content-type", "application/json")];
    let answer = send(http::Method::POST, &format!("{}{path}", clerk.url), &headers, &body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    clerk.requests();
    answer.json()
}

/// The whole shown form of an address or a number, as the server gives it.
fn shown(client: &dyn Client, query: &str) -> String {
    let found = client.call("clerk_find_user", json!({ "query": query })).output();
    let user = &found["data"][0];
    let value = if query.starts_with('+') {
        &user["phone_numbers"][0]["phone_number"]
    } else {
        &user["email_addresses"][0]["email_address"]
    };
    value.as_str().unwrap_or_else(|| panic!("{found}")).to_owned()
}

/// The handle in a shown form.
fn handle(shown: &str) -> String {
    shown.split(['(', ')']).nth(1).unwrap_or_else(|| panic!("no handle: {shown}")).to_owned()
}

/// Every address and number in the sample, and in the arguments of the examples.
fn personal(clerk: &Clerk) -> BTreeSet<String> {
    let mut found = BTreeSet::from([NUMBER.to_owned()]);
    for path in [
        "/users?limit=500",
        "/invitations?limit=500",
        "/organization_invitations?limit=500",
        "/organization_memberships?limit=500",
        "/waitlist_entries?limit=500",
        "/blocklist_identifiers",
        "/allowlist_identifiers",
    ] {
        collect(&clerk.get(path), &mut found);
    }
    for example in examples() {
        collect(&example.arguments, &mut found);
    }
    assert!(found.len() > 50, "{found:?}");
    found
}

fn collect(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text)
            if text.split('@').count() == 2 && !text.starts_with(['*', '@']) && !text.ends_with('@') =>
        {
            found.insert(text.to_ascii_lowercase());
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// Panics if one of the addresses or numbers shows in an output.
fn assert_absent(personal: &BTreeSet<String>, output: &str) {
    let output = output.to_ascii_lowercase().replace("%40", "@").replace("\\u0040", "@");
    for value in personal {
        if let Some(place) = output.find(value.as_str()) {
            let start = output.floor_char_boundary(place.saturating_sub(300));
            panic!("{value} shows: {}", &output[start..place + value.len()]);
        }
    }
}
