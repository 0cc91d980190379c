//! Finds the operation that a caller names: by Clerk's `operationId` in any case, or by method and path.

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
    let by_name = || OPERATIONS.iter().find(|operation| operation.name.eq_ignore_ascii_case(name));
    let by_call = || OPERATIONS.iter().find(|operation| is_call_of(operation, name));
    by_name().or_else(by_call).ok_or_else(|| {
        let lower = name.to_ascii_lowercase();
        let close = OPERATIONS.iter().map(|operation| operation.name);
        match closest(&lower, close) {
            Some(suggestion) => format!("there is no operation `{}`; did you mean `{suggestion}`?", excerpt(name)),
            None => format!("there is no operation `{}`; clerk_api_search finds them", excerpt(name)),
        }
    })
}

/// Tells whether `GET /users/{user_id}` means this operation; whatever name stands in a path's braces, or `:id`, is a parameter.
fn is_call_of(operation: &Operation, call: &str) -> bool {
    let Some((method, path)) = call.split_once(char::is_whitespace) else { return false };
    let path = path.trim().trim_end_matches('/');
    let path = path.strip_prefix("/v1").filter(|rest| rest.starts_with('/')).unwrap_or(path);
    let is_parameter = |part: &str| {
        let name = part.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).or_else(|| part.strip_prefix(':'));
        name.is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
    };
    let template = operation.endpoint.path;
    method.eq_ignore_ascii_case(operation.endpoint.method.word())
        && template.split('/').count() == path.split('/').count()
        && template
            .split('/')
            .zip(path.split('/'))
            .all(|(one, other)| one == other || (is_parameter(one) && is_parameter(other)))
}
