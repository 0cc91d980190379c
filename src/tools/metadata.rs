//! Parameters for metadata.

use crate::kind::{Kind, Parameter, parameter};

pub(super) const PUBLIC_METADATA: Parameter =
    parameter("public_metadata", Kind::Metadata, "Metadata that the frontend can read.");
pub(super) const PRIVATE_METADATA: Parameter =
    parameter("private_metadata", Kind::PrivateMetadata, "Metadata that only the backend may see.");
pub(super) const UNSAFE_METADATA: Parameter =
    parameter("unsafe_metadata", Kind::Metadata, "Metadata that the user can write from the frontend.");

/// The same as changes to what is stored.
pub(super) const PUBLIC_CHANGES: Parameter =
    PUBLIC_METADATA.described("Changes to the metadata that the frontend can read.");
pub(super) const PRIVATE_CHANGES: Parameter =
    PRIVATE_METADATA.described("Changes to the metadata that only the backend may see.");
pub(super) const UNSAFE_CHANGES: Parameter =
    UNSAFE_METADATA.described("Changes to the metadata that the user can write from the frontend.");
