//! Builds the component and compiles it ahead of time, so that the program starts without a compiler.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use wasmtime::Engine;
use wasmtime::error::Context as _;

#[path = "src/engine/settings.rs"]
mod settings;

const TARGET: &str = "wasm32-wasip2";

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the workspace");
    let files = [".cargo", "Cargo.lock", "Cargo.toml", "build.rs", "rust-toolchain.toml"];
    for input in files.into_iter().chain(["build", "pins", "skills", "src", "text-cleaning", "views", "wit"]) {
        println!("cargo::rerun-if-changed={}", root.join(input).display());
    }
    if !target_is_installed() {
        println!("cargo::error=the target {TARGET} is missing; run: rustup target add {TARGET}");
        return;
    }
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR"));
    let target = env::var("TARGET").expect("cargo sets TARGET");
    let component = fs::read(build_component(root, &out, &target)).expect("cargo has built the component");
    let compiled = compile(&component, &target).expect("the component compiles");
    fs::write(out.join("clerk_tools.cwasm"), compiled).expect("OUT_DIR can be written");
    // Only `inspect` reads it: as a stream of DEFLATE (RFC 1951) it takes two fifths.
    let packed = miniz_oxide::deflate::compress_to_vec(&component, 9);
    fs::write(out.join("clerk_tools.wasm.deflate"), packed).expect("OUT_DIR can be written");
}

/// Compiles the component for any processor of the target, not only for this one.
fn compile(component: &[u8], target: &str) -> wasmtime::Result<Vec<u8>> {
    let mut config = settings::config();
    config.target(target)?;
    let compiled = Engine::new(&config).and_then(|engine| engine.precompile_component(component));
    compiled.with_context(|| format!("for {target}; another processor than this one needs `--features all-processors`"))
}

fn target_is_installed() -> bool {
    let rustc = env::var_os("RUSTC").expect("cargo sets RUSTC");
    let printed = Command::new(rustc).args(["--print", "target-libdir", "--target", TARGET]).output();
    let Ok(directory) = String::from_utf8(printed.expect("rustc runs").stdout) else { return false };
    Path::new(directory.trim()).is_dir()
}

/// A plain build with a target directory of its own: cargo holds a lock on the other. What it says of where panics are does not
/// depend on this machine's folders.
fn build_component(root: &Path, out: &Path, target: &str) -> PathBuf {
    // <target directory>/[<target>/]<profile>/build/<package>/out; the component is the same for all targets.
    let above = out.ancestors().nth(4).expect("OUT_DIR lies in the target directory");
    let above = above.parent().filter(|_| above.ends_with(target)).unwrap_or(above);
    let target_directory = above.join("component");
    let mut cargo = Command::new(env::var_os("CARGO").expect("cargo sets CARGO"));
    cargo.current_dir(root).args(["build", "--locked", "--package", "clerk-tools"]);
    cargo.args(["--profile", "component", "--target", TARGET]);
    cargo.arg("--target-dir").arg(&target_directory);
    // Joined with the flags in .cargo/config.toml.
    cargo.args(["--config", &format!("target.{TARGET}.rustflags={:?}", remapped_registries())]);
    for (name, _) in env::vars_os().filter(|(name, _)| belongs_to_this_build(&name.to_string_lossy())) {
        cargo.env_remove(name);
    }
    let status = cargo.status().expect("cargo runs");
    assert!(status.success(), "building the component failed");
    target_directory.join(TARGET).join("component/clerk_tools.wasm")
}

/// Flags that leave out where cargo keeps the sources of dependencies.
fn remapped_registries() -> Vec<String> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    let sources = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let mut registries: Vec<PathBuf> = sources.into_iter().flatten().flatten().map(|found| found.path()).collect();
    registries.sort();
    registries.iter().map(|path| format!("--remap-path-prefix={}=/crates", path.display())).collect()
}

/// Whether a variable speaks of the build that this script is part of, and would change the other one.
fn belongs_to_this_build(name: &str) -> bool {
    let keeps = ["CARGO_HOME", "CARGO_HTTP", "CARGO_NET", "CARGO_REGISTR", "CARGO_SOURCE"];
    (name.starts_with("CARGO") && !keeps.iter().any(|prefix| name.starts_with(prefix)))
        || ["RUSTC", "RUSTC_WORKSPACE_WRAPPER", "RUSTC_WRAPPER", "RUSTFLAGS", "TARGET", "HOST"].contains(&name)
}
