//! The target of a write, and the place where an answer carries what was asked for by.

use std::fmt::Write as _;

use crate::print::{Printer, item};
use crate::review::Review;
use crate::shape::{Facts, Field, Operation};

/// Paths whose objects curated tools look at, and their targets there.
const CURATED: [(&str, &str); 5] = [
    ("/organizations/{organization_id}/memberships/{user_id}", "MEMBER"),
    ("/organizations/{organization_id}/invitations/{invitation_id}", "INVITATION"),
    ("/organizations/{organization_id}", "ORGANIZATION"),
    ("/sessions/{session_id}", "SESSION"),
    ("/users/{user_id}", "USER"),
];

/// Fields of bodies that name what curated tools look at, and their targets there.
const IN_BODY: [(&str, &str); 2] = [("user_id", "USER"), ("organization_id", "ORGANIZATION")];

/// The fields by which a person recognizes something, those first that are typed to agree.
const NAMES: [&str; 9] =
    ["name", "email_address", "phone_number", "identifier", "key", "slug", "domain", "title", "url"];
/// Fields that say how it stands.
const STANDING: [&str; 7] = ["status", "active", "enabled", "provider", "description", "created_at", "last_used_at"];

/// The target of an operation, as an expression: what the GET shows whose path its own path begins with, or who its body names.
pub(crate) fn of(printer: &mut Printer<'_>, operation: &Operation, review: &Review) -> String {
    // What only reads asks nobody.
    if review.danger == "Read" {
        return "None".into();
    }
    let facts = printer.facts;
    // What reads is not looked at by itself: that would reveal what somebody has to agree to.
    let is_itself = |get: &Operation| operation.method == "GET" && operation.path == get.path;
    let shown = |path: &str| get(facts, path).filter(|get| is_look(facts, get) && !is_itself(get));
    let mut path = operation.path.as_str();
    while let Some(end) = path.rfind('}') {
        path = &path[..=end];
        if let Some((_, target)) = CURATED.iter().find(|(curated, _)| *curated == path) {
            return format!("Some(&targets::{target})");
        }
        if let Some(get) = shown(path) {
            return looked_at(printer, get, None);
        }
        path = &path[..path.rfind('{').unwrap_or_default()];
    }
    let found = match operation.path.split_once("/{") {
        Some((collection, rest)) => get(facts, collection)
            .filter(|list| !is_look(facts, list) && list.parameters.iter().all(|given| !given.is_required))
            .map(|list| looked_at(printer, list, rest.split('}').next())),
        // Settings.
        None => shown(&operation.path).map(|get| looked_at(printer, get, None)),
    };
    found.or_else(|| named_in_body(facts, operation)).unwrap_or_else(|| "None".into())
}

/// The target that a required field of the body names.
fn named_in_body(facts: &Facts, operation: &Operation) -> Option<String> {
    let fields = facts.fields(operation.body.as_ref()?);
    let is_named = |name: &str| fields.iter().any(|field| field.name == name && field.is_required);
    let (_, target) = IN_BODY.iter().find(|(name, _)| is_named(name))?;
    Some(format!("Some(&targets::{target})"))
}

/// The operation that shows what is at a path.
fn get<'a>(facts: &'a Facts, path: &str) -> Option<&'a Operation> {
    facts.operations.values().find(|operation| operation.method == "GET" && operation.path == path)
}

/// Tells whether it shows one thing: a list has nothing to recognize it by.
fn is_look(facts: &Facts, get: &Operation) -> bool {
    get.answer.as_ref().is_some_and(|answer| item(facts, answer).is_none())
}

/// A target that a GET shows, or that is the item of its list which a parameter names by its id.
fn looked_at(printer: &mut Printer<'_>, get: &Operation, among: Option<&str>) -> String {
    let endpoint = printer.endpoint(get);
    let shown = get.answer.as_ref().map(|answer| item(printer.facts, answer).unwrap_or_else(|| answer.clone()));
    let fields = shown.map(|shown| printer.facts.fields(&shown)).unwrap_or_default();
    let has = |name: &&&str| {
        let is_plain = |field: &Field| field.shape.named().is_empty() && !field.is_secret;
        fields.iter().any(|field| field.name == **name && is_plain(field))
    };
    let names: Vec<&&str> = NAMES.iter().filter(has).collect();
    let mut view = String::from("text(\"id\")");
    for name in names.iter().chain(&STANDING.iter().filter(has).collect::<Vec<_>>()) {
        let field = fields.iter().find(|field| field.name == ***name).expect("it was found before");
        let shape = match field.shape.word().0 {
            "boolean" => "flag",
            "integer" => "time",
            _ => "untrusted",
        };
        let _ = write!(view, ", {shape}({name:?})");
    }
    let view = printer.shared("SUMMARY", &format!("View = View(&[{view}]);\n"));
    let typed: Vec<String> =
        names.iter().map(|name| **name).chain(["id"]).map(|name| format!("\"/target/{name}\"")).collect();
    let typed = typed.join(", ");
    let is_limited = get.parameters.iter().any(|parameter| parameter.name == "limit");
    let look = among.map_or_else(
        || format!("Look::at({endpoint})"),
        |parameter| format!("Look::among({endpoint}, {parameter:?}, {is_limited})"),
    );
    let body = format!(
        "Target = Target {{ look: {look}, facts: &[Fact::Part(\"target\", \"\", {view})], typed: &[{typed}] }};\n"
    );
    format!("Some({})", printer.shared("TARGET", &body))
}

/// Parameters that say whose a membership is, and the part of it that carries that.
const OF_MEMBERSHIPS: [(&str, &str, &str); 2] =
    [("user_id", "public_user_data", "user_id"), ("organization_id", "organization", "id")];

/// The place at which an answer carries a parameter; none where it does not.
pub(crate) fn place(facts: &Facts, operation: &Operation, parameter: &str, fields: &[Field]) -> Option<String> {
    let has = |name: &str| fields.iter().any(|field| field.name == name);
    let by_its_name = || has(parameter).then(|| parameter.to_owned());
    let is_part = |name: &str| fields.iter().any(|field| field.name == name && !field.shape.named().is_empty());
    if let Some((_, part, id)) = OF_MEMBERSHIPS.iter().find(|(name, part, _)| *name == parameter && is_part(part)) {
        return Some(format!("{part}.{id}"));
    }
    let segment = format!("{{{parameter}}}");
    let Some((before, rest)) = operation.path.split_once(&segment) else {
        let is_filter = operation.method == "GET" && (parameter.ends_with("_id") || parameter == "status");
        let kind = format!("{:?}", parameter.strip_suffix("_id").unwrap_or_default());
        let is_own = |field: &Field| field.name == "object" && field.shape.literals() == Some(vec![kind.as_str()]);
        let own = fields.iter().any(is_own).then(|| "id".to_owned());
        return by_its_name().or(own).filter(|_| is_filter);
    };
    let path = format!("{before}{segment}");
    if shows_what_it_answers(facts, operation, &path) {
        return by_its_name().or_else(|| Some("id".into()));
    }
    if !rest.is_empty() {
        return by_its_name();
    }
    // The items of a list are others than what the path names, and a role without a permission is still that role.
    let answer = operation.answer.as_ref()?;
    let is_about_parent = before.rfind('}').is_some_and(|end| shows_what_it_answers(facts, operation, &before[..=end]));
    if is_about_parent || item(facts, answer).is_some() {
        return None;
    }
    by_its_name().or_else(|| has("id").then(|| "id".into()))
}

/// Tells whether the GET at a path shows one thing of the kind that an operation answers with.
fn shows_what_it_answers(facts: &Facts, operation: &Operation, path: &str) -> bool {
    let shown = get(facts, path).and_then(|get| get.answer.as_ref());
    let Some((answer, shown)) = operation.answer.as_ref().zip(shown) else { return false };
    answer.named() == shown.named() && !answer.named().is_empty() && item(facts, answer).is_none()
}
