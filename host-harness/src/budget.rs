//! How much may leave for the API in which time: less than Clerk lets in (<https://clerk.com/docs/guides/how-clerk-works/system-limits>),
//! so that an assistant in a loop leaves the application its share.
//!
//! Clerk's limits stand here, outside the sandbox, because nothing inside is to be trusted with them. They are counted in
//! windows that slide: in any of them, no more than the limit leaves. A bucket of that size would let out twice as much.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::Method;
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

use crate::key::{KeyDigest, SecretKey};
use crate::sliding_windows::{Counted, Rate, Windows};

/// How many requests leave in ten seconds where the operator says nothing: four fifths of what Clerk lets in.
const REQUESTS_TO_DEVELOPMENT: u32 = 80;
const REQUESTS_TO_PRODUCTION: u32 = 800;

const TEN_SECONDS: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// The number of parts that the keys' windows are spread over, each with a lock of its own.
const PARTS: usize = 16;

/// What the operator wants. Zero means no limit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Requests in ten seconds; by default less than the instance's limit at Clerk.
    pub(crate) requests: Option<u32>,
    /// Requests in a minute that write.
    pub(crate) writes: u32,
}

/// The counts of all instances. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Budget {
    limits: Limits,
    parts: Arc<[Mutex<Windows>; PARTS]>,
}

/// What has to wait, and how long.
#[derive(Debug)]
pub(crate) struct Exhausted {
    pub(crate) message: String,
    pub(crate) retry_after: Duration,
}

/// How much of a rate is left now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    pub(crate) left: u32,
    pub(crate) rate: Rate,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, parts: Arc::default() }
    }

    /// Other limits on the same counts, for another profile of one instance.
    pub(crate) fn with_limits(&self, limits: Limits) -> Self {
        Self { limits, parts: Arc::clone(&self.parts) }
    }

    /// Counts a request that is about to leave. `path` is the one below the API's base URL.
    ///
    /// # Errors
    ///
    /// It has to wait, and is not counted.
    pub(crate) fn take(&self, key: &SecretKey, method: &Method, path: &str) -> Result<(), Exhausted> {
        let now = Instant::now();
        let rates = self.rates(key, method, path);
        let mut windows = self.windows_of(key.digest());
        windows.forget_empty(now);
        for (counted, rate) in &rates {
            if let Some(retry_after) = windows.full_for((key.digest(), *counted), *rate, now) {
                return Err(counted.exhausted(*rate, retry_after));
            }
        }
        for (counted, rate) in rates {
            windows.count((key.digest(), counted), rate, now);
        }
        Ok(())
    }

    /// What is left of the requests and of the writes, where they are limited.
    pub(crate) fn left(&self, key: &SecretKey) -> (Option<Allowance>, Option<Allowance>) {
        let mut windows = self.windows_of(key.digest());
        let now = Instant::now();
        let mut left = |counted: Counted, rate: Option<Rate>| {
            let used = windows.used((key.digest(), counted), now);
            rate.map(|rate| Allowance { left: rate.most.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX)), rate })
        };
        (left(Counted::Requests, self.requests(key)), left(Counted::Writes, self.writes()))
    }

    fn windows_of(&self, key: KeyDigest) -> MutexGuard<'_, Windows> {
        self.parts[key.spread(PARTS)].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn requests(&self, key: &SecretKey) -> Option<Rate> {
        let usual = if key.is_live() { REQUESTS_TO_PRODUCTION } else { REQUESTS_TO_DEVELOPMENT };
        limited(self.limits.requests.unwrap_or(usual), TEN_SECONDS)
    }

    fn writes(&self) -> Option<Rate> {
        limited(self.limits.writes, MINUTE)
    }

    /// The rates that a request counts for.
    fn rates(&self, key: &SecretKey, method: &Method, path: &str) -> Vec<(Counted, Rate)> {
        let mut rates: Vec<(Counted, Rate)> = Vec::new();
        rates.extend(self.requests(key).map(|rate| (Counted::Requests, rate)));
        if *method == Method::GET {
            return rates;
        }
        rates.extend(self.writes().map(|rate| (Counted::Writes, rate)));
        let segments: Vec<&str> = path.split('/').skip(1).collect();
        let invitations = |counted, most| Some((counted, Rate { most, within: HOUR }));
        rates.extend(match (method, segments.as_slice()) {
            (&Method::POST, ["invitations"]) => invitations(Counted::Invitations, 100),
            (&Method::POST, ["invitations", "bulk"]) => invitations(Counted::BulkInvitations, 25),
            (&Method::POST, ["organizations", _, "invitations"]) => invitations(Counted::OrganizationInvitations, 250),
            (&Method::POST, ["organizations", _, "invitations", "bulk"]) => {
                invitations(Counted::BulkOrganizationInvitations, 50)
            }
            (&Method::PATCH, ["users", user]) | (&(Method::PATCH | Method::PUT), ["users", user, "metadata"]) => {
                Some((Counted::User(Sha256::digest(user).into()), Rate { most: 10, within: TEN_SECONDS }))
            }
            _ => None,
        });
        rates
    }
}

fn limited(most: u32, within: Duration) -> Option<Rate> {
    (most > 0).then_some(Rate { most, within })
}

impl Counted {
    fn exhausted(self, Rate { most, within }: Rate, retry_after: Duration) -> Exhausted {
        let (what, setting) = match self {
            Self::Requests => ("requests", " (--max-requests)"),
            Self::Writes => ("writes", " (--max-writes)"),
            Self::Invitations => ("invitations", ""),
            Self::BulkInvitations => ("bulk invitations", ""),
            Self::OrganizationInvitations => ("invitations to organizations", ""),
            Self::BulkOrganizationInvitations => ("bulk invitations to organizations", ""),
            Self::User(_) => ("changes of one user", ""),
        };
        let seconds = within.as_secs();
        let message =
            format!("this server lets out at most {most} {what} in {seconds} s{setting}, and they are used up");
        Exhausted { message, retry_after }
    }
}
