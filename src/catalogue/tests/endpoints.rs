//! What the tools send and read is what Clerk's OpenAPI document says.

use serde_json::{Map, Value};

use super::openapi::{Document, Operation, document};
use super::{Listed, catalogue, samples};
use crate::kind::{Kind, Place};
use crate::request::Request;
use crate::tool::Answer;
use crate::view::{Shape, View};

/// A parameter of Clerk's that no tool offers: a page is asked for in one way everywhere.
const PAGINATED: &str = "paginated";

fn is_offered(tool: &Listed, name: &str) -> bool {
    name != PAGINATED && !tool.tool.not_offered.contains(&name)
}

/// The document and each tool with the operation that it declares.
fn for_each_tool(check: impl Fn(&'static Document, &Listed, &Operation<'_>)) {
    let Some(document) = document() else { return };
    for tool in catalogue().into_iter().filter(|tool| !tool.is_composed()) {
        let endpoint = tool.tool.endpoint;
        let operation = document.operation(endpoint.method, endpoint.path);
        check(document, &tool, &operation.unwrap_or_else(|| panic!("{}: {endpoint:?} does not exist", tool.name())));
    }
}

/// A call that gives this parameter, with what it cannot go without.
fn request_with(tool: &Listed, name: &str) -> Request {
    let kind = |name: &str| &tool.tool.parameter(name).expect("the tool has it").kind;
    let sample = |name: &str| (name.to_owned(), samples::fitting(kind(name)));
    let with = |base: &Value, more: Vec<&str>| {
        let base = base.as_object().into_iter().flatten().map(|(name, value)| (name.clone(), value.clone()));
        Value::from_iter(base.chain(more.into_iter().map(sample)).collect::<Map<_, _>>())
    };
    let required: Value = tool.required().into_iter().map(sample).collect();
    let alone = [&tool.example(), &required].map(|base| with(base, vec![name]));
    let paired = tool.parameters().keys().map(|other| with(&required, vec![name, other]));
    let mut requests = alone.into_iter().chain(paired).filter_map(|arguments| tool.request(arguments).ok());
    requests.next().unwrap_or_else(|| panic!("{}: no call with {name}", tool.name()))
}

/// The names that a request sends in its query or its body.
fn names_sent(request: &Request) -> Vec<String> {
    if let Some(body) = &request.body {
        let body: Map<String, Value> = serde_json::from_str(body).expect("a body is an object");
        return body.into_iter().map(|(name, _)| name).collect();
    }
    let query = request.path_and_query.split_once('?').map_or("", |(_, query)| query);
    query.split('&').filter_map(|pair| pair.split_once('=')).map(|(name, _)| name.to_owned()).collect()
}

#[test]
fn clerk_has_every_parameter_that_is_sent() {
    for_each_tool(|document, tool, _| {
        for name in tool.parameters().keys() {
            let request = request_with(tool, name);
            let (path, operation) = document.called_by(&request).unwrap_or_else(|| panic!("{request:?} calls nothing"));
            let known: Vec<&str> = match request.body {
                Some(_) => operation.body_properties().into_iter().map(|(name, _)| name).collect(),
                None => operation.parameters("query").into_iter().map(|(name, _)| name).collect(),
            };
            let sent = names_sent(&request);
            assert!(sent.iter().all(|name| known.contains(&name.as_str())), "{}: {sent:?}", tool.name());
            let is_sent = sent.contains(name) || path.contains(&format!("{{{name}}}"));
            let is_kept = tool.tool.parameter(name).is_some_and(|parameter| parameter.place == Place::Kept);
            let is_not_sent = is_kept && !known.contains(&name.as_str());
            assert_ne!(is_sent, is_not_sent, "{}: {name}", tool.name());
        }
    });
}

#[test]
fn every_parameter_that_clerk_has_is_offered() {
    for_each_tool(|_, tool, operation| {
        let path_and_query = ["path", "query"].into_iter().flat_map(|place| operation.parameters(place));
        for (name, _) in path_and_query.chain(operation.body_properties()) {
            if !is_offered(tool, name) {
                assert!(
                    !tool.parameters().contains_key(name),
                    "{}: {name} is in `not_offered`, and is offered",
                    tool.name()
                );
                continue;
            }
            let help = "offer it, or name it in `not_offered`";
            assert!(tool.parameters().contains_key(name), "{}: {name} is not offered: {help}", tool.name());
        }
        for name in operation.required() {
            assert!(tool.required().contains(&name), "{}: {name} is not required", tool.name());
        }
    });
}

#[test]
fn types_and_limits_agree_with_clerk() {
    for_each_tool(|_, tool, operation| {
        let theirs = operation.parameters("query").into_iter().chain(operation.body_properties());
        for (name, theirs) in theirs.filter(|(name, _)| is_offered(tool, name)) {
            let Some(ours) = tool.parameters().get(name) else { panic!("{}: {name} is not offered", tool.name()) };
            for keyword in ["minimum", "maximum"].into_iter().filter(|keyword| theirs[*keyword].is_u64()) {
                assert_eq!(ours[keyword], theirs[keyword], "{}: {name}: {keyword}", tool.name());
            }
            let ours_each = ours.get("items").unwrap_or(ours);
            let theirs_each = theirs.get("items").unwrap_or(theirs);
            assert_eq!(ours_each["enum"], theirs_each["enum"], "{}: {name}: enum", tool.name());
            // Points in time are written in one way here, in two on Clerk's side.
            let is_time = tool.tool.parameter(name).is_some_and(|ours| matches!(ours.kind, Kind::Time(_)));
            let agree = ours_each["type"] == theirs_each["type"] || (is_time && theirs["type"] == "integer");
            assert!(agree, "{}: {name}: {ours_each} {theirs_each}", tool.name());
            assert!(theirs["type"] != "array" || ours["type"] == "array", "{}: {name}: many values", tool.name());
        }
    });
}

#[test]
fn clerk_knows_every_sort_key() {
    for_each_tool(|_, tool, operation| {
        let Some(Kind::SortKey(keys)) = tool.tool.parameter("order_by").map(|parameter| parameter.kind) else { return };
        for key in keys {
            assert!(operation.description("order_by").contains(key), "{}: {key}", tool.name());
        }
    });
}

/// Fields of objects that the document leaves open. The user in whose place a session is used is told by
/// <https://clerk.com/docs/guides/users/impersonation>.
const IN_NO_SCHEMA: [&str; 2] = ["clerk_list_sessions/actor/sub", "clerk_revoke_session/actor/sub"];

#[test]
fn clerk_answers_with_every_field_that_is_shown() {
    for_each_tool(|document, tool, operation| {
        let answer = operation.answer();
        match tool.tool.answer {
            Answer::One(view) => assert_known(document, tool.name(), view, answer),
            Answer::Page(page, _) => {
                // Users come as a bare array, everything else in an envelope.
                let list = document.within(answer, "data").unwrap_or(answer);
                let items = document.within(list, "[]").unwrap_or_else(|| panic!("{}: no list", tool.name()));
                assert_known(document, tool.name(), page.items().expect("a page has items"), items);
            }
        }
    });
}

fn assert_known(document: &Document, path: &str, view: &View, theirs: &Value) {
    for field in view.0.iter().filter(|field| field.shape.make().is_none()) {
        let path = format!("{path}/{}", field.name);
        if IN_NO_SCHEMA.contains(&path.as_str()) {
            continue;
        }
        let theirs = document.within(theirs, field.name).unwrap_or_else(|| panic!("{path} does not exist"));
        let kind = match field.shape {
            Shape::Text | Shape::Untrusted | Shape::Secret => "string",
            Shape::Flag => "boolean",
            Shape::Count | Shape::Time => "integer",
            Shape::Texts | Shape::UntrustedTexts | Shape::Many(_) | Shape::Any(_) => "array",
            _ => "object",
        };
        assert!(document.has_type(theirs, kind), "{path} is not of the type {kind}: {theirs}");
        let within = match field.shape {
            Shape::One(view) => Some((view, Some(theirs))),
            Shape::Many(view) | Shape::Any(view) => Some((view, document.within(theirs, "[]"))),
            _ => None,
        };
        if let Some((view, theirs)) = within {
            assert_known(document, &path, view, theirs.unwrap_or_else(|| panic!("{path} has no items")));
        }
    }
}
