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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tools;

    /// The names of the tools that a policy allows.
    fn allowed(read_only: bool, toolsets: &[&str]) -> Vec<&'static str> {
        let toolsets: Vec<String> = toolsets.iter().copied().map(Into::into).collect();
        let policy = Policy { read_only, toolsets: &toolsets };
        let allowed = tools::all().filter(|(toolset, tool)| policy.check(toolset, tool).is_ok());
        allowed.map(|(_, tool)| tool.about.name).collect()
    }

    #[test]
    fn no_restriction_allows_every_tool() {
        assert_eq!(allowed(false, &[]).len(), tools::all().count());
    }

    #[test]
    fn read_only_leaves_the_tools_that_list_and_get() {
        let names = allowed(true, &[]);
        assert_eq!(names.len(), 6);
        assert!(names.iter().all(|name| name.starts_with("clerk_list_") || name.starts_with("clerk_get_")));
    }

    #[test]
    fn both_settings_hold_together() {
        assert_eq!(
            allowed(true, &["users", "invitations"]),
            ["clerk_list_organization_invitations", "clerk_list_users", "clerk_get_user"]
        );
    }

    #[test]
    fn an_unknown_toolset_allows_nothing() {
        assert!(allowed(false, &["everything"]).is_empty());
    }

    #[test]
    fn a_denial_names_the_setting() {
        let (toolset, tool) = tools::find("clerk_remove_member").unwrap();
        let read_only = Policy { read_only: true, toolsets: &[] };
        assert!(read_only.check(toolset, tool).is_err_and(|reason| reason.contains("--read-only")));
        let toolsets = ["users".to_owned()];
        let users = Policy { read_only: false, toolsets: &toolsets };
        assert!(users.check(toolset, tool).is_err_and(|reason| reason.contains("--toolsets")));
    }
}
