//! One consent, one write: the memory of what was redeemed in this process. A call that brings a token or a state redeems it;
//! if it sends a write or reveals a credential, everything that was given out for the same call before is void.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How long a token or a state is good.
pub(super) const GOOD_FOR: Duration = Duration::from_mins(10);

/// How many calls are remembered, and how many of one caller: nothing is forgotten before it expires, so that who fills
/// the memory is refused. Each stands for a write in the last ten minutes.
const MOST: usize = 100_000;
const MOST_OF_CALLER: usize = 4096;

/// A call by its tool, arguments and caller; or a caller.
pub(super) type Digest = [u8; 32];

/// Why something cannot be redeemed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unredeemed {
    /// Given out before this process began, which cannot know what became of it.
    BeforeStart,
    /// It, or another one of the same call, has been used since it was given out.
    Used,
    /// Another one of the same call is in use.
    InUse,
    /// There is no room to remember that it was used.
    Full,
}

/// The memory of one process.
pub(super) struct Redemptions {
    started: Instant,
    /// The time at the start, in microseconds since 1970. From there on it is counted by a clock that never goes back.
    start: u64,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    calls: HashMap<Digest, Entry>,
    /// The calls in the order in which they were used, with the time.
    used: VecDeque<(u64, Digest)>,
    /// How many calls of a caller are remembered.
    shares: HashMap<Digest, usize>,
}

struct Entry {
    caller: Digest,
    used_at: Option<u64>,
    in_use: bool,
}

impl Default for Redemptions {
    fn default() -> Self {
        let start = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Self { started: Instant::now(), start: microseconds(start), memory: Mutex::default() }
    }
}

impl Redemptions {
    /// The time, in microseconds since 1970.
    pub(super) fn now(&self) -> u64 {
        self.start.saturating_add(microseconds(self.started.elapsed()))
    }

    /// Begins to use what was given out for a call. `writes` counts the writes that the call sends.
    ///
    /// # Errors
    ///
    /// It counts for nothing.
    pub(super) fn begin(
        self: &Arc<Self>,
        call: Digest,
        caller: Digest,
        given_at: u64,
        writes: &Arc<AtomicU32>,
    ) -> Result<Redemption, Unredeemed> {
        if given_at < self.start {
            return Err(Unredeemed::BeforeStart);
        }
        let mut memory = self.memory();
        memory.forget_expired(self.now());
        match memory.calls.get_mut(&call) {
            Some(entry) if entry.in_use => return Err(Unredeemed::InUse),
            Some(entry) if entry.used_at.is_some_and(|used_at| given_at <= used_at) => return Err(Unredeemed::Used),
            Some(entry) => entry.in_use = true,
            None => memory.add(call, caller)?,
        }
        Ok(Redemption { redemptions: Arc::clone(self), call, writes: Arc::clone(writes) })
    }

    /// Voids what was given out for a call so far: it has written with consent that was given otherwise. People who agree are
    /// few, so that there is room for it.
    pub(super) fn void(&self, call: Digest, caller: Digest) {
        let mut memory = self.memory();
        if !memory.calls.contains_key(&call) {
            *memory.shares.entry(caller).or_default() += 1;
            memory.calls.insert(call, Entry { caller, used_at: None, in_use: true });
        }
        drop(memory);
        self.end(call, true);
    }

    fn end(&self, call: Digest, has_written: bool) {
        let now = self.now();
        let mut memory = self.memory();
        let Some(entry) = memory.calls.get_mut(&call) else { return };
        entry.in_use = false;
        if has_written {
            entry.used_at = Some(now);
            memory.used.push_back((now, call));
        } else if entry.used_at.is_none() {
            memory.remove(call);
        }
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Memory {
    fn add(&mut self, call: Digest, caller: Digest) -> Result<(), Unredeemed> {
        let is_full = self.calls.len() >= MOST;
        let share = self.shares.entry(caller).or_default();
        if is_full || *share >= MOST_OF_CALLER {
            if *share == 0 {
                self.shares.remove(&caller);
            }
            return Err(Unredeemed::Full);
        }
        *share += 1;
        self.calls.insert(call, Entry { caller, used_at: None, in_use: true });
        Ok(())
    }

    fn remove(&mut self, call: Digest) {
        let Some(entry) = self.calls.remove(&call) else { return };
        if let Some(share) = self.shares.get_mut(&entry.caller) {
            *share -= 1;
            if *share == 0 {
                self.shares.remove(&entry.caller);
            }
        }
    }

    /// Forgets the uses after which nothing is left that was given out before.
    fn forget_expired(&mut self, now: u64) {
        while let Some((used_at, call)) = self.used.front().copied() {
            if used_at.saturating_add(microseconds(GOOD_FOR)) > now {
                return;
            }
            self.used.pop_front();
            match self.calls.get_mut(&call) {
                Some(entry) if entry.used_at == Some(used_at) && entry.in_use => entry.used_at = None,
                Some(entry) if entry.used_at == Some(used_at) => self.remove(call),
                _ => {}
            }
        }
    }
}

/// What is being redeemed. When it is dropped, it is used up if the call has sent a write, and otherwise as good as before.
pub(super) struct Redemption {
    redemptions: Arc<Redemptions>,
    call: Digest,
    writes: Arc<AtomicU32>,
}

impl Drop for Redemption {
    fn drop(&mut self) {
        self.redemptions.end(self.call, self.writes.load(Ordering::Relaxed) > 0);
    }
}

pub(super) fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALL: Digest = [1; 32];
    const CALLER: Digest = [2; 32];

    /// Redeems something of now, in a call that sends so many writes.
    fn redeem(memory: &Arc<Redemptions>, call: Digest, given_at: u64, writes: u32) -> Result<(), Unredeemed> {
        memory.begin(call, CALLER, given_at, &Arc::new(AtomicU32::new(writes))).map(drop)
    }

    fn numbered(number: usize) -> Digest {
        let mut digest = [0; 32];
        digest[..8].copy_from_slice(&number.to_le_bytes());
        digest
    }

    #[test]
    fn a_write_voids_all_that_was_given_out_before_and_nothing_later() {
        let memory = Arc::new(Redemptions::default());
        let (one, other) = (memory.now(), memory.now());
        assert_eq!(redeem(&memory, CALL, one, 1), Ok(()));
        assert_eq!(redeem(&memory, CALL, one, 1), Err(Unredeemed::Used));
        assert_eq!(redeem(&memory, CALL, other, 1), Err(Unredeemed::Used));
        std::thread::sleep(Duration::from_millis(1));
        assert_eq!(redeem(&memory, CALL, memory.now(), 1), Ok(()));
        assert_eq!(redeem(&memory, [3; 32], one, 1), Ok(()), "another call is another matter");
    }

    #[test]
    fn a_call_that_sends_no_write_gives_it_back() {
        let memory = Arc::new(Redemptions::default());
        let given_at = memory.now();
        for _ in 0..3 {
            assert_eq!(redeem(&memory, CALL, given_at, 0), Ok(()));
        }
        assert!(memory.memory().calls.is_empty() && memory.memory().shares.is_empty());
        assert_eq!(redeem(&memory, CALL, given_at, 1), Ok(()));
        assert_eq!(redeem(&memory, CALL, given_at, 0), Err(Unredeemed::Used));
    }

    #[test]
    fn of_those_at_the_same_time_one_is_redeemed() {
        let memory = Arc::new(Redemptions::default());
        let (given_at, writes) = (memory.now(), Arc::new(AtomicU32::new(1)));
        let first = memory.begin(CALL, CALLER, given_at, &writes).expect("it is the first");
        assert_eq!(redeem(&memory, CALL, given_at, 1), Err(Unredeemed::InUse));
        drop(first);
        assert_eq!(redeem(&memory, CALL, given_at, 1), Err(Unredeemed::Used));
    }

    #[test]
    fn consent_that_was_given_otherwise_voids_it_too() {
        let memory = Arc::new(Redemptions::default());
        let given_at = memory.now();
        memory.void(CALL, CALLER);
        memory.void(CALL, CALLER);
        assert_eq!(redeem(&memory, CALL, given_at, 1), Err(Unredeemed::Used));
        assert_eq!(memory.memory().shares.get(&CALLER), Some(&1));
    }

    #[test]
    fn what_is_older_than_the_process_is_not_redeemed() {
        let memory = Arc::new(Redemptions::default());
        assert_eq!(redeem(&memory, CALL, memory.start - 1, 1), Err(Unredeemed::BeforeStart));
    }

    #[test]
    fn a_full_memory_refuses_instead_of_forgetting_and_one_caller_cannot_fill_it() {
        let memory = Arc::new(Redemptions::default());
        let given_at = memory.now();
        for number in 0..MOST_OF_CALLER {
            assert_eq!(redeem(&memory, numbered(number), given_at, 1), Ok(()));
        }
        assert_eq!(redeem(&memory, numbered(MOST_OF_CALLER), given_at, 1), Err(Unredeemed::Full));
        assert_eq!(redeem(&memory, numbered(0), given_at, 1), Err(Unredeemed::Used));
        let writes = Arc::new(AtomicU32::new(1));
        assert!(memory.begin(CALL, [9; 32], given_at, &writes).is_ok(), "another caller has a share of their own");
    }

    #[test]
    fn what_has_expired_makes_room() {
        let memory = Arc::new(Redemptions::default());
        assert_eq!(redeem(&memory, CALL, memory.now(), 1), Ok(()));
        let later = memory.now() + microseconds(GOOD_FOR);
        memory.memory().forget_expired(later - 2_000_000);
        assert_eq!(memory.memory().calls.len(), 1);
        memory.memory().forget_expired(later);
        assert!(memory.memory().calls.is_empty() && memory.memory().used.is_empty());
    }
}
