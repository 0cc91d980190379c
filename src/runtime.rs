//! The two libc functions through which the standard library would import all of `wasi:cli`.
//!
//! On `wasm32-wasip2` the standard library reaches standard streams through `write` and the environment through
//! `getenv`. Defined here, they are never taken from wasi-libc, and the component imports neither. So nothing is ever
//! printed, a panic traps without a message, and every environment variable is unset. This leans on how the standard
//! library and wasi-libc are built: the toolchain is pinned, and a test reads the imports of the built component.
#![expect(unsafe_code, reason = "defining a libc symbol takes `no_mangle`")]

use core::ffi::{c_char, c_int, c_void};
use core::ptr;

/// Takes everything and writes nothing.
#[unsafe(no_mangle)]
extern "C" fn write(_descriptor: c_int, _buffer: *const c_void, length: usize) -> isize {
    length.cast_signed()
}

/// Finds nothing.
#[unsafe(no_mangle)]
extern "C" fn getenv(_name: *const c_char) -> *mut c_char {
    ptr::null_mut()
}
