//! Everything that came out of one process, to be searched for secrets.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::canary;

/// What was written so far. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Transcript(Arc<Mutex<Vec<u8>>>);

impl Transcript {
    pub(crate) fn push(&self, bytes: &[u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }

    /// Takes down all that `output` gives, until it ends.
    pub(crate) fn follow(&self, mut output: impl Read + Send + 'static) -> JoinHandle<()> {
        let transcript = self.clone();
        thread::spawn(move || {
            let mut chunk = [0; 8192];
            while let Ok(length @ 1..) = output.read(&mut chunk) {
                transcript.push(&chunk[..length]);
            }
        })
    }

    pub(crate) fn assert_holds_no_key(&self) {
        canary::assert_absent(&self.text());
    }
}
