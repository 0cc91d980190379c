//! For the component in front: whether requests can be made, the key that it lends for one of its own, and what it has
//! sealed with the key.

use std::cell::RefCell;

use crate::bindings::exports::egress::guard::access::{Guest, Problem, Unopened};
use crate::bindings::wasi::clocks::wall_clock;
use crate::{Guard, environment, key, reach, seal};

thread_local! {
    static LENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

impl Guest for Guard {
    fn base_url() -> Result<String, Problem> {
        environment::origin().map(|origin| origin.url()).map_err(Problem::MalformedUrl)
    }

    fn has_key() -> bool {
        environment::key().is_some()
    }

    fn is_production() -> bool {
        key().map_or(true, |key| key::is_production(&key))
    }

    fn is_emulated() -> bool {
        let is_here = environment::origin().is_ok_and(|origin| !origin.is_https);
        is_here && key().is_ok_and(|key| key::is_emulated(&key))
    }

    fn check() -> Result<(), Problem> {
        environment::origin().map_err(Problem::MalformedUrl)?;
        key().map(|_| ())
    }

    fn can_reach_api() -> bool {
        environment::origin().is_ok_and(|origin| reach::api_answers(&origin))
    }

    fn lend_key(lent: String) -> Result<(), Problem> {
        if Self::has_key() {
            return Err(Problem::KeyNotWanted);
        }
        let lent = well_formed(&lent)?;
        LENT.set(Some(lent));
        Ok(())
    }

    fn take_key_back() {
        LENT.set(None);
    }

    fn mask_key() -> Result<Vec<u8>, Problem> {
        Ok(seal::mask_key(&key()?))
    }

    fn seal(text: String, belonging: String, seconds: u32) -> Result<String, Problem> {
        let expiry = now().saturating_add(u64::from(seconds) * SECOND);
        Ok(seal::seal(&key()?, &text, &belonging, expiry))
    }

    fn open(sealed: String, belonging: String) -> Result<String, Unopened> {
        let key = key().map_err(Unopened::NoKey)?;
        seal::open(&key, &sealed, &belonging, now()).map_err(|reason| match reason {
            seal::Unopened::Foreign => Unopened::Foreign,
            seal::Unopened::Expired => Unopened::Expired,
        })
    }
}

/// In nanoseconds.
const SECOND: u64 = 1_000_000_000;

/// Since 1970, in nanoseconds.
fn now() -> u64 {
    let now = wall_clock::now();
    now.seconds.saturating_mul(SECOND).saturating_add(now.nanoseconds.into())
}

/// The key for the next request: the environment's, or the one that was lent.
pub(crate) fn key() -> Result<String, Problem> {
    match environment::key() {
        Some(key) => well_formed(&key),
        None => LENT.with_borrow(Clone::clone).ok_or(Problem::NoKey),
    }
}

fn well_formed(key: &str) -> Result<String, Problem> {
    key::read(key).ok_or(Problem::MalformedKey)
}
