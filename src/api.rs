//! Clerk's API as tools see it: they ask, and somebody else sends.

use core::slice;

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

/// The answers to several requests, in the order of the requests: the body of each that was successful, verified to be about
/// what was asked for, or why there is none. It ends before a request that was not begun.
pub(crate) type Answers<'a> = Box<dyn Iterator<Item = Result<Value, Failure>> + 'a>;

/// The next answer, where all requests read.
///
/// # Errors
///
/// There was no answer in time, or its status is not 2xx, or it is about something else.
pub(crate) fn next(answers: &mut Answers<'_>) -> Result<Value, Failure> {
    answers.next().expect("each request that reads is begun")
}

/// The way to Clerk for one call.
pub(crate) trait Api {
    /// Asks for several things that do not depend on each other: a few requests at a time are in flight beside each other, and
    /// answers come when they are taken. Requests that read are all begun. Of those that write, the first one is, and further
    /// ones for as long as [`may_go_on`](Self::may_go_on) says so: of these, whoever asks takes all answers.
    fn fetch_all<'a>(&'a self, requests: &'a [Request]) -> Answers<'a>;

    /// The body of a successful answer, verified to be about what was asked for.
    ///
    /// # Errors
    ///
    /// There was no answer in time, or its status is not 2xx, or it is about something else.
    fn fetch(&self, request: &Request) -> Result<Value, Failure> {
        next(&mut self.fetch_all(slice::from_ref(request)))
    }

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
        /// The paths and queries of the requests that were begun.
        begun: RefCell<Vec<String>>,
        /// The most requests of those for several things that are begun.
        most: usize,
    }

    impl Told {
        /// Answers each request with what `answer` makes of it.
        pub(crate) fn new(value: Value, answer: fn(&Value, &Request) -> Result<Value, Failure>) -> Self {
            Self { value, answer, kept: RefCell::default(), begun: RefCell::default(), most: usize::MAX }
        }

        /// Answers each request with this; refuses it where that has `errors`.
        pub(crate) fn alike(value: Value) -> Self {
            Self::new(value, alike)
        }

        /// Answers each path with what stands there, and refuses others.
        pub(crate) fn by_path(value: Value) -> Self {
            Self::new(value, by_path)
        }

        /// Begins no more than so many of several requests.
        pub(crate) fn beginning(self, most: usize) -> Self {
            Self { most, ..self }
        }

        pub(crate) fn begun(&self) -> Vec<String> {
            self.begun.borrow().clone()
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
        fn fetch_all<'a>(&'a self, requests: &'a [Request]) -> Answers<'a> {
            let answered = move |request: &'a Request| {
                self.begun.borrow_mut().push(request.path_and_query.clone());
                (self.answer)(&self.value, request)
            };
            Box::new(requests.iter().take(self.most).map(answered))
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
