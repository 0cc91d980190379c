//! Loads a component: the embedded one, or one from a file, with nothing linked but what the world imports.

use std::path::{Path, PathBuf};

use wasmtime::Engine;
use wasmtime::component::{Component, HasData, InstancePre, Linker, ResourceTable};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksCtxView};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi_http::p2::bindings::http::{outgoing_handler, types};
use wasmtime_wasi_http::{WasiHttp, WasiHttpView as _};
use wasmtime_wasi_io::bindings::wasi::io;

use super::instance::Call;

/// The component, compiled when this program was built.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/clerk_tools.cwasm"));

/// Why a component cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("the sandbox cannot be set up: {0:#}")]
    Sandbox(wasmtime::Error),
    #[error("{}: {error}", file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("{} is not a WebAssembly component: {reason}", file.display())]
    NotAComponent { file: PathBuf, reason: String },
    #[cfg(not(feature = "compiler"))]
    #[error(
        "--component needs a compiler for WebAssembly, which this build of clerk-mcp leaves out; \
         build the program from source, by `make build`"
    )]
    NoCompiler,
    #[error("the component needs more than wasi:http, wasi:io and wasi:clocks, which is all it gets here: {0:#}")]
    TooManyImports(wasmtime::Error),
    #[error("the component does not export clerk:mcp as this version of clerk-mcp knows it: {0:#}")]
    WrongWorld(wasmtime::Error),
}

/// The component in `file`, or the embedded one, ready for instances.
pub(super) fn prepare(engine: &Engine, file: Option<&Path>) -> Result<InstancePre<Call>, LoadError> {
    let component = match file {
        Some(file) => compile(engine, file)?,
        None => embedded(engine).map_err(LoadError::Sandbox)?,
    };
    let linker = linker(engine).map_err(LoadError::Sandbox)?;
    linker.instantiate_pre(&component).map_err(LoadError::TooManyImports)
}

#[expect(unsafe_code, reason = "wasmtime has to trust compiled code; this was compiled by our own build script")]
fn embedded(engine: &Engine) -> wasmtime::Result<Component> {
    // SAFETY: the bytes come from `Engine::precompile_component` in build.rs and are part of this program.
    unsafe { Component::deserialize(engine, COMPILED) }
}

pub(crate) fn read(file: &Path) -> Result<Vec<u8>, LoadError> {
    std::fs::read(file).map_err(|error| LoadError::Unreadable { file: file.into(), error })
}

/// The first bytes of a component, and of the modules that it consists of
/// (<https://github.com/WebAssembly/component-model/blob/main/design/mvp/Binary.md>).
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";
const MODULE: &[u8] = b"\0asm\x01\0\0\0";

/// Checks how a file begins.
pub(crate) fn check_form(file: &Path, bytes: &[u8]) -> Result<(), LoadError> {
    let reason = match bytes {
        _ if bytes.starts_with(COMPONENT) => return Ok(()),
        _ if bytes.starts_with(MODULE) => "it is a core module; build it for wasm32-wasip2",
        _ => "it does not begin like one",
    };
    Err(LoadError::NotAComponent { file: file.into(), reason: reason.into() })
}

#[cfg(feature = "compiler")]
fn compile(engine: &Engine, file: &Path) -> Result<Component, LoadError> {
    let bytes = read(file)?;
    check_form(file, &bytes)?;
    Component::new(engine, bytes).map_err(|error| LoadError::NotAComponent {
        file: file.into(),
        reason: error.root_cause().to_string().lines().next().unwrap_or_default().to_owned(),
    })
}

#[cfg(not(feature = "compiler"))]
fn compile(_: &Engine, _: &Path) -> Result<Component, LoadError> {
    Err(LoadError::NoCompiler)
}

/// The resource table is all that wasi:io needs.
struct Io;

impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}

/// Links what the world imports, and nothing else.
fn linker(engine: &Engine) -> wasmtime::Result<Linker<Call>> {
    let mut linker = Linker::new(engine);
    io::error::add_to_linker::<Call, Io>(&mut linker, |call| &mut call.table)?;
    io::poll::add_to_linker::<Call, Io>(&mut linker, |call| &mut call.table)?;
    io::streams::add_to_linker::<Call, Io>(&mut linker, |call| &mut call.table)?;
    monotonic_clock::add_to_linker::<Call, WasiClocks>(&mut linker, |call| WasiClocksCtxView {
        ctx: &mut call.clocks,
        table: &mut call.table,
    })?;
    outgoing_handler::add_to_linker::<Call, WasiHttp>(&mut linker, Call::http)?;
    types::add_to_linker::<Call, WasiHttp>(&mut linker, &types::LinkOptions::default(), Call::http)?;
    Ok(linker)
}
