//! The object that a write is about. It is looked at before the write: whoever agrees sees whom it concerns, and afterwards
//! it can be told what has changed.

use serde_json::{Map, Value};

use crate::api::Api;
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::paging::{self, List};
use crate::request::Endpoint;
use crate::view::read::Reading;
use crate::view::{Field, View, many, one};

/// The most items of a list that are looked at.
const MOST: usize = 100;
/// The most items of a list that are looked through for those that are meant.
const MOST_LOOKED_THROUGH: usize = 500;

/// A kind of object that writes are about. The call's arguments say which one it is.
#[derive(Debug)]
pub(crate) struct Target {
    /// The GET that shows it.
    pub(crate) look: Look,
    /// Facts that somebody who has to agree should know.
    pub(crate) facts: &'static [Fact],
    /// The name that a person types to agree that it goes for good: the first of these JSON Pointers into the facts at which
    /// there is a text.
    pub(crate) typed: &'static [&'static str],
}

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

/// Something that is shown of a target.
#[derive(Debug)]
pub(crate) enum Fact {
    /// A part of it: its name, a JSON Pointer, and what is shown.
    Part(&'static str, &'static str, &'static View),
    /// A text of it, as it is.
    Text(&'static str),
    /// Another object.
    Other(&'static str, &'static Look, &'static View),
    /// The number of items of lists together.
    Count(&'static str, &'static [Look]),
    /// The number of items of a list, and the first few of them.
    Listed(&'static str, &'static Look, &'static str, &'static View),
    /// The number of items that a search finds, and the first few of them.
    Found(&'static str, fn(&Arguments, &dyn Api) -> Result<Listed, Failure>, &'static str, &'static View),
}

/// The most items of a list that are named.
const MOST_NAMED: usize = 10;

impl Target {
    /// The target itself, as Clerk gives it.
    ///
    /// # Errors
    ///
    /// There is none, or it could not be had.
    pub(crate) fn fetch(&self, arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
        self.look.fetch(arguments, &Value::Null, api)
    }

    /// Its facts by name.
    ///
    /// # Errors
    ///
    /// An object that belongs to it could not be had.
    pub(crate) fn facts(
        &self,
        target: &Value,
        arguments: &Arguments,
        api: &dyn Api,
    ) -> Result<Map<String, Value>, Failure> {
        let mut facts = Map::new();
        for fact in self.facts {
            match fact {
                Fact::Part(name, pointer, view) => {
                    let part = target.pointer(pointer).cloned().unwrap_or_default();
                    facts.insert((*name).into(), Reading::default().object(view, part));
                }
                Fact::Text(name) => drop(facts.insert((*name).into(), target[*name].clone())),
                Fact::Other(name, look, view) => {
                    let other = look.fetch(arguments, target, api)?;
                    facts.insert((*name).into(), Reading::default().object(view, other));
                }
                Fact::Count(name, looks) => {
                    let lists: Vec<_> = looks.iter().map(|look| look.list(arguments, target, api)).collect();
                    facts.insert((*name).into(), count(lists.iter().map(Result::as_ref)));
                }
                Fact::Listed(count_name, look, name, view) => {
                    add_list(&mut facts, look.list(arguments, target, api), (count_name, name), view);
                }
                Fact::Found(count_name, search, name, view) => {
                    add_list(&mut facts, search(arguments, api), (count_name, name), view);
                }
            }
        }
        Ok(facts)
    }

    /// The names of its facts.
    #[cfg(test)]
    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.facts.iter().flat_map(|fact| match fact {
            Fact::Part(name, ..) | Fact::Text(name) | Fact::Other(name, ..) | Fact::Count(name, _) => [*name, *name],
            Fact::Listed(count, _, name, _) | Fact::Found(count, _, name, _) => [*count, *name],
        })
    }

    /// The facts that are objects, as fields of a preview.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field> {
        self.facts.iter().filter_map(|fact| match fact {
            Fact::Part(name, _, view) | Fact::Other(name, _, view) => Some(one(name, view)),
            Fact::Listed(_, _, name, view) | Fact::Found(_, _, name, view) => Some(many(name, view)),
            Fact::Text(_) | Fact::Count(..) => None,
        })
    }

    /// The name that a person types to agree that it goes for good, out of its facts.
    pub(crate) fn typed(&self, facts: &Value) -> Option<String> {
        let mut found = self.typed.iter().filter_map(|pointer| facts.pointer(pointer)?.as_str());
        // A name of nothing that can be seen is none to type.
        found.find(|name| !name.trim().is_empty()).map(Into::into)
    }
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

    fn query(&self, arguments: &Arguments, target: &Value) -> Map<String, Value> {
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

    fn fetch(&self, arguments: &Arguments, target: &Value, api: &dyn Api) -> Result<Value, Failure> {
        let answer = api.fetch(&self.endpoint.request(self.query(arguments, target)))?;
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

    /// The items of a list, of which each is verified to belong to what was asked for.
    fn list(&self, arguments: &Arguments, target: &Value, api: &dyn Api) -> Result<Listed, Failure> {
        let most = if self.keep.is_some() { MOST_LOOKED_THROUGH } else { MOST };
        let mut query = self.query(arguments, target);
        query.insert("limit".into(), most.into());
        let List { mut items, total, .. } = paging::list(api.fetch(&self.endpoint.request(query))?)?;
        let is_full = items.len() >= most;
        if let Some((field, value)) = self.keep {
            items.retain(|item| item[field] == value);
        }
        Ok(Listed { items, is_full, total: total.filter(|_| self.keep.is_none()) })
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
    fn number(&self) -> (u64, bool) {
        let length = self.items.len() as u64;
        match self.total.filter(|total| self.is_full && *total >= length) {
            Some(total) => (total, false),
            None => (length, self.is_full),
        }
    }
}

/// Adds the number of items of a list, and the first few of them.
fn add_list(
    facts: &mut Map<String, Value>,
    list: Result<Listed, Failure>,
    (count_name, name): (&str, &str),
    view: &View,
) {
    facts.insert(count_name.into(), count([list.as_ref()]));
    let first = list.map(|list| list.items).unwrap_or_default().into_iter().take(MOST_NAMED);
    let first: Vec<Value> = first.map(|item| Reading::default().object(view, item)).collect();
    facts.insert(name.into(), first.into());
}

/// The number of items of all lists; or why it is not known, which keeps nobody from agreeing.
fn count<'a>(lists: impl IntoIterator<Item = Result<&'a Listed, &'a Failure>>) -> Value {
    let (mut sum, mut or_more) = (0, false);
    for list in lists {
        match list {
            Ok(list) => {
                let (number, is_more) = list.number();
                sum += number;
                or_more |= is_more;
            }
            Err(failure) => return format!("not known ({})", failure.code()).into(),
        }
    }
    if or_more { format!("{sum} or more").into() } else { sum.into() }
}

#[cfg(test)]
mod tests;
