//! Pipes whose other end is closed.

use std::io::{Error, ErrorKind};

/// What Windows says of a named pipe that its server has disconnected; the standard library has no kind for it.
const ERROR_PIPE_NOT_CONNECTED: i32 = 233;

/// Tells whether a write failed because nobody reads any more, which is nothing to complain about.
pub(crate) fn is_closed(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
        || (cfg!(windows) && error.raw_os_error() == Some(ERROR_PIPE_NOT_CONNECTED))
}
