//! What the outermost component consists of, as its sections say it.

use std::collections::BTreeMap;
use std::ops::Range;

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind as Kind, ComponentInstance, ComponentName,
    ComponentOuterAliasKind, ComponentTypeRef, KnownCustom, Parser, Payload,
};

/// Who gives an import.
pub(super) enum Source {
    /// The host, under this name.
    Host(String),
    /// The part with this label.
    Part(String),
    Unknown,
}

/// A component inside.
pub(super) struct Part<'a> {
    /// The name that the file gives it, with a number where others have it too. It is only a claim.
    pub(super) label: String,
    /// Where it lies in the file, if it does by itself.
    pub(super) bytes: Option<Range<usize>>,
    pub(super) imports: Vec<(&'a str, Source)>,
}

/// An instance in the outermost component, and where it comes from.
enum Instance<'a> {
    Imported(&'a str),
    Part {
        component: u32,
        arguments: Vec<(&'a str, Option<u32>)>,
    },
    /// Another instance exports it, or it is that one under another name.
    Of(u32),
    /// Put together of what others export.
    Made,
}

/// A component inside, as far as the file holds it.
#[derive(Clone)]
struct Inner {
    bytes: Range<usize>,
    /// It has neither code nor parts nor anything from outside itself: it only gives names to what it is given.
    only_renames: bool,
}

#[derive(Default)]
pub(super) struct Composition<'a> {
    /// What the outermost component imports.
    pub(super) imports: Vec<&'a str>,
    /// Whether the outermost component has modules itself.
    pub(super) has_own_code: bool,
    components: Vec<Option<Inner>>,
    instances: Vec<Instance<'a>>,
    names: BTreeMap<u32, &'a str>,
}

impl<'a> Composition<'a> {
    pub(super) fn read(component: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut composition = Self::default();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(component) {
            let payload = payload?;
            if depth == 0 {
                composition.take(&payload)?;
            } else if is_more_than_names(&payload)
                && let Some(Some(inner)) = composition.components.last_mut()
            {
                inner.only_renames = false;
            }
            match payload {
                Payload::ComponentSection { .. } | Payload::ModuleSection { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(composition)
    }

    /// The components inside that do something.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part<'a>> {
        self.instances.iter().zip(0..).filter_map(|(instance, index)| {
            let Instance::Part { component, arguments } = instance else { return None };
            let inner = self.inner(*component);
            if inner.is_some_and(|inner| inner.only_renames) {
                return None;
            }
            let imports =
                arguments.iter().map(|(name, from)| (*name, from.map_or(Source::Unknown, |from| self.source(from))));
            let bytes = inner.map(|inner| inner.bytes.clone());
            Some(Part { label: self.label(index), bytes, imports: imports.collect() })
        })
    }

    fn inner(&self, component: u32) -> Option<&Inner> {
        self.components.get(component as usize)?.as_ref()
    }

    fn label(&self, index: u32) -> String {
        let name = self.names.get(&index).copied().unwrap_or("component");
        let parts = || (0..).zip(&self.instances).filter(|(_, instance)| matches!(instance, Instance::Part { .. }));
        let is_claimed = parts().filter(|(other, _)| self.names.get(other).copied() == Some(name)).count() == 1;
        let escaped = name.escape_debug();
        if is_claimed && !["host", "unknown"].contains(&name) {
            escaped.to_string()
        } else {
            format!("{escaped} #{index}")
        }
    }

    fn source(&self, mut index: u32) -> Source {
        // An instance comes from one that was there before it.
        loop {
            match self.instances.get(index as usize) {
                Some(Instance::Imported(name)) => return Source::Host(name.escape_debug().to_string()),
                Some(Instance::Part { component, .. })
                    if self.inner(*component).is_none_or(|inner| !inner.only_renames) =>
                {
                    return Source::Part(self.label(index));
                }
                Some(Instance::Of(earlier)) if *earlier < index => index = *earlier,
                _ => return Source::Unknown,
            }
        }
    }

    /// Notes what a section of the outermost component adds.
    fn take(&mut self, payload: &Payload<'a>) -> Result<(), BinaryReaderError> {
        match payload {
            Payload::ModuleSection { .. } => self.has_own_code = true,
            Payload::ComponentSection { unchecked_range, .. } => {
                self.components.push(Some(Inner { bytes: unchecked_range.clone(), only_renames: true }));
            }
            Payload::ComponentImportSection(imports) => {
                for import in imports.clone() {
                    let import = import?;
                    self.imports.push(import.name.name);
                    match import.ty {
                        ComponentTypeRef::Instance(_) => self.instances.push(Instance::Imported(import.name.name)),
                        ComponentTypeRef::Component(_) => self.components.push(None),
                        _ => {}
                    }
                }
            }
            Payload::ComponentInstanceSection(instances) => {
                for instance in instances.clone() {
                    self.instances.push(instance?.into());
                }
            }
            Payload::ComponentAliasSection(aliases) => {
                for alias in aliases.clone() {
                    match alias? {
                        ComponentAlias::InstanceExport { kind: Kind::Instance, instance_index, .. } => {
                            self.instances.push(Instance::Of(instance_index));
                        }
                        ComponentAlias::InstanceExport { kind: Kind::Component, .. } => self.components.push(None),
                        ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count: 0, index } => {
                            self.components.push(self.inner(index).cloned());
                        }
                        ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, .. } => {
                            self.components.push(None);
                        }
                        _ => {}
                    }
                }
            }
            Payload::ComponentExportSection(exports) => {
                for export in exports.clone() {
                    let export = export?;
                    match export.kind {
                        Kind::Instance => self.instances.push(Instance::Of(export.index)),
                        Kind::Component => self.components.push(self.inner(export.index).cloned()),
                        _ => {}
                    }
                }
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::ComponentName(groups) = section.as_known() {
                    for group in groups {
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
}

/// Whether a section of a component inside does more than name what the component is given.
fn is_more_than_names(payload: &Payload<'_>) -> bool {
    match payload {
        Payload::ModuleSection { .. }
        | Payload::ComponentSection { .. }
        | Payload::InstanceSection(_)
        | Payload::ComponentInstanceSection(_)
        | Payload::ComponentCanonicalSection(_) => true,
        Payload::ComponentAliasSection(aliases) => {
            let leads_out = |alias| {
                !matches!(
                    alias,
                    Ok(ComponentAlias::InstanceExport { kind: Kind::Type, .. }
                        | ComponentAlias::Outer { kind: ComponentOuterAliasKind::Type, .. })
                )
            };
            aliases.clone().into_iter().any(leads_out)
        }
        _ => false,
    }
}

impl<'a> From<ComponentInstance<'a>> for Instance<'a> {
    fn from(instance: ComponentInstance<'a>) -> Self {
        match instance {
            ComponentInstance::Instantiate { component_index: component, args } => {
                let arguments = args.iter().filter(|argument| argument.kind != Kind::Type);
                let arguments = arguments.map(|argument| {
                    let is_instance = argument.kind == Kind::Instance;
                    (argument.name, is_instance.then_some(argument.index))
                });
                Self::Part { component, arguments: arguments.collect() }
            }
            ComponentInstance::FromExports(_) => Self::Made,
        }
    }
}
