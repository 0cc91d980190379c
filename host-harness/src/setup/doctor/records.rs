//! What the options have recorded and kept: the audit log, and the directory for secrets.

use std::fs;
use std::io;
use std::path::Path;

use super::Finding;
use crate::audit::Audit;
use crate::cli::Options;
use crate::file_system;
use crate::secrets::SecretsDirectory;

pub(super) fn look(options: &Options) -> Vec<Finding> {
    let audit = options.audit.as_deref().map(|path| {
        let advice = "correct --audit (CLERK_MCP_AUDIT), or leave it out";
        finding("audit", "calls that may write are recorded in", path, audit(path), advice)
    });
    let secrets = options.secrets_dir.as_deref().map(|path| {
        let opened = SecretsDirectory::open(path).map(drop).map_err(|error| error.to_string());
        let advice = "correct --secrets-dir (CLERK_SECRETS_DIR), or leave it out";
        finding("secrets", "secrets are kept in", path, opened, advice)
    });
    audit.into_iter().chain(secrets).collect()
}

fn finding(topic: &'static str, purpose: &str, path: &Path, opened: Result<(), String>, advice: &str) -> Finding {
    match opened {
        Ok(()) => Finding::ok(topic, format!("{purpose} {}", path.display())),
        Err(reason) => Finding::problem(topic, reason, advice),
    }
}

/// Tells whether the log can be opened, or created where there is none: this creates none.
fn audit(path: &Path) -> Result<(), String> {
    if path.exists() {
        return Audit::open(path).map(drop).map_err(|error| error.to_string());
    }
    can_create_beside(path).map_err(|error| format!("the audit file {} cannot be created: {error}", path.display()))
}

fn can_create_beside(path: &Path) -> io::Result<()> {
    let path = std::path::absolute(path)?;
    let probe = path.with_extension(format!("probe-{}", std::process::id()));
    file_system::options().write(true).create_new(true).open(&probe)?;
    fs::remove_file(&probe)
}
