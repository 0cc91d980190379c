//! The cost of the guard: the tools of `dist/` alone and behind it, each call in a fresh instance, in one small host that gives
//! both the same.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, thread};

use tokio::time::Instant;
use wasmtime::component::{Component, HasData, Linker, ResourceTable};
use wasmtime::{Config, Engine, PoolingAllocationConfig, Store};
use wasmtime_wasi::clocks::{WasiClocks, WasiClocksCtx, WasiClocksCtxView};
use wasmtime_wasi::p2::bindings::clocks::{monotonic_clock, wall_clock};
use wasmtime_wasi_http::p2::bindings::http::{outgoing_handler, types};
use wasmtime_wasi_http::{WasiHttp, WasiHttpCtx, WasiHttpCtxView, WasiHttpView};
use wasmtime_wasi_io::bindings::wasi::io;

use crate::budget::{Budget, Limits};
use crate::component::{CallContext, ClerkToolsPre, Outcome};
use crate::egress::{CallEgress, Egress};
use crate::key::SecretKey;
use crate::origin::Origin;

/// Tools in a host that grants an environment too.
pub(crate) struct Host {
    instances: ClerkToolsPre<State>,
    egress: Egress,
    key: String,
}

struct State {
    table: ResourceTable,
    clocks: WasiClocksCtx,
    http: WasiHttpCtx,
    egress: CallEgress,
}

impl WasiHttpView for State {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.egress }
    }
}

impl State {
    fn clocks(&mut self) -> WasiClocksCtxView<'_> {
        WasiClocksCtxView { ctx: &mut self.clocks, table: &mut self.table }
    }
}

struct Io;

impl HasData for Io {
    type Data<'a> = &'a mut ResourceTable;
}

/// A file that `make components` makes.
pub(crate) fn component(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../dist").join(name)
}

/// Processor time of this thread so far, in which the runtime, the tools and the emulator run.
pub(crate) fn processor_time() -> Duration {
    // The kernel counts it when the thread stops running.
    thread::sleep(Duration::from_nanos(1));
    let figures = fs::read_to_string("/proc/thread-self/schedstat").expect("the kernel keeps account of it");
    let nanoseconds = figures.split(' ').next().and_then(|figure| figure.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number"))
}

impl Host {
    /// The component in `file`, for the API at this URL with this key.
    pub(crate) fn load(file: &Path, url: &str, key: &str) -> Result<Self, Box<dyn Error>> {
        let mut pool = PoolingAllocationConfig::new();
        // The guard has a memory of its own; otherwise as in `engine`.
        pool.max_memories_per_component(2).max_tables_per_component(16).max_core_instances_per_component(32);
        pool.total_component_instances(8).total_memories(16).total_tables(128).total_core_instances(256);
        pool.linear_memory_keep_resident(256 * 1024).table_keep_resident(16 * 1024);
        let mut config = Config::new();
        config.epoch_interruption(true);
        config.allocation_strategy(pool);
        let engine = Engine::new(&config)?;
        let component = Component::from_file(&engine, file)?;
        let variables = [("CLERK_API_URL", url), ("CLERK_SECRET_KEY", key)];
        let linker = linker(&engine, variables.map(|(name, value)| (name.into(), value.into())).to_vec())?;
        let instances = ClerkToolsPre::new(linker.instantiate_pre(&component)?)?;
        let unlimited = Budget::new(Limits { requests: Some(0), writes: 0 });
        Ok(Self { instances, egress: Egress::new(Origin::parse(url)?, unlimited), key: key.into() })
    }

    /// Calls a tool in an instance of its own.
    pub(crate) async fn call(&self, tool: &str, arguments: &String) -> Result<Outcome, Box<dyn Error>> {
        let egress = CallEgress {
            egress: self.egress.clone(),
            key: Some(SecretKey::parse(&self.key)?),
            organizations: Vec::new(),
            users: Vec::new(),
            deadline: Instant::now() + super::TIMEOUT,
            requests: Arc::default(),
            before_write: None,
            writes: Arc::default(),
        };
        let (table, clocks, http) = (ResourceTable::new(), WasiClocksCtx::default(), WasiHttpCtx::new());
        let mut store = Store::new(self.instances.engine(), State { table, clocks, http, egress });
        store.set_epoch_deadline(u64::MAX / 2);
        let context = CallContext {
            policy: super::policy(&[]),
            api_url: self.egress.origin().to_string(),
            timeout_ms: 30_000,
            client_capabilities: "{}".into(),
            input_responses: Vec::new(),
            request_state: None,
            trace: None,
            budget: None,
            mask_key: None,
        };
        let tools = self.instances.instantiate_async(&mut store).await?;
        let answer = tools.clerk_mcp_mcp_tools().call_call(&mut store, tool, arguments, &context).await?;
        answer.map_err(|error| format!("{error:?}").into())
    }
}

/// Links what the guard imports, of which the tools import a part.
fn linker(engine: &Engine, environment: Vec<(String, String)>) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    io::error::add_to_linker::<State, Io>(&mut linker, |state| &mut state.table)?;
    io::poll::add_to_linker::<State, Io>(&mut linker, |state| &mut state.table)?;
    io::streams::add_to_linker::<State, Io>(&mut linker, |state| &mut state.table)?;
    monotonic_clock::add_to_linker::<State, WasiClocks>(&mut linker, State::clocks)?;
    wall_clock::add_to_linker::<State, WasiClocks>(&mut linker, State::clocks)?;
    outgoing_handler::add_to_linker::<State, WasiHttp>(&mut linker, State::http)?;
    types::add_to_linker::<State, WasiHttp>(&mut linker, &types::LinkOptions::default(), State::http)?;
    let mut instance = linker.instance("wasi:cli/environment@0.2.6")?;
    instance.func_wrap("get-environment", move |_, ()| Ok((environment.clone(),)))?;
    Ok(linker)
}
