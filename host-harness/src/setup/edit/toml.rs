//! TOML.

use serde_json::{Map, Value, json};
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, value};

use super::{Place, Uneditable, position};
use crate::setup::entry::Field;

pub(super) fn servers(text: &str, place: &Place) -> Result<Vec<(String, Value)>, Uneditable> {
    let document = parse(text)?;
    match document.get(place.servers) {
        None => Ok(Vec::new()),
        Some(servers) => {
            let servers = servers.as_table_like().ok_or_else(|| Uneditable::NotAnObject(place.servers.into()))?;
            Ok(servers.iter().map(|(name, entry)| (name.to_owned(), to_json(entry))).collect())
        }
    }
}

pub(super) fn all(text: &str) -> Result<Map<String, Value>, Uneditable> {
    Ok(fields(parse(text)?.as_table()))
}

pub(super) fn put(text: &str, place: &Place, entry: &Field) -> Result<String, Uneditable> {
    let mut document = parse(text)?;
    let has_text = !text.trim().is_empty();
    let servers = document.entry(place.servers).or_insert_with(|| {
        let mut servers = Table::new();
        servers.set_implicit(true);
        Item::Table(servers)
    });
    match servers {
        Item::Table(servers) => {
            let mut table = table(entry);
            if let Some(Item::Table(old)) = servers.get(place.name) {
                // In its place, with the comments above it.
                table.set_position(old.position());
                *table.decor_mut() = old.decor().clone();
            } else if has_text {
                table.decor_mut().set_prefix("\n");
            }
            servers.insert(place.name, Item::Table(table));
        }
        servers => {
            let servers = servers.as_table_like_mut().ok_or(Uneditable::TooIntricate)?;
            servers.insert(place.name, inline(entry));
        }
    }
    Ok(document.to_string())
}

pub(super) fn remove(text: &str, place: &Place) -> Result<String, Uneditable> {
    let mut document = parse(text)?;
    let Some(servers) = document.get_mut(place.servers).and_then(Item::as_table_like_mut) else {
        return Ok(text.into());
    };
    servers.remove(place.name);
    if servers.is_empty() {
        document.remove(place.servers);
    }
    Ok(document.to_string())
}

fn parse(text: &str) -> Result<DocumentMut, Uneditable> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let (line, column) = position(text, error.span().map_or(0, |span| span.start));
        Uneditable::Syntax { line, column, reason: error.message().trim().replace('\n', ", ") }
    })
}

/// The fields of an entry, those of its own fields in one line.
fn table(entry: &Field) -> Table {
    let mut table = Table::new();
    if let Field::Fields(fields) = entry {
        table.extend(fields.iter().map(|(name, field)| (name.as_str(), inline(field))));
    }
    table
}

fn inline(field: &Field) -> Item {
    match field {
        Field::Text(text) => value(text),
        Field::Flag(flag) => value(*flag),
        Field::Number(number) => value(i64::from(*number)),
        Field::Texts(texts) => value(texts.iter().collect::<Array>()),
        Field::Fields(fields) => {
            let pairs = fields.iter().filter_map(|(name, field)| Some((name, inline(field).into_value().ok()?)));
            value(pairs.collect::<InlineTable>())
        }
    }
}

fn to_json(item: &Item) -> Value {
    if let Some(table) = item.as_table_like() {
        return Value::Object(fields(table));
    }
    match item.as_value() {
        Some(toml_edit::Value::String(text)) => json!(text.value()),
        Some(toml_edit::Value::Integer(number)) => json!(number.value()),
        Some(toml_edit::Value::Float(number)) => json!(number.value()),
        Some(toml_edit::Value::Boolean(flag)) => json!(flag.value()),
        Some(toml_edit::Value::Array(array)) => {
            array.iter().map(|value| to_json(&Item::Value(value.clone()))).collect()
        }
        _ => json!(item.to_string().trim()),
    }
}

fn fields(table: &dyn TableLike) -> Map<String, Value> {
    table.iter().map(|(name, item)| (name.to_owned(), to_json(item))).collect()
}
