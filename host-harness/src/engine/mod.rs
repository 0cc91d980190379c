//! How wasmtime is set up to run components.

mod settings;

use wasmtime::{Enabled, Engine, PoolingAllocationConfig, Result};

/// The most memory that one call may use, in bytes: answers of 8 MiB fit, read and rewritten, but for those of very many
/// small values.
pub(crate) const MOST_MEMORY: usize = 128 * 1024 * 1024;

/// The most calls that run at the same time; more of them wait.
pub(crate) const MOST_CALLS: u32 = 64;

/// What a component's instance may consist of. Ours has three core instances: itself and two small adapters.
const CORE_INSTANCES: u32 = 8;
const TABLES: u32 = 4;

/// An engine that runs components, each call in an instance from a pool.
pub(crate) fn runner() -> Result<Engine> {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(MOST_CALLS)
        .total_core_instances(MOST_CALLS * CORE_INSTANCES)
        .total_memories(MOST_CALLS)
        .total_tables(MOST_CALLS * TABLES)
        .total_stacks(MOST_CALLS)
        .max_core_instances_per_component(CORE_INSTANCES)
        .max_memories_per_component(1)
        .max_tables_per_component(TABLES)
        .max_memory_size(MOST_MEMORY)
        // What a call has written is cleared, not handed back to the system: that saves most page faults.
        .linear_memory_keep_resident(256 * 1024)
        .table_keep_resident(16 * 1024)
        .pagemap_scan(Enabled::Auto);
    let mut config = settings::config();
    config.allocation_strategy(pool);
    Engine::new(&config)
}
