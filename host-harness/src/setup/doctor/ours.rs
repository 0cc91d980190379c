//! Which entries start this program, however it is packed.

use std::path::Path;

use serde_json::Value;

use crate::setup::entry::Launch;
use crate::setup::kept_options::{PROGRAM, is_package};

/// The name that `init` gives an entry, unless it is told otherwise.
pub(super) const USUAL_NAME: &str = "clerk";

/// Tells whether an entry is one that starts this program, or is named as `init` names one.
pub(super) fn is_ours(name: &str, launch: &Launch) -> bool {
    name == USUAL_NAME
        || is_program(&launch.command)
        || launch.arguments.iter().any(|argument| names_program(argument))
        || launch.environment.iter().any(|(name, _)| name.starts_with("CLERK_SECRET_KEY"))
}

fn is_program(command: &str) -> bool {
    Path::new(command).file_stem().is_some_and(|name| name == PROGRAM)
}

/// Tells whether an entry starts this program and names no command of it.
pub(super) fn lacks_stdio(launch: &Launch) -> bool {
    (is_program(&launch.command) || launch.has_word(PROGRAM)) && !launch.has_word("stdio")
}

/// Tells whether a text somewhere in a value names this program.
pub(super) fn mentions_program(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(PROGRAM),
        Value::Array(values) => values.iter().any(mentions_program),
        Value::Object(fields) => fields.values().any(mentions_program),
        _ => false,
    }
}

/// Tells whether an argument names a package or an image of this program; it may be a whole line for a shell. A path is that of a
/// directory, which any program may be given.
fn names_program(argument: &str) -> bool {
    argument.split_whitespace().any(is_package)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_entry_is_known_by_its_name_program_package_image_or_key() {
        for (name, command, argument, is_it) in [
            ("clerk", "/home/ada/run.sh", "", true),
            ("auth", "/opt/bin/clerk-mcp", "stdio", true),
            ("auth", "npx", "clerk-mcp@1.2.3", true),
            ("auth", "docker", "ghcr.io/clerk-mcp/clerk-mcp", true),
            ("auth", "podman", "ghcr.io/clerk-mcp/clerk-mcp:1.2.3", true),
            ("auth", "docker", "localhost:5000/clerk-mcp/clerk-mcp@sha256:00", true),
            ("auth", "sh", "exec clerk-mcp stdio", true),
            ("files", "npx", "/home/ada/clerk-mcp/clerk-mcp", false),
            ("files", "npx", "~/clerk-mcp", false),
            ("other", "docker", "ghcr.io/clerk-mcp/clerk-mcp-other", false),
            ("other", "npx", "server", false),
        ] {
            let launch = Launch { command: command.into(), arguments: vec![argument.into()], ..Launch::default() };
            assert_eq!(is_ours(name, &launch), is_it, "{name} {command} {argument}");
        }
        let environment = vec![("CLERK_SECRET_KEY_FILE".into(), "/x".into())];
        assert!(is_ours("auth", &Launch { command: "sh".into(), environment, ..Launch::default() }));
    }

    #[test]
    fn a_value_that_is_no_command_may_still_name_the_program() {
        assert!(mentions_program(&json!({"command": ["/usr/bin/clerk-mcp", "stdio"]})));
        assert!(!mentions_program(&json!({"command": ["other"], "timeout": 3, "tools": null})));
    }
}
