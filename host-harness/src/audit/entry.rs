//! What a line says of a call.

use serde::Serialize;
use serde_json::Value;

/// The most bytes that an entry takes as JSON.
const MOST_BYTES: usize = super::line::MOST_BYTES - 1024;
/// What remains of each text and each list of an entry that would be too large.
const MOST_OF_TEXT: usize = 256;
const MOST_OF_LIST: usize = 12;

/// A call that may write.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    pub(crate) principal: Principal,
    pub(crate) instance: Instance,
    pub(crate) tool: String,
    pub(crate) danger: String,
    /// SHA-256 in hexadecimal digits.
    pub(crate) arguments_digest: String,
    /// The resources that the call is about.
    pub(crate) ids: Vec<String>,
    /// Who or what allowed the call, or that nobody did.
    pub(crate) decision: String,
    /// Clerk's, of each of its answers.
    pub(crate) trace_ids: Vec<String>,
    pub(crate) outcome: String,
    /// Why it did not end well.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) before: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) after: Option<Value>,
}

/// Who made the call.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Principal {
    pub(crate) kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client: Option<String>,
}

/// The Clerk instance that the call was for.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Instance {
    pub(crate) kind: String,
    pub(crate) fingerprint: String,
}

impl Entry {
    /// The entry as JSON, shortened as far as it would be too large.
    pub(super) fn to_json(&self) -> String {
        let mut json = self.whole_json();
        if json.len() > MOST_BYTES {
            let mut entry = self.clone();
            for shorten in [Self::leave_out_larger_state, Self::leave_out_larger_state, Self::clip] {
                shorten(&mut entry);
                json = entry.whole_json();
                if json.len() <= MOST_BYTES {
                    break;
                }
            }
        }
        json
    }

    fn whole_json(&self) -> String {
        serde_json::to_string(self).expect("all keys of an entry are texts")
    }

    fn leave_out_larger_state(&mut self) {
        let states = [&mut self.before, &mut self.after].into_iter().flatten();
        let sized = states.map(|state| (state.to_string().len(), state));
        if let Some((bytes, state)) = sized.max_by_key(|(bytes, _)| *bytes).filter(|(bytes, _)| *bytes > MOST_OF_TEXT) {
            *state = format!("too large to be recorded: {bytes} bytes").into();
        }
    }

    fn clip(&mut self) {
        let Self { principal, instance, tool, danger, arguments_digest, decision, outcome, message, .. } = self;
        let texts =
            [&mut principal.kind, &mut instance.kind, &mut instance.fingerprint, tool, danger, arguments_digest];
        let optional = [&mut principal.subject, &mut principal.client, message].into_iter().flatten();
        texts.into_iter().chain([decision, outcome]).chain(optional).for_each(clip_text);
        for list in [&mut self.ids, &mut self.trace_ids] {
            let more = list.len().saturating_sub(MOST_OF_LIST);
            list.truncate(MOST_OF_LIST);
            list.iter_mut().for_each(clip_text);
            if more > 0 {
                list.push(format!("… and {more} more"));
            }
        }
    }
}

fn clip_text(text: &mut String) {
    if text.len() > MOST_OF_TEXT {
        text.truncate(text.floor_char_boundary(MOST_OF_TEXT));
        text.push('…');
    }
}
