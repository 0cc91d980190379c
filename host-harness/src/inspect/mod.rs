//! What a component is and what it can reach: read from its bytes.

mod parts;
mod surface;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use miniz_oxide::inflate::decompress_to_vec;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wasmparser::BinaryReaderError;

use self::surface::Surface;
use crate::component::{self, LoadError};

/// The component as it was built, before it was compiled, packed by the build.
static EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/clerk_tools.wasm.deflate"));

fn embedded() -> Vec<u8> {
    decompress_to_vec(EMBEDDED).expect("the build has packed it")
}

/// Describes the component in `file`, or the embedded one.
///
/// `{source, size, sha256, imports: [name], exports: [{name, functions: [name]}], components}`; the size is in bytes, and
/// `components` are those inside it, as `parts` describes them.
pub(crate) fn describe(file: Option<&Path>) -> Result<Value, LoadError> {
    let (source, bytes) = match file {
        Some(file) => (file, component::read(file)?),
        None => (Path::new("embedded"), embedded()),
    };
    component::check_form(source, &bytes)?;
    let invalid =
        |error: BinaryReaderError| LoadError::NotAComponent { file: source.into(), reason: error.to_string() };
    let Surface { imports, exports } = Surface::read(&bytes).map_err(invalid)?;
    let components = parts::describe(&bytes).map_err(invalid)?;
    let exports: Vec<Value> =
        exports.iter().map(|(name, functions)| json!({ "name": name, "functions": functions })).collect();
    Ok(json!({
        "source": source.display().to_string(),
        "size": bytes.len(),
        "sha256": sha256(&bytes),
        "imports": imports,
        "exports": exports,
        "components": components,
    }))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A description for people.
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
    lines.extend(print_parts(&description["components"]));
    lines.join("\n")
}

/// What each component inside is given by whom, and which of them the host may let out.
fn print_parts(parts: &Value) -> Vec<String> {
    if list(parts).next().is_none() {
        return Vec::new();
    }
    let own = sha256(&embedded());
    let mut lines =
        vec!["components inside, by the names that the file gives them, and who gives them what:".to_owned()];
    for part in list(parts) {
        let name = text(&part["name"]);
        lines.push(match (part["size"].as_u64(), text(&part["sha256"])) {
            (Some(size), sum) if sum == own => {
                format!("  {name}: {size} bytes, sha256 {sum} (the tools of this program)")
            }
            (Some(size), sum) => format!("  {name}: {size} bytes, sha256 {sum}"),
            (None, _) => format!("  {name}"),
        });
        let mut sources: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for import in list(&part["imports"]) {
            let (name, host_name) = (text(&import["name"]), text(&import["host_name"]));
            let renamed = !host_name.is_empty() && host_name != name;
            let name = if renamed { format!("{name} (which is {host_name})") } else { name.to_owned() };
            sources.entry(text(&import["from"])).or_default().push(name);
        }
        lines.extend(sources.iter().map(|(source, names)| format!("    from {source}: {}", names.join(", "))));
    }
    lines.push(format!("let out by the host: {}", names_of(parts, |part| part["is_let_out"] == true)));
    let untold = names_of(parts, |part| part["is_let_out"].is_null());
    if untold != NOBODY {
        lines.push(format!("perhaps let out, which cannot be told: {untold}"));
    }
    lines
}

const NOBODY: &str = "none";

fn names_of(parts: &Value, belongs: impl Fn(&Value) -> bool) -> String {
    let names: Vec<&str> = list(parts).filter(|part| belongs(part)).map(|part| text(&part["name"])).collect();
    if names.is_empty() { NOBODY.into() } else { names.join(", ") }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
