//! The state of one instance.

use wasmtime::component::ResourceTable;
use wasmtime_wasi::clocks::WasiClocksCtx;
use wasmtime_wasi_http::{WasiHttpCtx, WasiHttpCtxView, WasiHttpView};

use super::memory;
use crate::egress::CallEgress;

/// The means that one instance may use.
pub(super) struct Call {
    pub(super) table: ResourceTable,
    pub(super) clocks: WasiClocksCtx,
    pub(super) http: WasiHttpCtx,
    pub(super) egress: CallEgress,
    pub(super) memory: memory::Share,
}

impl WasiHttpView for Call {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.egress }
    }
}
