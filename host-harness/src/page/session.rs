//! Sessions of browsers: each is known by a random text that only its cookie has, and ends.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;
use http::header::COOKIE;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};

/// The most sessions at once; for one more, the one that would end first is ended.
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
    ends: Instant,
}

impl<T> Default for Sessions<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Clone> Sessions<T> {
    /// Opens a session and returns what its cookie is to have; none where the system has no random numbers.
    pub(crate) fn open(&self, holder: T, lasts: Duration) -> Option<String> {
        self.open_at(holder, lasts, Instant::now())
    }

    fn open_at(&self, holder: T, lasts: Duration, now: Instant) -> Option<String> {
        let mut random = [0; 32];
        SystemRandom::new().fill(&mut random).ok()?;
        let text = URL_SAFE_NO_PAD.encode(random);
        let mut all = self.all_at(now);
        if all.len() >= MOST
            && let Some(first) = all.iter().min_by_key(|(_, session)| session.ends).map(|(digest, _)| *digest)
        {
            all.remove(&first);
        }
        all.insert(digest(&text), Session { holder, ends: now + lasts.min(LONGEST) });
        Some(text)
    }

    /// Who signed in to the session that a request names.
    pub(crate) fn holder(&self, headers: &HeaderMap) -> Option<T> {
        self.holder_at(headers, Instant::now())
    }

    fn holder_at(&self, headers: &HeaderMap, now: Instant) -> Option<T> {
        let all = self.all_at(now);
        named(headers).find_map(|text| all.get(&digest(text))).map(|session| session.holder.clone())
    }

    /// Ends the sessions that a request names.
    pub(crate) fn close(&self, headers: &HeaderMap) {
        let mut all = self.all_at(Instant::now());
        for text in named(headers) {
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

/// The texts of the cookies of a request that may be a session's.
fn named(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = values.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.filter(|(name, _)| [NAME, SECURE_NAME].contains(name)).map(|(_, text)| text)
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
        let text = sessions.open_at("ada", Duration::from_mins(1), now).expect("there are random numbers");
        let other = sessions.open_at("tim", Duration::from_hours(24), now).expect("there are random numbers");
        assert!(text.len() == 43 && text != other);
        assert_eq!(sessions.holder_at(&with(&text), now), Some("ada"));
        assert_eq!(sessions.holder_at(&with(&other), now), Some("tim"));
        for wrong in ["", "x", &text[1..], &format!("{text}x")] {
            assert_eq!(sessions.holder_at(&with(wrong), now), None, "{wrong}");
        }
        assert_eq!(sessions.holder_at(&HeaderMap::new(), now), None);
        assert_eq!(sessions.holder_at(&with(&text), now + Duration::from_mins(1)), None);
        assert_eq!(sessions.holder_at(&with(&other), now + LONGEST), None, "none lasts longer than the longest");
    }

    #[test]
    fn a_session_that_is_closed_is_over() {
        let sessions = Sessions::default();
        let text = sessions.open("ada", LONGEST).expect("there are random numbers");
        sessions.close(&with("other"));
        assert_eq!(sessions.holder(&with(&text)), Some("ada"));
        sessions.close(&with(&text));
        assert_eq!(sessions.holder(&with(&text)), None);
    }

    #[test]
    fn there_are_no_more_sessions_than_there_is_room_for() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let open = |minutes: u64| sessions.open_at(minutes, Duration::from_mins(minutes), now).expect("random");
        let texts: Vec<String> = (1..=MOST as u64 + 1).map(open).collect();
        assert_eq!(sessions.holder_at(&with(&texts[0]), now), None);
        assert_eq!(sessions.holder_at(&with(&texts[1]), now), Some(2));
        assert_eq!(sessions.all_at(now).len(), MOST);
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
