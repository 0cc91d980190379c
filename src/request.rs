//! The Clerk request that a call stands for: built here from arguments, sent elsewhere.

use core::ptr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use crate::object::Object;

/// Everything that is not `unreserved` in RFC 3986: a `/`, `?` or `+` in a value never changes what is called.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The HTTP methods that Clerk's Backend API is called with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Get,
    Post,
    Patch,
    Put,
    Delete,
}

impl Method {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Tells whether repeating the request changes nothing, so that a failure leaves no doubt behind.
    pub(crate) fn is_read(self) -> bool {
        self == Self::Get
    }

    fn takes_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// An operation of the API: a method, a path with `{parameters}` in it, and the kind of object that it answers with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Endpoint {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) object: &'static Object,
}

pub(crate) const fn get(path: &'static str, object: &'static Object) -> Endpoint {
    Endpoint { method: Method::Get, path, object }
}

pub(crate) const fn post(path: &'static str, object: &'static Object) -> Endpoint {
    Endpoint { method: Method::Post, path, object }
}

pub(crate) const fn patch(path: &'static str, object: &'static Object) -> Endpoint {
    Endpoint { method: Method::Patch, path, object }
}

pub(crate) const fn delete(path: &'static str, object: &'static Object) -> Endpoint {
    Endpoint { method: Method::Delete, path, object }
}

/// The argument that is the body itself where it is an array.
pub(crate) const WHOLE_BODY: &str = "body";

/// A request without the parts that belong to the sender: base URL, version and credentials.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) endpoint: Endpoint,
    /// Below the API's base URL, percent-encoded.
    pub(crate) path_and_query: String,
    /// A JSON object. None where there is nothing to send.
    pub(crate) body: Option<String>,
    /// The arguments that an answer is verified by.
    pub(crate) asked: Map<String, Value>,
    /// True where the answer is a list, of which each item is verified.
    pub(crate) is_list: bool,
}

impl Request {
    /// The request, whose filters the caller looks after.
    pub(crate) fn unverified(self) -> Self {
        Self { asked: Map::new(), ..self }
    }
}

impl PartialEq for Request {
    fn eq(&self, other: &Self) -> bool {
        let parts = |request: &Self| (request.endpoint.method, request.path_and_query.clone(), request.body.clone());
        parts(self) == parts(other) && ptr::eq(self.endpoint.object, other.endpoint.object)
    }
}

impl Endpoint {
    /// The one rule: an argument that the path names goes there; of the rest, GET and DELETE send a query, the others a JSON
    /// object.
    pub(crate) fn request(self, arguments: Map<String, Value>) -> Request {
        let mut path_and_query = String::with_capacity(self.path.len() + 32);
        for (index, segment) in self.path.split('/').enumerate() {
            if index > 0 {
                path_and_query.push('/');
            }
            match name(segment) {
                Some(name) => push_encoded(&mut path_and_query, arguments.get(name).unwrap_or(&Value::Null)),
                None => path_and_query.push_str(segment),
            }
        }
        let mut body = None;
        if self.method.takes_query() {
            self.push_query(&mut path_and_query, &arguments);
        } else {
            let mut rest = arguments.clone();
            rest.retain(|name, _| !self.names(name));
            body = match rest.remove(WHOLE_BODY) {
                Some(whole) if whole.is_array() => Some(whole.to_string()),
                Some(part) => {
                    rest.insert(WHOLE_BODY.into(), part);
                    Some(Value::Object(rest).to_string())
                }
                None => (!rest.is_empty()).then(|| Value::Object(rest).to_string()),
            };
        }
        Request { endpoint: self, path_and_query, body, asked: arguments, is_list: self.is_list() }
    }

    /// The parameters that its path names.
    pub(crate) fn names_in_path(self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(name)
    }

    /// Tells whether its path names this parameter.
    pub(crate) fn names(self, parameter: &str) -> bool {
        self.names_in_path().any(|name| name == parameter)
    }

    /// Tells whether it answers with a list.
    fn is_list(self) -> bool {
        self.method.is_read() && !self.path.ends_with('}')
    }

    /// Arrays are repeated keys: `role=a&role=b`.
    fn push_query(self, path: &mut String, arguments: &Map<String, Value>) {
        let mut separator = '?';
        for (name, value) in arguments.iter().filter(|(name, _)| !self.names(name)) {
            let values = value.as_array().map_or(core::slice::from_ref(value), Vec::as_slice);
            for value in values {
                path.push(separator);
                path.push_str(name);
                path.push('=');
                push_encoded(path, value);
                separator = '&';
            }
        }
    }
}

/// The parameter that a segment of a path stands for.
fn name(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
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
    use crate::object::NO_OBJECT;
    use serde_json::json;

    fn request(endpoint: Endpoint, arguments: Value) -> Request {
        endpoint.request(serde_json::from_value(arguments).expect("an object"))
    }

    #[test]
    fn path_parameters_leave_the_query() {
        let members = get("/organizations/{organization_id}/memberships", &NO_OBJECT);
        let request = request(members, json!({"organization_id": "org_1", "limit": 20}));
        assert_eq!(request.path_and_query, "/organizations/org_1/memberships?limit=20");
        assert_eq!(request.body, None);
    }

    #[test]
    fn reserved_characters_never_reach_the_url() {
        let arguments = json!({"email_address": ["a+b@x.io", "c&d=e#f"], "order_by": "+created_at"});
        assert_eq!(
            request(get("/users", &NO_OBJECT), arguments).path_and_query,
            "/users?email_address=a%2Bb%40x.io&email_address=c%26d%3De%23f&order_by=%2Bcreated_at"
        );
    }

    #[test]
    fn a_path_parameter_cannot_leave_its_segment() {
        let request = request(get("/users/{user_id}", &NO_OBJECT), json!({"user_id": "../x?y/z"}));
        assert_eq!(request.path_and_query, "/users/..%2Fx%3Fy%2Fz");
    }

    #[test]
    fn writes_send_a_json_object_and_none_where_there_is_nothing_to_send() {
        let metadata = patch("/users/{user_id}/metadata", &NO_OBJECT);
        let sent = request(metadata, json!({"user_id": "user_1", "public_metadata": {"plan": null}}));
        assert_eq!(sent.path_and_query, "/users/user_1/metadata");
        assert_eq!(sent.body.as_deref(), Some(r#"{"public_metadata":{"plan":null}}"#));
        let ban = request(post("/users/{user_id}/ban", &NO_OBJECT), json!({"user_id": "user_1"}));
        assert_eq!(ban.body, None);
    }
}
