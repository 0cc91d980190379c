//! What the operator allows: the one place that decides it.

use crate::tool::{Effect, Entry};

/// The operator's choice, as a call brings it.
pub(crate) struct Policy<'a> {
    pub(crate) read_only: bool,
    /// Empty means all.
    pub(crate) toolsets: &'a [String],
}

impl Policy<'_> {
    /// # Errors
    ///
    /// Which setting forbids the tool.
    pub(crate) fn check(&self, toolset: &str, tool: &Entry) -> Result<(), String> {
        let name = tool.about.name;
        if self.read_only && tool.about.effect != Effect::Reads {
            return Err(format!("{name} changes data, and this server is read-only (--read-only, CLERK_READ_ONLY)"));
        }
        if !self.toolsets.is_empty() && !self.toolsets.iter().any(|allowed| allowed == toolset) {
            return Err(format!(
                "{name} belongs to the toolset `{toolset}`, which is not switched on (--toolsets, CLERK_TOOLSETS)"
            ));
        }
        Ok(())
    }
}
