//! Calls that may write, on their way into the audit log: nothing is written to Clerk before a line says that it is about to
//! be, and no such call is answered before the line of its end is on the disk.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use rmcp::model::JsonObject;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::call::{Call, Ended};
use super::decided::Decided;
use super::stopped::{Stopped, Unanswered};
use crate::audit::{Audit, BEGUN, Entry, Instance, Principal, Unwritable};
use crate::component::{Aborted, Account, CallResult, Danger, Error, Tool};
use crate::egress::BeforeWrite;
use crate::key::SecretKey;
use crate::telemetry;

/// The most bytes of a name or an id that is recorded as a caller gives it.
const LONGEST_NAME: usize = 200;

/// The audit log, and what there is to record of which tools.
#[derive(Clone, Default)]
pub(crate) struct Recorder {
    audit: Option<Arc<Audit>>,
    /// The dangers of the tools that may write: the least of any call.
    dangers: Arc<HashMap<String, Danger>>,
    /// The operator's keys, whichever of them a call uses.
    keys: Arc<[SecretKey]>,
}

impl Recorder {
    /// `tools`: all there are, whatever the policy allows.
    pub(crate) fn new(audit: Option<Audit>, tools: &[Tool], keys: Vec<SecretKey>) -> Self {
        let writes = tools.iter().filter(|tool| tool.danger != Danger::Read);
        let dangers = writes.map(|tool| (tool.name.clone(), tool.danger)).collect();
        Self { audit: audit.map(Arc::new), dangers: Arc::new(dangers), keys: keys.into() }
    }

    /// Tells whether a tool does what cannot be undone, whatever its arguments are.
    pub(super) fn is_final(&self, tool: &str) -> bool {
        self.dangers.get(tool).is_some_and(|danger| is_final(*danger))
    }

    /// The file of the audit log, where there is one.
    pub(super) fn file(&self) -> Option<&Path> {
        self.audit.as_deref().map(Audit::path)
    }

    /// Begins the record of a call; none where it is of a tool that changes nothing, or nobody wants one.
    ///
    /// # Errors
    ///
    /// It could not be recorded, so it must not be made.
    pub(super) async fn begin(&self, call: &Call<'_>) -> Result<Option<Recording>, Unwritable> {
        let (Some(audit), Some(danger)) = (&self.audit, self.dangers.get(call.name)) else { return Ok(None) };
        in_background(audit, Audit::ready).await?;
        let mut entry = entry(call, *danger);
        let keys = Keys { own: call.caller.key.clone(), operators: Arc::clone(&self.keys) };
        keys.redact(&mut entry);
        let progress = Arc::<Progress>::default();
        let before_write = before_write(Arc::clone(audit), entry.clone(), Arc::clone(&progress));
        // Each call is recorded once.
        let _ = call.caller.before_write.set(before_write);
        Ok(Some(Recording { audit: Arc::clone(audit), entry: Some(entry), keys, progress }))
    }
}

/// The progress of a call that is recorded.
#[derive(Default)]
struct Progress {
    /// Set when the line of its beginning is on the disk: a write may leave.
    begun: OnceCell<()>,
    /// Set before the line of its end is written: none of its beginning may follow that.
    has_ended: AtomicBool,
}

/// Writes the line that says that a call is about to write, before its first write.
fn before_write(audit: Arc<Audit>, entry: Entry, progress: Arc<Progress>) -> BeforeWrite {
    let decision = Decided::NotKnownYet.word().into();
    let entry = Arc::new(Entry { decision, outcome: BEGUN.into(), message: None, ..entry });
    Arc::new(move || {
        let (audit, entry, progress) = (Arc::clone(&audit), Arc::clone(&entry), Arc::clone(&progress));
        Box::pin(async move {
            let write = async || {
                let progress = Arc::clone(&progress);
                in_background(&audit, move |audit| audit.begin(&entry, &progress.has_ended)).await
            };
            let begun = progress.begun.get_or_try_init(write).await;
            begun.map(drop).map_err(|error| format!("{error}; nothing is written that is not recorded"))
        })
    })
}

async fn append(audit: &Arc<Audit>, entry: Entry) -> Result<(), Unwritable> {
    in_background(audit, move |audit| audit.append(&entry)).await
}

/// Waits for the disk where that holds up no other call. The work is done also if nobody waits for it any more.
async fn in_background(
    audit: &Arc<Audit>,
    work: impl FnOnce(&Audit) -> Result<(), Unwritable> + Send + 'static,
) -> Result<(), Unwritable> {
    let audit = Arc::clone(audit);
    match spawn_blocking(move || work(&audit)).await {
        Ok(done) => done,
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

fn entry(call: &Call<'_>, danger: Danger) -> Entry {
    let caller = &call.caller;
    let given: JsonObject = serde_json::from_str(&call.arguments).unwrap_or_default();
    let fingerprint = hexadecimal(&caller.key.derive("fingerprint")[..8]);
    let kind = match (&caller.who.subject, caller.brings_key) {
        (Some(_), _) => "token holder",
        (None, true) => "key holder",
        (None, false) => "operator",
    };
    Entry {
        call: hexadecimal(&fresh()),
        principal: Principal {
            kind: kind.into(),
            subject: caller.who.subject.clone(),
            client: caller.who.client.clone(),
        },
        instance: Instance {
            name: call.instance.name.as_deref().map(str::to_owned),
            kind: telemetry::Instance::of(&caller.key).name().into(),
            fingerprint,
        },
        kept_to: [&*caller.policy.organizations, &*caller.policy.users].concat(),
        tool: call.name.to_owned(),
        operation: given
            .get("operation")
            .and_then(Value::as_str)
            .filter(|name| could_be(name, b"_-./{} "))
            .map(str::to_owned),
        danger: name_of(danger).into(),
        arguments_digest: hexadecimal(&digest(&caller.key, &call.arguments)),
        ids: ids_in(&given),
        decision: Decided::Nothing.word().into(),
        trace_ids: Vec::new(),
        outcome: "broken off".into(),
        message: Some("it was broken off; what it changes may have been changed".into()),
        before: None,
        after: None,
    }
}

/// A digest of the arguments that only who has the key can make: nobody finds out a password or a code in them by trying.
fn digest(key: &SecretKey, arguments: &str) -> [u8; 32] {
    Sha256::new().chain_update(key.derive("arguments")).chain_update(arguments).finalize().into()
}

/// Eight bytes that no other call has.
fn fresh() -> [u8; 8] {
    use std::hash::{BuildHasher as _, RandomState};
    // Keyed at random, and differently each time.
    RandomState::new().hash_one(SystemTime::now()).to_be_bytes()
}

/// The ids that a call is given, itself or for its operation: what it is about, as far as it has not been looked at.
fn ids_in(given: &JsonObject) -> Vec<String> {
    let is_id = |name: &str| name == "id" || ["_id", "Id", "ID"].iter().any(|end| name.ends_with(end));
    // Some clients send an object as text.
    let inner: JsonObject = match given.get("arguments") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        Some(Value::Object(inner)) => inner.clone(),
        _ => JsonObject::new(),
    };
    let named = given.iter().chain(&inner).filter(|(name, _)| is_id(name));
    named.filter_map(|(_, value)| value.as_str()).filter(|id| could_be(id, b"_-")).map(str::to_owned).collect()
}

/// Tells whether a text of a caller could be a name or an id, with letters, digits and these other characters: no address and no
/// number of a person is recorded where somebody has given it for one.
fn could_be(text: &str, others: &[u8]) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || others.contains(&byte);
    text.len() <= LONGEST_NAME && text.starts_with(|first: char| first.is_ascii_alphabetic()) && text.bytes().all(fits)
}

/// The record of a call that runs. One that is dropped is recorded as broken off.
pub(super) struct Recording {
    audit: Arc<Audit>,
    entry: Option<Entry>,
    keys: Keys,
    progress: Arc<Progress>,
}

impl Recording {
    /// Writes the line of a call that has ended.
    ///
    /// # Errors
    ///
    /// The line could not be written; it is kept and written before any other.
    pub(super) async fn end(mut self, ended: &Result<Ended<CallResult>, Stopped>) -> Result<(), Unwritable> {
        let Some(mut entry) = self.take() else { return Ok(()) };
        describe(&mut entry, ended);
        self.keys.redact(&mut entry);
        append(&self.audit, entry).await
    }

    /// Writes the line of a call that was refused before it began.
    pub(super) async fn refused(mut self, decision: Decided, message: &str) -> Result<(), Unwritable> {
        let Some(mut entry) = self.take() else { return Ok(()) };
        (entry.decision, entry.outcome, entry.message) =
            (decision.word().into(), "refused".into(), Some(message.into()));
        append(&self.audit, entry).await
    }

    /// Whether a write may have left.
    pub(super) fn has_begun(&self) -> bool {
        self.progress.begun.initialized()
    }

    fn take(&mut self) -> Option<Entry> {
        self.progress.has_ended.store(true, Ordering::Release);
        self.entry.take()
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if let Some(entry) = self.take() {
            // Here and now: this may be the end of the program. What cannot be written is logged.
            let _ = self.audit.append(&entry);
        }
    }
}

/// The keys that no record shows: the caller's, and the operator's.
struct Keys {
    own: SecretKey,
    operators: Arc<[SecretKey]>,
}

impl Keys {
    /// Redacts them by value: an upstream may echo one anywhere, and not every key looks like one.
    fn redact(&self, entry: &mut Entry) {
        entry.map_texts(&|text| {
            let own = self.own.redacted(&text_cleaning::without_invisible(text));
            self.operators.iter().fold(own, |text, key| key.redacted(&text))
        });
    }
}

fn describe(entry: &mut Entry, ended: &Result<Ended<CallResult>, Stopped>) {
    // What asks changes access at least: then its arguments have raised the tool's danger.
    let asks = matches!(ended, Ok(Ended::InputRequired(_) | Ended::ConsentRequired(_)));
    if asks && entry.danger == name_of(Danger::Reversible) {
        entry.danger = name_of(Danger::Access).into();
    }
    let (decision, outcome, message) = match ended {
        Ok(Ended::Done(result)) => {
            let decision = result.account.as_ref().map_or(Decided::Nothing, |account| account.decision.into());
            if let Some(account) = &result.account {
                record(entry, account);
            }
            let is_incomplete = result.account.as_ref().is_some_and(|account| account.incomplete);
            let outcome = if is_incomplete { "in part" } else { "ok" };
            (decision, if result.is_error { "error" } else { outcome }, result.is_error.then(|| message_of(result)))
        }
        Ok(Ended::InputRequired(_)) => (Decided::AskedPerson, "nothing yet", None),
        Ok(Ended::ConsentRequired(_)) => (Decided::AskedForToken, "nothing yet", None),
        Err(Stopped::Refused(Error::Denied(reason))) => (Decided::Denied, "refused", Some(reason.clone())),
        Err(Stopped::Refused(Error::InvalidArguments(problems))) => {
            let words = problems.iter().map(|problem| format!("{} {}", problem.pointer, problem.message));
            (Decided::Invalid, "refused", Some(words.collect::<Vec<_>>().join("; ")))
        }
        Err(Stopped::Refused(error)) => (Decided::Nothing, "refused", Some(error.to_string())),
        Err(Stopped::Aborted(aborted @ (Aborted::TooManyQuestions(_) | Aborted::Unattended))) => {
            (Decided::Nothing, "refused", Some(aborted.to_string()))
        }
        Err(Stopped::Aborted(aborted)) => {
            (Decided::Nothing, "broken off", Some(format!("{aborted}; what it changes may have been changed")))
        }
        Err(Stopped::Unanswered(Unanswered::Refused(why))) => (Decided::CannotAsk, "refused", Some(why.clone())),
        Err(Stopped::Unanswered(Unanswered::Late)) => (Decided::NoAnswer, "refused", None),
        Err(Stopped::Protocol(error)) => (Decided::Nothing, "refused", Some(error.message.to_string())),
    };
    (entry.decision, entry.outcome, entry.message) = (decision.word().into(), outcome.into(), message);
}

fn record(entry: &mut Entry, account: &Account) {
    let json = |text: &Option<String>| text.as_deref().and_then(|text| serde_json::from_str(text).ok());
    entry.ids.extend(account.ids.iter().cloned());
    entry.ids.sort_unstable();
    entry.ids.dedup();
    // A component may pass on whatever an upstream calls so.
    entry.trace_ids = account.trace_ids.iter().filter(|id| text_cleaning::is_trace_id(id)).cloned().collect();
    if account.operation.is_some() {
        entry.operation.clone_from(&account.operation);
    }
    entry.danger = name_of(account.danger).into();
    (entry.before, entry.after) = (json(&account.before), json(&account.after));
}

/// Of what went wrong, what the tool says to its caller.
fn message_of(result: &CallResult) -> String {
    let text = result.content.iter().find_map(|block| match block {
        crate::component::ContentBlock::Text(text) => Some(text.as_str()),
        _ => None,
    });
    let details: Value = text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    [&details["code"], &details["message"]].iter().filter_map(|part| part.as_str()).collect::<Vec<_>>().join(": ")
}

/// Tells whether something of this danger cannot be undone.
pub(crate) fn is_final(danger: Danger) -> bool {
    matches!(danger, Danger::Irreversible | Danger::Critical)
}

pub(crate) fn name_of(danger: Danger) -> &'static str {
    match danger {
        Danger::Read => "read",
        Danger::Reversible => "reversible",
        Danger::Access => "access",
        Danger::Irreversible => "irreversible",
        Danger::Critical => "critical",
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
