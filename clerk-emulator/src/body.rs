//! Reads JSON bodies by Clerk's rules, and keeps every fault so that one answer names them all.

use serde_json::{Map, Value};

use crate::clock;
use crate::errors::{Fault, Refusal};
use crate::metadata;

/// A change to a text: absent leaves it as it is, null or an empty text takes it away.
pub(crate) type Change = Option<Option<String>>;

/// The fields of a JSON object. Each is taken out as it is read; what is left at the end is unknown and refused.
pub(crate) struct Fields {
    fields: Map<String, Value>,
    faults: Vec<Fault>,
}

impl Fields {
    /// No body is an empty object; anything else that is not a JSON object is 400.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Refusal> {
        let fields = if body.is_empty() { Ok(Map::new()) } else { serde_json::from_slice(body) };
        let fields = fields.map_err(|_| Refusal::body_invalid("JSON object"))?;
        Ok(Self { fields, faults: Vec::new() })
    }

    /// The objects of a JSON array that has from 1 to `limit` of them.
    pub(crate) fn parse_all(body: &[u8], limit: usize) -> Result<Vec<Self>, Refusal> {
        let list: Vec<Map<String, Value>> =
            serde_json::from_slice(body).map_err(|_| Refusal::body_invalid("JSON array of objects"))?;
        match list.len() {
            0 => Err(Refusal::body_invalid("JSON array with at least one object")),
            length if length > limit => Err(Refusal::bulk_size_exceeded(limit)),
            _ => Ok(list.into_iter().map(|fields| Self { fields, faults: Vec::new() }).collect()),
        }
    }

    /// What `name` holds, where null counts as absent.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.fields.remove(name).filter(|value| !value.is_null())
    }

    fn take_as<T>(&mut self, name: &str, expected: &str, read: impl Fn(Value) -> Option<T>) -> Option<T> {
        let value = read(self.take(name)?);
        if value.is_none() {
            self.faults.push(Fault::wrong_type(name, expected));
        }
        value
    }

    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        self.take_as(name, "string", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    pub(crate) fn change(&mut self, name: &str) -> Change {
        let absent = !self.fields.contains_key(name);
        let text = self.text(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        if absent { None } else { Some(text) }
    }

    /// Several texts; none if the parameter is absent.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let texts = self.take_as(name, "array", |value| serde_json::from_value(value).ok());
        texts.unwrap_or_default()
    }

    /// A text that must be there and not be blank. What is returned otherwise never leaves: `finish` refuses.
    pub(crate) fn required_text(&mut self, name: &str) -> String {
        let absent = self.fields.get(name).is_none_or(Value::is_null);
        let text = self.text(name).unwrap_or_default();
        if absent {
            self.faults.push(Fault::missing(name));
        } else if text.trim().is_empty() && !self.faults.iter().any(|fault| fault.is_about(name)) {
            self.faults.push(Fault::value(name, "must not be empty"));
        }
        text
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        self.take_as(name, "boolean", |value| value.as_bool())
    }

    pub(crate) fn integer(&mut self, name: &str) -> Option<i64> {
        self.take_as(name, "integer", |value| value.as_i64())
    }

    /// An RFC 3339 date, as milliseconds.
    pub(crate) fn date(&mut self, name: &str) -> Option<i64> {
        let date = clock::parse(&self.text(name)?);
        if date.is_none() {
            self.faults.push(Fault::not_a_date(name));
        }
        date
    }

    /// An email address, in lower case as Clerk keeps it.
    pub(crate) fn required_email(&mut self, name: &str) -> String {
        let address = self.required_text(name).trim().to_lowercase();
        if !is_email(&address) {
            self.refuse_once(name, Fault::format(name, "must be a valid email address"));
        }
        address
    }

    /// Metadata to store as it is.
    pub(crate) fn metadata(&mut self, name: &str) -> Map<String, Value> {
        let metadata = self.changes(name).unwrap_or_default();
        if !metadata::fits(&metadata) {
            self.faults.push(Fault::too_large(name, metadata::LIMIT));
        }
        metadata
    }

    /// Metadata to merge into what is there, if any was given.
    pub(crate) fn changes(&mut self, name: &str) -> Option<Map<String, Value>> {
        self.take_as(name, "object", |value| match value {
            Value::Object(map) => Some(map),
            _ => None,
        })
    }

    pub(crate) fn refuse(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// Adds a fault unless the parameter already has one: one cause, one fault.
    pub(crate) fn refuse_once(&mut self, name: &str, fault: Fault) {
        if !self.faults.iter().any(|known| known.is_about(name)) {
            self.faults.push(fault);
        }
    }

    /// 422 if anything that was read was wrong, or something was not read at all.
    pub(crate) fn finish(self) -> Result<(), Refusal> {
        Self::finish_all([self])
    }

    /// The same for several objects, with the faults of all of them.
    pub(crate) fn finish_all(all: impl IntoIterator<Item = Self>) -> Result<(), Refusal> {
        let faults: Vec<Fault> = all.into_iter().flat_map(Self::into_faults).collect();
        if faults.is_empty() { Ok(()) } else { Err(Refusal::unprocessable(faults)) }
    }

    fn into_faults(mut self) -> Vec<Fault> {
        self.faults.extend(self.fields.keys().map(|name| Fault::unknown(name)));
        self.faults
    }
}

pub(crate) fn is_email(address: &str) -> bool {
    address.split_once('@').is_some_and(|(local, domain)| {
        let plain = !address.contains(char::is_whitespace) && !domain.contains('@');
        plain && !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.')
    })
}

/// Puts what was given in its place; what was not given changes nothing.
pub(crate) fn replace<T>(place: &mut T, given: Option<T>) {
    if let Some(given) = given {
        *place = given;
    }
}
