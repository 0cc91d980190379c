//! The Clerk request that a call stands for: built here from a tool's parameters, sent elsewhere.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::arguments::Problem;
use crate::identity;

/// Everything that is not `unreserved` in RFC 3986: a `/`, `?` or `+` in a value never changes what is called.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The HTTP methods that Clerk's Backend API is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Patch,
    Delete,
}

impl Method {
    /// Whether repeating the request changes nothing, so that a failure leaves no doubt behind.
    pub(crate) fn is_read(self) -> bool {
        self == Self::Get
    }

    fn takes_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// An operation of the API: a method and a path with `{parameters}` in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
}

pub(crate) const fn get(path: &'static str) -> Endpoint {
    Endpoint { method: Method::Get, path }
}

pub(crate) const fn post(path: &'static str) -> Endpoint {
    Endpoint { method: Method::Post, path }
}

pub(crate) const fn patch(path: &'static str) -> Endpoint {
    Endpoint { method: Method::Patch, path }
}

pub(crate) const fn delete(path: &'static str) -> Endpoint {
    Endpoint { method: Method::Delete, path }
}

/// A request without the parts that belong to the sender: base URL, version and credentials.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Below the API's base URL, percent-encoded.
    pub(crate) path_and_query: String,
    /// A JSON object.
    pub(crate) body: Option<String>,
    /// The endpoint's path, and the parameters by which an answer is known to be about what was asked for.
    pub(crate) path: &'static str,
    pub(crate) asked: Map<String, Value>,
}

impl Request {
    /// The same request, whose filters the caller looks after.
    pub(crate) fn for_candidates(self) -> Self {
        Self { asked: Map::new(), ..self }
    }
}

/// A tool's parameters by name, as they are sent. Absent and null ones are left out.
#[derive(Clone)]
pub(crate) struct Parameters(Map<String, Value>);

impl Parameters {
    pub(crate) fn of(parameters: &impl Serialize) -> Self {
        match serde_json::to_value(parameters) {
            Ok(Value::Object(mut map)) => {
                map.retain(|_, value| !value.is_null());
                Self(map)
            }
            _ => Self(Map::new()),
        }
    }

    /// Sends `value` under `name`, in place of what the caller gave.
    pub(crate) fn set(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.into(), value.into());
        self
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Those that the path does not name, and so what a write sets.
    pub(crate) fn beside<'a>(&'a self, path: &'static str) -> impl Iterator<Item = (&'a String, &'a Value)> {
        self.0.iter().filter(move |(name, _)| !names_in(path).any(|named| named == name.as_str()))
    }

    /// Only those that are named here.
    pub(crate) fn only(&self, names: impl IntoIterator<Item = &'static str>) -> Self {
        let one = |name: &'static str| Some((name.to_owned(), self.0.get(name)?.clone()));
        Self(names.into_iter().filter_map(one).collect())
    }

    /// The request of a write that changes what is given, and so needs something to change.
    ///
    /// # Errors
    ///
    /// There is nothing.
    pub(crate) fn update(self, endpoint: &Endpoint) -> Result<Request, Problem> {
        if self.beside(endpoint.path).next().is_none() {
            return Err(Problem::overall("give at least one value to change"));
        }
        Ok(self.request(endpoint))
    }

    /// The one rule: a parameter that the path names goes there; of the rest, GET and DELETE send a query, the
    /// others a JSON object.
    pub(crate) fn request(mut self, endpoint: &Endpoint) -> Request {
        let asked = identity::asked(endpoint.path, &self.0);
        let mut path_and_query = fill(endpoint.path, &mut self.0);
        let body = if endpoint.method.takes_query() {
            push_query(&mut path_and_query, &self.0);
            None
        } else {
            serde_json::to_string(&self.0).ok()
        };
        Request { method: endpoint.method, path_and_query, body, path: endpoint.path, asked }
    }
}

/// The parameters that a path names.
pub(crate) fn names_in(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// Replaces each `{name}` of the template by the parameter, which it takes out of the map.
fn fill(template: &str, parameters: &mut Map<String, Value>) -> String {
    let mut path = String::with_capacity(template.len() + 32);
    for (index, segment) in template.split('/').enumerate() {
        if index > 0 {
            path.push('/');
        }
        match segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            Some(name) => push_encoded(&mut path, &parameters.remove(name).unwrap_or_default()),
            None => path.push_str(segment),
        }
    }
    path
}

/// Arrays are repeated keys: `role=a&role=b`.
fn push_query(path: &mut String, parameters: &Map<String, Value>) {
    let pairs = parameters.iter().flat_map(|(name, value)| {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            single => core::slice::from_ref(single),
        };
        values.iter().map(move |value| (name, value))
    });
    for (index, (name, value)) in pairs.enumerate() {
        path.push(if index == 0 { '?' } else { '&' });
        path.push_str(name);
        path.push('=');
        push_encoded(path, value);
    }
}

fn push_encoded(path: &mut String, value: &Value) {
    match value {
        Value::String(text) => path.extend(utf8_percent_encode(text, RESERVED)),
        other => path.extend(utf8_percent_encode(&other.to_string(), RESERVED)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn path_parameters_leave_the_query() {
        let request = Parameters::of(&json!({"organization_id": "org_1", "limit": 20}))
            .request(&get("/organizations/{organization_id}/memberships"));
        assert_eq!(request.path_and_query, "/organizations/org_1/memberships?limit=20");
        assert_eq!(request.body, None);
    }

    #[test]
    fn reserved_characters_never_reach_the_url() {
        let request = Parameters::of(&json!({"email_address": ["a+b@x.io", "c&d=e#f"], "order_by": "+created_at"}))
            .request(&get("/users"));
        assert_eq!(
            request.path_and_query,
            "/users?email_address=a%2Bb%40x.io&email_address=c%26d%3De%23f&order_by=%2Bcreated_at"
        );
    }

    #[test]
    fn a_path_parameter_cannot_leave_its_segment() {
        let request = Parameters::of(&json!({"user_id": "../x?y/z"})).request(&get("/users/{user_id}"));
        assert_eq!(request.path_and_query, "/users/..%2Fx%3Fy%2Fz");
    }

    #[test]
    fn writes_send_a_json_object_without_absent_parameters() {
        let request =
            Parameters::of(&json!({"user_id": "user_1", "public_metadata": {"plan": null}, "private_metadata": null}))
                .request(&patch("/users/{user_id}/metadata"));
        assert_eq!(request.path_and_query, "/users/user_1/metadata");
        assert_eq!(request.body.as_deref(), Some(r#"{"public_metadata":{"plan":null}}"#));
    }
}
