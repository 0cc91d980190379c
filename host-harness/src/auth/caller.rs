//! Who calls, and what the issuer lets them do.

use std::time::{Duration, SystemTime};

use serde::Deserialize;
use serde_json::{Map, Value};

/// The scope for tools that change nothing.
pub(super) const READ: &str = "clerk:read";
/// The scope for all tools.
pub(super) const WRITE: &str = "clerk:write";

/// Whom an access token was issued to. It is in the extensions of each request that was let in by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Caller {
    /// The user, or for a client without one the client.
    pub(crate) subject: String,
    /// The client that acts for them, where the token tells.
    pub(crate) client_id: Option<String>,
    pub(crate) scopes: Scopes,
    /// When the token expires.
    pub(crate) expires: SystemTime,
    /// The organization that they are kept to, by its id or its slug.
    pub(crate) organization: Option<String>,
}

impl Caller {
    /// How long the token is still good for, or a year if that is less: timers take no longer time.
    pub(crate) fn time_left(&self) -> Duration {
        self.expires.duration_since(SystemTime::now()).unwrap_or_default().min(YEAR)
    }
}

const YEAR: Duration = Duration::from_hours(365 * 24);

/// What a token is good for. Who may write may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scopes {
    pub(crate) read: bool,
    pub(crate) write: bool,
}

/// The latest time at which a token expires, however late it says: the end of the year 9999, in seconds since 1970.
const LATEST: f64 = 253_402_300_799.0;

/// What is read from a token that was found valid.
#[derive(Deserialize)]
pub(super) struct Claims {
    /// Read as one text, because a list would be compared as a set.
    #[serde(rename = "iss")]
    _issuer: Option<String>,
    sub: Option<String>,
    /// In seconds since 1970, which was checked before.
    exp: Option<Value>,
    client_id: Option<String>,
    /// What OpenID providers call the client.
    azp: Option<String>,
    scope: Option<ScopeClaim>,
    scp: Option<ScopeClaim>,
    #[serde(flatten)]
    others: Map<String, Value>,
}

/// Names of scopes, the way RFC 9068 writes them or the way some issuers do.
#[derive(Deserialize)]
#[serde(untagged)]
enum ScopeClaim {
    Text(String),
    List(Vec<String>),
}

impl ScopeClaim {
    fn names(&self, name: &str) -> bool {
        match self {
            Self::Text(text) => text.split_ascii_whitespace().any(|other| other == name),
            Self::List(list) => list.iter().any(|other| other == name),
        }
    }
}

impl Claims {
    /// The text of a claim that names an organization, where there is one. A dot in its name leads into an object, unless there is a
    /// claim of the whole name.
    pub(super) fn organization(&self, claim: &str) -> Option<String> {
        let inside = || claim.split_once('.').and_then(|(outer, inner)| self.others.get(outer)?.get(inner));
        let text = self.others.get(claim).or_else(inside)?.as_str()?;
        (!text.trim().is_empty()).then(|| text.to_owned())
    }

    /// The caller, if the token names one: an empty name is nobody's.
    pub(super) fn caller(self) -> Option<Caller> {
        let subject = self.sub.filter(|subject| !subject.trim().is_empty())?;
        let seconds = self.exp.as_ref().and_then(Value::as_f64).unwrap_or_default();
        let expires = SystemTime::UNIX_EPOCH + Duration::from_secs_f64(seconds.clamp(0.0, LATEST));
        let has = |name| [&self.scope, &self.scp].into_iter().flatten().any(|claim| claim.names(name));
        let write = has(WRITE);
        let scopes = Scopes { read: write || has(READ), write };
        Some(Caller { subject, client_id: self.client_id.or(self.azp), scopes, expires, organization: None })
    }
}
