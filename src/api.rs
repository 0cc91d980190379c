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
    use core::cell::RefCell;

    use super::*;
    use crate::error::Response;
    use crate::policy::tests::STANDARD;

    /// An API that answers as it is told, and keeps the names and values of secrets.
    pub(crate) struct Told {
        pub(crate) value: Value,
        answer: fn(&Value, &Request) -> Result<Value, Failure>,
        kept: RefCell<Vec<(String, String)>>,
    }

    impl Told {
        /// Answers each request with this; refuses it where that has `errors`.
        pub(crate) fn alike(value: Value) -> Self {
            Self { value, answer: alike, kept: RefCell::default() }
        }

        /// Answers each path with what stands there, and refuses others.
        pub(crate) fn by_path(value: Value) -> Self {
            Self { value, answer: by_path, kept: RefCell::default() }
        }

        pub(crate) fn into_kept(self) -> Vec<(String, String)> {
            self.kept.into_inner()
        }
    }

    fn alike(value: &Value, request: &Request) -> Result<Value, Failure> {
        if value["errors"].is_array() {
            let response =
                Response { status: 422, body: value.to_string().into(), retry_after_seconds: None, trace_id: None };
            return Err(Failure::refused(response, request.endpoint.method.is_read()));
        }
        Ok(value.clone())
    }

    fn by_path(value: &Value, request: &Request) -> Result<Value, Failure> {
        let path = request.path_and_query.split('?').next().unwrap_or_default();
        value.get(path).cloned().ok_or_else(|| Failure::not_found("nothing", "Look elsewhere."))
    }

    impl Api for Told {
        fn fetch(&self, request: &Request) -> Result<Value, Failure> {
            (self.answer)(&self.value, request)
        }

        fn may_go_on(&self) -> bool {
            true
        }

        fn keep(&self, secrets: Vec<Secret>) {
            self.kept.borrow_mut().extend(secrets.into_iter().map(Secret::into_text));
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
