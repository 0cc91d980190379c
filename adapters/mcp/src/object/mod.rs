//! The contract's records as MCP's objects. JSON within them is passed on as it is.

pub(crate) mod content;
pub(crate) mod listed;
pub(crate) mod results;
pub(crate) mod skills;
