//! Sessions of browsers: each is known by a random text that only its cookie has, and ends.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::COOKIE;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};

/// The most sessions at once; for one more, one is ended of whoever has most of them: the one that would end first.
const MOST: usize = 64;
/// The longest that a session lasts.
pub(crate) const LONGEST: Duration = Duration::from_hours(8);
/// The name of the cookie. Where it goes by TLS alone, browsers keep others from setting it.
const NAME: &str = "clerk-mcp-page";
const SECURE_NAME: &str = "__Host-clerk-mcp-page";

/// The sessions of browsers, each with who signed in.
pub(crate) struct Sessions<T>(Mutex<HashMap<Digest, Session<T>>>);

/// SHA-256 of what the cookie has: the text itself is kept nowhere.
type Digest = [u8; 32];

struct Session<T> {
    holder: T,
    /// Whose it is among those who share the room.
    owner: String,
    ends: Instant,
}

impl<T> Default for Sessions<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Sessions<T> {
    /// Opens a session of an owner and returns what its cookie is to have; none where the system has no random numbers.
    pub(crate) fn open(&self, holder: T, owner: &str, lasts: Duration) -> Option<String> {
        self.open_at(holder, owner, lasts, Instant::now())
    }

    fn open_at(&self, holder: T, owner: &str, lasts: Duration, now: Instant) -> Option<String> {
        let mut random = [0; 32];
        SystemRandom::new().fill(&mut random).ok()?;
        let text = URL_SAFE_NO_PAD.encode(random);
        let mut all = self.all_at(now);
        if all.len() >= MOST {
            let of = |owner: &str| all.values().filter(|session| session.owner == owner).count();
            let first = all.iter().max_by_key(|(_, session)| (of(&session.owner), Reverse(session.ends)));
            if let Some(first) = first.map(|(digest, _)| *digest) {
                all.remove(&first);
            }
        }
        all.insert(digest(&text), Session { holder, owner: owner.to_owned(), ends: now + lasts.min(LONGEST) });
        Some(text)
    }

    /// Who signed in to the session that a request names; by TLS alone, where the page is there by TLS alone.
    pub(crate) fn holder(&self, headers: &HeaderMap, is_secure: bool) -> Option<T> {
        self.holder_at(headers, is_secure, Instant::now())
    }

    fn holder_at(&self, headers: &HeaderMap, is_secure: bool, now: Instant) -> Option<T> {
        let all = self.all_at(now);
        let mut texts = named(headers).filter(|(name, _)| !is_secure || *name == SECURE_NAME);
        texts.find_map(|(_, text)| all.get(&digest(text))).map(|session| session.holder.clone())
    }

    /// Ends the sessions that a request names.
    pub(crate) fn close(&self, headers: &HeaderMap) {
        let mut all = self.all_at(Instant::now());
        for (_, text) in named(headers) {
            all.remove(&digest(text));
        }
    }

    /// Those that have not ended.
    fn all_at(&self, now: Instant) -> MutexGuard<'_, HashMap<Digest, Session<T>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, session| session.ends > now);
        all
    }
}

/// The header that gives a browser its cookie.
pub(crate) fn given(text: &str, lasts: Duration, is_secure: bool) -> String {
    let seconds = lasts.min(LONGEST).as_secs();
    cookie(text, seconds, is_secure)
}

/// The headers that take the cookie from a browser, whichever it has.
pub(crate) fn taken() -> [String; 2] {
    [cookie("", 0, false), cookie("", 0, true)]
}

fn cookie(text: &str, seconds: u64, is_secure: bool) -> String {
    let (name, secure) = if is_secure { (SECURE_NAME, "; Secure") } else { (NAME, "") };
    format!("{name}={text}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn digest(text: &str) -> Digest {
    Sha256::digest(text).into()
}

/// The cookies of a request that may be a session's: their names and texts.
fn named(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| [NAME, SECURE_NAME].contains(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(text: &str) -> HeaderMap {
        let cookie = format!("other=1; {NAME}={text}; last=2").parse().expect("a header");
        HeaderMap::from_iter([(COOKIE, cookie)])
    }

    #[test]
    fn a_session_is_its_cookies_until_it_ends() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let text = sessions.open_at("ada", "ada", Duration::from_mins(1), now).expect("there are random numbers");
        let other = sessions.open_at("tim", "tim", Duration::from_hours(24), now).expect("there are random numbers");
        assert!(text.len() == 43 && text != other);
        assert_eq!(sessions.holder_at(&with(&text), false, now), Some("ada"));
        assert_eq!(sessions.holder_at(&with(&other), false, now), Some("tim"));
        for wrong in ["", "x", &text[1..], &format!("{text}x")] {
            assert_eq!(sessions.holder_at(&with(wrong), false, now), None, "{wrong}");
        }
        assert_eq!(sessions.holder_at(&HeaderMap::new(), false, now), None);
        assert_eq!(sessions.holder_at(&with(&text), false, now + Duration::from_mins(1)), None);
        assert_eq!(sessions.holder_at(&with(&other), false, now + LONGEST), None, "none lasts longer than the longest");
    }

    #[test]
    fn a_session_that_is_closed_is_over() {
        let sessions = Sessions::default();
        let text = sessions.open("ada", "ada", LONGEST).expect("there are random numbers");
        sessions.close(&with("other"));
        assert_eq!(sessions.holder(&with(&text), false), Some("ada"));
        sessions.close(&with(&text));
        assert_eq!(sessions.holder(&with(&text), false), None);
    }

    #[test]
    fn there_are_no_more_sessions_than_there_is_room_for() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let open = |minutes: u64| sessions.open_at(minutes, "ada", Duration::from_mins(minutes), now).expect("random");
        let texts: Vec<String> = (1..=MOST as u64 + 1).map(open).collect();
        assert_eq!(sessions.holder_at(&with(&texts[0]), false, now), None);
        assert_eq!(sessions.holder_at(&with(&texts[1]), false, now), Some(2));
        assert_eq!(sessions.all_at(now).len(), MOST);
        // Who opens many ends none of anybody else.
        let other = sessions.open_at(0, "tim", Duration::from_secs(1), now).expect("random");
        for minutes in 100..200 {
            open(minutes);
        }
        assert_eq!(sessions.holder_at(&with(&other), false, now), Some(0));
        assert_eq!(sessions.all_at(now).len(), MOST);
    }

    #[test]
    fn by_tls_only_the_cookie_counts_that_others_cannot_set() {
        let sessions = Sessions::default();
        let text = sessions.open("ada", "ada", LONGEST).expect("there are random numbers");
        let secure = format!("{SECURE_NAME}={text}").parse().expect("a header");
        let secure = HeaderMap::from_iter([(COOKIE, secure)]);
        assert_eq!((sessions.holder(&secure, true), sessions.holder(&secure, false)), (Some("ada"), Some("ada")));
        assert_eq!((sessions.holder(&with(&text), true), sessions.holder(&with(&text), false)), (None, Some("ada")));
    }

    #[test]
    fn a_cookie_is_for_this_server_and_no_script() {
        let plain = given("x", Duration::from_secs(90), false);
        assert_eq!(plain, "clerk-mcp-page=x; Path=/; Max-Age=90; HttpOnly; SameSite=Strict");
        let secure = given("x", Duration::MAX, true);
        assert_eq!(secure, "__Host-clerk-mcp-page=x; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure");
        assert!(taken().iter().all(|cookie| cookie.contains("=; Path=/; Max-Age=0;")));
    }
}
