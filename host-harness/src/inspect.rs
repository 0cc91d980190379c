//! What a component is and what it can reach: read from its bytes.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;

use crate::component::{self, LoadError};

/// The component as it was built, before it was compiled.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/clerk_tools.wasm"));

/// Describes the component in `file`, or the embedded one.
///
/// `{source, size, sha256, imports: [name], exports: [{name, functions: [name]}]}`; the size is in bytes.
pub(crate) fn describe(file: Option<&Path>) -> Result<Value, LoadError> {
    let (source, bytes) = match file {
        Some(file) => (file, component::read(file)?),
        None => (Path::new("embedded"), EMBEDDED.to_vec()),
    };
    let engine = Engine::default();
    let component = component::compile(&engine, source, &bytes)?;
    let component_type = component.component_type();
    let imports: Vec<&str> = component_type.imports(&engine).map(|(name, _)| name).collect();
    let exports: Vec<Value> = component_type
        .exports(&engine)
        .map(|(name, item)| json!({ "name": name, "functions": functions(&engine, &item.ty) }))
        .collect();
    let sha256 = Sha256::digest(&bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    Ok(json!({
        "source": source.display().to_string(),
        "size": bytes.len(),
        "sha256": sha256,
        "imports": imports,
        "exports": exports,
    }))
}

fn functions(engine: &Engine, item: &ComponentItem) -> Vec<String> {
    match item {
        ComponentItem::ComponentInstance(instance) => instance
            .exports(engine)
            .filter(|(_, item)| matches!(item.ty, ComponentItem::ComponentFunc(_)))
            .map(|(name, _)| name.to_owned())
            .collect(),
        _ => Vec::new(),
    }
}

/// The same for people.
pub(crate) fn print(description: &Value) -> String {
    let mut lines = vec![format!(
        "{}: {} bytes, sha256 {}",
        text(&description["source"]),
        description["size"],
        text(&description["sha256"])
    )];
    lines.push("imports, which is all that it can reach:".into());
    lines.extend(list(&description["imports"]).map(|name| format!("  {}", text(name))));
    lines.push("exports:".into());
    lines.extend(list(&description["exports"]).map(|export| {
        let functions: Vec<&str> = list(&export["functions"]).map(text).collect();
        format!("  {} ({})", text(&export["name"]), functions.join(", "))
    }));
    lines.join("\n")
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
