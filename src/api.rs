//! Clerk's API as tools see it: they ask, and somebody else sends.

use serde_json::Value;

use crate::error::Failure;
use crate::policy::Policy;
use crate::request::Request;
use crate::secret::Secret;

/// A tool, as far as its name and its words go.
pub(crate) struct Named {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    /// Why the policy forbids it, as the end of a sentence.
    pub(crate) obstacle: Option<String>,
}

/// The way to Clerk for one call.
pub(crate) trait Api {
    /// The body of a successful answer, verified to be about what was asked for.
    ///
    /// # Errors
    ///
    /// There was no answer in time, or its status is not 2xx, or it is about something else.
    fn fetch(&self, request: &Request) -> Result<Value, Failure>;

    /// Tells whether there is time for another request, and nobody has said that there are too many.
    fn may_go_on(&self) -> bool;

    /// Takes the secrets of an answer, for a host that keeps them.
    fn keep(&self, secrets: Vec<Secret>) {
        drop(secrets);
    }

    /// The operator's policy.
    fn policy(&self) -> &Policy<'_>;

    /// Every tool that has a name of its own and calls more than operations that are named.
    fn tools(&self) -> Vec<Named>;

    /// The standing of the caller: what the policy means for the tools that there are, and what is left of the budget.
    fn standing(&self) -> Value;
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::policy::tests::STANDARD;

    /// An API that answers by path as it is told, and refuses what it is not told.
    pub(crate) struct Lists(pub(crate) Value);

    impl Api for Lists {
        fn fetch(&self, request: &Request) -> Result<Value, Failure> {
            let path = request.path_and_query.split('?').next().unwrap_or_default();
            let found = self.0.get(path).cloned();
            found.ok_or_else(|| Failure::not_found("nothing", "Look elsewhere."))
        }

        fn may_go_on(&self) -> bool {
            true
        }

        fn policy(&self) -> &Policy<'_> {
            &STANDARD
        }

        fn tools(&self) -> Vec<Named> {
            Vec::new()
        }

        fn standing(&self) -> Value {
            Value::Null
        }
    }
}
