//! Runs tools: the component is loaded once, and each call gets an instance of its own with limits and a deadline.

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use wasmtime::component::{Component, HasData, Linker, ResourceTable};
use wasmtime::{Engine, Store, StoreLimits, StoreLimitsBuilder, Trap, UpdateDeadline};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksCtx, WasiClocksCtxView};
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi_http::p2::bindings::http::{outgoing_handler, types};
use wasmtime_wasi_http::{WasiHttp, WasiHttpCtx, WasiHttpCtxView, WasiHttpView};
use wasmtime_wasi_io::bindings::wasi::io;

use crate::egress::{CallEgress, Egress};
use crate::engine::{self, MOST_CALLS, MOST_MEMORY};
use crate::key::SecretKey;

pub(crate) use contract::exports::clerk::mcp::mcp_tools::{
    CallContext, CallResult, ContentBlock, Error, Policy, Problem, Tool,
};

#[allow(missing_docs, unreachable_pub, clippy::pedantic, reason = "generated from wit/")]
mod contract {
    wasmtime::component::bindgen!({
        world: "clerk-tools",
        path: "../wit",
        exports: { default: async },
    });
}

use contract::ClerkToolsPre;
use contract::exports::clerk::mcp::mcp_tools::Guest;

/// The component, compiled when this program was built.
static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/clerk_tools.cwasm"));

/// How often a computing instance is interrupted, to let others run and to look at its account.
const TICK: Duration = Duration::from_millis(5);
/// How long one call may compute, waiting not counted. The largest answer took about half a second.
const MOST_COMPUTING: Duration = Duration::from_secs(2);
/// How much longer than its own deadline a call may take before it is cut off.
const GRACE: Duration = Duration::from_millis(500);

/// A component's tools. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Tools {
    instances: ClerkToolsPre<Call>,
    egress: Egress,
    policy: Policy,
    timeout: Duration,
    slots: Arc<Semaphore>,
}

/// Why a call ended without an answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Aborted {
    #[error("the tool did not answer within {} s", .0.as_secs_f32())]
    TimedOut(Duration),
    #[error("the tool computed for more than {} s", MOST_COMPUTING.as_secs())]
    Overran,
    #[error("the tool failed inside the sandbox: {0}")]
    Trapped(String),
}

/// Why a component cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LoadError {
    #[error("the sandbox cannot be set up: {0:#}")]
    Sandbox(wasmtime::Error),
    #[error("{}: {error}", file.display())]
    Unreadable { file: PathBuf, error: std::io::Error },
    #[error("{} is not a WebAssembly component: {reason}", file.display())]
    NotAComponent { file: PathBuf, reason: String },
    #[error("the component needs more than wasi:http, wasi:io and wasi:clocks, which is all it gets here: {0:#}")]
    TooManyImports(wasmtime::Error),
    #[error("the component does not export clerk:mcp/mcp-tools as this version of clerk-mcp knows it: {0:#}")]
    WrongWorld(wasmtime::Error),
}

/// What one instance may use.
struct Call {
    table: ResourceTable,
    clocks: WasiClocksCtx,
    http: WasiHttpCtx,
    egress: CallEgress,
    limits: StoreLimits,
}

impl WasiHttpView for Call {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.egress }
    }
}

/// The resource table is all that wasi:io needs.
struct Io;

impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}

impl Tools {
    /// Loads the embedded component, or compiles the one in `file`.
    pub(crate) fn load(
        file: Option<&Path>,
        egress: Egress,
        policy: Policy,
        timeout: Duration,
    ) -> Result<Self, LoadError> {
        let engine = engine::runner().map_err(LoadError::Sandbox)?;
        let component = match file {
            Some(file) => compile(&engine, file, &read(file)?)?,
            None => embedded(&engine).map_err(LoadError::Sandbox)?,
        };
        let linker = linker(&engine).map_err(LoadError::Sandbox)?;
        let instances = linker.instantiate_pre(&component).map_err(LoadError::TooManyImports)?;
        let instances = ClerkToolsPre::new(instances).map_err(LoadError::WrongWorld)?;
        start_clock(&engine).map_err(|error| LoadError::Sandbox(error.into()))?;
        Ok(Self { instances, egress, policy, timeout, slots: Arc::new(Semaphore::new(MOST_CALLS as usize)) })
    }

    /// The same tools with connections of their own, for another thread.
    pub(crate) fn with_own_connections(&self) -> Self {
        Self { egress: self.egress.with_own_connections(), ..self.clone() }
    }

    /// The tools that the operator's policy allows.
    pub(crate) async fn list(&self) -> Result<Vec<Tool>, Aborted> {
        self.list_under(&self.policy).await
    }

    /// The tools that another policy would allow.
    pub(crate) async fn list_under(&self, policy: &Policy) -> Result<Vec<Tool>, Aborted> {
        self.in_sandbox(None, async |tools, store| tools.call_list(store, policy).await).await
    }

    /// Calls a tool with a secret key.
    pub(crate) async fn call(
        &self,
        key: SecretKey,
        name: String,
        arguments: String,
    ) -> Result<Result<CallResult, Error>, Aborted> {
        let context = CallContext {
            policy: self.policy.clone(),
            api_url: self.egress.origin().to_string(),
            timeout_ms: u32::try_from(self.timeout.as_millis()).unwrap_or(u32::MAX),
        };
        self.in_sandbox(Some(key), async |tools, store| tools.call_call(store, &name, &arguments, &context).await).await
    }

    /// Runs one export in an instance of its own, waits for a free place first.
    async fn in_sandbox<T>(
        &self,
        key: Option<SecretKey>,
        run: impl AsyncFnOnce(&Guest, &mut Store<Call>) -> wasmtime::Result<T>,
    ) -> Result<T, Aborted> {
        let _place = self.slots.acquire().await.map_err(|closed| Aborted::Trapped(closed.to_string()))?;
        let deadline = Instant::now() + self.timeout;
        let mut store = self.store(CallEgress { egress: self.egress.clone(), key, deadline });
        let call = async {
            let instance = self.instances.instantiate_async(&mut store).await?;
            run(instance.clerk_mcp_mcp_tools(), &mut store).await
        };
        match timeout_at(deadline + GRACE, within_account(call)).await {
            Ok(Some(answer)) => answer.map_err(|error| Aborted::Trapped(reason(&error))),
            Ok(None) => Err(Aborted::Overran),
            Err(_) => Err(Aborted::TimedOut(self.timeout)),
        }
    }

    fn store(&self, egress: CallEgress) -> Store<Call> {
        let call = Call {
            table: ResourceTable::new(),
            clocks: WasiClocksCtx::default(),
            http: WasiHttpCtx::new(),
            egress,
            limits: StoreLimitsBuilder::new().memory_size(MOST_MEMORY).trap_on_grow_failure(true).build(),
        };
        let mut store = Store::new(self.instances.engine(), call);
        store.limiter(|call| &mut call.limits);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
        store
    }
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

/// Compiles a component.
pub(crate) fn compile(engine: &Engine, file: &Path, bytes: &[u8]) -> Result<Component, LoadError> {
    let reason = if bytes.starts_with(COMPONENT) {
        match Component::new(engine, bytes) {
            Ok(component) => return Ok(component),
            Err(error) => error.root_cause().to_string().lines().next().unwrap_or_default().to_owned(),
        }
    } else if bytes.starts_with(MODULE) {
        "it is a core module; build it for wasm32-wasip2".into()
    } else {
        "it does not begin like one".into()
    };
    Err(LoadError::NotAComponent { file: file.into(), reason })
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

/// Interrupts computing instances until the engine is gone.
fn start_clock(engine: &Engine) -> std::io::Result<()> {
    let engine = engine.weak();
    let tick = move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            thread::sleep(TICK);
        }
    };
    thread::Builder::new().name("sandbox-clock".into()).spawn(tick).map(drop)
}

/// Adds up the time that a call computes, and gives up when that is too much. Each tick of the clock makes a computing
/// instance yield, so that this gets to look.
async fn within_account<T>(call: impl Future<Output = T>) -> Option<T> {
    let mut call = pin!(call);
    let mut computed = Duration::ZERO;
    poll_fn(move |context| {
        let start = Instant::now();
        let polled = call.as_mut().poll(context);
        computed += start.elapsed();
        match polled {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if computed > MOST_COMPUTING => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Why an instance failed, in one line without its backtrace.
fn reason(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => "it panicked".into(),
        Some(trap) => trap.to_string(),
        None => error.root_cause().to_string(),
    }
}
