//! Puts the guard between a component and the network, and an adapter in front if one is given.

mod docs;
mod harmless;
mod wiring;

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser;

/// Composes one component of several: the guarded one reaches the network through the guard only.
#[derive(Parser)]
struct Arguments {
    /// The component that holds the key and lets requests to one API pass.
    #[arg(long, value_name = "FILE")]
    guard: PathBuf,
    /// What takes requests from outside and has the guarded component carry them out. Without it, the guarded
    /// component's own exports are those of the whole.
    #[arg(long, value_name = "FILE")]
    adapter: Option<PathBuf>,
    /// WIT whose comments are to be kept in the composed component, for hosts that show them to a model.
    #[arg(long, value_name = "DIRECTORY")]
    docs: Option<PathBuf>,
    /// The component to guard.
    component: PathBuf,
    /// Where to write the composed component.
    output: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let Arguments { guard, adapter, docs, component, output } = Arguments::parse();
    let read = |file: &PathBuf| fs::read(file).with_context(|| file.display().to_string());
    let parts = wiring::Parts {
        guard: read(&guard)?,
        guarded: read(&component)?,
        adapter: adapter.as_ref().map(read).transpose()?,
    };
    let mut composed = wiring::compose(parts)?;
    if let Some(wit) = docs {
        docs::insert(&mut composed, &wit)?;
    }
    fs::write(&output, composed).with_context(|| output.display().to_string())
}
