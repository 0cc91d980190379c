//! The comments of WIT, which composing drops.

use std::path::Path;

use wasm_encoder::{CustomSection, Encode as _, Section as _};
use wit_parser::{PackageMetadata, Resolve};

/// Magic number and version.
const HEADER_BYTES: usize = 8;

/// Puts the comments of the WIT package in `directory` into a component, in front of all else: readers take the first.
pub(crate) fn insert(component: &mut Vec<u8>, directory: &Path) -> anyhow::Result<()> {
    let section = section(directory)?;
    component.splice(HEADER_BYTES..HEADER_BYTES, section);
    Ok(())
}

/// The custom section `package-docs` with the comments of the WIT package in `directory`
/// (<https://docs.rs/wit-parser/latest/wit_parser/struct.PackageMetadata.html>).
fn section(directory: &Path) -> anyhow::Result<Vec<u8>> {
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(directory)?;
    let data = PackageMetadata::extract(&resolve, package).encode()?;
    let section = CustomSection { name: PackageMetadata::SECTION_NAME.into(), data: data.into() };
    let mut bytes = vec![section.id()];
    section.encode(&mut bytes);
    Ok(bytes)
}
