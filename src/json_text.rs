//! JSON as text.

use core::str;
use std::borrow::Cow;

use serde_json::{Error, Value};

/// Reads JSON. Nothing else does: `serde_json::from_slice` would be a second copy of the parser in the component, of 8 kB.
///
/// # Errors
///
/// It is no JSON.
pub(crate) fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text)
}

/// Reads JSON that is to be a text in UTF-8: looked at once as a whole, where the parser would look at each string.
///
/// # Errors
///
/// The reason why it cannot be read.
pub(crate) fn parse_bytes(bytes: &[u8]) -> Result<Value, Cow<'static, str>> {
    let text = str::from_utf8(bytes).map_err(|_| "it is no text in UTF-8")?;
    parse(text).map_err(|error| error.to_string().into())
}
