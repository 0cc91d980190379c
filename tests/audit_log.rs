//! The tests of the audit log itself, which are part of its module: the program that it belongs to takes long to build.
#![cfg(unix)]

#[path = "../host-harness/src/audit/mod.rs"]
mod audit;
