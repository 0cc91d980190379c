//! What file systems of Unix and of Windows do differently: who can read a file, whether its name lasts, which file it is, how
//! many are open.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::*;
#[cfg(windows)]
pub(crate) use windows::*;
