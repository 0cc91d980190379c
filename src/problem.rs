//! Problems with arguments, and names that resemble each other.

/// One thing that is wrong with the arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON Pointer into the arguments, as the caller has spelled them; empty for all of them.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl Problem {
    /// A problem of the arguments taken together.
    pub(crate) fn overall(message: impl Into<String>) -> Self {
        Self { pointer: String::new(), message: message.into() }
    }

    pub(crate) fn at(name: &str, message: impl Into<String>) -> Self {
        Self { pointer: format!("/{}", excerpt(name).replace('~', "~0").replace('/', "~1")), message: message.into() }
    }
}

/// The longest name that is compared with others or repeated whole, in bytes. All names that exist are shorter.
const LONGEST_NAME: usize = 100;

/// The part of a name that somebody else has chosen that is repeated.
pub(crate) fn excerpt(name: &str) -> &str {
    &name[..name.floor_char_boundary(LONGEST_NAME)]
}

/// The candidate that differs least from `name`, if it is close enough to be a slip.
pub(crate) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let most = name.len().max(3) / 3;
    let edits = |candidate: &&str| strsim::levenshtein(name, candidate);
    candidates.min_by_key(edits).filter(|candidate| edits(candidate) <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_slip_gets_a_suggestion() {
        assert_eq!(closest("limits", ["limit", "offset"].into_iter()), Some("limit"));
        assert_eq!(closest("banana", ["limit", "offset"].into_iter()), None);
    }
}
