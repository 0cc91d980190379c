//! Pages of lists: the one shape in which all of them leave, whatever Clerk's own is.

use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::error::Failure;
use crate::kind::{Fallback, Kind, Parameter, parameter};
use crate::masks;
use crate::secret::Secret;
use crate::view::View;
use crate::view::read::{Reading, whole};

/// The most that Clerk lists at once.
pub(crate) const MOST_LISTED: usize = 500;

/// The number of results of a page: 1 to 500, 20 by default (Clerk's own default is 10).
pub(crate) const LIMIT: Parameter =
    parameter("limit", Kind::Integer { min: 1, max: 500 }, "How many.").or(Fallback::Integer(20)).shaping();
/// The number of results that a page skips.
pub(crate) const OFFSET: Parameter =
    parameter("offset", Kind::Integer { min: 0, max: u32::MAX }, "How many to skip: the last `next_offset`.").shaping();
/// The choice of a list to show private metadata.
pub(crate) const INCLUDE_PRIVATE_METADATA: Parameter =
    parameter("include_private_metadata", Kind::Flag, "Return private metadata too.").or(Fallback::Flag(false)).kept();

/// The parameter that leads to the next page by an id.
const CURSOR: &str = "starting_after";

/// The way from one page to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paging {
    /// Clerk says how many there are.
    Total,
    /// Clerk gives all there are at once.
    Whole,
    /// Clerk does not say it: one more than wanted is asked for.
    Probe,
    /// Like [`Self::Probe`], and in the order of creation the last id of a page leads to the next one.
    Cursor,
}

impl Paging {
    /// The number to ask Clerk for.
    pub(crate) fn limit(self, arguments: &Arguments) -> usize {
        let limit = arguments.number(&LIMIT);
        match self {
            Self::Total => limit,
            Self::Whole => usize::MAX,
            Self::Probe | Self::Cursor => (limit + 1).min(MOST_LISTED),
        }
    }

    /// One page of at most so many bytes, `{data, total_count?, has_more, next_offset?, next_cursor?}`, and the secrets of it.
    ///
    /// # Errors
    ///
    /// The answer is no list, bare or in an envelope.
    pub(crate) fn read(
        self,
        view: &View,
        arguments: &Arguments,
        answer: Value,
        bytes: usize,
    ) -> Result<(Value, Vec<Secret>), Failure> {
        if matches!(self, Self::Whole) {
            return first(view, answer, (usize::MAX, usize::MAX), bytes);
        }
        let offset = arguments.number(&OFFSET) as u64;
        let mut page = Page::read(answer, arguments.number(&LIMIT), self.limit(arguments), offset)?;
        if arguments.sent().contains_key(CURSOR) {
            // The total counts what is before the cursor too.
            page.has_more = page.is_full;
        }
        let order = arguments.sent().get("order_by").and_then(Value::as_str).unwrap_or("created_at");
        let is_by_creation = order.trim_start_matches(['+', '-']) == "created_at";
        let by_cursor = matches!(self, Self::Cursor) && offset == 0 && is_by_creation;
        Ok(page.show(view, !arguments.is_on(&INCLUDE_PRIVATE_METADATA), bytes, by_cursor))
    }
}

/// The first items of a list, at most `limit` of those that were asked for, less private metadata. No other page follows.
///
/// # Errors
///
/// The answer is no list.
pub(crate) fn first(
    view: &View,
    answer: Value,
    (limit, asked): (usize, usize),
    bytes: usize,
) -> Result<(Value, Vec<Secret>), Failure> {
    let (mut page, secrets) = Page::read(answer, limit, asked, 0)?.show(view, true, bytes, false);
    if let Value::Object(page) = &mut page {
        page.remove("next_offset");
    }
    Ok((page, secrets))
}

struct Page {
    items: Vec<Value>,
    total: Option<u64>,
    has_more: bool,
    /// True where there are as many items as were asked for, or more than are shown.
    is_full: bool,
    is_odd: bool,
    offset: u64,
    /// The number of items that the next page begins behind, those that could not be read among them.
    passed: usize,
}

impl Page {
    /// The first `limit` items of an answer to a request for `asked` items.
    fn read(answer: Value, limit: usize, asked: usize, offset: u64) -> Result<Self, Failure> {
        let List { mut items, total, received, is_odd } = list(answer)?;
        // A total that is smaller than what is there is none.
        let total = total.filter(|total| *total >= offset + received as u64 || received == 0);
        items.truncate(limit);
        let passed = received.min(limit);
        let is_full = received > limit || (received >= asked && received > 0 && asked <= limit);
        let has_more = total.map_or(is_full, |total| received > 0 && offset + (passed as u64) < total);
        Ok(Self { items, total, has_more, is_full, is_odd, offset, passed })
    }

    /// The items that so many bytes hold, and the way to the next page.
    fn show(mut self, view: &View, without_private: bool, bytes: usize, by_cursor: bool) -> (Value, Vec<Secret>) {
        let mut reading = Reading::of_items(without_private);
        if self.is_odd {
            reading.note();
        }
        let is_cut = cut(&mut self.items, |index, item| reading.item(view, index, item), bytes);
        let has_more = self.has_more || is_cut;
        let next = self.offset + if is_cut { self.items.len() } else { self.passed } as u64;
        let cursor = self.items.last().map(|item| item["id"].clone()).filter(|id| by_cursor && id.is_string());
        let shown = self.items.len();
        let mut list = Map::new();
        list.insert("data".into(), self.items.into());
        if let Some(total) = self.total {
            list.insert("total_count".into(), total.into());
        }
        list.insert("has_more".into(), has_more.into());
        match cursor.filter(|_| has_more) {
            Some(cursor) => drop(list.insert("next_cursor".into(), cursor)),
            None if has_more => drop(list.insert("next_offset".into(), next.into())),
            None => {}
        }
        let (list, mut secrets) = reading.take_secrets(list.into());
        // Not those of an item that was read and found no room.
        secrets.retain(|secret| !secret.name.starts_with(&format!("data.{shown}.")));
        (reading.finish(list), secrets)
    }
}

/// A list as it came: bare or in an envelope.
#[derive(Default)]
pub(crate) struct List {
    /// The objects in it.
    pub(crate) items: Vec<Value>,
    /// Their number on all pages, if the envelope tells it.
    pub(crate) total: Option<u64>,
    /// The number of items that came.
    received: usize,
    /// True where something was left out that is no object.
    pub(crate) is_odd: bool,
}

/// Reads a list.
///
/// # Errors
///
/// The answer is no list.
pub(crate) fn list(answer: Value) -> Result<List, Failure> {
    let (data, total) = match answer {
        Value::Object(mut envelope) => {
            let total = envelope.get("total_count").and_then(whole);
            (envelope.remove("data").unwrap_or_default(), total)
        }
        other => (other, None),
    };
    match data {
        Value::Array(mut items) => {
            let received = items.len();
            items.retain(Value::is_object);
            let is_odd = items.len() < received;
            Ok(List { items, total, received, is_odd })
        }
        // Some write an empty list so.
        Value::Object(fields) if fields.is_empty() && total.unwrap_or_default() == 0 => {
            Ok(List { total, ..List::default() })
        }
        _ => Err(Failure::unusable("the API answered with success, but not with a list")),
    }
}

/// Reads items until so many bytes are full, at least one, and leaves the rest out. Tells whether some were left.
fn cut(items: &mut Vec<Value>, mut read: impl FnMut(usize, Value) -> Value, bytes: usize) -> bool {
    let (mut shown, mut left) = (Vec::with_capacity(items.len()), bytes);
    let mut is_cut = false;
    for item in items.drain(..) {
        let item = read(shown.len(), item);
        if item.is_null() {
            continue;
        }
        // Handles take room too.
        let size = masks::copy(&item).as_ref().map_or_else(|| size(&item), size) + 1;
        is_cut = size > left && !shown.is_empty();
        if is_cut {
            break;
        }
        left = left.saturating_sub(size);
        shown.push(item);
    }
    *items = shown;
    is_cut
}

/// The bytes that a value takes as compact JSON.
fn size(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(true) => 4,
        Value::Bool(false) => 5,
        Value::Number(number) => number.to_string().len(),
        Value::String(text) => text_size(text),
        Value::Array(items) => 1 + items.len().max(1) + items.iter().map(size).sum::<usize>(),
        Value::Object(fields) => {
            let members = fields.iter().map(|(name, value)| text_size(name) + 1 + size(value));
            1 + fields.len().max(1) + members.sum::<usize>()
        }
    }
}

fn text_size(text: &str) -> usize {
    let escapes = text.bytes().map(|byte| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 8 | 12 => 2,
        ..0x20 => 6,
        _ => 1,
    });
    2 + escapes.sum::<usize>()
}

#[cfg(test)]
mod tests;
