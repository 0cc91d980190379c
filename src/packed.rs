//! Texts that few calls need, which `build.rs` has compressed: the skills and the parts of the views.

use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// A text.
pub(crate) struct Packed {
    /// The text in UTF-8 as a stream of DEFLATE (RFC 1951).
    pub(crate) bytes: &'static [u8],
    /// Its size unpacked, in bytes.
    pub(crate) size: usize,
}

impl Packed {
    /// The text. It is kept until the call is over.
    pub(crate) fn text(&self) -> &'static str {
        let bytes = decompress_to_vec_with_limit(self.bytes, self.size).expect("build.rs has packed it");
        String::from_utf8(bytes).expect("it was packed of a text").leak()
    }
}
