//! The settings that compiled code depends on: the build script compiles the component with them.

use wasmtime::Config;

/// What the engine that compiles and the one that runs have alike.
pub(crate) fn config() -> Config {
    let mut config = Config::new();
    config.epoch_interruption(true);
    config.memory_init_cow(true);
    // Nobody is shown where in the code a trap was.
    config.generate_address_map(false);
    config
}
