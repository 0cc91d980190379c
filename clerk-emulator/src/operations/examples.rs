//! Values of a shape: those that are given where they have it, and plausible ones in the place of others.

use serde_json::{Map, Value};

use super::check::fits;
use super::{FACTS, Field, Shape, pattern};
use crate::{clock, ids};

/// A plausible text.
#[derive(Clone, Copy)]
enum Text {
    Id(&'static str),
    /// The id of the only instance.
    Instance,
    /// A credential, which says itself that it opens nothing.
    Secret,
    Fixed(&'static str),
}

/// The texts of fields by how their names end; the first row that fits counts.
const TEXTS: &[(&str, Text)] = &[
    ("instance_id", Text::Instance),
    ("user_id", Text::Id("user")),
    ("organization_id", Text::Id("org")),
    ("machine_id", Text::Id("mch")),
    ("domain_id", Text::Id("dmn")),
    ("gateway_external_id", Text::Fixed("pi_sample")),
    ("client_id", Text::Id("client")),
    ("_id", Text::Id("ref")),
    ("token", Text::Secret),
    ("secret", Text::Secret),
    ("secret_key", Text::Secret),
    ("jwt", Text::Secret),
    ("url", Text::Fixed("https://clerk.sample.example/")),
    ("email", Text::Fixed("person@mail.example")),
    ("email_address", Text::Fixed("person@mail.example")),
    ("currency", Text::Fixed("usd")),
    ("currency_symbol", Text::Fixed("$")),
    ("amount_formatted", Text::Fixed("0.00")),
    ("description", Text::Fixed("")),
];

/// Flags that the document requires of these types without saying what they are.
const UNDESCRIBED: &[(&str, &[&str])] = &[
    ("EnterpriseConnection", &["authenticatable", "disable_jit_provisioning"]),
    ("SAMLConnection", &["authenticatable", "disable_jit_provisioning"]),
];

/// Optional fields that answers have all the same: Clerk's own SDK reads them without asking.
const ALWAYS: &[(&str, &str)] = &[("EnterpriseConnection.saml_connection", "login_hint")];

/// How the names of numbers end that are moments, in milliseconds since 1970.
const MOMENTS: [&str; 4] = ["_at", "timestamp", "date", "period_start"];

/// An object of a type: what is given and suits, and an example of each required field besides. `everything` adds the
/// optional fields that hold numbers, truth values and credentials.
pub(crate) fn complete(
    type_name: &str,
    given: &Map<String, Value>,
    seed: &str,
    everything: bool,
) -> Map<String, Value> {
    let complete_field = |field: &Field| {
        let given = given.get(&field.name).and_then(|value| shaped(&field.shape, &field.name, value, seed));
        let is_always_there = ALWAYS.contains(&(type_name, field.name.as_str()));
        let is_wanted = field.is_required || is_always_there || (everything && is_plain(field));
        let value = given.or_else(|| is_wanted.then(|| example(&field.shape, &field.name, seed)))?;
        Some((field.name.clone(), value))
    };
    let undescribed = UNDESCRIBED.iter().filter(|(name, _)| *name == type_name).flat_map(|(_, flags)| *flags);
    let flags = undescribed.map(|flag| ((*flag).to_owned(), given.get(*flag).cloned().unwrap_or_else(|| false.into())));
    FACTS.fields(type_name).iter().filter_map(complete_field).chain(flags).collect()
}

fn is_plain(field: &Field) -> bool {
    match &field.shape {
        Shape::Text(_) => matches!(text_of(&field.name), Some(Text::Secret)),
        Shape::Named(_) | Shape::List(..) | Shape::Object | Shape::Format(_) | Shape::Pattern(_) => false,
        _ => true,
    }
}

/// The value in the shape, without what the shape does not have, or nothing if it is another kind of value.
pub(crate) fn shaped(shape: &Shape, name: &str, value: &Value, seed: &str) -> Option<Value> {
    match (shape, value) {
        (Shape::OneOf(shapes), _) => shapes.iter().find_map(|shape| shaped(shape, name, value, seed)),
        (Shape::Named(type_name), Value::Object(given)) => {
            let suits = |field: &Field| match given.get(&field.name) {
                Some(value) if field.shape.values().is_some() => fits(&field.shape, value),
                _ => true,
            };
            let all_suit = FACTS.fields(type_name).iter().all(suits);
            all_suit.then(|| complete(type_name, given, &format!("{seed} {name}"), false).into())
        }
        (Shape::List(item, _), Value::Array(list)) => {
            Some(list.iter().filter_map(|value| shaped(item, name, value, seed)).collect())
        }
        _ => fits(shape, value).then(|| value.clone()),
    }
}

/// A plausible value; null where that is possible.
pub(crate) fn example(shape: &Shape, name: &str, seed: &str) -> Value {
    match shape {
        _ if shape.takes_null() => Value::Null,
        Shape::OneOf(shapes) => example(&shapes[0], name, seed),
        Shape::Only(value) => value.clone(),
        Shape::Flag => false.into(),
        Shape::Integer(bounds) | Shape::Number(bounds) => {
            if is_moment(name) {
                clock::now().into()
            } else {
                bounds.least.unwrap_or_default().into()
            }
        }
        Shape::Text(_) => match text_of(name) {
            Some(Text::Id(prefix)) => ids::id(prefix, &format!("{name} of {seed}")).into(),
            Some(Text::Instance) => ids::id("ins", "sample").into(),
            Some(Text::Secret) => secret(name, seed).into(),
            Some(Text::Fixed(text)) => text.into(),
            None => "sample".into(),
        },
        Shape::Pattern(_) if name == "instance_id" => ids::id("ins", "sample").into(),
        Shape::Pattern(pattern) => pattern::example(pattern, &format!("{name} of {seed}")).into(),
        Shape::Format(format) => match format.as_str() {
            "email" => "person@mail.example".into(),
            "date-time" => clock::written(clock::now()).into(),
            "date" => "2026-06-01".into(),
            _ => "https://clerk.sample.example/".into(),
        },
        Shape::List(item, bounds) => (0..bounds.least.unwrap_or_default()).map(|_| example(item, name, seed)).collect(),
        Shape::Named(type_name) => complete(type_name, &Map::new(), &format!("{seed} {name}"), false).into(),
        Shape::Object => Map::new().into(),
        Shape::Any | Shape::Null | Shape::File => Value::Null,
    }
}

/// Tells by a number's name whether it is a moment.
pub(crate) fn is_moment(name: &str) -> bool {
    MOMENTS.iter().any(|ending| name.ends_with(ending))
}

fn text_of(name: &str) -> Option<Text> {
    TEXTS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, text)| *text)
}

pub(crate) fn is_secret(name: &str) -> bool {
    matches!(text_of(name), Some(Text::Secret)) || name == "api_key"
}

/// Takes away the credentials that are shown only when they are made, which are null in other answers.
pub(crate) fn hide(type_name: &str, mut thing: Map<String, Value>) -> Map<String, Value> {
    for field in FACTS.fields(type_name).iter().filter(|field| is_secret(&field.name) && field.shape.takes_null()) {
        thing.insert(field.name.clone(), Value::Null);
    }
    thing
}

/// A credential that says itself that it opens nothing; each seed has one of its own.
pub(crate) fn secret(name: &str, seed: &str) -> String {
    format!("fake_{name}_{}", ids::letters(&format!("{name} of {seed}"), 32))
}

/// JSON with what stands for an id and for a credential replaced: `{id}` and `{secret}`.
pub(crate) fn filled(json: &Value, name: &str, id: &str, seed: &str) -> Value {
    match json {
        Value::String(text) => {
            let name = if text == "{secret}" { name } else { "ticket" };
            text.replace("{id}", id).replace("{secret}", &secret(name, seed)).into()
        }
        Value::Array(list) => list.iter().map(|value| filled(value, name, id, seed)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), filled(value, name, id, seed))).collect()
        }
        other => other.clone(),
    }
}
