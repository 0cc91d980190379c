//! Whether an answer is about what was asked for. A cache, a proxy or an emulator may ignore a filter or mix answers up, and
//! what is read decides what is shown, counted and written to: so each answer is verified here before anything reads it.

mod kinds;

use serde_json::{Map, Value, json};

use crate::error::Failure;
use crate::request::{Request, names_in};
use kinds::{By, Carried, KINDS, Kind};

/// How the ids of parameters begin.
const PREFIXES: [(&str, &str); 4] =
    [("user_id", "user"), ("organization_id", "org"), ("session_id", "sess"), ("invitation_id", "orginv")];

/// A list that is everybody's unless it is asked for by this.
const NEEDED: (&str, &str) = ("/sessions", "user_id");

fn kind_of(path: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.paths.contains(&path))
}

/// Those of the parameters that the path names, or an answer of this endpoint carries.
pub(crate) fn asked(path: &'static str, parameters: &Map<String, Value>) -> Map<String, Value> {
    let mut asked = Map::new();
    let mut add = |name: &str| {
        if let Some(value) = parameters.get(name) {
            asked.insert(name.into(), value.clone());
        }
    };
    names_in(path).for_each(&mut add);
    for carried in kind_of(path).map_or(&[][..], |kind| kind.carried) {
        add(carried.parameter);
    }
    asked
}

/// Whether a text has the form of an id: its prefix, `_`, then letters and digits.
fn is_id(text: &str, prefix: &str) -> bool {
    let rest = text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_'));
    rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Verifies that a request names what it is about. Its ids may come from an answer.
///
/// # Errors
///
/// An id is missing or is that of something else: the request would be about other things.
pub(crate) fn check_request(request: &Request) -> Result<(), Failure> {
    let Some(kind) = kind_of(request.path) else { return Ok(()) };
    for (name, prefix) in PREFIXES {
        if !names_in(request.path).any(|named| named == name) && (request.path, name) != NEEDED {
            continue;
        }
        let value = request.asked.get(name).and_then(Value::as_str).unwrap_or_default();
        let takes_slug = kind.carried.iter().any(|carried| carried.parameter == name && carried.by == By::IdOrSlug);
        let is_slug = takes_slug && !value.is_empty() && !value.contains('_');
        if !is_slug && !is_id(value, prefix) {
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
pub(crate) fn check_answer(request: &Request, body: &[u8]) -> Result<(), Failure> {
    let Some(kind) = kind_of(request.path) else { return Ok(()) };
    // What is no JSON, or no list where there should be one, whoever reads it will say so.
    let Ok(answer) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
    let is_list = request.method.is_read() && !request.path.ends_with('}');
    let items = if is_list { items(&answer).unwrap_or_default() } else { core::slice::from_ref(&answer) };
    items.iter().try_for_each(|item| kind.check(request, item))
}

/// The items of a list, in an envelope or without; none where it is no list.
pub(crate) fn items(answer: &Value) -> Option<&[Value]> {
    answer.get("data").unwrap_or(answer).as_array().map(Vec::as_slice)
}

/// Those items of a list that an answer is verified to be about, though others are among them.
pub(crate) fn matching(request: &Request, body: &[u8]) -> Value {
    let mut list: Value = serde_json::from_slice(body).unwrap_or_default();
    if let (Some(kind), Some(items)) = (kind_of(request.path), list.as_array_mut()) {
        items.retain(|item| kind.check(request, item).is_ok());
    }
    list
}

/// What is known of the object of a write that was answered with success and nothing else.
pub(crate) fn known(request: &Request) -> Value {
    let mut known = json!({});
    for carried in kind_of(request.path).map_or(&[][..], |kind| kind.carried) {
        let is_told = carried.by != By::Filter && (carried.by == By::Ids || !carried.place.contains('.'));
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

impl Kind {
    fn check(&self, request: &Request, item: &Value) -> Result<(), Failure> {
        if !item.is_object() && request.method.is_read() {
            return Err(mismatch(request, self.object, "", &[]));
        }
        if let Some(other) = item["object"].as_str().filter(|other| *other != self.object && item["deleted"] != true) {
            return Err(mismatch(request, self.object, "", &[other]));
        }
        let mut is_asked_by_id = false;
        for carried in self.carried {
            let Some(wanted) = carried.asked(request) else { continue };
            is_asked_by_id |= carried.place == "id";
            let place = if carried.is_slug(wanted) { "slug" } else { carried.place };
            let found = texts(item, place);
            // A write may answer with less, but not with something else.
            let is_allowed = carried.by.allows(&texts(wanted, ""), &found, request.method.is_read());
            if !is_allowed && (request.method.is_read() || !found.is_empty()) {
                return Err(mismatch(request, carried.parameter, &shown(&texts(wanted, "")), &found));
            }
        }
        let found = texts(item, "id");
        match self.prefix.filter(|_| !is_asked_by_id) {
            Some(prefix) if !found.iter().any(|id| is_id(id, prefix)) => {
                if request.method.is_read() || !found.is_empty() {
                    return Err(mismatch(request, self.object, "id", &found));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Carried {
    /// The value that the answer has to carry.
    fn asked<'a>(&self, request: &'a Request) -> Option<&'a Value> {
        let is_compared = self.by != By::Filter || request.method.is_read();
        request.asked.get(self.parameter).filter(|_| is_compared)
    }

    fn is_slug(&self, wanted: &Value) -> bool {
        self.by == By::IdOrSlug && !wanted.as_str().is_some_and(|text| text.contains('_'))
    }
}

impl By {
    /// Whether what was found is one of the wanted, and in a filter none of the excluded.
    fn allows(self, wanted: &[&str], found: &[&str], is_filter: bool) -> bool {
        let has = |wanted: &str| found.iter().any(|found| self.is_same(wanted, found));
        let (mut includes, mut is_included) = (false, false);
        for wanted in wanted {
            let takes_sign = self == Self::Ids && is_filter;
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
            Self::Ids | Self::IdOrSlug => one == other,
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

const CODE: &str = "unexpected_object";

fn mismatch(request: &Request, what: &str, wanted: &str, found: &[&str]) -> Failure {
    let found = if found.is_empty() { "none".into() } else { shown(found) };
    if request.method.is_read() {
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

/// As much of some texts as an error has room for.
fn shown(texts: &[&str]) -> String {
    let mut shown = String::new();
    for text in texts.iter().take(3) {
        shown.push_str(if shown.is_empty() { "`" } else { ", `" });
        shown.push_str(&text[..text.floor_char_boundary(60)]);
        shown.push('`');
    }
    shown
}

#[cfg(test)]
mod tests;
