//! An OAuth issuer: what it publishes, and the tokens that it gives out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use serde_json::{Value, json};

use super::http::HttpAnswer;
use super::signing::SigningKey;
use super::{Clerk, HttpServer, Program, Reply, Upstream};

/// The server's URL as its clients know it.
pub(crate) const RESOURCE: &str = "https://mcp.example/mcp";

pub(crate) const METADATA: &str = "/.well-known/oauth-authorization-server";
pub(crate) const KEYS: &str = "/jwks";

/// An issuer that answers what it is told, and 404 for everything else.
pub(crate) struct Issuer {
    pub(crate) url: String,
    pub(crate) upstream: Upstream,
    pub(crate) key: SigningKey,
    answers: Arc<Mutex<BTreeMap<String, Reply>>>,
}

impl Issuer {
    /// With one key, and with metadata that says where it is.
    pub(crate) fn start() -> Self {
        Self::with_keys(&[SigningKey::new("first", "ES256")])
    }

    /// With these keys. The first one signs.
    pub(crate) fn with_keys(keys: &[SigningKey]) -> Self {
        let issuer = Self::without_answers(keys[0].clone());
        issuer.answer(METADATA, issuer.metadata());
        issuer.publish(keys);
        issuer
    }

    pub(crate) fn without_answers(key: SigningKey) -> Self {
        let answers: Arc<Mutex<BTreeMap<String, Reply>>> = Arc::default();
        let known = Arc::clone(&answers);
        let upstream = Upstream::new(move |seen| {
            let path = seen.line.trim_start_matches("GET ");
            let known = known.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(path).cloned().unwrap_or_else(|| Reply::new(404, &[], ""))
        });
        Self { url: format!("http://{}", upstream.address), upstream, key, answers }
    }

    pub(crate) fn metadata(&self) -> Reply {
        Reply::json(200, &json!({ "issuer": self.url, "jwks_uri": format!("{}{KEYS}", self.url) }))
    }

    /// Answers with this at a path from now on.
    pub(crate) fn answer(&self, path: &str, reply: Reply) {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(path.into(), reply);
    }

    pub(crate) fn publish(&self, keys: &[SigningKey]) {
        self.answer(KEYS, Reply::json(200, &key_set(keys)));
    }

    /// How often the keys were asked for.
    pub(crate) fn fetches(&self) -> usize {
        self.upstream.seen().iter().filter(|seen| seen.line.ends_with(KEYS)).count()
    }

    /// A program that lets in by tokens of this issuer, and logs all there is to log.
    pub(crate) fn program(&self, clerk: &Clerk) -> Program {
        let program = clerk.program().traced().variable("CLERK_MCP_OAUTH_ISSUER", &self.url);
        program.variable("CLERK_MCP_PUBLIC_URL", RESOURCE)
    }

    pub(crate) fn server(&self, clerk: &Clerk) -> HttpServer {
        self.program(clerk).http()
    }

    /// What a token for that server says.
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": self.url, "aud": RESOURCE, "sub": "user_1", "client_id": "client_1", "jti": "CANARY7f3a",
            "scope": "clerk:read clerk:write", "iat": now(), "nbf": now(), "exp": now() + 300,
        })
    }

    /// The claims with one of them changed, or without it where the value is null.
    pub(crate) fn claims_with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        let fields = claims.as_object_mut().expect("claims are an object");
        if value.is_null() {
            fields.remove(name)
        } else {
            fields.insert(name.into(), value)
        };
        claims
    }

    pub(crate) fn token(&self) -> String {
        self.key.token(&self.claims())
    }
}

pub(crate) fn key_set(keys: &[SigningKey]) -> Value {
    json!({ "keys": keys.iter().map(SigningKey::jwk).collect::<Vec<_>>() })
}

/// Now, as tokens tell time.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).expect("it is after 1970");
    i64::try_from(since.as_secs()).expect("it is before the year 292 billion")
}

/// Asks for the list of tools with a token.
pub(crate) fn list(server: &HttpServer, token: &str) -> HttpAnswer {
    let body = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    server.post(&[("authorization", &format!("Bearer {token}"))], body)
}

/// The challenge of a refusal.
pub(crate) fn challenge(answer: &HttpAnswer) -> &str {
    let header = answer.headers.get("www-authenticate").unwrap_or_else(|| panic!("no challenge: {answer:?}"));
    header.to_str().expect("the challenge is text")
}
