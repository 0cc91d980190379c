//! Which part is given which import, and by whom: each one is named, and what fits nowhere is an error.
//!
//! Composing tools that wire whatever fits leave the rest to the host without a word. With another version of wasi:http
//! in the guard, the guarded component would reach the network past it.

use anyhow::{Context as _, bail};
use wac_graph::types::Package;
use wac_graph::{CompositionGraph, EncodeOptions, NodeId, PackageId};

use crate::harmless::HARMLESS;

/// The imports by which an adapter takes requests from outside.
const INPUT: [&str; 3] = ["wasi:cli/stdin@", "wasi:cli/stdout@", "wasi:http/types@"];
/// The imports that the guard is for.
const OUTPUT: [&str; 2] = ["wasi:http/outgoing-handler@", "wasi:http/types@"];
/// The imports that the guard gives the adapter alone: with it, the guarded component could choose whose key is used.
const ACCESS: [&str; 2] = ["egress:guard/access@", "wasi:cli/environment@"];

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

/// From whom a part is given the imports that begin like this.
struct Rule<'a> {
    beginnings: &'a [&'a str],
    /// None is the host.
    source: Option<Part>,
}

/// One component of all parts.
///
/// # Errors
///
/// A part is no component, or imports what neither another part nor the host may give it.
pub(crate) fn compose(parts: Parts) -> anyhow::Result<Vec<u8>> {
    let mut graph = CompositionGraph::new();
    let guard = add(&mut graph, "guard", parts.guard)?;
    let guarded = add(&mut graph, "guarded", parts.guarded)?;
    let harmless = Rule { beginnings: &HARMLESS, source: None };
    wire(&mut graph, guarded, &[Rule { beginnings: &OUTPUT, source: Some(guard) }, harmless])?;
    let front = match parts.adapter {
        None => guarded,
        Some(bytes) => {
            let adapter = add(&mut graph, "adapter", bytes)?;
            let rules = [
                Rule { beginnings: &ACCESS, source: Some(guard) },
                Rule { beginnings: &HARMLESS, source: None },
                Rule { beginnings: &INPUT, source: None },
                // All that is left, which the host never gives.
                Rule { beginnings: &[""], source: Some(guarded) },
            ];
            wire(&mut graph, adapter, &rules)?;
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

/// Gives `part` each import by the first rule for it.
fn wire(graph: &mut CompositionGraph, part: Part, rules: &[Rule<'_>]) -> anyhow::Result<()> {
    for import in imports(graph, part) {
        let rule = rules.iter().find(|rule| rule.beginnings.iter().any(|beginning| import.starts_with(beginning)));
        let Some(rule) = rule else { bail!("{} imports {import}, which would lead past the guard", part.name) };
        let Some(source) = rule.source else { continue };
        let offered = exports(graph, source);
        if !offered.contains(&import) {
            let other = offered.iter().find(|export| without_version(export) == without_version(&import));
            let Some(other) = other else {
                bail!(
                    "{} imports {import}, which {} does not export: it would lead past the guard",
                    part.name,
                    source.name
                )
            };
            bail!("{} imports {import}, and there is only {other}: build both with the same version", part.name);
        }
        let alias = graph.alias_instance_export(source.instance, &import)?;
        let wired = graph.set_instantiation_argument(part.instance, &import, alias);
        wired.with_context(|| format!("{import} of {} does not fit {}", source.name, part.name))?;
    }
    Ok(())
}

fn imports(graph: &CompositionGraph, part: Part) -> Vec<String> {
    graph.types()[graph[part.package].ty()].imports.keys().cloned().collect()
}

fn exports(graph: &CompositionGraph, part: Part) -> Vec<String> {
    graph.types()[graph[part.package].ty()].exports.keys().cloned().collect()
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
    fn the_guarded_component_gets_nothing_that_is_for_the_adapter() {
        let access = "egress:guard/access@0.1.0";
        assert!(refusal(parts(access)).contains("past the guard"));
        // One that exports the like of it is not asked for it.
        let guarded = component(HANDLER, access);
        let adapter = || Some(component(access, "example:front/front"));
        let guard = component(HANDLER, access);
        assert!(compose(Parts { guard, guarded: component("wasi:io/poll@0.2.6", access), adapter: adapter() }).is_ok());
        let said = refusal(Parts { guard: component(HANDLER, HANDLER), guarded, adapter: adapter() });
        assert!(said.contains("guard does not export"), "{said}");
    }

    #[test]
    fn an_adapter_does_not_get_out() {
        let adapter = component(HANDLER, "example:front/front");
        assert!(refusal(Parts { adapter: Some(adapter), ..parts(HANDLER) }).contains("past the guard"));
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
