//! Masks of email addresses and telephone numbers: what leaves shows `a…@example.com (email_…)` instead of an address, and the
//! handle in the brackets stands for the address where one is an argument. They are on for one call, which an instance serves at
//! a time.

mod find;
mod handle;

use core::cell::RefCell;
use std::borrow::Cow;

use serde_json::Value;
use text_cleaning::without_invisible;

use self::handle::Handles;

/// The values that are masked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    pub(crate) emails: bool,
    pub(crate) phones: bool,
}

impl Kinds {
    /// The words that operators set them by.
    pub(crate) fn words(self) -> Vec<&'static str> {
        let all = [(self.emails, "emails"), (self.phones, "phones")];
        all.into_iter().filter_map(|(is_on, word)| is_on.then_some(word)).collect()
    }

    pub(crate) fn is_any(self) -> bool {
        self.emails || self.phones
    }
}

struct Masks {
    kinds: Kinds,
    handles: Handles,
}

thread_local! {
    static CURRENT: RefCell<Option<Masks>> = const { RefCell::new(None) };
}

/// Puts on masks for what follows, or takes them off. Without a key of 32 bytes there are no handles: nothing leaves unmasked, and
/// no handle is taken.
pub(crate) fn put_on(kinds: Kinds, key: Option<&[u8]>) {
    let masks = kinds.is_any().then(|| Masks { kinds, handles: Handles::new(key.unwrap_or_default()) });
    CURRENT.set(masks);
}

pub(crate) fn are_on() -> bool {
    CURRENT.with_borrow(Option::is_some)
}

/// Does something with the masks, if they are on.
fn with<T>(action: impl FnOnce(&mut Masks) -> T) -> Option<T> {
    CURRENT.with_borrow_mut(|masks| masks.as_mut().map(action))
}

/// A text with each address and number masked.
pub(crate) fn text(text: Cow<'_, str>) -> Cow<'_, str> {
    match with(|masks| masks.masked(&text, false)) {
        Some(Some(masked)) => masked.into(),
        _ => text,
    }
}

/// The value of a member of this name with each of its strings masked, names too.
pub(crate) fn member(name: &str, mut value: Value) -> Value {
    with(|masks| masks.mask(&mut value, is_of_numbers(name)));
    value
}

/// A value as it leaves; none where masks are off.
pub(crate) fn copy(value: &Value) -> Option<Value> {
    are_on().then(|| member("", value.clone()))
}

/// The fewest digits of a telephone number that is no text: fewer count or order something.
const FEWEST_DIGITS_OF_NUMBERS: usize = 7;

/// Tells whether a field of this name holds telephone numbers as people write them, and so does what is in it.
fn is_of_numbers(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["phone", "mobile", "identifier"].iter().any(|part| name.contains(part))
}

impl Masks {
    /// None where nothing is masked.
    fn masked(&mut self, text: &str, is_number: bool) -> Option<String> {
        let (mut masked, mut copied) = (String::new(), 0);
        let mut next = find::next(text, 0, self.kinds, is_number);
        while let Some(found) = next {
            masked.push_str(&text[copied..found.start]);
            masked.push_str(&found.shown());
            if let Some(handle) = self.handles.of(&found) {
                masked.push_str(" (");
                masked.push_str(&handle);
                masked.push(')');
            }
            copied = found.end;
            next = find::next(text, copied, self.kinds, is_number);
        }
        masked.push_str(text.get(copied..).filter(|_| copied > 0)?);
        Some(masked)
    }

    fn mask(&mut self, value: &mut Value, is_number: bool) {
        match value {
            Value::String(text) => {
                if let Some(masked) = self.masked(text, is_number) {
                    *text = masked;
                }
            }
            Value::Number(number) if is_number => {
                let text = number.to_string();
                let is_long = text.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS_OF_NUMBERS;
                if let Some(masked) = self.masked(&text, is_long) {
                    *value = masked.into();
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.mask(item, is_number);
                }
            }
            Value::Object(fields) => {
                let mut renamed = Vec::new();
                // A change names the field that it is of.
                let is_change = fields.contains_key("before") || fields.contains_key("after");
                let path = fields.get("path").and_then(Value::as_str).filter(|_| is_change).unwrap_or_default();
                let is_number = is_number || is_of_numbers(path);
                let is_time = |name: &str| name.ends_with("_at");
                let tells_time = is_time(path);
                for (name, value) in fields.iter_mut() {
                    let is_number = is_number || is_of_numbers(name);
                    if !(value.is_number() && (tells_time || is_time(name))) {
                        self.mask(value, is_number);
                    }
                    // Changes in the audit log have paths for names.
                    if let Some(masked) = self.masked(name, is_number) {
                        renamed.push((name.clone(), masked));
                    }
                }
                for (name, masked) in renamed {
                    let value = fields.remove(&name).unwrap_or_default();
                    fields.insert(masked, value);
                }
            }
            _ => {}
        }
    }

    fn opened(&mut self, text: &str) -> Result<Option<String>, &'static str> {
        let Some((start, end)) = handle::next(text, 0, SHORT) else {
            return if holds_masked(text, true) { Err(NOT_WHOLE) } else { Ok(None) };
        };
        if !around(&text[end..]).is_empty() {
            return Err(NOT_WHOLE);
        }
        let found = self.handles.open(&text[start..end]).ok_or(FOREIGN)?;
        let (shown, expected) = (around(&text[..start]), found.shown());
        // Who mixes up a person and a handle means neither.
        let is_same = |(one, other): (&str, &str)| one == around(other);
        let is_same = ["…", "..."].iter().any(|dots| {
            let parts = shown.split_once(dots).zip(expected.split_once('…'));
            parts.is_some_and(|((first, last), expected)| is_same((first, expected.0)) && is_same((last, expected.1)))
        });
        if shown.is_empty() || is_same { Ok(Some(found.value)) } else { Err(MIXED_UP) }
    }
}

/// A text without what may stand around a handle that is given, and is no part of it.
fn around(text: &str) -> &str {
    let (mut start, mut end, bytes) = (0, text.len(), text.as_bytes());
    let is_around = |byte: u8| b" ()`\"'<>".contains(&byte);
    while start < end && is_around(bytes[start]) {
        start += 1;
    }
    while start < end && is_around(bytes[end - 1]) {
        end -= 1;
    }
    &text[start..end]
}

/// The letters of what may be the beginning of a handle, where one is expected.
const SHORT: usize = 15;

/// The value of an argument that is a handle, alone or behind what is shown with it; none where it is anything else.
///
/// # Errors
///
/// Why the handle is not taken, for the caller.
pub(crate) fn opened(text: &str) -> Result<Option<String>, &'static str> {
    match with(|masks| masks.opened(text)) {
        Some(opened) => opened,
        None if handle::next(text, 0, handle::SHORTEST).is_some() => Err(OFF),
        None => Ok(None),
    }
}

/// Refuses an argument in which something masked stands where neither an address nor a number is expected: it would be stored so.
///
/// # Errors
///
/// It holds something masked.
pub(crate) fn check(value: &Value) -> Result<(), &'static str> {
    if are_on() && holds_masked_within(value, false) { Err(MISPLACED) } else { Ok(()) }
}

fn holds_masked_within(value: &Value, is_number: bool) -> bool {
    match value {
        Value::String(text) => holds_masked(text, is_number),
        Value::Array(items) => items.iter().any(|item| holds_masked_within(item, is_number)),
        Value::Object(fields) => fields.iter().any(|(name, value)| {
            let is_number = is_number || is_of_numbers(name);
            holds_masked(name, is_number) || holds_masked_within(value, is_number)
        }),
        _ => false,
    }
}

/// Tells whether something masked stands in a text, with its handle or without. Where numbers are expected, one without a plus is
/// masked too: elsewhere it may be a range.
pub(crate) fn holds_masked(text: &str, is_expected: bool) -> bool {
    let text = &*without_invisible(text);
    let is_masked = |dots: &str| {
        text.match_indices(dots)
            .any(|(at, _)| find::at_sign(text, at + dots.len()) > 0 || is_number(text, at, dots, is_expected))
    };
    is_masked("…") || is_masked("...") || handle::next(text, 0, handle::SHORTEST).is_some()
}

/// Tells whether a number stands around these dots, of which a digit is shown before them and two behind them.
fn is_number(text: &str, at: usize, dots: &str, is_expected: bool) -> bool {
    let digits = |part: &mut dyn Iterator<Item = u8>| part.take_while(u8::is_ascii_digit).count();
    let (before, behind) = (&text.as_bytes()[..at], &text.as_bytes()[at + dots.len()..]);
    let is_shown = digits(&mut before.iter().rev().copied()) == 1 && digits(&mut behind.iter().copied()) == 2;
    is_shown && (is_expected || before[..at - 1].ends_with(b"+"))
}

/// A text as a person reads it in a sentence: without handles, which are for programs.
pub(crate) fn without_handles(text: &str) -> Cow<'_, str> {
    let (mut left, mut copied, mut at) = (String::new(), 0, 0);
    if !are_on() {
        return text.into();
    }
    while let Some((start, end)) = handle::next(text, at, handle::SHORTEST) {
        at = end;
        if text[..start].ends_with(" (") && text[end..].starts_with(')') {
            left.push_str(&text[copied..start - 2]);
            copied = end + 1;
        }
    }
    if copied == 0 { text.into() } else { (left + &text[copied..]).into() }
}

const FOREIGN: &str =
    "this handle cannot be opened: it is not whole, or of another instance or key; take it from an answer again";
const NOT_WHOLE: &str = "what is masked is given by its handle, `email_…` or `phone_…`, whole and by itself";
const MIXED_UP: &str = "what stands before the handle is not what the handle stands for: take both from one answer, or give the handle alone";
const OFF: &str = "this is the handle of something masked, and masks are off here: give the address or number itself";
const MISPLACED: &str =
    "it holds something masked; a handle is taken only where an email address, a phone number or a search is asked for";

#[cfg(test)]
mod tests;
