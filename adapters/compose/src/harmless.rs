//! Imports that lead nowhere: what composes components and what describes them read one table.

/// The beginnings of their names.
pub(crate) const HARMLESS: [&str; 8] = [
    "wasi:clocks/monotonic-clock@",
    "wasi:clocks/wall-clock@",
    "wasi:io/error@",
    "wasi:io/poll@",
    "wasi:io/streams@",
    "wasi:random/random@",
    "wasi:random/insecure@",
    "wasi:random/insecure-seed@",
];
