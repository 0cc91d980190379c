//! Pages of lists: the one shape in which all of them leave, whatever Clerk's own is.

use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::error::Failure;
use crate::kind::{Default, Kind, Parameter, parameter};
use crate::view::View;
use crate::view::read::{Reading, whole};

/// The most that Clerk lists at once.
const MOST_LISTED: usize = 500;

/// The number of results of a page: 1 to 500, 20 by default (Clerk's own default is 10).
pub(crate) const LIMIT: Parameter =
    parameter("limit", Kind::Integer { min: 1, max: 500 }, "How many to return.").or(Default::Integer(20)).shaping();
/// The number of results that a page skips.
pub(crate) const OFFSET: Parameter = parameter(
    "offset",
    Kind::Integer { min: 0, max: u32::MAX },
    "How many to skip: the `next_offset` of the page before.",
)
.shaping();
/// The choice of a list to show private metadata.
pub(crate) const INCLUDE_PRIVATE_METADATA: Parameter =
    parameter("include_private_metadata", Kind::Flag, "Whether to return private metadata.")
        .or(Default::Flag(false))
        .kept();

/// The parameter that leads to the next page by an id.
const CURSOR: &str = "starting_after";

/// The way from one page to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Paging {
    /// Clerk says how many there are.
    Total,
    /// Clerk does not say it: one more than wanted is asked for.
    Probe,
    /// Like [`Self::Probe`], and in the order of creation the last id of a page leads to the next one.
    Cursor,
}

impl Paging {
    /// The number to ask Clerk for.
    pub(crate) fn limit(self, arguments: &Arguments) -> usize {
        let limit = arguments.number(&LIMIT);
        if matches!(self, Self::Total) { limit } else { (limit + 1).min(MOST_LISTED) }
    }

    /// One page of at most so many bytes: `{data, total_count?, has_more, next_offset?, next_cursor?}`.
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
    ) -> Result<Value, Failure> {
        let offset = arguments.number(&OFFSET);
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

/// The first page of a list of which at most `limit` were asked for, less private metadata.
///
/// # Errors
///
/// The answer is no list.
pub(crate) fn first(view: &View, answer: Value, limit: usize, bytes: usize) -> Result<Value, Failure> {
    Ok(Page::read(answer, limit, limit, 0)?.show(view, true, bytes, false))
}

struct Page {
    items: Vec<Value>,
    total: Option<u64>,
    has_more: bool,
    /// True where there are as many items as were asked for, or more than are shown.
    is_full: bool,
    offset: usize,
}

impl Page {
    /// The first `limit` items of an answer to a request for `asked` items.
    fn read(answer: Value, limit: usize, asked: usize, offset: usize) -> Result<Self, Failure> {
        let (mut items, total) = list(answer)?;
        let received = items.len();
        // A total that is smaller than what is there is none.
        let total = total.filter(|total| *total >= (offset + received) as u64 || received == 0);
        items.truncate(limit);
        let is_full = received > limit || (received >= asked && received > 0 && asked <= limit);
        let has_more = total.map_or(is_full, |total| received > 0 && ((offset + items.len()) as u64) < total);
        Ok(Self { items, total, has_more, is_full, offset })
    }

    /// The items that so many bytes hold, and the way to the next page.
    fn show(mut self, view: &View, without_private: bool, bytes: usize, by_cursor: bool) -> Value {
        let mut reading = Reading::of_items(without_private);
        let received = self.items.len();
        let is_cut = cut(&mut self.items, |item| reading.item(view, item), bytes);
        let has_more = self.has_more || is_cut;
        // Items that could not be read count: the next page begins behind them.
        let next = self.offset + if is_cut { self.items.len() } else { received };
        let cursor = self.items.last().map(|item| item["id"].clone()).filter(|id| by_cursor && id.is_string());
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
        reading.finish(list.into())
    }
}

/// The items of a list, bare or in an envelope, and their number on all pages if the envelope tells it.
///
/// # Errors
///
/// The answer is no list.
pub(crate) fn list(answer: Value) -> Result<(Vec<Value>, Option<u64>), Failure> {
    match answer {
        Value::Array(items) => Ok((items, None)),
        Value::Object(mut envelope) => match envelope.remove("data") {
            Some(Value::Array(items)) => Ok((items, envelope.get("total_count").and_then(whole))),
            // An odd list is none; whatever is beside it tells that it is a page.
            Some(_) if envelope.contains_key("total_count") => Ok((Vec::new(), None)),
            _ => Err(Failure::unusable("the API answered with success, but not with a list")),
        },
        _ => Err(Failure::unusable("the API answered with success, but not with a list")),
    }
}

/// Reads items until so many bytes are full, at least one, and leaves the rest out. Tells whether some were left.
fn cut(items: &mut Vec<Value>, mut read: impl FnMut(Value) -> Value, bytes: usize) -> bool {
    let (mut shown, mut left) = (Vec::with_capacity(items.len()), bytes);
    let mut is_cut = false;
    for item in items.drain(..) {
        let item = read(item);
        if item.is_null() {
            continue;
        }
        let size = size(&item) + 1;
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
