//! The tests of the audit log itself, which are part of its module: the program that it belongs to takes long to build.
#![allow(dead_code, reason = "the program uses more of these modules than their tests do")]

#[path = "../host-harness/src/audit/mod.rs"]
mod audit;
#[path = "../host-harness/src/file_system/mod.rs"]
mod file_system;
#[path = "../host-harness/src/pipes.rs"]
mod pipes;
#[path = "../host-harness/src/terminal/mod.rs"]
mod terminal;
