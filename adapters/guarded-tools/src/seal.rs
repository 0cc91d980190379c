//! What clients carry from one round of a call to the next. The guard seals it, as belonging to the tool and its
//! arguments: with another call, or with another key, it is nothing.

use serde_json::{Value, json};

use crate::access::{self, Problem, Unopened};

/// How many seconds somebody may take between two rounds.
pub(crate) const GOOD_FOR: u32 = 600;

/// What a text is handed out as. What was handed out as the one is never taken as the other.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    ConfirmationToken,
    RequestState,
}

/// What of one kind belongs to one call.
pub(crate) struct Seal(String);

impl Seal {
    /// The same arguments in another order are the same call.
    pub(crate) fn new(kind: Kind, tool: &str, arguments: &str) -> Self {
        let kind = match kind {
            Kind::ConfirmationToken => "confirmation token",
            Kind::RequestState => "request state",
        };
        Self(json!([kind, tool, serde_json::from_str::<Value>(arguments).unwrap_or_default()]).to_string())
    }

    pub(crate) fn seal(&self, state: &str) -> Result<String, Problem> {
        access::seal(state, &self.0, GOOD_FOR)
    }

    pub(crate) fn open(&self, sealed: &str) -> Result<String, Unopened> {
        access::open(sealed, &self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(tool: &str, arguments: &str) -> String {
        Seal::new(Kind::ConfirmationToken, tool, arguments).0
    }

    #[test]
    fn the_order_and_the_spaces_of_arguments_do_not_matter() {
        assert_eq!(
            token("delete", r#"{"a":1,"b":{"c":[],"d":"x"}}"#),
            token("delete", r#"{ "b":{"d":"\u0078","c":[]}, "a":1 }"#)
        );
        assert_eq!(token("delete", ""), token("delete", "null"));
    }

    #[test]
    fn another_call_and_another_kind_are_something_else() {
        let own = token("delete", r#"{"id":"a"}"#);
        for (tool, arguments) in
            [("remove", r#"{"id":"a"}"#), ("delete", r#"{"id":"b"}"#), ("delete", r#"{"id":"a","x":null}"#)]
        {
            assert_ne!(token(tool, arguments), own, "{tool} {arguments}");
        }
        assert_ne!(token(r#"a","b"#, "{}"), token("a", r#"["b",{}]"#));
        assert_ne!(Seal::new(Kind::RequestState, "delete", r#"{"id":"a"}"#).0, own);
    }
}
