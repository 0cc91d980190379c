//! JSON as text.

use serde_json::{Error, Value};

/// Reads JSON as it is read from answers. `serde_json::from_str` would be a second copy of the parser in the component, of 8 kB.
///
/// # Errors
///
/// It is no JSON.
pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_slice(text.as_bytes())
}
