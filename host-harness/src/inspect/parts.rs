//! The components inside a component, and by whom each of them is given what it imports.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};
use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentName, ComponentTypeRef,
    KnownCustom, Parser, Payload,
};

use super::sha256;

/// An instance in the component that was read, and where it comes from.
enum Instance<'a> {
    /// The host gives it.
    Imported,
    /// A component inside, by its number, with what it is given.
    Part { component: usize, arguments: Vec<(&'a str, Option<u32>)> },
    /// Another instance exports it.
    Exported { by: u32 },
    /// The same as another, or put together of parts of others.
    Other(Option<u32>),
}

/// What the outermost component consists of.
#[derive(Default)]
struct Composition<'a> {
    /// Where each component inside lies, if it does, and whether there is code in it.
    components: Vec<Option<(Range<usize>, bool)>>,
    instances: Vec<Instance<'a>>,
    names: BTreeMap<u32, &'a str>,
}

/// The components with code inside a component: `[{name, size, sha256, imports: [{name, from}]}]`, where `from` is `host`
/// or the name of another of them. None where the component is not composed of others.
pub(super) fn describe(component: &[u8]) -> Result<Vec<Value>, BinaryReaderError> {
    let composition = Composition::read(component)?;
    let parts = composition.instances.iter().zip(0..).filter_map(|(instance, index)| {
        let Instance::Part { component: number, arguments } = instance else { return None };
        let Some((range, true)) = composition.components.get(*number)? else { return None };
        let imports = arguments.iter().map(|(name, from)| {
            let from = from.map_or_else(|| "unknown".into(), |from| composition.source(from));
            json!({ "name": name, "from": from })
        });
        let bytes = component.get(range.clone())?;
        Some(json!({
            "name": composition.name(index),
            "size": bytes.len(),
            "sha256": sha256(bytes),
            "imports": imports.collect::<Vec<_>>(),
        }))
    });
    Ok(parts.collect())
}

impl<'a> Composition<'a> {
    fn read(component: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut composition = Self::default();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ComponentSection { unchecked_range, .. } => {
                    if depth == 0 {
                        composition.components.push(Some((unchecked_range, false)));
                    }
                    depth += 1;
                }
                Payload::ModuleSection { .. } => {
                    if let (1.., Some(Some((_, has_code)))) = (depth, composition.components.last_mut()) {
                        *has_code = true;
                    }
                    depth += 1;
                }
                Payload::End(_) => depth -= 1,
                payload if depth == 0 => composition.take(payload)?,
                _ => {}
            }
        }
        Ok(composition)
    }

    /// Notes what a section of the outermost component adds.
    fn take(&mut self, payload: Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ComponentImportSection(imports) => {
                for import in imports {
                    match import?.ty {
                        ComponentTypeRef::Instance(_) => self.instances.push(Instance::Imported),
                        ComponentTypeRef::Component(_) => self.components.push(None),
                        _ => {}
                    }
                }
            }
            Payload::ComponentInstanceSection(instances) => {
                for instance in instances {
                    self.instances.push(Instance::from(instance?));
                }
            }
            Payload::ComponentAliasSection(aliases) => {
                for alias in aliases {
                    match alias? {
                        ComponentAlias::InstanceExport {
                            kind: ComponentExternalKind::Instance,
                            instance_index: by,
                            ..
                        } => self.instances.push(Instance::Exported { by }),
                        ComponentAlias::InstanceExport { kind: ComponentExternalKind::Component, .. } => {
                            self.components.push(None);
                        }
                        _ => {}
                    }
                }
            }
            Payload::ComponentExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    match export.kind {
                        ComponentExternalKind::Instance => self.instances.push(Instance::Other(Some(export.index))),
                        ComponentExternalKind::Component => self.components.push(None),
                        _ => {}
                    }
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(names) = section.as_known() {
                    for group in names {
                        if let ComponentName::Instances(names) = group? {
                            for name in names {
                                let name = name?;
                                self.names.insert(name.index, name.name);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn name(&self, index: u32) -> String {
        self.names.get(&index).map_or_else(|| format!("component {index}"), |name| (*name).to_owned())
    }

    /// Who gives an instance.
    fn source(&self, mut index: u32) -> String {
        // An instance comes from one that was there before it.
        while let Some(instance) = self.instances.get(index as usize) {
            match instance {
                Instance::Imported => return "host".into(),
                Instance::Part { .. } => return self.name(index),
                Instance::Exported { by: earlier } | Instance::Other(Some(earlier)) if *earlier < index => {
                    index = *earlier;
                }
                _ => break,
            }
        }
        "unknown".into()
    }
}

impl<'a> From<ComponentInstance<'a>> for Instance<'a> {
    fn from(instance: ComponentInstance<'a>) -> Self {
        match instance {
            ComponentInstance::Instantiate { component_index, args } => {
                let arguments = args.iter().filter(|argument| argument.kind != ComponentExternalKind::Type);
                let arguments = arguments.map(|argument| {
                    let is_instance = argument.kind == ComponentExternalKind::Instance;
                    (argument.name, is_instance.then_some(argument.index))
                });
                Self::Part { component: component_index as usize, arguments: arguments.collect() }
            }
            ComponentInstance::FromExports(_) => Self::Other(None),
        }
    }
}
