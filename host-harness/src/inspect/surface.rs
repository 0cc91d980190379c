//! The imports and exports of a component, from its validated bytes.

use wasmparser::component_types::ComponentEntityType;
use wasmparser::{BinaryReaderError, Parser, Payload, Validator};

/// The names of a component's imports and exports, in the file's order.
#[derive(Default)]
pub(super) struct Surface {
    pub(super) imports: Vec<String>,
    /// Each export with the functions in it; a function by itself has none.
    pub(super) exports: Vec<(String, Vec<String>)>,
}

impl Surface {
    /// Validates a component, the code in it too, and reads what it declares.
    ///
    /// # Errors
    ///
    /// The bytes are no valid component.
    pub(super) fn read(component: &[u8]) -> Result<Self, BinaryReaderError> {
        let types = Validator::new().validate_all(component)?;
        let functions = |export: &str| match types.component_item_for_export(export).map(|item| item.ty) {
            Some(ComponentEntityType::Instance(instance)) => types[instance]
                .exports
                .iter()
                .filter(|(_, item)| matches!(item.ty, ComponentEntityType::Func(_)))
                .map(|(name, _)| name.clone())
                .collect(),
            _ => Vec::new(),
        };
        let mut surface = Self::default();
        let mut depth = 0;
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::ComponentImportSection(section) if depth == 0 => {
                    for import in section {
                        surface.imports.push(import?.name.name.to_owned());
                    }
                }
                Payload::ComponentExportSection(section) if depth == 0 => {
                    for export in section {
                        let name = export?.name.name;
                        surface.exports.push((name.to_owned(), functions(name)));
                    }
                }
                Payload::ComponentSection { .. } | Payload::ModuleSection { .. } => depth += 1,
                Payload::End(_) => depth -= 1,
                _ => {}
            }
        }
        Ok(surface)
    }
}
