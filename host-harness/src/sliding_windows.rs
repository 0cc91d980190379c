//! Windows that slide: when what still counts has left, for each key and whatever is counted by itself.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use crate::key::KeyDigest;

/// The number of windows that one call looks at to find empty ones: more than a call adds, so that none are left behind.
const LOOKED_AT: usize = 8;

type Name = (KeyDigest, Counted);

/// What is counted by itself, for each instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Counted {
    Requests,
    Writes,
    Invitations,
    BulkInvitations,
    OrganizationInvitations,
    BulkOrganizationInvitations,
    /// Changes of one user, by the SHA-256 of its id.
    User([u8; 32]),
}

/// At most so many within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) most: u32,
    pub(crate) within: Duration,
}

/// The windows of some keys. A window that is empty is forgotten by a later call.
#[derive(Default)]
pub(crate) struct Windows {
    windows: HashMap<Name, Window>,
    /// For each window once, when it may be empty at the earliest.
    ends: BinaryHeap<Reverse<(Instant, Name)>>,
}

struct Window {
    rate: Rate,
    /// The oldest first.
    left_at: VecDeque<Instant>,
}

impl Windows {
    /// Forgets windows that nothing is in any more. Its cost does not depend on how many there are.
    pub(crate) fn forget_empty(&mut self, now: Instant) {
        for _ in 0..LOOKED_AT {
            let Some(&Reverse((end, name))) = self.ends.peek() else { break };
            if end > now {
                break;
            }
            self.ends.pop();
            let Entry::Occupied(mut window) = self.windows.entry(name) else { continue };
            match window.get_mut().at(now).back().copied() {
                Some(last) => self.ends.push(Reverse((last + window.get().rate.within, name))),
                None => drop(window.remove()),
            }
        }
        if self.windows.capacity() > 64 && self.windows.len() < self.windows.capacity() / 8 {
            self.windows.shrink_to(self.windows.len() * 2);
            self.ends.shrink_to(self.windows.len() * 2);
        }
    }

    /// The time until another one may leave, where that is not now.
    pub(crate) fn full_for(&mut self, name: Name, rate: Rate, now: Instant) -> Option<Duration> {
        let left_at = self.windows.get_mut(&name)?.at(now);
        let oldest = left_at.front().filter(|_| left_at.len() >= rate.most as usize)?;
        Some((*oldest + rate.within).saturating_duration_since(now))
    }

    /// Counts one that leaves now.
    pub(crate) fn count(&mut self, name: Name, rate: Rate, now: Instant) {
        let window = self.windows.entry(name).or_insert_with(|| {
            self.ends.push(Reverse((now + rate.within, name)));
            Window { rate, left_at: VecDeque::new() }
        });
        window.left_at.push_back(now);
    }

    /// The number of those that count now.
    pub(crate) fn used(&mut self, name: Name, now: Instant) -> usize {
        self.windows.get_mut(&name).map_or(0, |window| window.at(now).len())
    }
}

impl Window {
    /// Those that count at that time.
    fn at(&mut self, now: Instant) -> &VecDeque<Instant> {
        while self.left_at.front().is_some_and(|time| now.duration_since(*time) >= self.rate.within) {
            self.left_at.pop_front();
        }
        &self.left_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::SecretKey;

    const RATE: Rate = Rate { most: 2, within: Duration::from_secs(10) };

    fn name(number: usize) -> Name {
        let key = SecretKey::parse(&format!("sk_test_{number}")).expect("a key");
        (key.digest(), Counted::Requests)
    }

    #[test]
    fn windows_of_keys_that_are_gone_are_forgotten() {
        let (mut windows, start) = (Windows::default(), Instant::now());
        for number in 0..1000 {
            windows.count(name(number), RATE, start);
        }
        let later = start + RATE.within;
        for number in 1000..1200 {
            windows.forget_empty(later);
            windows.count(name(number), RATE, later);
        }
        assert_eq!((windows.windows.len(), windows.ends.len()), (200, 200));
        assert!(windows.windows.capacity() < 1000);
    }

    #[test]
    fn a_window_in_use_is_kept() {
        let (mut windows, start) = (Windows::default(), Instant::now());
        for seconds in 0..60 {
            let now = start + Duration::from_secs(seconds * 6);
            windows.forget_empty(now);
            assert_eq!(windows.full_for(name(0), RATE, now), None);
            windows.count(name(0), RATE, now);
            assert_eq!(windows.full_for(name(0), RATE, now).is_some(), seconds > 0);
            assert_eq!((windows.windows.len(), windows.ends.len()), (1, 1));
        }
    }
}
