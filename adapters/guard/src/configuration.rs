//! What is guarded, and how: all that the guard knows of the API.

/// The environment variable with the key.
pub(crate) const KEY_VARIABLE: &str = "CLERK_SECRET_KEY";

/// How the keys of development instances begin.
pub(crate) const DEVELOPMENT: &str = "sk_test_";

/// How the keys of production instances begin.
pub(crate) const PRODUCTION: &str = "sk_live_";

/// The key of `clerk-emulator`, which is no secret.
pub(crate) const EMULATED: &str = "sk_test_demo0000000000000000000000000000000000";

/// The environment variable with the API's base URL. Without it, requests go to `DEFAULT_URL`.
pub(crate) const URL_VARIABLE: &str = "CLERK_API_URL";

/// Its path is also that of a URL which has none.
pub(crate) const DEFAULT_URL: &str = "https://api.clerk.com/v1";

/// The environment variables that keep requests to one organization and one user.
pub(crate) const PINS: [&str; 2] = ["CLERK_ORGANIZATION", "CLERK_USER"];

/// What stands before the key in the `Authorization` header.
pub(crate) const SCHEME: &str = "Bearer ";

/// The environment variables that the component in front may see. No key of the API is among them.
pub(crate) const VISIBLE: [&str; 14] = [
    "CLERK_ASK_METADATA",
    "CLERK_PAGE_BYTES",
    "CLERK_CONFIRM",
    "CLERK_EXCLUDE_TOOLS",
    "CLERK_MASK",
    "CLERK_MCP_AUTH_TOKEN",
    "CLERK_MCP_TIMEOUT",
    "CLERK_MODE",
    "CLERK_ORGANIZATION",
    "CLERK_PRIVATE_METADATA",
    "CLERK_READ_ONLY",
    "CLERK_TOOLS",
    "CLERK_TOOLSETS",
    "CLERK_USER",
];
