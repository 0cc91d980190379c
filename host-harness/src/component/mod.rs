//! Runs a component: it is loaded once, and each call gets an instance of its own with limits and a deadline.

mod aborted;
mod calls;
mod clock;
mod contract;
mod exports;
mod instance;
mod load;
mod memory;
mod sandbox;

pub(crate) use aborted::Aborted;
pub(crate) use calls::{Caller, Round};
pub(crate) use contract::*;
pub(crate) use load::{LoadError, check_form, read};
pub(crate) use sandbox::Component;
