//! The memory of instances: so much for one, and so much for all of them together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use wasmtime::{ResourceLimiter, Result, bail};

use crate::engine::MOST_MEMORY;

/// The memory that all instances together may have in use beyond what each one begins with, in bytes: two of the largest
/// answers at once, or very many usual ones.
const MOST_OF_ALL: usize = 2 * MOST_MEMORY;

/// What all instances have in use. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Memory(Arc<AtomicUsize>);

/// What one instance has in use.
pub(super) struct Share {
    grown: usize,
    all: Memory,
}

impl Memory {
    /// For one more instance.
    pub(super) fn share(&self) -> Share {
        Share { grown: 0, all: self.clone() }
    }
}

impl ResourceLimiter for Share {
    fn memory_growing(&mut self, current: usize, desired: usize, _: Option<usize>) -> Result<bool> {
        if desired > MOST_MEMORY {
            bail!("forcing trap when growing memory to {desired} bytes");
        }
        // What an instance begins with is mapped, and mostly never touched.
        let more = if current == 0 { 0 } else { desired.saturating_sub(current) };
        if self.all.0.fetch_add(more, Ordering::Relaxed) + more > MOST_OF_ALL {
            self.all.0.fetch_sub(more, Ordering::Relaxed);
            bail!("the memory that all calls together may use is used up; make fewer large calls at once");
        }
        self.grown += more;
        Ok(true)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> Result<bool> {
        Ok(true)
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.all.0.fetch_sub(self.grown, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_instance_gives_back_is_there_for_others() {
        let memory = Memory::default();
        let start = 1024 * 1024;
        let [mut one, mut other, mut last] = [(); 3].map(|()| memory.share());
        for share in [&mut one, &mut other, &mut last] {
            assert!(share.memory_growing(0, start, None).is_ok());
        }
        assert!(one.memory_growing(start, MOST_MEMORY, None).is_ok());
        assert!(other.memory_growing(start, MOST_MEMORY + 1, None).is_err(), "it is too much for one");
        assert!(other.memory_growing(start, MOST_MEMORY, None).is_ok());
        assert!(last.memory_growing(start, 4 * start, None).is_err(), "it is too much for all");
        drop(one);
        assert!(last.memory_growing(start, 4 * start, None).is_ok());
    }
}
