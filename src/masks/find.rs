//! Finds email addresses and telephone numbers in texts. What may be one is taken for one: masked, nothing is lost.

use super::Kinds;
use crate::phone_number::{self, is_between};

/// The sort of a masked value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Email,
    Phone,
}

/// A value to mask, and its place in a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) sort: Sort,
    pub(super) value: String,
}

impl Found {
    /// The part of it that is shown: `a…@example.com`, `+1…67`.
    pub(super) fn shown(&self) -> String {
        let value = self.value.as_str();
        let (first, last) = match self.sort {
            Sort::Email => (1, value.bytes().rposition(|byte| byte == b'@').unwrap_or_default()),
            Sort::Phone => (1 + usize::from(value.starts_with('+')), value.len().saturating_sub(2)),
        };
        let first = value.get(..first).or_else(|| value.split_inclusive(|_| true).next());
        [first.unwrap_or_default(), "…", value.get(last..).unwrap_or_default()].concat()
    }
}

/// ASCII that stands in the name before the sign, besides letters and digits. A few more may, and do so in parts of URLs rather.
const IN_NAME: &[u8] = b"!#$%'*+-.^_`{|}~";
/// What puts a name in quotes or sets it apart rather than to begin it.
const BEFORE_NAME: &[u8] = b"!#$'*-.^`{|}~";
/// The most bytes of a name in quotes.
const LONGEST_QUOTED: usize = 64;

/// The first value of these kinds in a text from here. Where a number is expected, what has no country code is one too.
pub(super) fn next(text: &str, from: usize, kinds: Kinds, is_number: bool) -> Option<Found> {
    for at in from..text.len() {
        let length = if kinds.emails { at_sign(text, at) } else { 0 };
        let mut found = if length > 0 { address(text, from, at, length) } else { None };
        if kinds.phones && found.is_none() {
            found = number(text, at, kinds, is_number);
        }
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The length of the sign between a name and a domain that stands here, 0 where there is none.
pub(super) fn at_sign(text: &str, at: usize) -> usize {
    match text.as_bytes()[at..] {
        [b'@', ..] => 1,
        // As wide as an ideograph, and small.
        [0xef, 0xbc, 0xa0, ..] | [0xef, 0xb9, 0xab, ..] => 3,
        _ => encoded(&text.as_bytes()[at..], "40", "64", "commat"),
    }
}

/// The length of the plus before a country code that stands here, 0 where there is none.
fn plus(text: &str, at: usize) -> usize {
    match text.as_bytes()[at..] {
        [b'+', ..] => 1,
        // As wide as an ideograph.
        [0xef, 0xbc, 0x8b, ..] => 3,
        _ => encoded(&text.as_bytes()[at..], "2b", "43", "plus"),
    }
}

/// The most times that a character is written over.
const MOST_TIMES: usize = 8;

/// The length of a character that stands here as URLs, JSON and HTML write it, once or several times over; 0 where it does not.
fn encoded(text: &[u8], hexadecimal: &str, decimal: &str, name: &str) -> usize {
    // Most characters are none.
    if text.first().is_none_or(|first| !b"%\\&".contains(first)) {
        return 0;
    }
    let mut rest = text;
    let mut take = |part: &str| {
        let is_there = rest.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part.as_bytes()));
        rest = &rest[if is_there { part.len() } else { 0 }..];
        is_there
    };
    let is_encoded = if take("%") {
        let _ = (0..MOST_TIMES).all(|_| take("25"));
        take(hexadecimal)
    } else if take("\\") {
        let _ = (0..MOST_TIMES).all(|_| take("\\"));
        take("u00") && take(hexadecimal)
    } else if take("&#") {
        let digits = if take("x") { hexadecimal } else { decimal };
        let _ = (0..MOST_TIMES).all(|_| take("0"));
        take(digits)
    } else {
        take("&") && take(name)
    };
    if text.starts_with(b"&") {
        take(";");
    }
    if is_encoded { text.len() - rest.len() } else { 0 }
}

/// The address of which the sign stands at `at`, and that begins at `from` at the earliest.
fn address(text: &str, from: usize, at: usize, length: usize) -> Option<Found> {
    let (mut last_sign, mut domain) = (at, at + length);
    let mut end = domain_end(text.as_bytes(), domain)?;
    // A name may have a sign of its own.
    loop {
        let length = at_sign(text, end);
        match domain_end(text.as_bytes(), end + length) {
            Some(next) if length > 0 => (last_sign, domain, end) = (end, end + length, next),
            _ => break,
        }
    }
    let start = whole_start(text, last_sign, end).or_else(|| name_start(text.as_bytes(), from, at))?;
    let name = &text[start..last_sign];
    // All addresses of a domain are nobody's.
    let value = || [&*decoded(name), "@", &text[domain..end]].concat();
    (name != "*").then(|| Found { start, end, sort: Sort::Email, value: value() })
}

/// A name in which what URLs encode is a character again.
fn decoded(name: &str) -> String {
    let (mut decoded, mut rest) = (String::new(), name);
    while let Some(letter) = rest.chars().next() {
        let (letter, length) = match rest.as_bytes() {
            [b'%', b'2', b'B' | b'b', ..] => ('+', 3),
            [b'%', b'4', b'0', ..] => ('@', 3),
            _ => (letter, letter.len_utf8()),
        };
        decoded.push(letter);
        rest = &rest[length..];
    }
    decoded
}

/// The length in bytes of the letter or digit that begins here, or of one of these other characters; 0 where another mark does, or
/// a space.
fn word(text: &[u8], at: usize, others: &[u8]) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let is_mark = match *rest {
        [first @ ..=0x7f, ..] => return usize::from(first.is_ascii_alphanumeric() || others.contains(&first)),
        // Latin-1, general punctuation and arrows, but for the joiners, and the marks of East Asia, wide and small ones too.
        [0xe2, 0x80, third, ..] => third != 0x8c && third != 0x8d,
        [0xe3, 0x80, third, ..] => third < 0x84 || (0x88..0xa1).contains(&third),
        [0xef, 0xbc, third, ..] => third < 0x90 || (0x9a..0xa1).contains(&third),
        [] | [0xc2, ..] | [0xe2, 0x81 | 0x86 | 0x87, ..] | [0xef, 0xb9, ..] => true,
        _ => false,
    };
    if is_mark { 0 } else { 1 + rest[1..].iter().take_while(|byte| **byte & 0xc0 == 0x80).count() }
}

/// The start of the run of letters, digits and other characters that ends here.
fn run_start(text: &[u8], from: usize, end: usize) -> usize {
    let mut start = end;
    while start > from {
        let mut before = start - 1;
        while before > from && text[before] & 0xc0 == 0x80 {
            before -= 1;
        }
        if word(text, before, IN_NAME) == 0 {
            break;
        }
        start = before;
    }
    start
}

/// The start of the name of an address that is all of a text: nothing puts it in quotes there.
fn whole_start(text: &str, sign: usize, end: usize) -> Option<usize> {
    if !text[end..].trim_start().is_empty() {
        return None;
    }
    let start = text.len() - text.trim_start().len();
    let is_whole = start < sign && run_start(text.as_bytes(), start, sign) == start;
    (is_whole && !text.as_bytes()[start..sign].contains(&b'%')).then_some(start)
}

/// The start of the name that ends here; none where there is none.
fn name_start(text: &[u8], from: usize, end: usize) -> Option<usize> {
    if let Some(start) = quoted(&text[from..end]) {
        return Some(from + start);
    }
    let mut start = run_start(text, from, end);
    start += escape(text, start, end);
    start = after_encoded(text, start, end);
    while start < end && BEFORE_NAME.contains(&text[start]) {
        start += 1;
    }
    (start < end).then_some(start)
}

/// The start of a name in quotes.
fn quoted(before: &[u8]) -> Option<usize> {
    let inside = before.strip_suffix(b"\"")?;
    let start = inside.iter().rposition(|byte| *byte == b'"')?;
    let name = &inside[start + 1..];
    let is_name = name.iter().any(u8::is_ascii_alphanumeric) && !name.iter().any(|byte| b",:;{}[]\n".contains(byte));
    (is_name && name.len() <= LONGEST_QUOTED).then_some(start)
}

/// The length of the end of an escape of JSON before a name, as in `\nada@…`.
fn escape(text: &[u8], start: usize, end: usize) -> usize {
    let slashes = text[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
    let length = match text[start..end] {
        [b'n' | b'r' | b't' | b'b' | b'f', ..] => 1,
        [b'u', ..] => 5,
        _ => 0,
    };
    if slashes % 2 == 1 && length < end - start { length } else { 0 }
}

/// The start of a name in a URL without what is encoded before it, as in `%3Dada@…`.
fn after_encoded(text: &[u8], from: usize, end: usize) -> usize {
    let mut start = from;
    for at in from..end.saturating_sub(3) {
        if let [b'%', one, other] = text[at..at + 3] {
            let is_plus = one == b'2' && other.eq_ignore_ascii_case(&b'b');
            if one.is_ascii_hexdigit() && other.is_ascii_hexdigit() && !is_plus {
                start = at + 3;
            }
        }
    }
    start
}

/// The end of the domain that begins here; none where there is none.
fn domain_end(text: &[u8], start: usize) -> Option<usize> {
    let mut end = start;
    if text.get(start) == Some(&b'[') {
        let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b".:".contains(byte);
        end += 1 + text[start + 1..].iter().take_while(is_part).count();
        return (text.get(end) == Some(&b']') && end > start + 1).then_some(end + 1);
    }
    let mut last = start;
    loop {
        match word(text, end, b"-._") {
            0 => break,
            length => end += length,
        }
        if !b"-._".contains(&text[end - 1]) {
            last = end;
        }
    }
    (last > start && text[start] != b'.').then_some(last)
}

/// The number that begins here. One that is the name of an address is none.
fn number(text: &str, start: usize, kinds: Kinds, is_expected: bool) -> Option<Found> {
    let (plus, bytes) = (plus(text, start), text.as_bytes());
    let is_word =
        |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || (byte == b'_' && plus == 0));
    let is_clock = plus == 0 && matches!(bytes[..start], [.., b'0'..=b'9', b':']);
    if (plus == 0 && !is_expected) || is_clock || is_word(bytes[..start].last().copied()) {
        return None;
    }
    let digits = start + plus + usize::from(plus > 0 && bytes[start + plus..].starts_with(b"("));
    let (end, count) = groups_end(text, digits);
    let is_date = matches!(bytes[digits..end], [_, _, _, _, b'-', _, _, b'-', _, _]);
    let is_part = plus == 0 && (is_date || is_word(bytes.get(end).copied()));
    let is_name = kinds.emails && at_sign(text, end) > 0;
    let fits = if plus > 0 { (FEWEST..=MOST).contains(&count) } else { count >= FEWEST_EXPECTED };
    let sign = if plus > 0 { "+" } else { "" };
    let value = || e164([sign, &text[digits..end]].concat());
    (fits && !is_part && !is_name).then(|| Found { start, end, sort: Sort::Phone, value: value() })
}

/// The fewest digits of a number with its country code, and the most (E.164).
const FEWEST: usize = 7;
const MOST: usize = 15;
/// The fewest digits of a number that is expected.
const FEWEST_EXPECTED: usize = 5;
/// The digits with which a number is whole, unless few follow.
const WHOLE: usize = 10;
const FEW: usize = 3;
/// The most characters between two groups of digits.
const BETWEEN_GROUPS: usize = 3;

/// The end of a number that begins here, in one group that is long enough or in several as people write them, and the number of
/// its digits.
fn groups_end(text: &str, start: usize) -> (usize, usize) {
    let digits = |at: usize| text.as_bytes()[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut count = digits(start);
    let mut end = start + count;
    if !(1..FEWEST).contains(&count) {
        return (end, count);
    }
    loop {
        let next = text.len() - text[end..].trim_start_matches(is_between).len();
        let (marks, group) = (text[end..next].chars().count(), digits(next));
        let is_part = (1..=BETWEEN_GROUPS).contains(&marks) && group > 0 && count + group <= MOST;
        if !is_part || (count >= WHOLE && group > FEW) {
            return (end, count);
        }
        (end, count) = (next + group, count + group);
    }
}

/// A number as Clerk has it; as it is written where it has no country code.
fn e164(written: String) -> String {
    phone_number::e164(&written).unwrap_or(written)
}
