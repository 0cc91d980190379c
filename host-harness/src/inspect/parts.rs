//! The components inside a component, and by whom each of them is given what it imports. What cannot be told is said to
//! be unknown: this is read by people who do not trust the file.

mod composition;
#[path = "../../../adapters/compose/src/harmless.rs"]
mod harmless;

use serde_json::{Value, json};
use wasmparser::BinaryReaderError;

use self::composition::{Composition, Source};
use self::harmless::HARMLESS;
use super::sha256;

/// Imports of a host besides those that lead nowhere that are no way out: what a program is started with, and the types of
/// requests.
const NO_WAY_OUT: [&str; 2] = ["wasi:cli/", "wasi:http/types@"];

/// The components with code inside a component:
/// `[{name, size, sha256, imports: [{name, from, host_name}], is_let_out}]`. `from` is `host`, the name of another of them
/// or `unknown`, and `host_name` what an import is of the host. `is_let_out` is whether the host gives it what may be a way
/// out, null where that cannot be told. Size and hash are null where the file does not hold the component as bytes of its
/// own. None where a component is not composed of others.
pub(super) fn describe(component: &[u8]) -> Result<Vec<Value>, BinaryReaderError> {
    let composition = Composition::read(component)?;
    let mut parts: Vec<Value> = composition
        .parts()
        .map(|part| {
            let bytes = part.bytes.and_then(|range| component.get(range));
            json!({
                "name": part.label,
                "size": bytes.map(<[u8]>::len),
                "sha256": bytes.map(sha256),
                "imports": part.imports.iter().map(import).collect::<Vec<_>>(),
                "is_let_out": is_let_out(part.imports.iter().map(|(_, source)| source)),
            })
        })
        .collect();
    if composition.has_own_code && !parts.is_empty() {
        let imports: Vec<(&str, Source)> =
            composition.imports.iter().map(|name| (*name, Source::Host((*name).into()))).collect();
        parts.push(json!({
            "name": "the component around them",
            "size": null,
            "sha256": null,
            "imports": imports.iter().map(import).collect::<Vec<_>>(),
            "is_let_out": is_let_out(imports.iter().map(|(_, source)| source)),
        }));
    }
    Ok(parts)
}

fn import((name, source): &(&str, Source)) -> Value {
    let name = name.escape_debug().to_string();
    match source {
        Source::Host(host_name) => json!({ "name": name, "from": "host", "host_name": host_name }),
        Source::Part(label) => json!({ "name": name, "from": label }),
        Source::Unknown => json!({ "name": name, "from": "unknown" }),
    }
}

fn is_let_out<'a>(sources: impl Iterator<Item = &'a Source>) -> Option<bool> {
    let mut answer = Some(false);
    for source in sources {
        match source {
            Source::Host(name) if !HARMLESS.iter().chain(&NO_WAY_OUT).any(|start| name.starts_with(start)) => {
                return Some(true);
            }
            Source::Unknown => answer = None,
            Source::Host(_) | Source::Part(_) => {}
        }
    }
    answer
}
