//! The memory that makes one yes good for one write, in a host whose instance lasts. A token or a state is given out with a
//! number; a call that sends a write voids all numbers that were given out for the same call before.

use std::cell::RefCell;
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, VecDeque};
use std::hash::{Hash as _, Hasher as _};

use crate::seal::GOOD_FOR;

/// How many calls are remembered. None is forgotten before what was given out for it expires: a full memory refuses.
const MOST: usize = 4096;
const SECOND: u64 = 1_000_000_000;

/// A digest of a tool and its arguments. Two calls that share one can only refuse each other.
pub(crate) type Call = u64;

/// Why something that was given out counts for nothing.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Void {
    /// By another instance, which alone knows whether it was used.
    Foreign,
    Used,
    Full,
}

thread_local! {
    // As long as the instance lives.
    static MEMORY: RefCell<Memory> = RefCell::default();
}

#[derive(Default)]
struct Memory {
    /// What was given out before it is void, of the calls that have written.
    used: BTreeMap<Call, u64>,
    /// The same in the order of time, with when it was used.
    order: VecDeque<(u64, Call, u64)>,
    given_out: u64,
}

pub(crate) fn digest(tool: &str, arguments: &str) -> Call {
    let mut hasher = DefaultHasher::new();
    (tool, arguments).hash(&mut hasher);
    hasher.finish()
}

/// The state as it is sealed: with the instance's name and a number.
pub(crate) fn number(instance: &str, state: &str) -> String {
    MEMORY.with_borrow_mut(|memory| {
        memory.given_out += 1;
        format!("{instance}{:x}.{state}", memory.given_out)
    })
}

/// The state of what was given out for this call, at a time on the monotonic clock.
///
/// # Errors
///
/// It counts for nothing.
pub(crate) fn redeem(instance: &str, numbered: &str, call: Call, now: u64) -> Result<String, Void> {
    let (number, state) = numbered.strip_prefix(instance).and_then(|rest| rest.split_once('.')).ok_or(Void::Foreign)?;
    let number = u64::from_str_radix(number, 16).map_err(|_| Void::Foreign)?;
    MEMORY.with_borrow_mut(|memory| {
        memory.forget_expired(now);
        match memory.used.get(&call) {
            Some(used) if number <= *used => Err(Void::Used),
            None if memory.used.len() >= MOST => Err(Void::Full),
            _ => Ok(state.to_owned()),
        }
    })
}

/// Voids what was given out for a call so far: it has written.
pub(crate) fn use_up(call: Call, now: u64) {
    MEMORY.with_borrow_mut(|memory| {
        let number = memory.given_out;
        memory.used.insert(call, number);
        memory.order.push_back((now, call, number));
    });
}

impl Memory {
    fn forget_expired(&mut self, now: u64) {
        while let Some((at, call, number)) = self.order.front().copied() {
            if at.saturating_add(u64::from(GOOD_FOR) * SECOND) > now {
                return;
            }
            self.order.pop_front();
            if self.used.get(&call) == Some(&number) {
                self.used.remove(&call);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "instance";

    fn redeemed(numbered: &str, call: Call) -> Result<String, Void> {
        redeem(INSTANCE, numbered, call, 0)
    }

    #[test]
    fn a_write_voids_all_that_was_given_out_before() {
        let (one, other) = (number(INSTANCE, "state"), number(INSTANCE, "state"));
        assert_eq!(redeemed(&one, 1), Ok("state".into()));
        assert_eq!(redeemed(&one, 1), Ok("state".into()), "nothing was written");
        use_up(1, 0);
        assert_eq!((redeemed(&one, 1), redeemed(&other, 1)), (Err(Void::Used), Err(Void::Used)));
        assert_eq!(redeemed(&one, 2), Ok("state".into()), "another call is another matter");
        assert_eq!(redeemed(&number(INSTANCE, "state"), 1), Ok("state".into()));
    }

    #[test]
    fn what_another_instance_has_given_out_counts_for_nothing() {
        for foreign in [number("another!", "state"), "state".into(), String::new(), "instancex.state".into()] {
            assert_eq!(redeemed(&foreign, 1), Err(Void::Foreign), "{foreign}");
        }
    }

    #[test]
    fn a_full_memory_refuses_and_forgets_nothing_before_its_time() {
        let first = number(INSTANCE, "state");
        for call in 0..MOST as u64 {
            use_up(call, 0);
        }
        assert_eq!(redeemed(&first, 0), Err(Void::Used));
        assert_eq!(redeemed(&first, MOST as u64), Err(Void::Full));
        let later = u64::from(GOOD_FOR) * SECOND;
        assert_eq!(redeem(INSTANCE, &first, 0, later - 1), Err(Void::Used));
        assert_eq!(redeem(INSTANCE, &first, MOST as u64, later), Ok("state".into()));
    }
}
