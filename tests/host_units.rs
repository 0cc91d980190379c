//! The tests of those modules of the program that need no sandbox: the program takes long to build.
#![allow(dead_code, reason = "the program uses more of these modules than their tests do")]

#[path = "../host-harness/src/server/apps.rs"]
mod apps;
#[path = "../host-harness/src/budget.rs"]
mod budget;
#[path = "../host-harness/src/computing/mod.rs"]
mod computing;
#[path = "../host-harness/src/file_system/mod.rs"]
mod file_system;
#[path = "../host-harness/src/http/given.rs"]
mod given;
#[path = "../host-harness/src/http/idle.rs"]
mod idle;
#[path = "../host-harness/src/in_flight.rs"]
mod in_flight;
#[path = "../host-harness/src/server/introduction.rs"]
mod introduction;
#[path = "../host-harness/src/key.rs"]
mod key;
#[path = "../host-harness/src/http/message.rs"]
mod message;
#[path = "../host-harness/src/server/named_text.rs"]
mod named_text;
/// Those of the page.
#[path = "../host-harness/src/page"]
mod page {
    pub(crate) mod charts;
    pub(crate) mod fields;
    pub(crate) mod html;
    pub(crate) mod recent;
    pub(crate) mod session;
}
#[path = "../host-harness/src/pipes.rs"]
mod pipes;
#[path = "../host-harness/src/retry.rs"]
mod retry;
#[path = "../host-harness/src/room.rs"]
mod room;
#[path = "../host-harness/src/secrets.rs"]
mod secrets;
#[cfg(unix)]
#[path = "../host-harness/src/signals/mod.rs"]
mod signals;
#[path = "../host-harness/src/sliding_windows.rs"]
mod sliding_windows;
#[path = "../host-harness/src/stdio/message.rs"]
mod stdio_message;
#[path = "../host-harness/src/terminal/mod.rs"]
mod terminal;
#[path = "../host-harness/src/twice.rs"]
mod twice;
#[path = "../host-harness/src/who.rs"]
mod who;
/// Those of setting up clients.
#[path = "../host-harness/src/setup"]
mod setup {
    pub(crate) mod ask;
    pub(crate) mod clients;
    pub(crate) mod difference;
    mod doctor {
        mod ours;
        mod start;
    }
    pub(crate) mod edit;
    pub(crate) mod entry;
    pub(crate) mod file;
    #[cfg(test)]
    mod guide;
    pub(crate) mod kept_options;
    pub(crate) mod key_file;
    pub(crate) mod places;
    pub(crate) mod terminal;
    pub(crate) mod writable;
}
