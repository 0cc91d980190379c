//! What clients are told of each tool: derived from the types by the build script, carried here as text.

use serde_json::Value;

/// One tool's texts.
pub(crate) struct Definition {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) input_schema: &'static str,
    pub(crate) output_schema: &'static str,
    /// Which fields of its answers people outside have written, with commas in between.
    pub(crate) untrusted: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/definitions.rs"));

/// The texts of the tool of this name.
pub(crate) fn of(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

/// The schema of a tool's arguments, to be looked into.
pub(crate) fn input_schema(name: &str) -> Value {
    of(name).and_then(|definition| serde_json::from_str(definition.input_schema).ok()).unwrap_or_default()
}
