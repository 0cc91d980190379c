//! How much may leave for the API in which time: less than Clerk lets in (<https://clerk.com/docs/guides/how-clerk-works/system-limits>),
//! so that an assistant in a loop leaves the application its share.
//!
//! Clerk's limits stand here, outside the sandbox, because nothing inside is to be trusted with them. They are counted in
//! windows that slide: in any of them, no more than the limit leaves. A bucket of that size would let out twice as much.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use tokio::time::Instant;

use crate::key::SecretKey;

/// How many requests leave in ten seconds where the operator says nothing: four fifths of what Clerk lets in.
const REQUESTS_TO_DEVELOPMENT: u32 = 80;
const REQUESTS_TO_PRODUCTION: u32 = 800;

const TEN_SECONDS: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// More windows than this are looked through for ones that nothing is in any more.
const MANY_WINDOWS: usize = 1024;

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
    windows: Arc<Mutex<HashMap<(SecretKey, Counted), Window>>>,
}

/// What is counted by itself, for each instance.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Counted {
    Requests,
    Writes,
    Invitations,
    BulkInvitations,
    /// Changes of this user.
    User(String),
}

/// At most so many within so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rate {
    pub(crate) most: u32,
    pub(crate) within: Duration,
}

/// When what still counts has left, the oldest first.
struct Window {
    rate: Rate,
    left_at: VecDeque<Instant>,
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
        Self { limits, windows: Arc::default() }
    }

    /// Counts a request that is about to leave. `path` is the one below the API's base URL.
    ///
    /// # Errors
    ///
    /// It has to wait, and is not counted.
    pub(crate) fn take(&self, key: &SecretKey, method: &Method, path: &str) -> Result<(), Exhausted> {
        let now = Instant::now();
        let rates = self.rates(key, method, path);
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() > MANY_WINDOWS {
            windows.retain(|_, window| !window.at(now).is_empty());
        }
        for (counted, rate) in &rates {
            let Some(window) = windows.get_mut(&(key.clone(), counted.clone())) else { continue };
            let full = window.at(now).len() >= rate.most as usize;
            if let Some(oldest) = window.left_at.front().filter(|_| full) {
                return Err(counted.exhausted(*rate, (*oldest + rate.within).saturating_duration_since(now)));
            }
        }
        for (counted, rate) in rates {
            let window = windows.entry((key.clone(), counted));
            window.or_insert_with(|| Window { rate, left_at: VecDeque::new() }).left_at.push_back(now);
        }
        Ok(())
    }

    /// What is left of the requests and of the writes, where they are limited.
    pub(crate) fn left(&self, key: &SecretKey) -> (Option<Allowance>, Option<Allowance>) {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let mut left = |counted: Counted, rate: Option<Rate>| {
            let used = windows.get_mut(&(key.clone(), counted)).map_or(0, |window| window.at(Instant::now()).len());
            rate.map(|rate| Allowance { left: rate.most.saturating_sub(u32::try_from(used).unwrap_or(u32::MAX)), rate })
        };
        (left(Counted::Requests, self.requests(key)), left(Counted::Writes, self.writes()))
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
            (&Method::POST, ["organizations", _, "invitations"]) => invitations(Counted::Invitations, 250),
            (&Method::POST, ["organizations", _, "invitations", "bulk"]) => invitations(Counted::BulkInvitations, 50),
            (&Method::PATCH, ["users", user]) | (&(Method::PATCH | Method::PUT), ["users", user, "metadata"]) => {
                Some((Counted::User((*user).to_owned()), Rate { most: 10, within: TEN_SECONDS }))
            }
            _ => None,
        });
        rates
    }
}

fn limited(most: u32, within: Duration) -> Option<Rate> {
    (most > 0).then_some(Rate { most, within })
}

impl Window {
    /// What still counts at that time.
    fn at(&mut self, now: Instant) -> &VecDeque<Instant> {
        while self.left_at.front().is_some_and(|time| now.duration_since(*time) >= self.rate.within) {
            self.left_at.pop_front();
        }
        &self.left_at
    }
}

impl Counted {
    fn exhausted(&self, Rate { most, within }: Rate, retry_after: Duration) -> Exhausted {
        let (what, setting) = match self {
            Self::Requests => ("requests", " (--max-requests)"),
            Self::Writes => ("writes", " (--max-writes)"),
            Self::Invitations => ("invitations", ""),
            Self::BulkInvitations => ("bulk invitations", ""),
            Self::User(_) => ("changes of one user", ""),
        };
        let seconds = within.as_secs();
        let message =
            format!("this server lets out at most {most} {what} in {seconds} s{setting}, and they are used up");
        Exhausted { message, retry_after }
    }
}
