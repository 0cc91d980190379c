//! JSON with comments.

use jsonc_parser::cst::{CstInputValue, CstNode, CstObject, CstObjectProp, CstRootNode};
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};
use serde_json::{Map, Value};

use super::{Place, Uneditable};
use crate::setup::entry::Field;

/// What clients take beyond JSON.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_trailing_commas: true,
    allow_loose_object_property_names: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn servers(text: &str, place: &Place) -> Result<Vec<(String, Value)>, Uneditable> {
    let Some(servers) = object_of_servers(&parse(text)?, place)? else { return Ok(Vec::new()) };
    let pair = |property: CstObjectProp| Some((property.decoded_name()?, property.value()?.to_serde_value()?));
    Ok(servers.properties().into_iter().filter_map(pair).collect())
}

pub(super) fn all(text: &str) -> Result<Map<String, Value>, Uneditable> {
    match parse(text)?.value().and_then(|value| value.to_serde_value()) {
        Some(Value::Object(all)) => Ok(all),
        _ => Ok(Map::new()),
    }
}

pub(super) fn put(text: &str, place: &Place, entry: &Field) -> Result<String, Uneditable> {
    let root = parse(text)?;
    if let Some(edited) = put_in_line(text, place, entry) {
        return Ok(edited);
    }
    let is_empty = root.value().is_none();
    let object = root.object_value_or_set();
    let servers = object_of_servers(&root, place)?.unwrap_or_else(|| object.object_value_or_set(place.servers));
    match servers.get(place.name) {
        Some(property) => property.set_value(input(entry)),
        None => drop(servers.append(place.name, input(entry))),
    }
    let edited = root.to_string();
    Ok(if is_empty && !edited.ends_with('\n') { edited + "\n" } else { edited })
}

/// The entry in an object that is all in one line, as programs write it, if it is one and has no such entry.
fn put_in_line(text: &str, place: &Place, entry: &Field) -> Option<String> {
    let text_of_entry = entry.to_json().to_string();
    let name = |name: &str| Value::from(name).to_string();
    let parsed = parse_to_ast(text, &CollectOptions::default(), &OPTIONS).ok()?;
    let root = parsed.value.as_ref()?.as_object()?;
    let is_in_line = |text: &str| !text.trim().contains('\n');
    let servers = root.get_object(place.servers).filter(|servers| !servers.properties.is_empty());
    let servers_are = servers.is_some_and(|servers| is_in_line(&text[servers.range.start..servers.range.end]));
    if root.properties.is_empty() || !(servers_are || is_in_line(text)) {
        return None;
    }
    let (object, added) = match root.get_object(place.servers) {
        Some(servers) if servers.get(place.name).is_some() => return None,
        Some(servers) => (servers, format!("{}:{text_of_entry}", name(place.name))),
        None => (root, format!("{}:{{{}:{text_of_entry}}}", name(place.servers), name(place.name))),
    };
    let comma = match object.properties.last() {
        // A comma or a comment may stand there.
        Some(last) if text[last.range.end..object.range.end - 1].trim().is_empty() => ",",
        Some(_) => return None,
        None => "",
    };
    let at = object.properties.last().map_or(object.range.end - 1, |last| last.range.end);
    Some(format!("{}{comma}{added}{}", &text[..at], &text[at..]))
}

pub(super) fn remove(text: &str, place: &Place) -> Result<String, Uneditable> {
    let root = parse(text)?;
    let Some(servers) = object_of_servers(&root, place)? else { return Ok(text.into()) };
    if let Some(property) = servers.get(place.name) {
        property.remove();
        let is_bare = servers.properties().is_empty() && !servers.children().iter().any(CstNode::is_comment);
        if is_bare && let Some(key) = root.object_value().and_then(|object| object.get(place.servers)) {
            key.remove();
        }
    }
    Ok(root.to_string())
}

fn parse(text: &str) -> Result<CstRootNode, Uneditable> {
    CstRootNode::parse(text, &OPTIONS).map_err(|error| Uneditable::Syntax {
        line: error.line_display(),
        column: error.column_display(),
        reason: error.kind().to_string(),
    })
}

fn object_of_servers(root: &CstRootNode, place: &Place) -> Result<Option<CstObject>, Uneditable> {
    let Some(value) = root.value() else { return Ok(None) };
    let object = value.as_object().ok_or_else(|| Uneditable::NotAnObject("the whole of it".into()))?;
    let is_key = |property: &CstObjectProp| property.decoded_name().as_deref() == Some(place.servers);
    let mut keys = object.properties().into_iter().filter(is_key);
    match (keys.next(), keys.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(Uneditable::Twice(place.servers.into())),
        (Some(key), None) => key.object_value().map(Some).ok_or_else(|| Uneditable::NotAnObject(place.servers.into())),
    }
}

fn input(field: &Field) -> CstInputValue {
    match field {
        Field::Text(text) => text.as_str().into(),
        Field::Flag(flag) => (*flag).into(),
        Field::Number(number) => CstInputValue::Number(number.to_string()),
        Field::Texts(texts) => CstInputValue::Array(texts.iter().map(|text| text.as_str().into()).collect()),
        Field::Fields(fields) => {
            CstInputValue::Object(fields.iter().map(|(name, field)| (name.clone(), input(field))).collect())
        }
    }
}
