//! Lists of a collection: which things, in which order, which part of them, in which form.

use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::check::Request;
use super::collections::Collection;
use super::engine::parents;
use super::examples::{hide, shaped};
use super::{FACTS, Shape};
use crate::errors::{Fault, Refusal};
use crate::state::World;
use crate::store::{Thing, has};

/// How many things a list has that takes a limit and was not given one.
const LIMIT: u64 = 10;

/// Parameters that filter by a field of another name.
const FILTERS: &[(&str, &str)] = &[("payer_type", "for_payer_type"), ("domains", "name")];

/// Lists that leave things out unless a parameter is set: the path, the parameter, the flag of what is left out.
const LEFT_OUT: &[(&str, &str, &str)] =
    &[("api_keys", "include_invalid", "revoked"), ("invitations", "status", "revoked")];

pub(crate) fn list(world: &World, request: &Request, collection: &Collection) -> Result<Value, Refusal> {
    let in_scope = |thing: &&Thing| parents(request).iter().all(|(name, value)| has(thing, name, value));
    let hidden = LEFT_OUT.iter().find(|(path, parameter, _)| {
        *path == collection.path && request.query.get(*parameter).is_none_or(|value| value == "false")
    });
    let is_shown = |thing: &&Thing| hidden.is_none_or(|(_, _, flag)| thing.get(*flag) != Some(&Value::Bool(true)));
    // The newest ones come first.
    let things = world.store.all(collection.path).iter().rev();
    page(request, wanted(request, things.filter(in_scope).filter(is_shown)))
}

/// The things that the query's filters let through.
pub(crate) fn wanted<'a>(request: &Request, things: impl Iterator<Item = &'a Thing>) -> Vec<&'a Thing> {
    let is_wanted = |thing: &&Thing| request.query.iter().all(|(name, value)| matches(thing, name, value));
    things.filter(is_wanted).collect()
}

/// The things in the order, the part and the form that are asked for.
pub(crate) fn page(request: &Request, mut things: Vec<&Thing>) -> Result<Value, Refusal> {
    sort(request, &mut things)?;
    let number = |name: &str, default: u64| {
        let number = request.query.get(name).and_then(Value::as_u64).unwrap_or(default);
        usize::try_from(number).unwrap_or(usize::MAX)
    };
    let has_limit = request.operation.parameters.iter().any(|parameter| parameter.name == "limit");
    let limit = number("limit", if has_limit { LIMIT } else { u64::MAX });
    let (item, place) = item_of(request);
    let shown = things.iter().skip(number("offset", 0)).take(limit);
    let hidden = |thing: &Thing| match item.type_name() {
        Some(type_name) => hide(type_name, thing.clone()),
        None => thing.clone(),
    };
    let data: Value = shown.filter_map(|thing| shaped(item, "item", &hidden(thing).into(), "")).collect();
    let is_envelope = place.is_some() || request.query.get("paginated") == Some(&Value::Bool(true));
    if !is_envelope {
        return Ok(data);
    }
    let total = ("total_count".to_owned(), things.len().into());
    Ok([(place.unwrap_or("data").to_owned(), data), total].into_iter().collect::<Map<_, _>>().into())
}

/// The shape of what is listed, and the name of the envelope's field for it.
fn item_of(request: &Request) -> (&'static Shape, Option<&'static str>) {
    match request.operation.answer.as_ref().expect("a list has an answer") {
        Shape::List(item, _) => (item, None),
        answer => {
            let fields = FACTS.fields(answer.type_name().expect("a list is an array or an envelope"));
            let list_in = |shape: &'static Shape| if let Shape::List(item, _) = shape { Some(&**item) } else { None };
            let found = fields.iter().find_map(|field| Some((list_in(&field.shape)?, Some(field.name.as_str()))));
            found.expect("an envelope holds a list")
        }
    }
}

fn matches(thing: &Thing, name: &str, wanted: &Value) -> bool {
    if matches!(name, "limit" | "offset" | "order_by" | "paginated") {
        return true;
    }
    let contains = |value: &Value| text(value).to_lowercase().contains(&text(wanted).to_lowercase());
    if name == "query" {
        return thing.values().filter(|value| value.is_string()).any(contains);
    }
    if let Some(field) = name.strip_suffix("_query") {
        return thing.get(field).is_some_and(contains);
    }
    let field = FILTERS.iter().find(|(parameter, _)| *parameter == name).map_or(name, |(_, field)| field);
    let Some(value) = thing.get(field) else { return true };
    match wanted {
        Value::Array(choices) => {
            let excluded = |choice: &Value| text(choice).strip_prefix('-').map(str::to_owned);
            let (out, kept): (Vec<_>, Vec<_>) = choices.iter().partition(|choice| excluded(choice).is_some());
            let is_kept = kept.is_empty() || kept.iter().any(|choice| text(choice) == text(value));
            is_kept && !out.iter().any(|choice| excluded(choice) == Some(text(value)))
        }
        wanted => text(value) == text(wanted),
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn sort(request: &Request, things: &mut [&Thing]) -> Result<(), Refusal> {
    let Some(order) = request.query.get("order_by").and_then(Value::as_str) else { return Ok(()) };
    let field = order.trim_start_matches(['+', '-']);
    let type_name = item_of(request).0.type_name();
    if type_name.is_some_and(|name| FACTS.fields(name).iter().all(|known| known.name != field)) {
        return Err(request.refuse(Fault::value("order_by", "must name a field, with an optional + or - before it")));
    }
    things.sort_by(|left, right| {
        let ascending = compare(left.get(field), right.get(field));
        if order.starts_with('-') { ascending.reverse() } else { ascending }
    });
    Ok(())
}

fn compare(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let number = |value: Option<&Value>| value.and_then(Value::as_i64);
    let words = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_lowercase();
    number(left).cmp(&number(right)).then_with(|| words(left).cmp(&words(right)))
}
