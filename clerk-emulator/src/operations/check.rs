//! Holds a request against the facts of its operation, and keeps every fault so that one answer names them all.

use serde_json::{Map, Value};

use super::{Bounds, FACTS, Field, Operation, Shape, pattern};
use crate::body::is_email;
use crate::clock;
use crate::endpoint::Call;
use crate::errors::{Fault, Refusal};
use crate::query::Query;

/// A request that is valid by the facts.
pub(crate) struct Request {
    pub(crate) operation: &'static Operation,
    /// The path's parameters by name, in order.
    pub(crate) path: Vec<(String, String)>,
    pub(crate) query: Map<String, Value>,
    /// The objects of the body: one, but for bodies that are arrays.
    pub(crate) bodies: Vec<Map<String, Value>>,
}

impl Request {
    pub(crate) fn read(operation: &'static Operation, call: &Call) -> Result<Self, Refusal> {
        let mut faults = Vec::new();
        let parameter = |name: &String| (name.clone(), call.parameter(name));
        let path: Vec<(String, String)> = operation.path_parameters.iter().map(parameter).collect();
        let mut query = Map::new();
        for field in &operation.parameters {
            if let Some((_, text)) = path.iter().find(|(name, _)| *name == field.name) {
                check(&field.shape, &field.name, &text.as_str().into(), &mut faults);
            } else {
                read_query(field, &call.query, &mut query, &mut faults);
            }
        }
        let bodies = read_bodies(operation, call, &mut faults)?;
        if !faults.is_empty() {
            return Err(Refusal::with(operation.documented(&[422, 400]), faults));
        }
        Ok(Self { operation, path, query, bodies })
    }

    /// What the path has for a parameter.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The body's field, if it is there and not null.
    pub(crate) fn field(&self, name: &str) -> Option<&Value> {
        self.bodies.first()?.get(name).filter(|value| !value.is_null())
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.field(name)?.as_str()
    }

    pub(crate) fn is_set(&self, name: &str) -> bool {
        self.field(name) == Some(&Value::Bool(true))
    }

    /// What is refused because of a fault in the body.
    pub(crate) fn refuse(&self, fault: Fault) -> Refusal {
        Refusal::with(self.operation.documented(&[422, 400]), vec![fault])
    }

    pub(crate) fn not_found(&self, detail: impl Into<String>) -> Refusal {
        let fault = Fault::new("resource_not_found", "not found", detail);
        Refusal::with(self.operation.documented(&[404, 400, 422, 403]), vec![fault])
    }
}

fn read_query(field: &Field, query: &Query, values: &mut Map<String, Value>, faults: &mut Vec<Fault>) {
    let mut texts = query.all(&field.name);
    let value = match field.shape.alternatives().next() {
        _ if texts.is_empty() => None,
        Some(Shape::List(..)) => Some(texts.iter().flat_map(|text| text.split(',')).collect()),
        Some(shape) => Some(from_text(shape, &texts.swap_remove(0))),
        None => None,
    };
    match value {
        Some(value) => {
            check(&field.shape, &field.name, &value, faults);
            values.insert(field.name.clone(), value);
        }
        None if field.is_required => faults.push(Fault::missing(&field.name)),
        None => {}
    }
}

/// A number or a truth value where the shape has one and the text is one, or else the text.
fn from_text(shape: &Shape, text: &str) -> Value {
    let value = match shape {
        Shape::Integer(_) | Shape::Number(_) => text.parse::<i64>().ok().map(Value::from),
        Shape::Flag => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    value.unwrap_or_else(|| text.into())
}

fn read_bodies(
    operation: &Operation,
    call: &Call,
    faults: &mut Vec<Fault>,
) -> Result<Vec<Map<String, Value>>, Refusal> {
    let invalid = |expected: &str| Refusal::body_invalid(expected).at(operation.documented(&[400, 422]));
    if operation.is_multipart {
        return if call.has_file() { Ok(vec![Map::new()]) } else { Err(invalid("form with a file")) };
    }
    let Some(shape) = &operation.body else { return Ok(vec![Map::new()]) };
    let parsed = if call.body.is_empty() { Ok(Map::new().into()) } else { serde_json::from_slice(&call.body) };
    match (shape, parsed.map_err(|_| invalid("JSON"))?) {
        (Shape::List(item, bounds), Value::Array(list)) => {
            let most = usize::try_from(bounds.most.unwrap_or(i64::MAX)).unwrap_or(usize::MAX);
            match list.len() {
                0 => return Err(invalid("JSON array with at least one object")),
                length if length > most => {
                    return Err(Refusal::bulk_size_exceeded(most).at(operation.documented(&[400, 422])));
                }
                _ => {}
            }
            let read = |value| read_body(item, value, faults).ok_or_else(|| invalid("JSON array of objects"));
            list.into_iter().map(read).collect()
        }
        (Shape::List(..), _) => Err(invalid("JSON array of objects")),
        (_, value) => Ok(vec![read_body(shape, value, faults).ok_or_else(|| invalid("JSON object"))?]),
    }
}

/// The fields of an object. Null counts as absent where a field does not take it.
fn read_body(shape: &Shape, value: Value, faults: &mut Vec<Fault>) -> Option<Map<String, Value>> {
    let Value::Object(mut given) = value else { return None };
    let fields = FACTS.fields(shape.type_name().expect("a body is an object with fields, or a list of such"));
    let known = |name: &str| fields.iter().find(|field| field.name == name);
    faults.extend(given.keys().filter(|name| known(name).is_none()).map(|name| Fault::unknown(name)));
    given.retain(|name, value| known(name).is_some_and(|field| !value.is_null() || field.shape.takes_null()));
    check_fields(fields, "", &given, faults);
    Some(given)
}

fn check_fields(fields: &[Field], place: &str, given: &Map<String, Value>, faults: &mut Vec<Fault>) {
    for field in fields {
        let name = format!("{place}{}", field.name);
        match given.get(&field.name) {
            Some(value) => check(&field.shape, &name, value, faults),
            None if field.is_required => faults.push(Fault::missing(&name)),
            None => {}
        }
    }
}

/// Tells whether a value has a shape.
pub(super) fn fits(shape: &Shape, value: &Value) -> bool {
    let mut faults = Vec::new();
    check(shape, "", value, &mut faults);
    faults.is_empty()
}

pub(super) fn check(shape: &Shape, name: &str, value: &Value, faults: &mut Vec<Fault>) {
    let fault = match (shape, value) {
        (Shape::OneOf(shapes), value) => {
            if shapes.iter().any(|shape| fits(shape, value)) {
                return;
            }
            match (shape.values(), shape.alternatives().next()) {
                (None, Some(first)) => return check(first, name, value, faults),
                (values, _) => Some(not_one_of(name, &values.unwrap_or_default())),
            }
        }
        (Shape::Only(only), value) if only == value => return,
        (Shape::Only(only), _) => Some(not_one_of(name, &[only])),
        (Shape::Any | Shape::File, _)
        | (Shape::Null, Value::Null)
        | (Shape::Object, Value::Object(_))
        | (Shape::Flag, Value::Bool(_)) => return,
        (Shape::Named(type_name), Value::Object(given)) => {
            return check_fields(FACTS.fields(type_name), &format!("{name}."), given, faults);
        }
        (Shape::List(item, bounds), Value::Array(list)) => {
            for value in list {
                check(item, name, value, faults);
            }
            out_of(*bounds, name, list.len(), "items")
        }
        (Shape::Integer(bounds) | Shape::Number(bounds), Value::Number(number))
            if matches!(shape, Shape::Number(_)) || number.is_i64() =>
        {
            let allowed = number.as_f64().is_some_and(|number| bounds.allow(number));
            if allowed { None } else { Some(Fault::value(name, &rule(*bounds, ""))) }
        }
        (Shape::Text(bounds), Value::String(text)) => out_of(*bounds, name, text.chars().count(), "characters"),
        (Shape::Pattern(pattern), Value::String(text)) if pattern::matches(pattern, text) => return,
        (Shape::Pattern(pattern), Value::String(_)) => Some(Fault::format(name, &format!("must match {pattern}"))),
        (Shape::Format(format), Value::String(text)) => bad_format(format, name, text),
        _ => Some(Fault::wrong_type(name, kind(shape))),
    };
    faults.extend(fault);
}

fn not_one_of(name: &str, values: &[&Value]) -> Fault {
    let texts: Vec<String> =
        values.iter().map(|value| value.as_str().map_or(value.to_string(), str::to_owned)).collect();
    Fault::value(name, &format!("must be one of {}", texts.join(", ")))
}

fn out_of(bounds: Bounds, name: &str, length: usize, what: &str) -> Option<Fault> {
    let most = bounds.most.and_then(|most| usize::try_from(most).ok()).filter(|most| length > *most);
    match (most, what) {
        (Some(most), "items") => Some(Fault::too_many(name, most)),
        (Some(most), _) => Some(Fault::too_long(name, most)),
        (None, _) if bounds.least.is_some_and(|least| i64::try_from(length).is_ok_and(|length| length < least)) => {
            Some(Fault::value(name, &rule(bounds, what)))
        }
        _ => None,
    }
}

fn rule(bounds: Bounds, what: &str) -> String {
    let text = match (bounds.least, bounds.most) {
        (Some(least), Some(most)) => format!("must be between {least} and {most} {what}"),
        (Some(least), None) => format!("must be at least {least} {what}"),
        (None, most) => format!("must be at most {} {what}", most.unwrap_or_default()),
    };
    text.trim_end().to_owned()
}

fn bad_format(format: &str, name: &str, text: &str) -> Option<Fault> {
    match format {
        "email" if !is_email(text) => Some(Fault::format(name, "must be a valid email address")),
        "uri" if !text.contains("://") => Some(Fault::format(name, "must be a URL")),
        "date-time" if clock::parse(text).is_none() => Some(Fault::not_a_date(name)),
        _ => None,
    }
}

fn kind(shape: &Shape) -> &'static str {
    match shape {
        Shape::Object | Shape::Named(_) => "object",
        Shape::List(..) => "array",
        Shape::Integer(_) => "integer",
        Shape::Number(_) => "number",
        Shape::Flag => "boolean",
        _ => "string",
    }
}
