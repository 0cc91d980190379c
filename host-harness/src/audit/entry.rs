//! The record of a call as a line has it.

use std::mem;

use serde::Serialize;
use serde_json::Value;
use text_cleaning::{clean, map_strings};

use super::state;

/// The largest line, with its end, in bytes.
pub(super) const LARGEST_LINE: usize = 64 * 1024;
/// The most bytes that an entry takes as JSON.
const MOST_BYTES: usize = LARGEST_LINE - 1024;
/// What remains of each text and each list of an entry that would be too large.
const MOST_OF_TEXT: usize = 256;
const MOST_OF_LIST: usize = 12;

/// The outcome of a call that is about to write. Another line says how it ended; without one, it may have happened.
pub(crate) const BEGUN: &str = "begun";

/// A call that may write.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Entry {
    /// Its name, of which no other call has one: the line of its beginning and that of its end have the same.
    pub(crate) call: String,
    pub(crate) principal: Principal,
    pub(crate) instance: Instance,
    /// The organization and the user that the call was kept to, by id or slug.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) kept_to: Vec<String>,
    pub(crate) tool: String,
    /// The API's name for what was called, where the arguments have chosen it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) operation: Option<String>,
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
    /// The name of its profile, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    pub(crate) kind: String,
    pub(crate) fingerprint: String,
}

impl Entry {
    /// The entry as JSON, shortened as far as it would be too large.
    pub(super) fn to_json(&self) -> String {
        let mut entry = self.clone();
        entry.map_texts(&|text| clean(text).into_owned());
        let mut json = entry.whole_json();
        if json.len() > MOST_BYTES {
            for shorten in [Self::leave_out_large_values, Self::leave_out_values, Self::leave_out_names, Self::clip] {
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

    /// Changes each text that the entry has, names and values of the states too.
    pub(crate) fn map_texts(&mut self, change: &dyn Fn(&str) -> String) {
        let lists =
            self.ids.iter_mut().chain(&mut self.trace_ids).chain(&mut self.kept_to).map(|text| *text = change(text));
        lists.for_each(drop);
        self.single_texts().into_iter().for_each(|text| *text = change(text));
        for state in [&mut self.before, &mut self.after].into_iter().flatten() {
            *state = map_strings(mem::take(state), change);
        }
    }

    fn single_texts(&mut self) -> Vec<&mut String> {
        let Self {
            call,
            principal,
            instance,
            tool,
            operation,
            danger,
            arguments_digest,
            decision,
            outcome,
            message,
            ..
        } = self;
        let Principal { kind, subject, client } = principal;
        let texts = [call, kind, &mut instance.kind, &mut instance.fingerprint, tool, danger, arguments_digest];
        texts
            .into_iter()
            .chain([decision, outcome])
            .chain([operation, subject, client, message, &mut instance.name].into_iter().flatten())
            .collect()
    }

    fn leave_out_large_values(&mut self) {
        state::leave_out_large_values(&mut self.before, &mut self.after);
    }

    fn leave_out_values(&mut self) {
        state::leave_out_values(&mut self.before, &mut self.after);
    }

    fn leave_out_names(&mut self) {
        state::leave_out_names(&mut self.before, &mut self.after);
    }

    fn clip(&mut self) {
        self.single_texts().into_iter().for_each(clip_text);
        // Names of one's own that are that long.
        if self.after.as_ref().is_some_and(|state| state.to_string().len() > MOST_BYTES / 2) {
            self.after = Some("too large to be recorded".into());
        }
        for list in [&mut self.ids, &mut self.trace_ids, &mut self.kept_to] {
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
