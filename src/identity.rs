//! Verifies that an answer is about what was asked for. A cache, a proxy or an emulator may ignore a filter or mix answers up, and
//! what is read decides what is shown, counted and written to: so each answer is verified here before anything reads it.

use serde_json::{Value, json};

use crate::error::Failure;
use crate::ids::Resource;
use crate::masks;
use crate::object::{By, Carried, Object};
use crate::request::{Method, Request};

/// Verifies that a request names what it is about. Its ids may come from an answer.
///
/// # Errors
///
/// An id is missing or is that of something else: the request would be about other things.
pub(crate) fn check_request(request: &Request) -> Result<(), Failure> {
    let object = request.endpoint.object;
    let needed = object.needed.filter(|_| request.is_list);
    for name in request.endpoint.names_in_path().chain(needed) {
        let mut resources = Resource::named_by(name).peekable();
        if resources.peek().is_none() {
            continue;
        }
        let value = request.asked.get(name).and_then(Value::as_str).unwrap_or_default();
        let takes_slug = object.carried.iter().any(|carried| carried.parameter == name && carried.by == By::IdOrSlug);
        let is_slug = takes_slug && !value.is_empty() && !value.contains('_');
        if !is_slug && !resources.any(|resource| resource.is_id(value)) {
            let message = format!("the next request would be about {}, which is no {name}", shown(&[value]));
            return Err(Failure::new(
                CODE,
                message,
                "It was not sent. The API has answered with something else before.",
            ));
        }
    }
    Ok(())
}

/// Verifies that an answer is about what was asked for, and so is each item of a list. Of a write, it may say less.
///
/// # Errors
///
/// It is about something else.
pub(crate) fn check_answer(request: &Request, answer: &Value) -> Result<(), Failure> {
    // What is no list where there should be one, whoever reads it will say so.
    let items = if request.is_list { items(answer) } else { core::slice::from_ref(answer) };
    items.iter().try_for_each(|item| check(request, item))
}

/// The items of a list, in an envelope or without; none where it is no list.
fn items(answer: &Value) -> &[Value] {
    answer.get("data").unwrap_or(answer).as_array().map(Vec::as_slice).unwrap_or_default()
}

/// Those items of a list that an answer is verified to be about, though others are among them.
pub(crate) fn matching(request: &Request, items: &mut Vec<Value>) {
    items.retain(|item| check(request, item).is_ok());
}

/// The part that is known of the object of a write that was answered with success and nothing else.
pub(crate) fn known(request: &Request) -> Value {
    let mut known = json!({});
    for carried in request.endpoint.object.carried {
        let is_told = match carried.by {
            By::Filter | By::IdOrKey => false,
            By::Ids | By::IdOrSlug => true,
            By::Words | By::Digits => !carried.place.contains('.'),
        };
        match request.asked.get(carried.parameter) {
            Some(Value::String(text)) if is_told => match carried.place.split_once('.') {
                Some((outer, inner)) => known[outer][inner] = text.as_str().into(),
                None => known[carried.place] = text.as_str().into(),
            },
            _ => {}
        }
    }
    known
}

fn check(request: &Request, item: &Value) -> Result<(), Failure> {
    let object = request.endpoint.object;
    let is_read = request.endpoint.method.is_read();
    if object.name.is_empty() && object.carried.is_empty() {
        return Ok(());
    }
    if !item.is_object() && is_read {
        // Of a list, whoever reads it leaves out what is no object.
        return if request.is_list { Ok(()) } else { Err(mismatch(request, object.name, "", &[])) };
    }
    let is_other = |other: &&str| !object.name.is_empty() && *other != object.name && item["deleted"] != true;
    if let Some(other) = item["object"].as_str().filter(is_other) {
        return Err(mismatch(request, object.name, "", &[other]));
    }
    let mut is_asked_by_id = false;
    for carried in object.carried {
        let Some(wanted) = carried.asked(request) else { continue };
        is_asked_by_id |= carried.place == "id";
        let place = if carried.is_slug(wanted) { "slug" } else { carried.place };
        let mut found = texts(item, place);
        if carried.by == By::IdOrKey {
            found.append(&mut texts(item, "key"));
        }
        // A write may answer with less, but not with something else.
        let is_allowed = carried.by.allows(&texts(wanted, ""), &found, is_read);
        // Nor has an item of a list to repeat what it was filtered by, but for what says whose it is.
        let may_be_absent = !is_read || (request.is_list && carried.by == By::Filter);
        let is_absent = may_be_absent && found.is_empty();
        if !is_allowed && !is_absent {
            return Err(mismatch(request, carried.parameter, &shown(&texts(wanted, "")), &found));
        }
    }
    check_id(request, object, item, is_asked_by_id)
}

/// Verifies that an object has an id of its kind.
fn check_id(request: &Request, object: &Object, item: &Value, is_asked_by_id: bool) -> Result<(), Failure> {
    let found = texts(item, "id");
    let may_be_absent = !request.endpoint.method.is_read() || request.is_list;
    match object.id.filter(|_| !is_asked_by_id) {
        Some(id) if !found.iter().any(|text| id.is_id(text)) && (!may_be_absent || !found.is_empty()) => {
            Err(mismatch(request, object.name, "id", &found))
        }
        _ => Ok(()),
    }
}

impl Carried {
    /// The value that the answer has to carry. What a write sets is none: a PATCH is compared by its ids only.
    fn asked<'a>(&self, request: &'a Request) -> Option<&'a Value> {
        let names_object =
            || request.endpoint.names(self.parameter) || Resource::named_by(self.parameter).next().is_some();
        let is_compared = match (request.endpoint.method, self.by) {
            (Method::Get, _) | (Method::Post | Method::Delete, By::Words | By::Digits) => true,
            (_, By::Ids | By::IdOrSlug | By::IdOrKey) => names_object(),
            (_, By::Filter) | (Method::Patch | Method::Put, _) => false,
        };
        request.asked.get(self.parameter).filter(|_| is_compared)
    }

    fn is_slug(&self, wanted: &Value) -> bool {
        self.by == By::IdOrSlug && wanted.as_str().is_some_and(|text| !text.contains('_'))
    }
}

impl By {
    /// Tells whether what was found is one of the wanted, and in a filter none of the excluded.
    fn allows(self, wanted: &[&str], found: &[&str], is_filter: bool) -> bool {
        let has = |wanted: &str| found.iter().any(|found| self.is_same(wanted, found));
        let takes_sign = matches!(self, Self::Ids | Self::IdOrSlug) && is_filter;
        let (mut includes, mut is_included) = (false, false);
        for wanted in wanted {
            match wanted.strip_prefix('-').filter(|_| takes_sign) {
                Some(excluded) if has(excluded) => return false,
                Some(_) => {}
                None => {
                    includes = true;
                    is_included |= has(wanted.strip_prefix('+').filter(|_| takes_sign).unwrap_or(wanted));
                }
            }
        }
        is_included || !includes
    }

    fn is_same(self, one: &str, other: &str) -> bool {
        match self {
            Self::Ids | Self::IdOrSlug | Self::IdOrKey => one == other,
            // Roles come with their namespace or without.
            Self::Filter => one.trim_start_matches("org:") == other.trim_start_matches("org:"),
            Self::Words => {
                let (mut one, mut other) = (one.split_ascii_whitespace(), other.split_ascii_whitespace());
                loop {
                    match (one.next(), other.next()) {
                        (None, None) => return true,
                        (Some(one), Some(other)) if one.eq_ignore_ascii_case(other) => {}
                        _ => return false,
                    }
                }
            }
            Self::Digits => digits(one).eq(digits(other)),
        }
    }
}

fn digits(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(u8::is_ascii_digit)
}

/// The texts, and what is true or false, at a place in a value; of each item of a list on the way.
fn texts<'a>(value: &'a Value, place: &str) -> Vec<&'a str> {
    let mut found = Vec::new();
    collect(value, place, &mut found);
    found
}

fn collect<'a>(value: &'a Value, place: &str, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(items) => {
            for item in items {
                collect(item, place, found);
            }
        }
        Value::Object(_) if !place.is_empty() => {
            let (name, rest) = place.split_once('.').unwrap_or((place, ""));
            collect(&value[name], rest, found);
        }
        Value::String(text) if place.is_empty() => found.push(text),
        Value::Bool(is) if place.is_empty() => found.push(if *is { "true" } else { "false" }),
        _ => {}
    }
}

/// The code of an answer that is about something else.
pub(crate) const CODE: &str = "unexpected_object";

fn mismatch(request: &Request, what: &str, wanted: &str, found: &[&str]) -> Failure {
    let found = if found.is_empty() { "none".into() } else { shown(found) };
    if request.endpoint.method.is_read() {
        return unexpected(&format!("the API was asked for the {what} {wanted}, and its answer has {found}"));
    }
    let message = format!(
        "the request was sent, but its answer is about another object: asked for the {what} {wanted}, and got {found}"
    );
    Failure::new(
        CODE,
        message,
        "It may have changed either of them: read the current state before you repeat this call.",
    )
}

/// A read was answered with something else than was asked for.
pub(crate) fn unexpected(message: &str) -> Failure {
    let hint = "Nothing was changed. Something on the way to Clerk ignores filters or mixes answers up: the operator should \
                check the API URL and what is in between.";
    Failure::new(CODE, message, hint)
}

/// The beginning of some texts, as an error has room for it.
fn shown(texts: &[&str]) -> String {
    let mut shown = String::new();
    for text in texts.iter().take(3) {
        shown.push_str(if shown.is_empty() { "`" } else { ", `" });
        let text = masks::text((*text).into());
        shown.push_str(&text[..text.floor_char_boundary(60)]);
        shown.push('`');
    }
    shown
}

#[cfg(test)]
#[path = "identity_tests.rs"]
mod tests;
