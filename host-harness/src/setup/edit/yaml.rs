//! YAML.

use serde_json::{Map, Value, json};
use yaml_edit::{Document, Mapping, MappingBuilder, Parse, YamlFile, YamlNode};

use super::{Place, Uneditable, position};
use crate::setup::entry::Field;

pub(super) fn servers(text: &str, place: &Place) -> Result<Vec<(String, Value)>, Uneditable> {
    let Some(document) = document(&parse(text)?)? else { return Ok(Vec::new()) };
    let Some(servers) = mapping_of_servers(&document, place)? else { return Ok(Vec::new()) };
    Ok(pairs(&servers).collect())
}

pub(super) fn all(text: &str) -> Result<Map<String, Value>, Uneditable> {
    let all = document(&parse(text)?)?.and_then(|document| document.as_mapping());
    Ok(all.iter().flat_map(pairs).collect())
}

pub(super) fn put(text: &str, place: &Place, entry: &Field) -> Result<String, Uneditable> {
    if is_json(text) {
        return super::json::put(text, place, entry);
    }
    is_plain(text, place)?;
    let file = parse(text)?;
    let document = document(&file)?;
    let servers = document.as_ref().map(|document| mapping_of_servers(document, place)).transpose()?.flatten();
    // In an empty `{}`, the library would go on in one line.
    let Some(servers) = servers.filter(|servers| !servers.is_empty()) else {
        return Ok(put_first(text, place, entry));
    };
    let Field::Fields(fields) = entry else { return Err(Uneditable::TooIntricate) };
    let built = build(MappingBuilder::new(), fields).build_document();
    servers.set(place.name, built.as_mapping().ok_or(Uneditable::TooIntricate)?);
    Ok(file.to_string())
}

pub(super) fn remove(text: &str, place: &Place) -> Result<String, Uneditable> {
    if is_json(text) {
        return super::json::remove(text, place);
    }
    is_plain(text, place)?;
    let file = parse(text)?;
    let document = document(&file)?;
    let Some(servers) = document.as_ref().map(|document| mapping_of_servers(document, place)).transpose()?.flatten()
    else {
        return Ok(text.into());
    };
    let is_last = servers.keys().count() == 1 && servers.contains_key(place.name);
    if is_last {
        return Ok(remove_key(&file, document.as_ref(), place));
    }
    servers.remove(place.name);
    Ok(file.to_string())
}

fn remove_key(file: &YamlFile, document: Option<&Document>, place: &Place) -> String {
    document.map(|document| document.remove(place.servers));
    without_empty_root(&file.to_string())
}

/// Refuses what the library takes and no client does, and servers that are named to be used elsewhere too.
fn is_plain(text: &str, place: &Place) -> Result<(), Uneditable> {
    let with_tab = text.lines().position(|line| line.starts_with('\t') && !line.trim().is_empty());
    if let Some(line) = with_tab {
        return Err(Uneditable::Syntax { line: line + 1, column: 1, reason: "a tab does not indent".into() });
    }
    let value = key_of_servers(text, place).map(|(at, key)| text[at + key.len()..].trim_start());
    if value.is_some_and(|value| value.starts_with('&')) { Err(Uneditable::TooIntricate) } else { Ok(()) }
}

/// Tells whether a file is an object of JSON, which is YAML too, with something in it.
fn is_json(text: &str) -> bool {
    serde_json::from_str::<Map<_, Value>>(text).is_ok_and(|object| !object.is_empty())
}

/// A text without the `{}` that is all of it but for comments: nothing may come below it.
fn without_empty_root(text: &str) -> String {
    let is_all = |line: &&str| line.trim_end() == "{}" || line.starts_with("{} #");
    let line = |line| if is_all(&line) { line[2..].trim_start() } else { line };
    text.split_inclusive('\n').map(line).collect()
}

/// A text with this entry where there was none: below the key of the servers if that is there, otherwise at the end.
fn put_first(text: &str, place: &Place, entry: &Field) -> String {
    let Field::Fields(fields) = entry else { return text.into() };
    let all = MappingBuilder::new()
        .mapping(place.servers, |servers| servers.mapping(place.name, |server| build(server, fields)));
    let all = all.build_document().to_string();
    if let (Some((at, key)), Some((_, below))) = (key_of_servers(text, place), all.split_once('\n')) {
        let line = text[at..].split_inclusive('\n').next().unwrap_or_default();
        let comment = line.find(" #").map_or("", |at| line[at..].trim_end());
        return format!("{}{key}{comment}\n{}\n{}", &text[..at], below.trim_end(), &text[at + line.len()..]);
    }
    let text = without_empty_root(text);
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    format!("{text}{end}{}\n", all.trim_end())
}

/// The key of the servers with its colon, as it is written, and where it is in a text.
fn key_of_servers<'a>(text: &'a str, place: &Place) -> Option<(usize, &'a str)> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((key, _)) = line.split_once(':')
            && key.trim_end().trim_matches(['"', '\'']) == place.servers
        {
            return Some((at, &line[..=key.len()]));
        }
        at += line.len();
    }
    None
}

fn parse(text: &str) -> Result<YamlFile, Uneditable> {
    let parsed = Parse::<YamlFile>::parse_yaml(text);
    if let Some(error) = parsed.positioned_errors().first() {
        let (line, column) = position(text, error.range.start as usize);
        return Err(Uneditable::Syntax { line, column, reason: error.message.clone() });
    }
    Ok(parsed.tree())
}

/// The only document of a file, if it has anything in it.
fn document(file: &YamlFile) -> Result<Option<Document>, Uneditable> {
    let mut documents = file.documents();
    let document = documents.next();
    match (document, documents.next()) {
        (_, Some(_)) => Err(Uneditable::TooIntricate),
        (None, None) => Ok(None),
        (Some(document), None) if document.as_mapping().is_some() => Ok(Some(document)),
        (Some(document), None) if document.as_scalar().is_none() && document.as_sequence().is_none() => Ok(None),
        _ => Err(Uneditable::NotAnObject("the whole of it".into())),
    }
}

fn mapping_of_servers(document: &Document, place: &Place) -> Result<Option<Mapping>, Uneditable> {
    let keys = document.keys().filter(|key| key.as_scalar().is_some_and(|key| key.as_string() == place.servers));
    match (keys.count(), document.get(place.servers)) {
        (1, Some(YamlNode::Mapping(servers))) => Ok(Some(servers)),
        (1, Some(YamlNode::Scalar(nothing))) if nothing.is_null() => Ok(None),
        // No key, or one with nothing after it.
        (0 | 1, None) => Ok(None),
        (0 | 1, _) => Err(Uneditable::NotAnObject(place.servers.into())),
        _ => Err(Uneditable::Twice(place.servers.into())),
    }
}

fn build(mut builder: MappingBuilder, fields: &[(String, Field)]) -> MappingBuilder {
    for (name, field) in fields {
        builder = match field {
            Field::Text(text) => builder.pair(name, text.as_str()),
            Field::Flag(flag) => builder.pair(name, *flag),
            Field::Number(number) => builder.pair(name, i64::from(*number)),
            Field::Texts(texts) => {
                builder.sequence(name, |all| texts.iter().fold(all, |all, text| all.item(text.as_str())))
            }
            Field::Fields(fields) => builder.mapping(name, |inner| build(inner, fields)),
        };
    }
    builder
}

fn pairs(mapping: &Mapping) -> impl Iterator<Item = (String, Value)> {
    let name = |key: &YamlNode| key.as_scalar().map_or_else(|| key.to_string(), yaml_edit::Scalar::as_string);
    mapping.iter().map(move |(key, value)| (name(&key), to_json(&value)))
}

fn to_json(node: &YamlNode) -> Value {
    match node {
        YamlNode::Mapping(mapping) => Value::Object(pairs(mapping).collect::<Map<_, _>>()),
        YamlNode::Sequence(sequence) => sequence.values().map(|value| to_json(&value)).collect(),
        YamlNode::Scalar(scalar) => match (scalar.as_bool(), scalar.as_i64()) {
            (Some(flag), _) if !scalar.is_quoted() => json!(flag),
            (_, Some(number)) if !scalar.is_quoted() => json!(number),
            _ => json!(scalar.as_string()),
        },
        other => json!(other.to_string()),
    }
}
