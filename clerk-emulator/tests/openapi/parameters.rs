//! Proves for each parameter in the document that the emulator knows it: a value that is wrong must be refused.

use clerk_emulator::Emulator;
use serde_json::json;

use crate::client::{Clerk, Reply};
use crate::document::Document;

/// A query with a value that the parameter cannot have. For plain texts there is none.
fn wrong_query(name: &str, kind: &str) -> Option<String> {
    match kind {
        "integer" | "boolean" => Some(format!("{name}=wrong")),
        "array" => Some(vec![format!("{name}=x"); 101].join("&")),
        _ if name == "order_by" || name == "status" || name == "starting_after" => Some(format!("{name}=wrong")),
        _ => None,
    }
}

fn assert_refused(reply: &Reply, name: &str, request: &str) {
    assert!(reply.faulty_parameters().contains(&name), "{request}: {name} in {}", reply.body);
    assert!(!reply.refusal().contains("form_param_unknown"), "{request}: {name} in {}", reply.body);
}

#[tokio::test]
async fn every_query_parameter_of_the_document_is_read() {
    let Some(document) = Document::load() else { return };
    let clerk = Clerk::sample();
    let mut checked = 0;
    for (method, path) in Emulator::routes().filter(|(method, path)| !Emulator::is_fixed(method, path)) {
        for (name, kind) in document.query_parameters(method.as_str(), path) {
            let Some(query) = wrong_query(name, kind) else { continue };
            let reply = clerk.call(method.as_str(), &format!("{}?{query}", path.replace(['{', '}'], "")), None).await;
            assert_refused(&reply, name, path);
            checked += 1;
        }
    }
    assert!(checked > 60, "only {checked} parameters");
}

#[tokio::test]
async fn every_body_field_of_the_document_is_read() {
    let Some(document) = Document::load() else { return };
    let clerk = Clerk::sample();
    let mut checked = 0;
    for (method, path) in Emulator::routes().filter(|(method, path)| !Emulator::is_fixed(method, path)) {
        for (name, kind) in document.body_fields(method.as_str(), path) {
            let wrong = if kind == "string" { json!({ name: 1 }) } else { json!({ name: "wrong" }) };
            let reply = clerk.call(method.as_str(), &path.replace(['{', '}'], ""), Some(wrong)).await;
            assert_refused(&reply, name, path);
            checked += 1;
        }
    }
    assert!(checked > 20, "only {checked} fields");
}
