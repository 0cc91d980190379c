//! The directory for secrets: what is none stops the start, and so does a server whose callers cannot read it.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::harness::{Clerk, Directory, KEY, Program};

fn refusal(clerk: &Clerk, directory: &str, command: &[&str]) -> String {
    let program = clerk.program().arguments(&["--secrets-dir", directory]);
    program.arguments(command).run().refusal().to_owned()
}

#[test]
fn what_is_no_place_for_secrets_stops_the_start() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let file = directory.0.join("file");
    fs::write(&file, "").expect("it can be written");
    let missing = directory.0.join("missing");
    for command in [&["stdio"][..], &["http", "--listen", "127.0.0.1:0"], &["call", "clerk_whoami"]] {
        let said = refusal(&clerk, &missing.to_string_lossy(), command);
        assert!(said.starts_with("--secrets-dir (CLERK_SECRETS_DIR): there is no directory"), "{said}");
        assert!(refusal(&clerk, &file.to_string_lossy(), command).contains("is no directory"));
        for mode in [0o755, 0o711, 0o740] {
            fs::set_permissions(&directory.0, fs::Permissions::from_mode(mode)).expect("it is ours");
            assert!(refusal(&clerk, &directory.text(), command).contains("chmod 700"), "{mode:o}");
        }
        fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o1777)).expect("it is ours");
        let said = refusal(&clerk, &directory.text(), command);
        assert!(said.contains("is for everybody on this machine") && said.contains("`mkdir -m 700`"), "{said}");
        fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o700)).expect("it is ours");
    }
    fs::set_permissions(&directory.0, fs::Permissions::from_mode(0o500)).expect("it is ours");
    if fs::write(directory.0.join("probe"), "").is_err() {
        assert!(refusal(&clerk, &directory.text(), &["stdio"]).contains("cannot be written"));
    } else {
        // Not `eprintln`, which shows only for tests that fail.
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), "skipped: a directory without write permission; this user writes anywhere");
    }
}

#[test]
fn a_server_for_callers_elsewhere_keeps_no_secrets() {
    let (clerk, directory) = (Clerk::sample(), Directory::new());
    let with = |program: Program| program.variable("CLERK_SECRETS_DIR", &directory.text()).run().refusal().to_owned();
    let http = |listen: &str| clerk.program().arguments(&["http", "--listen", listen]);
    let loopback = "127.0.0.1:0";
    for (program, why) in [
        (http("0.0.0.0:0").variable("CLERK_MCP_AUTH_TOKEN", "0123456789abcdef"), "listens beyond loopback"),
        (http(loopback).arguments(&["--allowed-hosts", "mcp.example"]), "--allowed-hosts"),
        (http(loopback).variable("CLERK_SECRET_KEY", ""), "each request brings a key of its own"),
        (
            http(loopback)
                .variable("CLERK_MCP_OAUTH_ISSUER", "https://clerk.example")
                .variable("CLERK_MCP_PUBLIC_URL", "https://mcp.example/mcp"),
            "access tokens of an issuer",
        ),
    ] {
        let said = with(program);
        assert!(said.starts_with("--secrets-dir (CLERK_SECRETS_DIR) writes to files of this machine"), "{said}");
        assert!(said.contains(why) && !said.contains(KEY), "{said}");
    }
}
