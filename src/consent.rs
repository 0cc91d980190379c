//! Consent to a call that asks first, by a person at the client, or whoever brings the token of the preview.

use std::fmt::Write as _;

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::decision::{Decision, Giver};
use crate::error::Failure;
use crate::policy::{Confirm, Policy};
use crate::preview::Preview;
use crate::question::{self, Answered, UNATTENDED};
use crate::{apps, json_text};

/// The client's abilities, and the outcome of an earlier round of the call.
pub(crate) struct Round<'a> {
    /// MCP's `ClientCapabilities`, a JSON object.
    pub(crate) capabilities: &'a str,
    /// The client's answer to the question.
    pub(crate) response: Option<Answered<'a>>,
    pub(crate) state: Option<&'a str>,
}

/// The outcome of asking for consent.
pub(crate) enum Consent {
    Given(Giver),
    /// Nobody may go on, and what is recorded of it.
    Refused(Failure, Decision),
    /// The client asks this, parameters of `elicitation/create`, and makes the call again.
    AskPerson {
        question: Value,
        state: String,
    },
    /// The client gets the preview and a token for the state.
    AskForToken {
        state: String,
    },
}

/// Tells whether this call may go on with what the preview shows.
pub(crate) fn seek(preview: &Preview, round: &Round<'_>, policy: &Policy<'_>) -> Consent {
    let capabilities = json_text::parse(round.capabilities).unwrap_or_default();
    let asks_person = policy.confirm != Confirm::TokenOnly && can_ask(&capabilities);
    let giver = if asks_person { Giver::Person } else { Giver::Token };
    if giver == Giver::Token && policy.confirm == Confirm::Elicit {
        let message = "a person has to agree to this call first, and this client cannot ask one; nothing was changed";
        return Consent::Refused(Failure::new("cannot_confirm", message, UNATTENDED), Decision::CannotAsk);
    }
    let state = state(giver, preview);
    // A state of the other kind, or one of an earlier preview, is no consent to this.
    let agreed = round.state.filter(|given| given.starts_with(letter(giver)));
    let has_changed = agreed.is_some_and(|given| given != state);
    match (giver, agreed.filter(|_| !has_changed), round.response) {
        (Giver::Token, Some(_), _) => Consent::Given(Giver::Token),
        (Giver::Person, Some(_), Some(answered)) => match question::agreed(preview, answered) {
            Ok(()) => Consent::Given(Giver::Person),
            Err((failure, decision)) => Consent::Refused(failure, decision),
        },
        (Giver::Token, None, _) => Consent::AskForToken { state },
        (Giver::Person, ..) => {
            let mut question = question::form(preview, has_changed);
            apps::add_view(&mut question, &capabilities, &preview.shown, preview.name.as_deref());
            Consent::AskPerson { question, state }
        }
    }
}

/// The beginning of a state.
fn letter(giver: Giver) -> char {
    match giver {
        Giver::Person => 'p',
        Giver::Token => 't',
    }
}

/// The bytes of a digest that are kept. To find a preview with the digest of another takes 2^128 tries, and to find two
/// that share one takes 2^64, while a state is good for minutes.
const DIGEST_BYTES: usize = 16;

/// The state that is kept between the rounds, protected by whoever carries it: who is to agree, and the digest (SHA-256) of what. It is
/// short because a model has to repeat it, sealed, without an error.
fn state(giver: Giver, preview: &Preview) -> String {
    let mut state = String::from(letter(giver));
    for byte in &Sha256::digest(preview.shown.to_string())[..DIGEST_BYTES] {
        let _ = write!(state, "{byte:02x}");
    }
    state
}

/// Tells whether the client shows forms to a person.
fn can_ask(capabilities: &Value) -> bool {
    // An empty object stands for forms, as before there was anything else to ask by.
    capabilities["elicitation"].as_object().is_some_and(|kinds| kinds.is_empty() || kinds.contains_key("form"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::policy::tests::STANDARD;

    const FORMS: &str = r#"{"elicitation":{}}"#;
    const TYPED: &str = r#"{"action":"accept","content":{"name":"Acme"}}"#;

    fn preview(name: Option<&str>) -> Preview {
        let shown = json!({ "summary": "Delete Acme?", "organization": { "name": "Acme\nRobotics" } });
        Preview::made(shown, name)
    }

    fn seek_with(capabilities: &str, state: Option<&str>, response: Option<&str>) -> Consent {
        let response = response.map(|json| Answered { json, after_ms: None });
        seek(&preview(Some("Acme")), &Round { capabilities, response, state }, &STANDARD)
    }

    /// The state of the first round.
    fn state(capabilities: &str) -> String {
        match seek_with(capabilities, None, None) {
            Consent::AskPerson { state, .. } | Consent::AskForToken { state } => state,
            _ => panic!("a first round asks"),
        }
    }

    #[test]
    fn a_person_who_answers_their_question_agrees_or_not() {
        let state = state(FORMS);
        assert!(matches!(seek_with(FORMS, Some(&state), Some(TYPED)), Consent::Given(Giver::Person)));
        let no = r#"{"action":"decline"}"#;
        assert!(matches!(seek_with(FORMS, Some(&state), Some(no)), Consent::Refused(_, Decision::Declined)));
    }

    #[test]
    fn an_answer_without_a_question_is_no_consent() {
        for state in [None, Some(""), Some("{}"), Some("p"), Some(&*state("{}"))] {
            assert!(matches!(seek_with(FORMS, state, Some(TYPED)), Consent::AskPerson { .. }), "{state:?}");
        }
    }

    #[test]
    fn a_token_counts_only_where_nobody_can_be_asked() {
        let token = state("{}");
        assert!(matches!(seek_with("{}", Some(&token), None), Consent::Given(Giver::Token)));
        assert!(matches!(seek_with(FORMS, Some(&token), None), Consent::AskPerson { .. }));
        assert!(matches!(seek_with("{}", Some(&state(FORMS)), None), Consent::AskForToken { .. }));
    }

    #[test]
    fn a_client_of_urls_cannot_ask_by_forms() {
        for (capabilities, can) in [
            ("{}", false),
            ("", false),
            (r#"{"elicitation":{"url":{}}}"#, false),
            (r#"{"elicitation":{"form":{},"url":{}}}"#, true),
        ] {
            let parsed = json_text::parse(capabilities).unwrap_or_default();
            assert_eq!(can_ask(&parsed), can, "{capabilities}");
        }
    }

    #[test]
    fn an_operator_can_demand_a_person() {
        let policy = Policy { confirm: Confirm::Elicit, ..STANDARD };
        let token = state("{}");
        let round = Round { capabilities: "{}", response: None, state: Some(&token) };
        assert!(matches!(seek(&preview(None), &round, &policy), Consent::Refused(_, Decision::CannotAsk)));
    }

    #[test]
    fn an_operator_can_do_without_a_person() {
        let policy = Policy { confirm: Confirm::TokenOnly, ..STANDARD };
        let round = |state| Round { capabilities: FORMS, response: None, state };
        let Consent::AskForToken { state } = seek(&preview(None), &round(None), &policy) else {
            panic!("a token is asked for")
        };
        assert!(matches!(seek(&preview(None), &round(Some(&state)), &policy), Consent::Given(Giver::Token)));
    }

    #[test]
    fn what_has_changed_is_asked_again() {
        let changed = state(FORMS) + "0";
        let Consent::AskPerson { question, .. } = seek_with(FORMS, Some(&changed), Some(TYPED)) else {
            panic!("it is asked again")
        };
        assert!(question["message"].as_str().is_some_and(|message| message.contains("has changed")), "{question}");
    }

    #[test]
    fn a_state_is_33_characters_long() {
        assert_eq!(state("{}").len(), 33);
    }
}
