//! Who agrees to a call that asks first: a person at the client, or whoever brings the token of the preview.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::Failure;
use crate::policy::{Confirm, Policy};
use crate::preview::Preview;

/// What the client can do, and what an earlier round of the call has led to.
pub(crate) struct Round<'a> {
    /// MCP's `ClientCapabilities`, a JSON object.
    pub(crate) capabilities: &'a str,
    /// The client's answer to the question, a JSON object.
    pub(crate) response: Option<&'a str>,
    pub(crate) state: Option<&'a str>,
}

/// What comes of asking for consent.
pub(crate) enum Consent {
    Given(Giver),
    /// Nobody may go on.
    Refused(Failure),
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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Giver {
    Person,
    Token,
}

/// What is kept between the rounds, protected by whoever carries it.
#[derive(Serialize, Deserialize)]
struct State {
    by: Giver,
    /// The digest (SHA-256) of the preview that was agreed to.
    of: [u8; 32],
}

/// A person's answer to the question.
#[derive(Deserialize)]
struct Answer {
    action: String,
    #[serde(default)]
    content: Option<Value>,
}

/// Whether this call may go on with what the preview shows.
pub(crate) fn seek(preview: &Preview, round: &Round<'_>, policy: &Policy<'_>) -> Consent {
    let giver = if can_ask(round.capabilities) { Giver::Person } else { Giver::Token };
    if giver == Giver::Token && policy.confirm == Confirm::Elicit {
        let message = "a person has to agree to this call first, and this client cannot ask one; nothing was changed";
        let hint = "Use a client that supports elicitation, or have the operator set --confirm token (CLERK_CONFIRM).";
        return Consent::Refused(Failure::new("cannot_confirm", message, hint));
    }
    let state = State { by: giver, of: digest(preview) };
    // A state of the other kind, or one of an earlier preview, is no consent to this.
    let agreed =
        round.state.and_then(|text| serde_json::from_str::<State>(text).ok()).filter(|agreed| agreed.by == giver);
    let has_changed = agreed.as_ref().is_some_and(|agreed| agreed.of != state.of);
    match (giver, agreed.filter(|_| !has_changed), round.response) {
        (Giver::Token, Some(_), _) => Consent::Given(Giver::Token),
        (Giver::Person, Some(_), Some(answer)) => person(preview, answer),
        (Giver::Token, None, _) => Consent::AskForToken { state: state.to_text() },
        (Giver::Person, ..) => Consent::AskPerson { question: question(preview, has_changed), state: state.to_text() },
    }
}

impl State {
    fn to_text(&self) -> String {
        json!(self).to_string()
    }
}

fn digest(preview: &Preview) -> [u8; 32] {
    Sha256::digest(preview.json.as_bytes()).into()
}

/// Whether the client shows forms to a person.
fn can_ask(capabilities: &str) -> bool {
    let capabilities: Value = serde_json::from_str(capabilities).unwrap_or_default();
    // An empty object stands for forms, as before there was anything else to ask by.
    capabilities["elicitation"].as_object().is_some_and(|kinds| kinds.is_empty() || kinds.contains_key("form"))
}

fn question(preview: &Preview, has_changed: bool) -> Value {
    let schema = match &preview.name {
        Some(name) => json!({
            "type": "object",
            "properties": { "name": {
                "type": "string",
                "title": "Name",
                "description": format!("Type {} to agree.", quoted(name)),
            } },
            "required": ["name"],
        }),
        None => json!({ "type": "object", "properties": {} }),
    };
    let mut message = preview.in_words();
    if has_changed {
        message.insert_str(0, "This has changed since you were asked. Look again.\n\n");
    }
    json!({ "mode": "form", "message": message, "requestedSchema": schema })
}

fn person(preview: &Preview, answer: &str) -> Consent {
    let answer = serde_json::from_str::<Answer>(answer);
    let answer = answer.unwrap_or_else(|_| Answer { action: String::new(), content: None });
    if answer.action != "accept" {
        let message = "the person did not agree; nothing was changed";
        return Consent::Refused(Failure::new("declined", message, "Do not repeat the call unless they ask for it."));
    }
    let typed = answer.content.as_ref().and_then(|content| content["name"].as_str()).unwrap_or_default();
    match &preview.name {
        Some(name) if !typed.split_whitespace().eq(name.split_whitespace()) => {
            let message = format!("what the person typed is not {}; nothing was changed", quoted(name));
            Consent::Refused(Failure::new("declined", message, "Make sure that this is the one they mean."))
        }
        _ => Consent::Given(Giver::Person),
    }
}

/// In one line, whatever strangers have put into it.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::tests::STANDARD;

    const FORMS: &str = r#"{"elicitation":{}}"#;

    fn preview(name: Option<&str>) -> Preview {
        let shown =
            json!({ "action": "Delete", "organization": { "name": "Acme\nRobotics" }, "cannot_be_undone": "Gone." });
        Preview { json: shown.to_string(), shown, name: name.map(Into::into) }
    }

    fn seek_with(capabilities: &str, state: Option<&str>, response: Option<&str>) -> Consent {
        seek(&preview(Some("Acme")), &Round { capabilities, response, state }, &STANDARD)
    }

    /// The state of the first round.
    fn state(capabilities: &str) -> String {
        match seek_with(capabilities, None, None) {
            Consent::AskPerson { state, .. } | Consent::AskForToken { state } => state,
            _ => panic!("a first round asks"),
        }
    }

    fn is_given(consent: &Consent) -> bool {
        matches!(consent, Consent::Given(_))
    }

    #[test]
    fn a_person_who_types_the_name_agrees() {
        let state = state(FORMS);
        for (answer, agrees) in [
            (r#"{"action":"accept","content":{"name":" Acme "}}"#, true),
            (r#"{"action":"accept","content":{"name":"Ac me"}}"#, false),
            (r#"{"action":"accept","content":{"name":"acme"}}"#, false),
            (r#"{"action":"accept","content":{"name":7}}"#, false),
            (r#"{"action":"accept"}"#, false),
            (r#"{"action":"decline","content":{"name":"Acme"}}"#, false),
            (r#"{"action":"cancel"}"#, false),
            ("[]", false),
        ] {
            assert_eq!(is_given(&seek_with(FORMS, Some(&state), Some(answer))), agrees, "{answer}");
        }
    }

    #[test]
    fn an_answer_without_a_question_is_no_consent() {
        let answer = r#"{"action":"accept","content":{"name":"Acme"}}"#;
        for state in [None, Some(""), Some("{}"), Some(&*state("{}"))] {
            assert!(matches!(seek_with(FORMS, state, Some(answer)), Consent::AskPerson { .. }), "{state:?}");
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
            assert_eq!(can_ask(capabilities), can, "{capabilities}");
        }
    }

    #[test]
    fn an_operator_can_demand_a_person() {
        let policy = Policy { confirm: Confirm::Elicit, ..STANDARD };
        let token = state("{}");
        let round = Round { capabilities: "{}", response: None, state: Some(&token) };
        assert!(matches!(seek(&preview(None), &round, &policy), Consent::Refused(_)));
    }

    #[test]
    fn what_has_changed_is_asked_again() {
        let mut state: State = serde_json::from_str(&state(FORMS)).expect("it is JSON");
        state.of[0] ^= 1;
        let state = state.to_text();
        let answer = r#"{"action":"accept","content":{"name":"Acme"}}"#;
        let Consent::AskPerson { question, .. } = seek_with(FORMS, Some(&state), Some(answer)) else {
            panic!("it is asked again")
        };
        assert!(question["message"].as_str().is_some_and(|message| message.contains("has changed")), "{question}");
    }

    #[test]
    fn a_name_takes_one_line_of_the_question() {
        let Consent::AskPerson { question, .. } = seek_with(FORMS, None, None) else { panic!("it is asked") };
        let message = question["message"].as_str().unwrap_or_default();
        assert!(message.contains(r#""Acme\nRobotics""#), "{message}");
        assert_eq!(question["requestedSchema"]["required"], json!(["name"]));
    }
}
