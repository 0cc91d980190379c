//! A component that was loaded once: each call gets an instance of its own with limits and a deadline.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use wasmtime::component::{Instance, InstancePre, ResourceTable};
use wasmtime::{Store, Trap, UpdateDeadline};
use wasmtime_wasi::clocks::WasiClocksCtx;
use wasmtime_wasi_http::WasiHttpCtx;

use super::aborted::Aborted;
use super::clock;
use super::exports::Exports;
use super::instance::Call;
use super::load::{self, LoadError};
use super::memory::Memory;
use crate::computing;
use crate::egress::{CallEgress, Egress};
use crate::engine::{self, MOST_CALLS};

/// The time that a call may take beyond its own deadline before it is cut off.
const GRACE: Duration = Duration::from_millis(500);

/// A component that can be called. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Component {
    instances: InstancePre<Call>,
    pub(super) exports: Exports,
    pub(super) egress: Egress,
    pub(super) timeout: Duration,
    places: Arc<Semaphore>,
    memory: Memory,
}

impl Component {
    /// Loads the embedded component, or compiles the one in `file`. `timeout` is how long one call may take.
    pub(crate) fn load(file: Option<&Path>, egress: Egress, timeout: Duration) -> Result<Self, LoadError> {
        let engine = engine::runner().map_err(LoadError::Sandbox)?;
        let instances = load::prepare(&engine, file)?;
        let exports = Exports::of(&instances).map_err(LoadError::WrongWorld)?;
        clock::start(&engine).map_err(|error| LoadError::Sandbox(error.into()))?;
        Ok(Self {
            instances,
            exports,
            egress,
            timeout,
            places: Arc::new(Semaphore::new(MOST_CALLS as usize)),
            memory: Memory::default(),
        })
    }

    /// The same component with connections of its own, for another thread.
    pub(crate) fn with_own_connections(&self) -> Self {
        Self { egress: self.egress.with_own_connections(), ..self.clone() }
    }

    /// The same component with another way out.
    pub(crate) fn with_egress(&self, egress: Egress) -> Self {
        Self { egress, ..self.clone() }
    }

    /// The way out of its calls.
    pub(crate) fn egress(&self) -> &Egress {
        &self.egress
    }

    /// How long one call may take.
    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Runs one export in an instance of its own, waits for a free place first. What `run` tells the component of the
    /// time that is left, it has to find out when it runs.
    pub(super) async fn in_sandbox<T>(
        &self,
        egress: CallEgress,
        run: impl AsyncFnOnce(&Instance, &mut Store<Call>) -> wasmtime::Result<T>,
    ) -> Result<T, Aborted> {
        let deadline = egress.deadline;
        let place = timeout_at(deadline, self.places.acquire()).await.map_err(|_| Aborted::Busy)?;
        let _place = place.map_err(|closed| Aborted::Trapped(closed.to_string()))?;
        let mut store = self.store(egress);
        let call = async {
            let instance = self.instances.instantiate_async(&mut store).await?;
            run(&instance, &mut store).await
        };
        match timeout_at(deadline + GRACE, computing::within(clock::MOST_COMPUTING, call)).await {
            Ok(Some(answer)) => answer.map_err(|error| Aborted::Trapped(reason(&error))),
            Ok(None) => Err(Aborted::Overran),
            Err(_) => Err(Aborted::TimedOut(self.timeout)),
        }
    }

    /// No way out, for exports that do no I/O.
    pub(super) fn no_egress(&self) -> CallEgress {
        CallEgress {
            egress: self.egress.clone(),
            key: None,
            organizations: Vec::new(),
            users: Vec::new(),
            deadline: Instant::now() + self.timeout,
            requests: Arc::default(),
            before_write: None,
            writes: Arc::default(),
        }
    }

    fn store(&self, egress: CallEgress) -> Store<Call> {
        let call = Call {
            table: ResourceTable::new(),
            clocks: WasiClocksCtx::default(),
            http: WasiHttpCtx::new(),
            egress,
            memory: self.memory.share(),
        };
        let mut store = Store::new(self.instances.engine(), call);
        store.limiter(|call| &mut call.memory);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|_| Ok(UpdateDeadline::Yield(1)));
        store
    }
}

/// Why an instance failed, in one line without its backtrace.
fn reason(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        Some(Trap::UnreachableCodeReached) => "it panicked".into(),
        Some(trap) => trap.to_string(),
        None => error.root_cause().to_string(),
    }
}
