//! Calls of the guarded tools, and what keeps one from taking place in this host.

use std::cell::OnceCell;
use std::mem;

use serde_json::Value;
use wasip2::clocks::monotonic_clock;

use crate::access::{self, Problem, Unopened};
use crate::failure::{CHECK, Failure, failed, failure};
use crate::mcp_tools::{self, CallResult, ConsentRequired, Outcome};
use crate::mcp_types::{CallContext, ContentBlock, Error, InputRequired, InputResponse, Masks, Policy};
use crate::memory::{self, Void};
use crate::seal::{Kind, Seal};
use crate::settings::{NOTHING, Settings};
use crate::{Host, confirmation, token_words};

/// The guarded tools for one request from outside.
pub struct Tools {
    host: &'static Host,
    settings: Result<Settings, String>,
    /// On the monotonic clock, in nanoseconds.
    deadline: u64,
}

/// One round of a call, as the client makes it.
pub struct Round {
    /// What the client can be asked for: MCP's `ClientCapabilities`, a JSON object.
    pub capabilities: String,
    /// Its answers to what an earlier round has asked for.
    pub responses: Vec<InputResponse>,
    /// What an earlier round has handed out, opened.
    pub state: Option<String>,
}

impl Round {
    /// The only round of a client that cannot be asked.
    #[must_use]
    pub fn only() -> Self {
        Self { capabilities: "{}".into(), responses: Vec::new(), state: None }
    }
}

/// What a round has led to.
pub enum Answer {
    /// The call has come to its end, or nothing more is done before somebody agrees to a preview.
    Complete(CallResult),
    /// The client has to answer this first. The state is sealed: [`Tools::open_state`] opens it.
    InputRequired(InputRequired),
}

/// Why a state that came back from a client is not opened.
pub enum Refused {
    /// It is not of this call, or too old.
    Invalid(&'static str),
    /// There is no key to tell by.
    Failed(Failure),
}

impl Tools {
    /// The tools in `host`, as the environment sets them. The time of a call runs from here.
    #[must_use]
    pub fn new(host: &'static Host) -> Self {
        let settings = Settings::read();
        let seconds = settings.as_ref().map_or(1, |settings| settings.timeout);
        Self { host, settings, deadline: monotonic_clock::now() + u64::from(seconds) * 1_000_000_000 }
    }

    /// What the operator allows. Where a setting is wrong, nothing can be called, and what only reads is listed.
    #[must_use]
    pub fn policy(&self) -> Policy {
        match &self.settings {
            Ok(settings) => Policy { production: access::is_production(), ..settings.policy.clone() },
            Err(_) => NOTHING,
        }
    }

    /// When the request has to be answered, on the monotonic clock, in nanoseconds.
    #[must_use]
    pub fn deadline(&self) -> u64 {
        self.deadline
    }

    /// What a call needs to know, of a client that cannot be asked for anything.
    ///
    /// # Errors
    ///
    /// The host has not granted what a call needs, or a setting is wrong.
    pub fn context(&self) -> Result<CallContext, Failure> {
        if let Err(problem) = &self.settings {
            return Err(failure("configuration_error", problem, self.host.set_variable));
        }
        access::check().map_err(|problem| self.explain(&problem))?;
        let left = self.deadline.saturating_sub(monotonic_clock::now()) / 1_000_000;
        let policy = self.policy();
        let mask_key = self.mask_key(policy.masks)?;
        Ok(CallContext {
            policy,
            api_url: access::base_url().map_err(|problem| self.explain(&problem))?,
            timeout_ms: u32::try_from(left).unwrap_or(u32::MAX).max(1),
            client_capabilities: "{}".into(),
            input_responses: Vec::new(),
            request_state: None,
            trace: None,
            budget: None,
            mask_key,
        })
    }

    /// The key for what is masked, where something is.
    fn mask_key(&self, Masks { emails, phones }: Masks) -> Result<Option<Vec<u8>>, Failure> {
        if !(emails || phones) {
            return Ok(None);
        }
        access::mask_key().map(Some).map_err(|problem| self.explain(&problem))
    }

    /// Runs a tool to its end, for a client that cannot be asked.
    ///
    /// # Errors
    ///
    /// No call took place.
    pub fn call(&self, name: &str, arguments: &str) -> Result<CallResult, Error> {
        match self.round(name, arguments, Round::only())? {
            Answer::Complete(result) => Ok(result),
            Answer::InputRequired(_) => Err(failed(&failure("cannot_ask", ASKS, ASK_ELSEWHERE))),
        }
    }

    /// Runs one round of a tool.
    ///
    /// # Errors
    ///
    /// No call took place.
    pub fn round(&self, name: &str, arguments: &str, round: Round) -> Result<Answer, Error> {
        let (arguments, token) = confirmation::take(arguments)?;
        // What cannot be described may write, and the call says what is wrong with it.
        let writes = !mcp_tools::describe(name).is_ok_and(|tool| tool.annotations.read_only);
        let Round { capabilities, responses, state } = round;
        let state = match (state, token) {
            // Who does not remember has given nothing out for a write, and takes nothing of another host.
            _ if writes && !self.host.remembers => None,
            // A state that has come back is of a later round, which the token has led to or counts for nothing in.
            (None, Some(token)) => Some(self.redeem(&token, name, &arguments)?),
            (state, _) => state,
        };
        let mut has_gone_on = false;
        let answer = self.run(name, &arguments, Round { capabilities, responses, state }, &mut has_gone_on);
        let sent = match &answer {
            Ok(Answer::Complete(result)) => result.account.as_ref().is_some_and(|account| account.sent),
            Ok(Answer::InputRequired(_)) => false,
            Err(_) => has_gone_on,
        };
        if writes && sent {
            memory::use_up(memory::digest(name, &normal(&arguments)), monotonic_clock::now());
        }
        match answer {
            Ok(Answer::InputRequired(_)) if writes && !self.host.remembers => Err(failed(&cannot_confirm(None))),
            answer => answer,
        }
    }

    /// Runs the rounds that need nothing of the client. `has_gone_on`: more than one was run.
    fn run(&self, name: &str, arguments: &str, round: Round, has_gone_on: &mut bool) -> Result<Answer, Error> {
        let Round { capabilities, mut responses, mut state } = round;
        loop {
            let context = CallContext {
                client_capabilities: capabilities.clone(),
                input_responses: mem::take(&mut responses),
                request_state: state,
                ..self.context().map_err(|failure| failed(&failure))?
            };
            match mcp_tools::call(name, arguments, &context)? {
                Outcome::Complete(result) => return Ok(Answer::Complete(self.in_words_of_the_host(result))),
                Outcome::InProgress(progress) if monotonic_clock::now() < self.deadline => {
                    *has_gone_on = true;
                    state = Some(progress.state);
                }
                Outcome::InProgress(_) => return Err(failed(&failure("timeout", OVERDUE, CHECK))),
                Outcome::InputRequired(InputRequired { requests, state }) => {
                    let state =
                        state.map(|state| self.give_out(Kind::RequestState, name, arguments, &state)).transpose();
                    let state = state.map_err(|problem| failed(&self.explain(&problem)))?;
                    return Ok(Answer::InputRequired(InputRequired { requests, state }));
                }
                Outcome::ConsentRequired(ConsentRequired { preview, .. }) if !self.host.remembers => {
                    return Err(failed(&cannot_confirm(Some(&preview))));
                }
                Outcome::ConsentRequired(ConsentRequired { preview, state, .. }) => {
                    let token = self.give_out(Kind::ConfirmationToken, name, arguments, &state);
                    let token = token.map_err(|problem| failed(&self.explain(&problem)))?;
                    return Ok(Answer::Complete(confirmation::request(&preview, &token)));
                }
            }
        }
    }

    /// The state of an earlier round of the same call.
    ///
    /// # Errors
    ///
    /// It was not handed out for this call, or too long ago.
    pub fn open_state(&self, name: &str, arguments: &str, sealed: &str) -> Result<String, Refused> {
        // It was sealed without a token, as the tools get the arguments.
        let (arguments, _) = confirmation::take(arguments).map_err(|_| Refused::Invalid(FOREIGN_STATE))?;
        let state = Seal::new(Kind::RequestState, name, &arguments).open(sealed).map_err(|reason| match reason {
            Unopened::NoKey(problem) => Refused::Failed(self.explain(&problem)),
            Unopened::Foreign => Refused::Invalid(FOREIGN_STATE),
            Unopened::Expired => Refused::Invalid(EXPIRED_STATE),
        })?;
        self.unnumbered(state, name, &arguments).map_err(|void| {
            Refused::Invalid(match void {
                Void::Foreign => FOREIGN_STATE,
                Void::Used => VOID_STATE,
                Void::Full => token_words::FULL,
            })
        })
    }

    /// Seals a state for the client to bring back; where this host remembers, with a number to be used once.
    fn give_out(&self, kind: Kind, name: &str, arguments: &str, state: &str) -> Result<String, Problem> {
        let seal = Seal::new(kind, name, arguments);
        if self.host.remembers { seal.seal(&memory::number(&instance()?, state)) } else { seal.seal(state) }
    }

    fn unnumbered(&self, state: String, name: &str, arguments: &str) -> Result<String, Void> {
        if !self.host.remembers {
            return Ok(state);
        }
        let instance = instance().map_err(|_| Void::Foreign)?;
        memory::redeem(&instance, &state, memory::digest(name, &normal(arguments)), monotonic_clock::now())
    }

    /// The state that a token stands for, which has not been used before.
    fn redeem(&self, token: &str, name: &str, arguments: &str) -> Result<String, Error> {
        let invalid =
            |why| failed(&failure("invalid_confirmation_token", &token_words::invalid(why), token_words::AGAIN));
        let opened = Seal::new(Kind::ConfirmationToken, name, arguments).open(token);
        let state = opened.map_err(|reason| match reason {
            Unopened::NoKey(problem) => failed(&self.explain(&problem)),
            Unopened::Foreign => invalid(token_words::FOREIGN),
            Unopened::Expired => invalid(token_words::EXPIRED),
        })?;
        self.unnumbered(state, name, arguments).map_err(|void| {
            invalid(match void {
                Void::Foreign => token_words::FOREIGN,
                Void::Used => token_words::USED,
                Void::Full => token_words::FULL,
            })
        })
    }

    /// Why requests cannot be made, and what would help.
    #[must_use]
    pub fn explain(&self, problem: &Problem) -> Failure {
        match problem {
            Problem::NoKey => {
                failure("missing_secret_key", "there is no secret key to call Clerk with", self.host.grant_key)
            }
            Problem::MalformedKey => {
                let message =
                    "the secret key does not begin with sk_test_ or sk_live_, or holds other characters than keys do";
                let hint = if access::has_key() {
                    self.host.set_variable
                } else {
                    "Send a key as Clerk's Dashboard shows it."
                };
                failure("malformed_secret_key", message, hint)
            }
            Problem::KeyNotWanted => {
                let message = "this server uses the secret key of its operator and takes none from requests";
                failure("secret_key_not_wanted", message, "Leave the key out.")
            }
            Problem::MalformedUrl(problem) => failure("configuration_error", problem, self.host.set_variable),
        }
    }

    /// Where the host or the guard let nothing out, the tools cannot say what to do about it.
    fn in_words_of_the_host(&self, mut result: CallResult) -> CallResult {
        if let (true, [ContentBlock::Text(text)]) = (result.is_error, result.content.as_mut_slice())
            && let Ok(mut failure) = serde_json::from_str::<Failure>(text)
            && failure["code"] == "request_denied"
        {
            failure["hint"] = self.host.grant_network.into();
            *text = failure.to_string();
        }
        result
    }
}

thread_local! {
    static INSTANCE: OnceCell<String> = const { OnceCell::new() };
}

/// A name that no other instance has: what the guard seals at a point in time begins with a tag of it.
fn instance() -> Result<String, Problem> {
    const LENGTH: usize = 16;
    INSTANCE.with(|known| {
        if let Some(name) = known.get() {
            return Ok(name.clone());
        }
        let mut name = access::seal("", "instance", 1)?;
        name.truncate(LENGTH);
        Ok(known.get_or_init(|| name).clone())
    })
}

/// Arguments in one order and without spaces, so that the same call is told again.
fn normal(arguments: &str) -> String {
    serde_json::from_str::<Value>(arguments).unwrap_or_default().to_string()
}

/// Refuses a call that asks, where nothing can hold the answer to one call.
fn cannot_confirm(preview: Option<&str>) -> Failure {
    let mut failure = failure("cannot_confirm", FORGETS, CONFIRM_ELSEWHERE);
    if let Some(preview) = preview.and_then(|preview| serde_json::from_str(preview).ok()) {
        failure["preview"] = preview;
    }
    failure
}

const FORGETS: &str = "somebody has to agree to this call first, and this host starts anew for each call, so that it cannot \
                       hold a yes to one call; nothing was changed";
const CONFIRM_ELSEWHERE: &str = "Make this call through a server that lasts: the program clerk-mcp, or clerk-mcp-stdio.wasm. \
                                 Or the operator sets CLERK_CONFIRM=off, and nothing asks here.";
const VOID_STATE: &str =
    "the requestState, or another one for the same call, has been used, and all of them are good for one call";
const FOREIGN_STATE: &str = "the requestState was not given out for this call";
const EXPIRED_STATE: &str = "the requestState was given out more than ten minutes ago";
const OVERDUE: &str = "the call took too long";
const ASKS: &str = "the tool asks the person at the client, and cannot from here";
const ASK_ELSEWHERE: &str = "Call it through a host that can ask, such as the program clerk-mcp.";
