//! The kinds of objects that the API answers with, and where each carries what it was asked for by.

use crate::ids::Resource;

/// A kind of object.
#[derive(Debug)]
pub(crate) struct Object {
    /// Clerk's word in the field `object`; empty where it has none.
    pub(crate) name: &'static str,
    /// Its ids, where they are used in other requests.
    pub(crate) id: Option<Resource>,
    pub(crate) carried: &'static [Carried],
    /// The parameter without which a list is everybody's.
    pub(crate) needed: Option<&'static str>,
}

/// An answer that is about no object: a count, or the instance.
pub(crate) static NO_OBJECT: Object = Object { name: "", id: None, carried: &[], needed: None };

/// A parameter, and its place in the answer: names with dots in between.
#[derive(Debug)]
pub(crate) struct Carried {
    pub(crate) parameter: &'static str,
    pub(crate) place: &'static str,
    pub(crate) by: By,
}

/// The comparison of a parameter with what the answer carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// One of several ids; in a filter, `-` before one excludes it and `+` includes it.
    Ids,
    /// An id, or a slug in its place.
    IdOrSlug,
    /// An id, or a key in its place.
    IdOrKey,
    /// A value that only a filter has to find again.
    Filter,
    /// A text whose case and spaces do not matter.
    Words,
    /// A telephone number.
    Digits,
}

pub(crate) const fn carried(parameter: &'static str, place: &'static str, by: By) -> Carried {
    Carried { parameter, place, by }
}
