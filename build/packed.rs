//! Prints a text compressed, as `src/packed.rs` unpacks it.

use miniz_oxide::deflate::compress_to_vec;

/// The level that compresses the most.
const MOST: u8 = 10;

/// A `Packed` as an expression.
pub(crate) fn packed(text: &str) -> String {
    format!("Packed {{ bytes: &{:?}, size: {} }}", compress_to_vec(text.as_bytes(), MOST), text.len())
}
