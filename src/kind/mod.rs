//! The kinds of parameters. Each kind is one rule in three uses: it checks and normalizes a value (`read.rs`), prints the
//! JSON Schema (`schema.rs`) and says in words what it takes (`words.rs`).

mod given;
pub(crate) mod read;
pub(crate) mod schema;
pub(crate) mod time;
mod words;

use serde_json::Value;

pub(crate) use self::given::Given;
use crate::duplicates::TWICE;
use crate::ids::Resource;
use crate::masks;
use crate::secret::{self, NOT_SHOWN};

/// A rule for values.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// An id of this resource.
    Id(Resource),
    /// An id in a filter: `+` before it includes (the default), `-` excludes.
    SignedId(Resource),
    Slug,
    /// What names something in a path: letters, digits and `_.:-`, the first a letter or a digit.
    Key,
    /// A text of ours, checked elsewhere.
    Token,
    /// Any text but the empty one, which Clerk reads as "no filter".
    Text,
    /// A [`Kind::Text`] that is, or looks for, an email address or a telephone number, so that a handle stands for one.
    Contact,
    /// A text in which no white space, comma, quote or bracket can be: several in one text are refused.
    Word,
    /// An email address, or something like it: a [`Kind::Word`].
    EmailAddress,
    /// A telephone number with its country code, sent as E.164 however people have written it.
    PhoneNumber,
    /// An email address, all of a domain as `*@…`, a telephone number or a wallet.
    Identifier,
    Flag,
    /// A whole number within bounds, both inclusive.
    Integer {
        min: u32,
        max: u32,
    },
    /// Any number.
    Number,
    OneOf(&'static [&'static str]),
    /// One of these keys, with `-` before it for descending order; `+` or nothing means ascending.
    SortKey(&'static [&'static str]),
    /// A point in time.
    Time(Sent),
    /// A JSON object to merge into what is stored.
    Metadata,
    /// A JSON object to merge into metadata that only the backend may see.
    PrivateMetadata,
    /// Any JSON object.
    Open,
    /// Any JSON value.
    Json,
    /// An object of these fields.
    Object(&'static [Given]),
    /// One to so many values. A single one may stand without its array.
    Many(&'static Kind, usize),
    /// Any number of values, none among them.
    List(&'static Kind),
}

/// The forms in which Clerk takes times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sent {
    /// Milliseconds since 1970, in queries.
    Milliseconds,
    /// RFC 3339, in bodies.
    Rfc3339,
}

impl Kind {
    pub(crate) const fn is_metadata(self) -> bool {
        matches!(self, Self::Metadata | Self::PrivateMetadata)
    }
}

/// A parameter of a tool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parameter {
    /// Clerk's name.
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    /// Product text for a model. The schema adds what the kind takes.
    pub(crate) description: &'static str,
    pub(crate) is_required: bool,
    /// Clerk takes null for it, which sets it to nothing. Where it does not, null means absent.
    pub(crate) is_nullable: bool,
    pub(crate) default: Fallback,
    pub(crate) place: Place,
    /// A password, a code or a credential: it is sent, and never shown.
    pub(crate) is_secret: bool,
}

/// The value of an absent parameter.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fallback {
    None,
    Flag(bool),
    Integer(u16),
}

/// The use of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Sent to Clerk, and decides what the call is about.
    Sent,
    /// Sent to Clerk, and only shapes the answer: its order and its pages.
    Shapes,
    /// Read here, not sent.
    Kept,
}

/// A parameter that may be absent, sent under its name.
pub(crate) const fn parameter(name: &'static str, kind: Kind, description: &'static str) -> Parameter {
    Parameter {
        name,
        kind,
        description,
        is_required: false,
        is_nullable: false,
        default: Fallback::None,
        place: Place::Sent,
        is_secret: false,
    }
}

impl Parameter {
    pub(crate) const fn required(self) -> Self {
        Self { is_required: true, ..self }
    }

    /// Describes the parameter in other words.
    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    pub(crate) const fn or(self, default: Fallback) -> Self {
        Self { default, ..self }
    }

    pub(crate) const fn shaping(self) -> Self {
        Self { place: Place::Shapes, ..self }
    }

    pub(crate) const fn kept(self) -> Self {
        Self { place: Place::Kept, ..self }
    }

    pub(crate) const fn secret(self) -> Self {
        Self { is_secret: true, ..self }
    }

    /// The value as it is sent.
    ///
    /// # Errors
    ///
    /// Why it is none of this kind, for the caller. A secret is not repeated.
    pub(crate) fn read(&self, value: &Value) -> Result<Value, String> {
        // The arguments of operations are read one by one later.
        let is_checked = self.place != Place::Kept && !self.kind.may_hold_handles();
        if is_checked {
            masks::check(value)?;
        }
        let read = self.kind.read(value).map_err(|refusal| {
            let is_repeated = self.is_secret && refusal != TWICE;
            if is_repeated { format!("expected {}", self.kind.expected()) } else { refusal }
        })?;
        // What comes as text may spell it in escapes.
        if is_checked {
            masks::check(&read)?;
        }
        Ok(read)
    }

    /// The value as it is shown. `private` shows private metadata.
    pub(crate) fn shown(&self, value: &Value, private: &dyn Fn(&Value) -> Value) -> Value {
        if self.is_secret { NOT_SHOWN.into() } else { self.kind.shown(value, private) }
    }

    /// Adds the texts in a value that are secrets.
    pub(crate) fn secrets_in<'a>(&self, value: &'a Value, found: &mut Vec<&'a str>) {
        if self.is_secret {
            secret::texts(value, found);
        } else {
            self.kind.secrets_in(value, found);
        }
    }
}

/// Secrets and private metadata in fields of objects.
impl Kind {
    fn shown(&self, value: &Value, private: &dyn Fn(&Value) -> Value) -> Value {
        match (self, value) {
            (Self::PrivateMetadata, _) => private(value),
            (Self::Object(fields), Value::Object(members)) => {
                let mut shown = members.clone();
                for (name, value) in &mut shown {
                    if let Some(field) = fields.iter().find(|field| field.name == name) {
                        *value = field.parameter().shown(value, private);
                    }
                }
                shown.into()
            }
            (Self::Many(each, _) | Self::List(each), Value::Array(items)) => {
                items.iter().map(|item| each.shown(item, private)).collect()
            }
            _ => value.clone(),
        }
    }

    /// Tells whether a value may hold a secret.
    fn holds_secrets(&self) -> bool {
        match self {
            Self::Object(fields) => fields.iter().any(|field| field.is_secret || field.kind.holds_secrets()),
            Self::Many(each, _) | Self::List(each) => each.holds_secrets(),
            _ => false,
        }
    }

    fn secrets_in<'a>(&self, value: &'a Value, found: &mut Vec<&'a str>) {
        match (self, value) {
            (Self::Object(fields), Value::Object(members)) => {
                for field in *fields {
                    if let Some(value) = members.get(field.name) {
                        field.parameter().secrets_in(value, found);
                    }
                }
            }
            (Self::Many(each, _) | Self::List(each), Value::Array(items)) => {
                for item in items {
                    each.secrets_in(item, found);
                }
            }
            _ => {}
        }
    }
}

impl Fallback {
    pub(crate) fn value(self) -> Option<Value> {
        match self {
            Self::None => None,
            Self::Flag(flag) => Some(flag.into()),
            Self::Integer(number) => Some(number.into()),
        }
    }
}
