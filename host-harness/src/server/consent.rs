//! What a client brings that was given out for a call: a token by which somebody agrees to its preview, where the client
//! cannot ask, or the state of a question. Both belong to one tool, its arguments and its caller, are good for ten minutes
//! and, in one process, for one write.

use std::collections::BTreeMap;
use std::sync::Arc;

use rmcp::ErrorData;
use rmcp::model::{CallToolResult, ContentBlock, InputRequiredResult, JsonObject, MetaObject, RequestStateError};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::call::Call;
use super::decided::Decided;
use super::redemption::{Digest, GOOD_FOR, Redemption, Redemptions, Unredeemed};
use super::seal::{Opened, Seal};
use super::{apps, convert, failure, token_words};
use crate::component::{Confirm, ConsentRequired, InputRequired, InputResponse, Round};

const TOKEN: &str = "confirmation token";
/// Not the secret that seals tokens: who was to ask a person cannot bring the state as a token.
const STATE: &str = "request state";

/// The words for a model whose client shows the person the preview.
const IN_VIEW: &str = "Nothing has changed yet. The person sees this preview in the view that their client shows, and \
                       decides there: wait for what they say, and do not repeat the call. If they see no view, the \
                       operator can set --confirm token-only (CLERK_CONFIRM).";

/// What a call is given out tokens and states for.
pub(super) struct Purpose<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) method: &'static str,
}

/// The round that a call begins with, and what it has redeemed for that.
pub(super) struct Begun {
    pub(super) round: Round,
    _redemption: Option<Redemption>,
}

/// Why what a client has brought counts for nothing.
pub(super) enum Rejected {
    Token(&'static str),
    State(String),
}

impl Purpose<'_> {
    /// A digest of the call, the same in whichever order the arguments come.
    fn digest(&self, parts: &[&str]) -> Digest {
        let arguments = &self.call.arguments;
        let arguments = serde_json::from_str(arguments).map_or_else(|_| arguments.clone(), sorted);
        let caller = &self.call.caller;
        let holder = caller.who.subject.as_deref().unwrap_or_default();
        let call = [self.call.name, arguments.as_str(), holder];
        // What the caller is kept to says which object the arguments mean.
        let pins = [&caller.policy.organizations, &caller.policy.users];
        let pins = if pins.iter().all(|pins| pins.is_empty()) { None } else { serde_json::to_string(&pins).ok() };
        // Two instances may have the same key. No name is a list.
        let name = self.call.instance.name.as_deref();
        digest(parts.iter().copied().chain(call).chain(pins.as_deref()).chain(name))
    }

    fn redemptions(&self) -> &Arc<Redemptions> {
        &self.call.instance.redemptions
    }

    fn token(&self) -> Seal<'_> {
        Seal { key: &self.call.caller.key, kind: TOKEN, belonging: self.digest(&[]) }
    }

    fn state(&self) -> Seal<'_> {
        Seal { key: &self.call.caller.key, kind: STATE, belonging: self.digest(&[self.method]) }
    }

    /// Redeems what the client has brought, for as long as the answer lives.
    ///
    /// # Errors
    ///
    /// It counts for nothing.
    pub(super) fn begin(&self) -> Result<Begun, Rejected> {
        let Call { token, round, .. } = self.call;
        let (state, given_at, responses) = if let Some(token) = token {
            let token = token.as_str().ok_or(Rejected::Token("it is not a text"))?;
            let Opened { text, given_at } =
                self.token().open(token).map_err(|error| Rejected::Token(unopened(&error)))?;
            (text, given_at, Vec::new())
        } else if let Some(sealed) = &round.state {
            let Opened { text, given_at } =
                self.state().open(sealed).map_err(|error| Rejected::State(error.to_string()))?;
            (text, given_at, self.timed(&round.responses, given_at))
        } else {
            return Ok(Begun { round: round.clone(), _redemption: None });
        };
        match self.redeem(given_at) {
            Ok(redemption) => {
                Ok(Begun { round: Round { responses, state: Some(state) }, _redemption: Some(redemption) })
            }
            // What another process may have seen answered is asked anew.
            Err(Unredeemed::BeforeStart) if token.is_none() => Ok(Begun { round: Round::default(), _redemption: None }),
            Err(reason) if token.is_some() => Err(Rejected::Token(unredeemed(reason))),
            Err(reason) => Err(Rejected::State(unredeemed(reason).to_owned())),
        }
    }

    /// The answers, with how long the client took for them.
    fn timed(&self, responses: &[InputResponse], given_at: u64) -> Vec<InputResponse> {
        let after_ms = u32::try_from(self.redemptions().now().saturating_sub(given_at) / 1000).ok();
        responses.iter().map(|response| InputResponse { after_ms, ..response.clone() }).collect()
    }

    /// Tokens and states of one call end each other.
    fn redeem(&self, given_at: u64) -> Result<Redemption, Unredeemed> {
        let (call, caller) = self.remembered();
        self.redemptions().begin(call, caller, given_at, &self.call.caller.writes)
    }

    /// Notes that the call has written because a person agreed while it ran.
    pub(super) fn agreed(&self) {
        let (call, caller) = self.remembered();
        self.redemptions().void(call, caller);
    }

    /// A digest of the call, by which it is known to be made again.
    pub(super) fn name(&self) -> Digest {
        self.remembered().0
    }

    /// What is remembered of the call and of its caller.
    fn remembered(&self) -> (Digest, Digest) {
        let caller = &self.call.caller;
        let key = caller.key.derive("redemption");
        let holder = caller.who.subject.as_deref().unwrap_or_default();
        (digest_of(&key, &self.digest(&[])), digest_of(&key, holder.as_bytes()))
    }

    /// The answer to a command that needs somebody's consent: the preview, and how to agree to it. A token would be of no
    /// use, as each command is a process of its own.
    pub(super) fn show(required: &ConsentRequired) -> Result<CallToolResult, ErrorData> {
        let next = "Nothing has changed yet. If this is what you want, run the command again with --confirm off.";
        // As the component has it: its summary first of all.
        let text = format!(r#"{{"preview":{},"next":"{next}"}}"#, required.preview);
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        result.structured_content = Some(json!({ "preview": preview(required)?, "next": next }));
        Ok(result)
    }

    /// The answer to a call that needs somebody's consent: the preview, and the token to call again with. Where the client shows
    /// a person the preview, the token is in `_meta`, which hosts give to a view and not to a model.
    pub(super) fn ask(&self, required: &ConsentRequired) -> Result<CallToolResult, ErrorData> {
        let token = self.token().seal(&required.state, self.redemptions().now())?;
        let mut result = if self.call.has_view && self.call.caller.policy.confirm != Confirm::TokenOnly {
            Self::ask_in_view(required)?
        } else {
            Self::ask_for_token(required, &token)?
        };
        if self.call.has_view {
            let for_view = json!({ "confirmation_token": token, "name": required.name });
            result.meta = Some(MetaObject(JsonObject::from_iter([(apps::CONSENT.into(), for_view)])));
        }
        Ok(result)
    }

    fn ask_for_token(required: &ConsentRequired, token: &str) -> Result<CallToolResult, ErrorData> {
        let answer = json!({
            "preview": preview(required)?,
            "confirmation_token": token,
            "expires_in_seconds": GOOD_FOR.as_secs(),
            "next": token_words::NEXT,
        });
        // As the component has it: the preview first, and its summary first of all.
        let text = format!(
            r#"{{"preview":{},"confirmation_token":"{token}","expires_in_seconds":{},"next":{}}}"#,
            required.preview, answer["expires_in_seconds"], answer["next"],
        );
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        result.structured_content = Some(answer);
        Ok(result)
    }

    /// The answer for a client that shows a person the preview: the token is for the view alone.
    fn ask_in_view(required: &ConsentRequired) -> Result<CallToolResult, ErrorData> {
        let answer = json!({
            "preview": preview(required)?,
            "expires_in_seconds": GOOD_FOR.as_secs(),
            "next": IN_VIEW,
        });
        let text = format!(
            r#"{{"preview":{},"expires_in_seconds":{},"next":{}}}"#,
            required.preview, answer["expires_in_seconds"], answer["next"],
        );
        let mut result = CallToolResult::success(vec![ContentBlock::text(text)]);
        result.structured_content = Some(answer);
        Ok(result)
    }

    /// What the client has to answer, with the state sealed.
    pub(super) fn input_required(&self, required: InputRequired) -> Result<InputRequiredResult, ErrorData> {
        let InputRequired { requests, state } = required;
        let state = state.map(|state| self.state().seal(&state, self.redemptions().now())).transpose()?;
        let requests = requests.into_iter().map(|request| Ok((request.id.clone(), convert::input_request(&request)?)));
        let requests = requests.collect::<Result<_, ErrorData>>()?;
        Ok(InputRequiredResult::new(Some(requests), state))
    }
}

impl Rejected {
    /// For the operator's records.
    pub(super) fn decision(&self) -> Decided {
        match self {
            Self::Token(_) => Decided::InvalidToken,
            Self::State(_) => Decided::InvalidState,
        }
    }

    pub(super) fn why(&self) -> &str {
        match self {
            Self::Token(why) => why,
            Self::State(why) => why,
        }
    }

    /// # Errors
    ///
    /// The state is the client's part of the protocol, and what is wrong with it an error of the protocol.
    pub(super) fn answer(self) -> Result<CallToolResult, ErrorData> {
        match self {
            Self::Token(why) => {
                Ok(failure::failure("invalid_confirmation_token", &token_words::invalid(why), token_words::AGAIN))
            }
            Self::State(_) => Err(self.error()),
        }
    }

    pub(super) fn error(&self) -> ErrorData {
        ErrorData::invalid_params(format!("{}: make the call again, without a requestState", self.why()), None)
    }
}

fn preview(required: &ConsentRequired) -> Result<Value, ErrorData> {
    serde_json::from_str(&required.preview)
        .map_err(|error| failure::internal(&format!("the preview is not JSON: {error}")))
}

fn unopened(error: &RequestStateError) -> &'static str {
    match error {
        RequestStateError::Expired => token_words::EXPIRED,
        _ => token_words::FOREIGN,
    }
}

fn unredeemed(reason: Unredeemed) -> &'static str {
    match reason {
        Unredeemed::Used => token_words::USED,
        Unredeemed::InUse => "another call uses it, or another one for the same call, at this moment",
        Unredeemed::BeforeStart => {
            "it was given out before this server started, which does not know whether it was used (a server that is \
             started for each call can take none: --confirm off)"
        }
        Unredeemed::Full => token_words::FULL,
    }
}

fn digest<'a>(parts: impl Iterator<Item = &'a str>) -> Digest {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update(part.len().to_le_bytes());
        digest.update(part);
    }
    digest.finalize().into()
}

fn digest_of(key: &Digest, what: &[u8]) -> Digest {
    Sha256::new().chain_update(key).chain_update(what).finalize().into()
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
