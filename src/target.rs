//! The object that a write is about. It is looked at before the write: whoever agrees sees whom it concerns, and afterwards
//! it can be told what has changed.

mod look;

use serde_json::{Map, Value};

pub(crate) use self::look::{Fixed, Listed, Look};

use crate::api::{self, Api};
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::masks;
use crate::request::Request;
use crate::view::read::Reading;
use crate::view::{Field, View, many, one};

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

/// The most items of a list that are named.
const MOST_NAMED: usize = 10;

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
    Found(&'static str, &'static Search, &'static str, &'static View),
}

/// A search of its own, and what it finds in the answer.
#[derive(Debug)]
pub(crate) struct Search {
    pub(crate) request: fn(&Arguments) -> Request,
    pub(crate) read: fn(&Arguments, Value) -> Result<Listed, Failure>,
}

impl Target {
    /// The target itself, as Clerk gives it.
    ///
    /// # Errors
    ///
    /// There is none, or it could not be had.
    pub(crate) fn fetch(&self, arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
        let answer = api.fetch(&self.look.request(arguments, &Value::Null))?;
        self.look.read(arguments, answer)
    }

    /// Its facts by name, asked for at once.
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
        let mut requests = Vec::new();
        for fact in self.facts {
            match fact {
                Fact::Part(..) | Fact::Text(_) => {}
                Fact::Other(_, look, _) => requests.push(look.request(arguments, target)),
                Fact::Count(_, looks) => {
                    requests.extend(looks.iter().map(|look| look.request_for_list(arguments, target)));
                }
                Fact::Listed(_, look, ..) => requests.push(look.request_for_list(arguments, target)),
                Fact::Found(_, search, ..) => requests.push((search.request)(arguments)),
            }
        }
        let (mut answers, mut facts) = (api.fetch_all(&requests), Map::new());
        for fact in self.facts {
            fact.add_to(&mut facts, target, arguments, &mut || api::next(&mut answers))?;
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
        // A name of nothing that can be seen is none to type, nor is one that is masked.
        found.find(|name| !name.trim().is_empty() && !masks::holds_masked(name, false)).map(Into::into)
    }
}

impl Fact {
    /// Adds it to others. `next` is the answer to the next of the requests.
    fn add_to(
        &self,
        facts: &mut Map<String, Value>,
        target: &Value,
        arguments: &Arguments,
        next: &mut dyn FnMut() -> Result<Value, Failure>,
    ) -> Result<(), Failure> {
        match self {
            Self::Part(name, pointer, view) => {
                let part = target.pointer(pointer).cloned().unwrap_or_default();
                facts.insert((*name).into(), Reading::default().object(view, part));
            }
            Self::Text(name) => drop(facts.insert((*name).into(), target[*name].clone())),
            Self::Other(name, look, view) => {
                let other = look.read(arguments, next()?)?;
                facts.insert((*name).into(), Reading::default().object(view, other));
            }
            Self::Count(name, looks) => {
                let lists: Vec<_> = looks.iter().map(|look| look.read_list(next()?)).collect();
                facts.insert((*name).into(), count(lists.iter().map(Result::as_ref)));
            }
            Self::Listed(count_name, look, name, view) => {
                let list = next().and_then(|answer| look.read_list(answer));
                add_list(facts, list, (count_name, name), view);
            }
            Self::Found(count_name, search, name, view) => {
                let list = next().and_then(|answer| (search.read)(arguments, answer));
                add_list(facts, list, (count_name, name), view);
            }
        }
        Ok(())
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
