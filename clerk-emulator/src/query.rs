//! Reads query strings by Clerk's rules, and keeps every fault so that one answer names them all.

use std::cmp::Ordering;

use crate::errors::{Fault, Refusal};

/// How many values a repeated parameter takes.
const ARRAY_LIMIT: usize = 100;

/// The parameters of one request. What a reader does not ask for is ignored, as Clerk ignores it.
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    faults: Vec<Fault>,
}

/// Which part of a list is asked for.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) limit: usize,
    pub(crate) offset: usize,
}

/// By which field a list is sorted, and which way.
#[derive(Clone, Copy)]
pub(crate) struct Order {
    pub(crate) field: &'static str,
    descending: bool,
}

/// Values to keep and values to leave out, of a parameter that takes `+` and `-` prefixes.
#[derive(Default)]
pub(crate) struct Choice {
    included: Vec<String>,
    excluded: Vec<String>,
}

impl Query {
    pub(crate) fn parse(text: &str) -> Self {
        Self { pairs: form_urlencoded::parse(text.as_bytes()).into_owned().collect(), faults: Vec::new() }
    }

    /// The parameter's first value; an empty one counts as absent.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).filter(|value| !value.is_empty())
    }

    /// The parameter's first value in lower case, for comparisons that ignore case.
    pub(crate) fn folded(&self, name: &str) -> Option<String> {
        self.text(name).map(|value| value.to_lowercase())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, _)| key == name)
    }

    /// Every value of a parameter; empty ones count as absent.
    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.pairs.iter().filter(|(key, value)| key == name && !value.is_empty()).map(|(_, v)| v.clone()).collect()
    }

    /// Every value of a repeated parameter.
    pub(crate) fn texts(&mut self, name: &str) -> Vec<String> {
        let values = self.all(name);
        if values.len() > ARRAY_LIMIT {
            self.faults.push(Fault::too_many(name, ARRAY_LIMIT));
        }
        values
    }

    /// Every value of a repeated parameter, by its prefix.
    pub(crate) fn choice(&mut self, name: &str) -> Choice {
        let mut choice = Choice::default();
        for value in self.texts(name) {
            match value.strip_prefix('-') {
                Some(value) => choice.excluded.push(value.to_owned()),
                None => choice.included.push(value.strip_prefix('+').unwrap_or(&value).to_owned()),
            }
        }
        choice
    }

    pub(crate) fn flag(&mut self, name: &str) -> Option<bool> {
        match self.text(name)?.as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => {
                self.faults.push(Fault::value(name, "must be either true or false"));
                None
            }
        }
    }

    /// A moment, in milliseconds since 1970.
    pub(crate) fn milliseconds(&mut self, name: &str) -> Option<i64> {
        let value = self.text(name)?.parse().ok();
        if value.is_none() {
            self.faults.push(Fault::format(name, "must be an integer of milliseconds"));
        }
        value
    }

    /// `limit` and `offset`.
    pub(crate) fn page(&mut self) -> Page {
        Page { limit: self.number("limit", 10, 1..=500), offset: self.number("offset", 0, 0..=usize::MAX) }
    }

    fn number(&mut self, name: &str, default: usize, allowed: std::ops::RangeInclusive<usize>) -> usize {
        let Some(text) = self.text(name) else { return default };
        match text.parse() {
            Ok(number) if allowed.contains(&number) => number,
            _ if name == "limit" => {
                self.faults.push(Fault::value(name, "must be an integer between 1 and 500"));
                default
            }
            _ => {
                self.faults.push(Fault::value(name, "must be an integer greater than or equal to zero"));
                default
            }
        }
    }

    /// `order_by`, which names one of `fields`; of several the first one counts.
    pub(crate) fn order(&mut self, fields: &[&'static str]) -> Order {
        let text = self.text("order_by").unwrap_or_else(|| "-created_at".to_owned());
        let name = text.strip_prefix(['+', '-']).unwrap_or(&text);
        if let Some(field) = fields.iter().find(|field| **field == name) {
            return Order { field, descending: text.starts_with('-') };
        }
        let rule = format!("must be one of {}, each with an optional + or - before it", fields.join(", "));
        self.faults.push(Fault::value("order_by", &rule));
        Order { field: "created_at", descending: true }
    }

    pub(crate) fn refuse(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// 422 if anything that was read was wrong.
    pub(crate) fn finish(&mut self) -> Result<(), Refusal> {
        if self.faults.is_empty() { Ok(()) } else { Err(Refusal::unprocessable(std::mem::take(&mut self.faults))) }
    }
}

impl Page {
    pub(crate) fn of<T>(self, list: Vec<T>) -> impl Iterator<Item = T> {
        list.into_iter().skip(self.offset).take(self.limit)
    }
}

impl Order {
    pub(crate) fn apply(self, ascending: Ordering) -> Ordering {
        if self.descending { ascending.reverse() } else { ascending }
    }
}

impl Choice {
    pub(crate) fn allows(&self, id: &str) -> bool {
        self.allows_any(|wanted| wanted == id)
    }

    /// For things that have several values: `has` says whether a value is among them.
    pub(crate) fn allows_any(&self, has: impl Fn(&str) -> bool) -> bool {
        (self.included.is_empty() || self.included.iter().any(|value| has(value)))
            && !self.excluded.iter().any(|value| has(value))
    }
}

/// Compares what may be absent: absent comes last when ascending, as in Clerk's database.
pub(crate) fn absent_last<T: Ord>(left: Option<T>, right: Option<T>) -> Ordering {
    match (left, right) {
        (Some(left), Some(right)) => left.cmp(&right),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
