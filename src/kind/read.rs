//! Checks and normalizes values, in the forms in which clients really send them.

use core::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::{Given, Kind, Sent, time};
use crate::duplicates;
use crate::json_text;
use crate::masks;
use crate::phone_number::e164;
use crate::problem::excerpt;

/// The most that Clerk stores per kind of metadata, in bytes of JSON (<https://clerk.com/docs/users/metadata>).
const MOST_METADATA: usize = 8 * 1024;
/// The most that a message repeats of a wrong value, in bytes.
const LONGEST_VALUE: usize = 100;
/// The most items of an array for which Clerk's document says no number.
const MOST_ITEMS: usize = 1000;

impl Kind {
    /// The value as it is sent.
    ///
    /// # Errors
    ///
    /// Why it is none of this kind, for the caller.
    pub(crate) fn read(&self, value: &Value) -> Result<Value, String> {
        let opened = self.opened(value)?;
        let read = match self {
            Self::Flag => flag(value),
            Self::Integer { min, max } => {
                integer(value).filter(|number| (*min..=*max).contains(number)).map(Into::into)
            }
            Self::Time(sent) => return self.time(value, *sent),
            Self::Metadata | Self::PrivateMetadata => return self.metadata(value),
            Self::Many(each, most) => return self.many(value, each, 1..=*most),
            Self::List(each) => return self.many(value, each, 0..=MOST_ITEMS),
            Self::Object(fields) => return self.object(value, fields),
            Self::Open => parsed(value, '{')?.filter(Value::is_object),
            Self::Json => Some(value.clone()),
            Self::Number => number(value),
            Self::Identifier => opened.or_else(|| text(value)).and_then(identifier).map(Into::into),
            Self::PhoneNumber => opened.or_else(|| text(value)).and_then(|text| e164(&text)).map(Into::into),
            _ => opened.or_else(|| text(value)).filter(|text| self.takes(text)).map(Into::into),
        };
        read.ok_or_else(|| self.refusal(value))
    }

    /// The value of a handle, where one is taken.
    fn opened(&self, value: &Value) -> Result<Option<String>, String> {
        let Value::String(text) = value else { return Ok(None) };
        let takes_handle = matches!(self, Self::EmailAddress | Self::PhoneNumber | Self::Identifier | Self::Contact);
        if takes_handle { masks::opened(text).map_err(Into::into) } else { Ok(None) }
    }

    /// Tells whether a handle is taken somewhere in values of this kind; what else is in them refuses handles by itself.
    pub(crate) fn may_hold_handles(&self) -> bool {
        match self {
            Self::EmailAddress | Self::PhoneNumber | Self::Identifier | Self::Contact | Self::Object(_) => true,
            Self::Many(each, _) | Self::List(each) => each.may_hold_handles(),
            _ => false,
        }
    }

    /// Tells whether a text is one of this kind.
    fn takes(&self, text: &str) -> bool {
        let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
        match self {
            Self::Id(resource) => resource.is_id(text),
            Self::SignedId(resource) => resource.is_id(unsigned),
            Self::SortKey(keys) => keys.contains(&unsigned),
            Self::OneOf(values) => values.contains(&text),
            Self::Slug => {
                let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                !text.is_empty() && text.bytes().all(fits)
            }
            Self::Key => {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
                text.starts_with(|first: char| first.is_ascii_alphanumeric()) && text.bytes().all(fits)
            }
            Self::Word | Self::EmailAddress => {
                let ends = text.starts_with('\'') || text.ends_with('\'');
                !text.is_empty() && !ends && !text.contains(|c: char| c.is_whitespace() || ",;\"[]{}<>()".contains(c))
            }
            _ => !text.trim().is_empty(),
        }
    }

    fn time(&self, value: &Value, sent: Sent) -> Result<Value, String> {
        let digits = value.as_str().map(str::trim).filter(|text| text.len() != 4).and_then(|text| text.parse().ok());
        let date = match digits.or_else(|| time::whole(value)) {
            Some(number) if time::is_ambiguous(number) => {
                let date = time::from_milliseconds(number).map(time::text).unwrap_or_default();
                return Err(format!(
                    "{number} milliseconds are {date}: give a date, or milliseconds instead of seconds"
                ));
            }
            Some(number) => time::from_milliseconds(number),
            None => value.as_str().and_then(|text| time::parse(text.trim())),
        };
        let date = date.ok_or_else(|| self.refusal(value))?;
        Ok(match sent {
            Sent::Milliseconds => time::milliseconds(date).into(),
            Sent::Rfc3339 => time::text(date).into(),
        })
    }

    fn metadata(&self, value: &Value) -> Result<Value, String> {
        let object = parsed(value, '{')?.filter(Value::is_object).ok_or_else(|| self.refusal(value))?;
        let bytes = object.to_string().len();
        if bytes > MOST_METADATA {
            return Err(format!(
                "{bytes} bytes of JSON are too many: Clerk stores at most {MOST_METADATA} (8 KB) in each kind of metadata"
            ));
        }
        Ok(object)
    }

    /// An object of which each field is one of these.
    fn object(&self, value: &Value, fields: &[Given]) -> Result<Value, String> {
        let object = parsed(value, '{')?.ok_or_else(|| self.refusal(value))?;
        let given = object.as_object().ok_or_else(|| self.refusal(value))?;
        let mut read = Map::new();
        for (name, value) in given {
            let Some(field) = fields.iter().find(|field| field.name == name) else {
                return Err(format!("`{}` is no field of it; expected {}", excerpt(name), self.expected()));
            };
            if value.is_null() && field.is_nullable {
                read.insert(name.clone(), Value::Null);
            } else if !value.is_null() {
                let value = field.parameter().read(value).map_err(|message| format!("`{name}`: {message}"))?;
                read.insert(name.clone(), value);
            }
        }
        match fields.iter().find(|field| field.is_required && !read.contains_key(field.name)) {
            Some(missing) => Err(format!("`{}` is missing; expected {}", missing.name, self.expected())),
            None => Ok(read.into()),
        }
    }

    fn many(&self, value: &Value, each: &Kind, counts: RangeInclusive<usize>) -> Result<Value, String> {
        let value = &parsed(value, '[')?.unwrap_or_else(|| value.clone());
        let values = match value {
            Value::Array(values) => values.as_slice(),
            Value::Object(_) if !matches!(each, Kind::Object(_) | Kind::Open | Kind::Json) => {
                return Err(self.refusal(value));
            }
            single => core::slice::from_ref(single),
        };
        if !counts.contains(&values.len()) {
            return Err(format!("expected {}, not {}", self.expected(), values.len()));
        }
        let mut read = Vec::with_capacity(values.len());
        for value in values {
            read.push(each.read(value)?);
        }
        Ok(read.into())
    }

    fn refusal(&self, value: &Value) -> String {
        if self.holds_secrets() {
            return format!("expected {}", self.expected());
        }
        // Cut off, a part of an address would be none any more.
        let json = masks::text(value.to_string().into());
        let shown = &json[..json.floor_char_boundary(LONGEST_VALUE)];
        let more = if shown.len() < json.len() { "…" } else { "" };
        format!("expected {}, not {shown}{more}", self.expected())
    }
}

/// The value, or what its text is as JSON where it begins so: some clients send objects and arrays as text.
///
/// # Errors
///
/// The text gives a member twice.
fn parsed(value: &Value, opening: char) -> Result<Option<Value>, String> {
    let Value::String(text) = value else { return Ok(Some(value.clone())) };
    if !text.trim_start().starts_with(opening) {
        return Ok(None);
    }
    let read = json_text::parse(text).ok();
    if read.as_ref().is_some_and(|read| duplicates::gives_twice(text, read)) {
        Err(duplicates::TWICE.into())
    } else {
        Ok(read)
    }
}

/// A number, or the text of one.
fn number(value: &Value) -> Option<Value> {
    let number = match value {
        Value::String(text) => json_text::parse(text.trim()).ok()?,
        other => other.clone(),
    };
    number.is_number().then_some(number)
}

fn flag(value: &Value) -> Option<Value> {
    match value {
        Value::Bool(_) => Some(value.clone()),
        Value::String(text) if text.trim().eq_ignore_ascii_case("true") => Some(true.into()),
        Value::String(text) if text.trim().eq_ignore_ascii_case("false") => Some(false.into()),
        _ => None,
    }
}

/// A whole number, or the text of one.
fn integer(value: &Value) -> Option<u32> {
    let number = match value {
        Value::String(text) => time::whole(&json_text::parse(text.trim()).ok()?)?,
        other => time::whole(other)?,
    };
    u32::try_from(number).ok()
}

/// A text; what looks like a number is sent as one by some clients.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if number.is_u64() => Some(number.to_string()),
        _ => None,
    }
}

/// An email address, all of a domain, or a wallet as it is; a telephone number as E.164.
fn identifier(text: String) -> Option<String> {
    let fits = match text.split_once('@') {
        Some((name, domain)) => {
            let is_whole =
                |part: &str| !part.is_empty() && part.bytes().all(|byte| byte > b' ' && !b"*@,;<>".contains(&byte));
            (name == "*" || is_whole(name)) && is_whole(domain)
        }
        // Those of Solana have no mark, and more characters than a username mostly has.
        None if text.starts_with("0x") || (32..=44).contains(&text.len()) => {
            text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        }
        None => false,
    };
    if fits { Some(text) } else { e164(&text) }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
