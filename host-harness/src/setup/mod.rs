//! Sets up clients (`init`), and finds out what is wrong with a set-up (`doctor`).

mod account;
mod ask;
mod change;
mod clients;
mod difference;
mod doctor;
mod edit;
mod entry;
mod file;
mod init;
mod kept_options;
mod key_file;
mod key_source;
mod launch;
mod options;
mod pasted;
mod places;
mod plan;
mod removal;
mod terminal;
mod writable;

pub(crate) use doctor::doctor;
pub(crate) use init::init;
pub(crate) use options::{DoctorOptions, InitOptions};
pub(crate) use pasted::{Pasted, pasted};
