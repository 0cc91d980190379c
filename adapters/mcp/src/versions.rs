//! The versions of MCP that are spoken.

/// The version that needs no introduction.
pub const NEWEST_VERSION: &str = "2026-07-28";
/// Those that begin with `initialize`, the newest first.
pub(crate) const OLDER_VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// Every version, the oldest first.
pub(crate) fn supported_versions() -> Vec<&'static str> {
    OLDER_VERSIONS.into_iter().rev().chain([NEWEST_VERSION]).collect()
}

/// Whether messages of this version are answered.
#[must_use]
pub fn is_known_version(version: &str) -> bool {
    version == NEWEST_VERSION || OLDER_VERSIONS.contains(&version)
}
