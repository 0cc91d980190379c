//! Components other than the real one, and files that are none.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use super::program::workspace;

const TARGET: &str = "wasm32-wasip2";

/// A component whose tools misbehave; built once.
pub(crate) fn guest() -> &'static Path {
    static GUEST: OnceLock<PathBuf> = OnceLock::new();
    GUEST.get_or_init(|| build("guest"))
}

/// A component with what the conformance suite of MCP asks a server for; built once.
pub(crate) fn conformance() -> &'static Path {
    static CONFORMANCE: OnceLock<PathBuf> = OnceLock::new();
    CONFORMANCE.get_or_init(|| build("conformance"))
}

/// The build has a target directory of its own: cargo holds a lock on the other one.
fn build(name: &str) -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(workspace().join("tests/fixtures").join(name)).args([
        "build",
        "--release",
        "--locked",
        "--target",
        TARGET,
    ]);
    cargo.arg("--target-dir").arg(target_directory());
    for (name, _) in env::vars_os().filter(|(name, _)| belongs_to_this_build(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    let output = cargo.output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    target_directory().join(TARGET).join("release").join(name).with_extension("wasm")
}

fn target_directory() -> PathBuf {
    workspace().join("target/fixtures")
}

/// Whether a variable speaks of the build of these tests, and would change the other one.
fn belongs_to_this_build(name: &str) -> bool {
    let keeps = ["CARGO_HOME", "CARGO_HTTP", "CARGO_NET", "CARGO_REGISTR", "CARGO_SOURCE"];
    (name.starts_with("CARGO") && !keeps.iter().any(|prefix| name.starts_with(prefix)))
        || ["RUSTC", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_WRAPPER", "RUSTFLAGS"].contains(&name)
}

/// A component that neither imports nor exports anything.
pub(crate) fn empty_component() -> PathBuf {
    file("empty.wasm", &component(&[]))
}

/// A component that imports a function of `wasi:cli`.
pub(crate) fn component_that_imports_wasi_cli() -> PathBuf {
    let interface = b"wasi:cli/environment@0.2.6";
    // An instance type: a function without parameters and results, exported as `x`.
    let types = [&[1, 0x42, 2, 1, 0x40, 0, 1, 0, 4, 0, 1][..], b"x", &[1, 0]].concat();
    let imports = [&[1, 0, byte(interface.len())][..], interface, &[5, 0]].concat();
    file("too_many_imports.wasm", &component(&[(7, &types), (10, &imports)]))
}

/// A core module, which is WebAssembly but no component.
pub(crate) fn core_module() -> PathBuf {
    file("module.wasm", b"\0asm\x01\0\0\0")
}

/// A file with these bytes.
pub(crate) fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let directory = target_directory().join("files");
    fs::create_dir_all(&directory).expect("the target directory can be written");
    let path = directory.join(name);
    fs::write(&path, bytes).expect("the target directory can be written");
    path
}

/// A component in the binary format, of sections that are each shorter than 128 bytes.
fn component(sections: &[(u8, &[u8])]) -> Vec<u8> {
    let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
    for (number, section) in sections {
        bytes.extend([*number, byte(section.len())]);
        bytes.extend_from_slice(section);
    }
    bytes
}

fn byte(length: usize) -> u8 {
    u8::try_from(length).expect("the parts of these components are short")
}
