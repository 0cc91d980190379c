//! Finds the operation that a caller names: by Clerk's `operationId`, however its words are joined, or by method and path.

use super::{OPERATIONS, Operation};
use crate::problem::{closest, excerpt};

impl Operation {
    /// Its method and path, as Clerk's document writes them.
    pub(crate) fn call(&self) -> String {
        format!("{} {}", self.endpoint.method.word(), self.endpoint.path)
    }
}

/// The operation of this name.
///
/// # Errors
///
/// A message for the caller, with what is closest.
pub(crate) fn find(name: &str) -> Result<&'static Operation, String> {
    let name = name.trim();
    let plain = name.replace('_', "");
    let by_name = || OPERATIONS.iter().find(|operation| operation.name.eq_ignore_ascii_case(&plain));
    let by_call = || OPERATIONS.iter().find(|operation| is_call_of(operation, name, is_placeholder));
    by_name().or_else(by_call).ok_or_else(|| {
        let shown = excerpt(name);
        if name.starts_with("clerk_") {
            return format!("`{shown}` is no operation; a tool is called by itself");
        }
        if let Some(operation) =
            OPERATIONS.iter().find(|operation| is_call_of(operation, name, |part| !part.is_empty()))
        {
            return format!("`{shown}` has values in its path: name `{}`, and give them as arguments", operation.name);
        }
        let lower = name.to_ascii_lowercase();
        let close = OPERATIONS.iter().map(|operation| operation.name);
        match closest(&lower, close) {
            Some(suggestion) => format!("there is no operation `{shown}`; did you mean `{suggestion}`?"),
            None => format!("there is no operation `{shown}`; clerk_api_search finds them"),
        }
    })
}

/// Tells whether `GET /users/{user_id}` means this operation, with a parameter in each place where the operation has one.
fn is_call_of(operation: &Operation, call: &str, is_parameter: fn(&str) -> bool) -> bool {
    let Some((method, path)) = call.split_once(char::is_whitespace) else { return false };
    let path = path.trim().trim_end_matches('/');
    let path = path.strip_prefix("/v1").filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let template = operation.endpoint.path;
    method.eq_ignore_ascii_case(operation.endpoint.method.word())
        && template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(one, other)| one == other || (one.starts_with('{') && is_parameter(other)))
}

/// Tells whether a part of a path is a parameter, by whatever name: `{id}` or `:id`.
fn is_placeholder(part: &str) -> bool {
    let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).or_else(|| part.strip_prefix(':'));
    name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}
