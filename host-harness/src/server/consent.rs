//! Tokens by which somebody agrees to what a call has previewed, where a client cannot ask: a token belongs to one tool, its
//! arguments and its caller, is good for ten minutes and, in one process, for one call.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject, RequestStateCodec, RequestStateError, SealOptions};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::failure;
use crate::component::{Caller, ConsentRequired};

/// The argument that brings a token, and how some clients spell it.
const ARGUMENT: [&str; 2] = ["confirmation_token", "confirmationToken"];

/// How long a token is good.
const GOOD_FOR: Duration = Duration::from_mins(10);
/// How many used tokens are remembered. More than can be used in their time: each stands for a write.
const MOST_USED: usize = 100_000;

/// The tokens that this process has seen used.
#[derive(Default)]
pub(super) struct Used(Mutex<HashMap<[u8; 32], Instant>>);

impl Used {
    /// Notes the use of a token; false if it was used before.
    fn note(&self, token: &str) -> bool {
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.len() >= MOST_USED {
            used.retain(|_, at| at.elapsed() < GOOD_FOR);
        }
        used.insert(Sha256::digest(token).into(), Instant::now()).is_none()
    }
}

/// Takes the token out of the arguments.
pub(super) fn take(arguments: &mut JsonObject) -> Option<Value> {
    let [first, second] = ARGUMENT.map(|name| arguments.remove(name).filter(|token| !token.is_null()));
    first.or(second)
}

/// What a token is for.
pub(super) struct Purpose<'a> {
    pub(super) caller: &'a Caller,
    pub(super) tool: &'a str,
    /// Without the token, as JSON.
    pub(super) arguments: &'a str,
}

impl Purpose<'_> {
    /// A digest of it, the same in whichever order the arguments come.
    fn digest(&self) -> [u8; 32] {
        let arguments = serde_json::from_str(self.arguments).map_or_else(|_| self.arguments.into(), sorted);
        let holder = self.caller.holder.as_deref().unwrap_or_default();
        let mut digest = Sha256::new();
        for part in [self.tool, arguments.as_str(), holder] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }

    /// Not the secret that seals the state of rounds: who was to ask a person cannot bring the state as a token.
    fn codec(&self) -> Result<RequestStateCodec, ErrorData> {
        let secret = self.caller.key.derive("confirmation token");
        RequestStateCodec::try_new(secret).map_err(|error| failure::internal(&error.to_string()))
    }

    /// The answer to a call that needs somebody's consent: the preview, and the token to call again with.
    pub(super) fn ask(&self, required: ConsentRequired) -> Result<CallToolResult, ErrorData> {
        let digest = self.digest();
        let options = SealOptions::new().associated_data(&digest).ttl(GOOD_FOR);
        let token = self.codec()?.seal_with(required.state.as_bytes(), &options);
        let preview: Value = serde_json::from_str(&required.preview).unwrap_or(Value::String(required.preview));
        let answer = json!({
            "preview": preview,
            "confirmation_token": token,
            "expires_in_seconds": GOOD_FOR.as_secs(),
            "next": "Nothing has changed yet. Show the preview to the person you work for; if they agree, call again with \
                     the same arguments and this confirmation_token.",
        });
        let mut result = CallToolResult::success(vec![ContentBlock::text(answer.to_string())]);
        result.structured_content = Some(answer);
        Ok(result)
    }

    /// The state in a token that comes back.
    ///
    /// # Errors
    ///
    /// Why it counts for nothing, for the model.
    pub(super) fn open(&self, token: &Value, used: &Used) -> Result<String, CallToolResult> {
        let Some(token) = token.as_str() else { return Err(invalid("it is not a text")) };
        let codec = self.codec().map_err(|error| invalid(&error.message))?;
        let opened = codec.open_with(token, &self.digest()).map_err(|error| {
            invalid(match error {
                RequestStateError::Expired => "it is older than the ten minutes that a token is good for",
                _ => "it was not given out for this tool with these arguments to this caller, or not whole",
            })
        })?;
        if !used.note(token) {
            return Err(invalid("it was used before, and a token is good for one call"));
        }
        String::from_utf8(opened).map_err(|_| invalid("it holds no text"))
    }
}

fn invalid(why: &str) -> CallToolResult {
    let message = format!("the confirmation token is not valid: {why}; nothing was changed");
    failure::failure(
        "invalid_confirmation_token",
        &message,
        "Call again without confirmation_token: the answer is a new preview and a new token.",
    )
}

/// The JSON of a value with the keys of its objects in order.
fn sorted(value: Value) -> String {
    fn sort(value: Value) -> Value {
        match value {
            Value::Object(map) => map
                .into_iter()
                .map(|(name, value)| (name, sort(value)))
                .collect::<BTreeMap<_, _>>()
                .into_iter()
                .collect(),
            Value::Array(items) => items.into_iter().map(sort).collect(),
            other => other,
        }
    }
    sort(value).to_string()
}
