//! `init` puts the program into clients' files and takes it out again; `doctor` finds out what is wrong.

mod broken;
mod doctor;
mod doctor_entries;
mod home;
mod init;
mod terminal;
