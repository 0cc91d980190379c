//! Which part is given which import, and by whom: each one is named, and what fits nowhere is an error.
//!
//! Composing tools that wire whatever fits leave the rest to the host without a word. With another version of wasi:http
//! in the guard, the guarded component would reach the network past it.

use anyhow::{Context as _, bail, ensure};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId};

/// What the guarded component may have from the host: nothing here leads anywhere.
const HARMLESS: [&str; 3] = ["wasi:clocks/", "wasi:io/", "wasi:random/"];
/// What an adapter may have from the host besides: requests that come in, and standard input and output.
const OF_ADAPTERS: [&str; 3] = ["wasi:http/types@", "wasi:cli/stdin@", "wasi:cli/stdout@"];

/// The components that are composed, as bytes.
pub(crate) struct Parts {
    pub(crate) guard: Vec<u8>,
    pub(crate) guarded: Vec<u8>,
    pub(crate) adapter: Option<Vec<u8>>,
}

/// A part in the graph.
#[derive(Clone, Copy)]
struct Part {
    name: &'static str,
    package: PackageId,
    instance: NodeId,
}

/// One component of all parts.
///
/// # Errors
///
/// A part is no component, or imports what neither another part exports nor it may have from the host.
pub(crate) fn compose(parts: Parts) -> anyhow::Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let guard = add(&mut graph, "guard", parts.guard)?;
    let guarded = add(&mut graph, "guarded", parts.guarded)?;
    wire(&mut graph, guarded, &[guard], |import| is_one_of(import, &HARMLESS))?;
    let front = match parts.adapter {
        None => guarded,
        Some(bytes) => {
            let adapter = add(&mut graph, "adapter", bytes)?;
            wire(&mut graph, adapter, &[guarded, guard], |import| {
                is_one_of(import, &HARMLESS) || is_one_of(import, &OF_ADAPTERS)
            })?;
            adapter
        }
    };
    for export in exports(&graph, front) {
        let alias = graph.alias_instance_export(front.instance, &export)?;
        graph.export(alias, export)?;
    }
    Ok(graph.encode(EncodeOptions::default())?)
}

fn add(graph: &mut CompositionGraph, name: &'static str, bytes: Vec<u8>) -> anyhow::Result<Part> {
    let package = Package::from_bytes(name, None, bytes, graph.types_mut());
    let package = graph.register_package(package.with_context(|| format!("{name} is not a component"))?)?;
    let instance = graph.instantiate(package);
    graph.set_node_name(instance, name);
    Ok(Part { name, package, instance })
}

/// Gives `part` each import from the first of `sources` that exports it, or leaves it to the host if it may.
fn wire(
    graph: &mut CompositionGraph,
    part: Part,
    sources: &[Part],
    may_be_the_hosts: impl Fn(&str) -> bool,
) -> anyhow::Result<()> {
    for import in imports(graph, part) {
        // An adapter takes requests from the host, and so their types: those of the guard are for going out.
        let is_the_hosts = may_be_the_hosts(&import);
        let source = sources.iter().find(|source| !is_the_hosts && exports(graph, **source).contains(&import));
        if let Some(source) = source {
            let alias = graph.alias_instance_export(source.instance, &import)?;
            let wired = graph.set_instantiation_argument(part.instance, &import, alias);
            wired.with_context(|| format!("{import} of {} does not fit {}", source.name, part.name))?;
            continue;
        }
        let other_version = sources.iter().flat_map(|source| exports(graph, *source));
        let other_version =
            other_version.into_iter().find(|export| without_version(export) == without_version(&import));
        if let Some(other) = other_version.filter(|_| !is_the_hosts) {
            bail!("{} imports {import}, and there is only {other}: build both with the same version", part.name);
        }
        ensure!(is_the_hosts, "{} imports {import}, which would lead past the guard", part.name);
    }
    Ok(())
}

fn imports(graph: &CompositionGraph, part: Part) -> Vec<String> {
    graph.types()[graph[part.package].ty()].imports.keys().cloned().collect()
}

fn exports(graph: &CompositionGraph, part: Part) -> Vec<String> {
    graph.types()[graph[part.package].ty()].exports.keys().cloned().collect()
}

fn is_one_of(import: &str, beginnings: &[&str]) -> bool {
    beginnings.iter().any(|beginning| import.starts_with(beginning))
}

fn without_version(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANDLER: &str = "wasi:http/outgoing-handler@0.2.4";

    /// A component that exports what it imports under another name.
    fn component(imports: &str, exports: &str) -> Vec<u8> {
        let text = format!(
            r#"(component
                (import "{imports}" (instance $given (export "handle" (func))))
                (export "{exports}" (instance $given)))"#
        );
        wat::parse_str(text).expect("this is a component")
    }

    fn parts(guarded_imports: &str) -> Parts {
        let guarded = component(guarded_imports, "example:tools/tools");
        Parts { guard: component(HANDLER, HANDLER), guarded, adapter: None }
    }

    fn refusal(parts: Parts) -> String {
        format!("{:#}", compose(parts).expect_err("this is not composed"))
    }

    #[test]
    fn the_guarded_component_gets_the_handler_of_the_guard() {
        let composed = compose(parts(HANDLER)).expect("they fit");
        assert!(composed.starts_with(b"\0asm"));
        let adapter = component("example:tools/tools", "example:front/front");
        assert!(compose(Parts { adapter: Some(adapter), ..parts(HANDLER) }).is_ok());
    }

    #[test]
    fn another_version_is_refused_and_not_left_to_the_host() {
        let said = refusal(parts("wasi:http/outgoing-handler@0.2.3"));
        assert!(said.contains("0.2.3") && said.contains("0.2.4") && said.contains("same version"), "{said}");
        let adapter = component("example:tools/tools@2.0.0", "example:front/front");
        let said = refusal(Parts { adapter: Some(adapter), ..parts(HANDLER) });
        assert!(said.contains("same version"), "{said}");
    }

    #[test]
    fn another_way_out_is_refused() {
        for import in ["wasi:sockets/tcp@0.2.4", "wasi:filesystem/types@0.2.4", "wasi:cli/environment@0.2.6", "a:b/c"] {
            let said = refusal(parts(import));
            assert!(said.contains(import) && said.contains("past the guard"), "{said}");
        }
    }

    #[test]
    fn a_part_that_is_no_component_is_named() {
        let said = refusal(Parts { guarded: b"nothing".to_vec(), ..parts(HANDLER) });
        assert!(said.contains("guarded is not a component"), "{said}");
    }

    #[test]
    fn types_that_do_not_fit_are_refused() {
        let guarded = r#"(component (import "wasi:http/outgoing-handler@0.2.4"
            (instance (export "handle" (func (param "url" string))))))"#;
        let said = refusal(Parts { guarded: wat::parse_str(guarded).expect("a component"), ..parts(HANDLER) });
        assert!(said.contains("does not fit"), "{said}");
    }
}
