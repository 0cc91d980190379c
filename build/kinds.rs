//! The kinds of parameters, and what of an answer is trusted, by shapes and names.

use crate::print::Printer;
use crate::shape::{Field, Shape};

#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// In this path.
    Path(&'a str),
    Query,
    Body,
    /// In an object inside of a body.
    Inside,
}

/// Names of texts that Clerk or the operator has written. All others may come from people outside.
const TRUSTED: [&str; 12] = [
    "object",
    "id",
    "status",
    "strategy",
    "provider",
    "role",
    "key",
    "type",
    "locale",
    "currency",
    "template_type",
    "algorithm",
];

/// Names of texts that are, or look for, email addresses and telephone numbers.
const CONTACTS: [&str; 7] = [
    "email_address",
    "email_address_query",
    "identifier",
    "phone_number",
    "phone_number_query",
    "query",
    "support_email",
];

pub(crate) fn untrusted(name: &str, shape: &str) -> String {
    let is_trusted = TRUSTED.contains(&name) || name.ends_with("_id") || name.ends_with("_ids");
    match (is_trusted, shape) {
        (true, _) => format!("{shape}({name:?})"),
        (false, "texts") => format!("untrusted_texts({name:?})"),
        (false, _) => format!("untrusted({name:?})"),
    }
}

/// The kind of a parameter, as an expression.
pub(crate) fn of(printer: &mut Printer<'_>, field: &Field, place: Place<'_>) -> String {
    let Field { name, shape, .. } = field;
    if let Some((items, most)) = shape.items() {
        if shape.is_joined {
            return "Kind::Text".into();
        }
        let single = of(printer, &Field { shape: items, ..field.clone() }, place);
        return match (place, most) {
            (Place::Query, _) => format!("Kind::Many(&{single}, {})", most.unwrap_or(100)),
            // A body of nothing asks for nothing; a field that is a list can be set to none.
            (_, Some(most)) if name == "body" => format!("Kind::Many(&{single}, {most})"),
            _ => format!("Kind::List(&{single})"),
        };
    }
    if !shape.named().is_empty() {
        return format!("Kind::Object({})", object(printer, shape));
    }
    if let Some(values) = shape.literals() {
        let is_flag = values.iter().all(|value| !value.starts_with('"'));
        return if is_flag { "Kind::Flag".into() } else { format!("Kind::OneOf(&[{}])", values.join(", ")) };
    }
    let (word, bounds) = shape.word();
    match (word, name.as_str(), place) {
        ("string", _, Place::Path(path)) => id(name, path).unwrap_or_else(|| "Kind::Key".into()),
        ("string", name, _) if CONTACTS.contains(&name) => "Kind::Contact".into(),
        // What is named like an id in there may be the name of somebody else's field.
        ("string", _, Place::Inside) => "Kind::Text".into(),
        ("string", _, _) => id(name, "").unwrap_or_else(|| "Kind::Text".into()),
        ("email", ..) => "Kind::EmailAddress".into(),
        ("date-time", ..) => "Kind::Time(Sent::Rfc3339)".into(),
        ("boolean", ..) => "Kind::Flag".into(),
        ("integer", name, _) if name.contains("_at") => "Kind::Time(Sent::Milliseconds)".into(),
        ("integer" | "number", ..) => integer(bounds),
        ("object", "private_metadata", _) => "Kind::PrivateMetadata".into(),
        ("object", "public_metadata" | "unsafe_metadata", _) => "Kind::Metadata".into(),
        ("object", ..) => "Kind::Open".into(),
        ("any", ..) => "Kind::Json".into(),
        _ => "Kind::Text".into(),
    }
}

/// The kind of an id that has a form of its own.
fn id(name: &str, path: &str) -> Option<String> {
    let resource = match name {
        "user_id" => "User",
        "organization_id" => "Organization",
        "session_id" => "Session",
        "invitation_id" if path.starts_with("/organizations/") => "Invitation",
        "invitation_id" if !path.is_empty() => "AppInvitation",
        _ => return None,
    };
    Some(format!("Kind::Id(Resource::{resource})"))
}

/// A whole number within bounds; what has none or may be negative is any number.
fn integer(bounds: &str) -> String {
    let Some((least, most)) = bounds.split_once("..") else { return "Kind::Number".into() };
    match least.parse::<u32>() {
        Ok(least) => format!("Kind::Integer {{ min: {least}, max: {} }}", most.parse().unwrap_or(u32::MAX)),
        Err(_) => "Kind::Number".into(),
    }
}

/// The fields of an object inside of a body.
fn object(printer: &mut Printer<'_>, shape: &Shape) -> String {
    let fields = printer.facts.fields(shape);
    let rows: Vec<String> = fields.iter().map(|field| printer.parameter(field, Place::Inside)).collect();
    printer.shared("FIELDS", &format!("[Given; {}] = [{}];\n", rows.len(), rows.join(", ")))
}

/// A name as one of a static.
pub(crate) fn identifier(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' }).collect()
}
