//! How a target, or something that belongs to it, is looked at.

use serde_json::{Map, Value};

use crate::arguments::Arguments;
use crate::error::Failure;
use crate::paging::{self, List};
use crate::request::{Endpoint, Request};

/// The most items of a list that are looked at.
const MOST: usize = 100;
/// The most items of a list that are looked through for those that are meant.
const MOST_LOOKED_THROUGH: usize = 500;

/// A GET that looks something up.
#[derive(Debug)]
pub(crate) struct Look {
    pub(crate) endpoint: Endpoint,
    /// Arguments of the call, or fields of the target, that it is asked by.
    pub(crate) by: &'static [&'static str],
    /// Fixed values that it is asked with.
    pub(crate) with: &'static [(&'static str, Fixed)],
    /// The message and the hint for an empty list, where a list with a filter stands in for a get.
    pub(crate) only_item: Option<(&'static str, &'static str)>,
    /// The argument that names one of the items of a list by its id, where Clerk has no other way to get it.
    pub(crate) among: Option<&'static str>,
    /// True where the list is searched for that id by `query`; of one that cannot be searched, only the first page is seen.
    pub(crate) is_searched: bool,
    /// A field of the items of a list and its value in those that are meant, where Clerk has no filter for it.
    pub(crate) keep: Option<(&'static str, &'static str)>,
}

/// A fixed value in a query.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fixed {
    Text(&'static str),
    Number(usize),
    On,
}

impl Look {
    /// A GET that is asked by the parameters of its path.
    pub(crate) const fn at(endpoint: Endpoint) -> Self {
        Self { endpoint, by: &[], with: &[], only_item: None, among: None, is_searched: false, keep: None }
    }

    /// The item that a search for its id finds; the message and the hint where it finds none.
    pub(crate) const fn searched(
        endpoint: Endpoint,
        name: &'static str,
        missing: (&'static str, &'static str),
    ) -> Self {
        let with = &[("limit", Fixed::Number(MOST))];
        Self { with, among: Some(name), is_searched: true, only_item: Some(missing), ..Self::at(endpoint) }
    }

    /// The item of a list that an argument names; nothing is known of one that is not on the first page.
    pub(crate) const fn among(endpoint: Endpoint, name: &'static str, is_limited: bool) -> Self {
        let with: &[_] = if is_limited { &[("limit", Fixed::Number(MOST_LOOKED_THROUGH))] } else { &[] };
        Self { with, among: Some(name), ..Self::at(endpoint) }
    }

    pub(super) fn query(&self, arguments: &Arguments, target: &Value) -> Map<String, Value> {
        let mut query = Map::new();
        for name in self.endpoint.names_in_path().chain(self.by.iter().copied()) {
            let value = arguments.sent().get(name).or_else(|| target.get(name)).cloned();
            query.insert(name.into(), value.unwrap_or_default());
        }
        if let (Some(name), true) = (self.among, self.is_searched) {
            query.insert("query".into(), arguments.sent().get(name).cloned().unwrap_or_default());
        }
        for (name, value) in self.with {
            query.insert(
                (*name).into(),
                match value {
                    Fixed::Text(text) => (*text).into(),
                    Fixed::Number(number) => (*number).into(),
                    Fixed::On => true.into(),
                },
            );
        }
        query
    }

    /// The request for one object.
    pub(super) fn request(&self, arguments: &Arguments, target: &Value) -> Request {
        self.endpoint.request(self.query(arguments, target))
    }

    /// The object in the answer, or the item of a list that is meant.
    pub(super) fn read(&self, arguments: &Arguments, answer: Value) -> Result<Value, Failure> {
        if self.among.is_none() && self.only_item.is_none() {
            return Ok(answer);
        }
        let is_meant = |item: &Value| self.among.is_none_or(|name| arguments.sent().get(name) == item.get("id"));
        let found = paging::list(answer)?.items.into_iter().find(is_meant);
        match self.only_item {
            Some((message, hint)) => found.ok_or_else(|| Failure::not_found(message, hint)),
            None => Ok(found.unwrap_or_default()),
        }
    }

    /// The request for a list.
    pub(super) fn request_for_list(&self, arguments: &Arguments, target: &Value) -> Request {
        let mut query = self.query(arguments, target);
        query.insert("limit".into(), self.most().into());
        self.endpoint.request(query)
    }

    /// The items of a list, of which each is verified to belong to what was asked for.
    pub(super) fn read_list(&self, answer: Value) -> Result<Listed, Failure> {
        let List { mut items, total, .. } = paging::list(answer)?;
        let is_full = items.len() >= self.most();
        if let Some((field, value)) = self.keep {
            items.retain(|item| item[field] == value);
        }
        Ok(Listed { items, is_full, total: total.filter(|_| self.keep.is_none()) })
    }

    fn most(&self) -> usize {
        if self.keep.is_some() { MOST_LOOKED_THROUGH } else { MOST }
    }
}

/// The items of one page.
pub(crate) struct Listed {
    pub(crate) items: Vec<Value>,
    pub(crate) is_full: bool,
    pub(crate) total: Option<u64>,
}

impl Listed {
    /// The number of items there are at least, and whether there may be more. A total counts only where a whole page of what
    /// was asked for speaks for it.
    pub(super) fn number(&self) -> (u64, bool) {
        let length = self.items.len() as u64;
        match self.total.filter(|total| self.is_full && *total >= length) {
            Some(total) => (total, false),
            None => (length, self.is_full),
        }
    }
}
