//! The parts of Clerk's answers that are passed on. A view is an allowlist, the order of an answer and its schema in one;
//! one reader (`read.rs`) takes from an answer what it names.

pub(crate) mod read;
pub(crate) mod schema;

use serde_json::Value;

/// The field of an answer that names the fields that were left out of it.
pub(crate) const LEFT_OUT: &str = "left_out";
/// The field of an answer that names those of its fields that people outside have written.
pub(crate) const UNTRUSTED: &str = "untrusted_text";

/// The fields of an object, in the order in which they are shown.
#[derive(Debug)]
pub(crate) struct View(pub(crate) &'static [Field]);

impl View {
    /// The field with this name.
    pub(crate) fn field(&self, name: &str) -> Option<&'static Field> {
        place(self.0, name).map(|place| &self.0[place])
    }

    /// Tells whether a field has this name, however deep it is.
    pub(crate) fn has_name(&self, name: &str) -> bool {
        self.0.iter().any(|field| match field.shape {
            _ if field.name == name => true,
            Shape::One(view) | Shape::Many(view) | Shape::Any(view) => view.has_name(name),
            _ => false,
        })
    }
}

/// The place of the field with this name. Each member of an answer is looked for, so names are told apart by their lengths and
/// last letters first.
pub(crate) fn place(fields: &[Field], name: &str) -> Option<usize> {
    let alike = |other: &str| other.len() == name.len() && other.as_bytes().last() == name.as_bytes().last();
    fields.iter().position(|field| alike(field.name) && field.name == name)
}

/// A field of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// Clerk's name.
    pub(crate) name: &'static str,
    pub(crate) shape: Shape,
}

/// The kind of value that a field holds. One of another kind is left out.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Text,
    /// A text that people outside have written.
    Untrusted,
    Texts,
    /// Texts that people outside have written.
    UntrustedTexts,
    Flag,
    /// A whole number that is not negative.
    Count,
    /// Milliseconds since 1970 or RFC 3339 on Clerk's side, RFC 3339 in UTC on ours.
    Time,
    /// Any number.
    Number,
    /// Any JSON value, written by people outside.
    Json,
    /// Any JSON object, written by us.
    Object,
    /// Any JSON object, written by people outside.
    Metadata,
    /// The same, which only the backend may see.
    PrivateMetadata,
    /// Any JSON but nothing. It is never shown, and leaves apart from the answer or not at all.
    Secret,
    One(&'static View),
    Many(&'static View),
    /// Objects, absent where there are none.
    Any(&'static View),
    /// A text made of other fields of the object.
    Made(fn(&Value) -> Value),
    /// A text made of fields that people outside have written.
    MadeUntrusted(fn(&Value) -> Value),
}

impl Shape {
    /// Tells whether people outside have written what it holds; of objects, their fields tell.
    pub(crate) const fn is_untrusted(self) -> bool {
        use Shape::{Json, MadeUntrusted, Metadata, PrivateMetadata, Untrusted, UntrustedTexts};
        matches!(self, Untrusted | UntrustedTexts | Json | Metadata | PrivateMetadata | MadeUntrusted(_))
    }

    /// What makes it of other fields.
    pub(crate) fn make(self) -> Option<fn(&Value) -> Value> {
        match self {
            Self::Made(make) | Self::MadeUntrusted(make) => Some(make),
            _ => None,
        }
    }
}

const fn field(name: &'static str, shape: Shape) -> Field {
    Field { name, shape }
}

pub(crate) const fn text(name: &'static str) -> Field {
    field(name, Shape::Text)
}

/// A text that people outside have written.
pub(crate) const fn untrusted(name: &'static str) -> Field {
    field(name, Shape::Untrusted)
}

pub(crate) const fn texts(name: &'static str) -> Field {
    field(name, Shape::Texts)
}

pub(crate) const fn untrusted_texts(name: &'static str) -> Field {
    field(name, Shape::UntrustedTexts)
}

pub(crate) const fn flag(name: &'static str) -> Field {
    field(name, Shape::Flag)
}

pub(crate) const fn count(name: &'static str) -> Field {
    field(name, Shape::Count)
}

pub(crate) const fn time(name: &'static str) -> Field {
    field(name, Shape::Time)
}

pub(crate) const fn number(name: &'static str) -> Field {
    field(name, Shape::Number)
}

/// Any JSON, written by people outside.
pub(crate) const fn json(name: &'static str) -> Field {
    field(name, Shape::Json)
}

/// Any JSON object, written by us.
pub(crate) const fn object(name: &'static str) -> Field {
    field(name, Shape::Object)
}

pub(crate) const fn metadata(name: &'static str) -> Field {
    field(name, Shape::Metadata)
}

pub(crate) const fn private(name: &'static str) -> Field {
    field(name, Shape::PrivateMetadata)
}

/// A credential, or anything else that no conversation may hold.
pub(crate) const fn secret(name: &'static str) -> Field {
    field(name, Shape::Secret)
}

pub(crate) const fn one(name: &'static str, view: &'static View) -> Field {
    field(name, Shape::One(view))
}

pub(crate) const fn many(name: &'static str, view: &'static View) -> Field {
    field(name, Shape::Many(view))
}

pub(crate) const fn any(name: &'static str, view: &'static View) -> Field {
    field(name, Shape::Any(view))
}

/// A text made of other fields.
pub(crate) const fn made(name: &'static str, make: fn(&Value) -> Value) -> Field {
    field(name, Shape::Made(make))
}

/// A text made of fields that people outside have written.
pub(crate) const fn made_untrusted(name: &'static str, make: fn(&Value) -> Value) -> Field {
    field(name, Shape::MadeUntrusted(make))
}

/// The fields of one page of a list.
pub(crate) const fn page(of: &'static View) -> [Field; 4] {
    [many("data", of), count("total_count"), flag("has_more"), count("next_offset")]
}

/// The fields of one page of a list in which an id leads to the next page.
pub(crate) const fn page_with_cursor(of: &'static View) -> [Field; 5] {
    let [data, total, has_more, next] = page(of);
    [data, total, has_more, next, text("next_cursor")]
}

/// The fields of a report about steps of which each is tried by itself.
pub(crate) const fn steps(done: Field) -> [Field; 3] {
    [done, many("failed", &FAILED_STEP), texts("not_tried")]
}

/// A step that failed, and did not keep the others from being tried. `of` is what it was for: an id or an email address.
pub(crate) static FAILED_STEP: View =
    View(&[text("of"), text("code"), text("message"), count("retry_after_seconds"), text("hint")]);

impl View {
    /// The view of the items of a page.
    pub(crate) fn items(&self) -> Option<&'static View> {
        self.0.iter().find_map(|field| match field.shape {
            Shape::Many(view) if field.name == "data" => Some(view),
            _ => None,
        })
    }
}
