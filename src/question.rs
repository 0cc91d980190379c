//! The question that a person is asked before a call, and what their client answers.

use serde_json::{Value, json};

use crate::decision::Decision;
use crate::error::Failure;
use crate::json_text;
use crate::preview::Preview;

/// The field of the form that takes a choice, where no name is typed.
const CHOICE: &str = "decision";
const NAME: &str = "name";
const YES: &str = "yes";
const NO: &str = "no";

/// The least time that a person needs to read a question of one line and to choose, in milliseconds. People take more than
/// half a second to react to one known word; what answers for them takes a few milliseconds.
const READING: u32 = 1000;

/// A client's answer to the question.
#[derive(Clone, Copy)]
pub(crate) struct Answered<'a> {
    /// MCP's `ElicitResult`, a JSON object.
    pub(crate) json: &'a str,
    /// The time that the answer took, in milliseconds, if the host knows.
    pub(crate) after_ms: Option<u32>,
}

/// The parameters of `elicitation/create`. The one field of the form is required and has no default, so that who accepts
/// it without looking gives no answer. `no` stands first: what fills in the first choice by itself does not agree.
pub(crate) fn form(preview: &Preview, has_changed: bool) -> Value {
    let (name, field) = match &preview.name {
        Some(wanted) => {
            let description = format!("Type {} to agree.", quoted(wanted));
            (NAME, json!({ "type": "string", "title": "Name", "description": description }))
        }
        None => (
            CHOICE,
            json!({ "type": "string", "title": "Go ahead?", "enum": [NO, YES], "enumNames": ["No", "Yes, go ahead"] }),
        ),
    };
    let mut message = preview.in_words();
    if has_changed {
        message.push_str("\n\nThis has changed since you were asked before. Look again.");
    }
    let schema = json!({ "type": "object", "properties": { name: field }, "required": [name] });
    json!({ "mode": "form", "message": message, "requestedSchema": schema })
}

/// Tells whether the answer agrees to what the preview shows.
///
/// # Errors
///
/// Why it does not, and what is recorded of it.
pub(crate) fn agreed(preview: &Preview, answered: Answered<'_>) -> Result<(), (Failure, Decision)> {
    let answer = json_text::parse(answered.json).unwrap_or_default();
    match answer["action"].as_str().unwrap_or_default() {
        "accept" => chosen(preview, &answer["content"]),
        action @ ("decline" | "cancel") if answered.after_ms.is_some_and(|milliseconds| milliseconds < READING) => {
            Err(unseen(action))
        }
        "decline" => Err(declined("the person declined; nothing was changed".into())),
        "cancel" => Err(cancelled()),
        _ => Err(no_choice("the client's answer to the question is neither accept nor decline nor cancel")),
    }
}

fn chosen(preview: &Preview, content: &Value) -> Result<(), (Failure, Decision)> {
    let text = |name: &str| content[name].as_str().map(str::trim);
    match (&preview.name, text(NAME), text(CHOICE)) {
        (Some(wanted), Some(typed), _) if !typed.is_empty() => {
            if typed.split_whitespace().eq(wanted.split_whitespace()) {
                return Ok(());
            }
            Err(declined(format!("what the person typed is not {}; nothing was changed", quoted(wanted))))
        }
        (None, _, Some(YES)) => Ok(()),
        (None, _, Some(NO)) => Err(declined("the person chose no; nothing was changed".into())),
        (Some(_), ..) => Err(no_choice("the form was accepted without the name that has to be typed")),
        (None, ..) => Err(no_choice("the form was accepted without a choice")),
    }
}

fn declined(message: String) -> (Failure, Decision) {
    (Failure::new("declined", message, "Do not repeat the call unless they ask for it."), Decision::Declined)
}

fn cancelled() -> (Failure, Decision) {
    let message = "the question was dismissed without a choice, so nobody has decided; nothing was changed";
    (
        Failure::new("cancelled", message, "Ask the person whether they want it before you call again."),
        Decision::Cancelled,
    )
}

fn unseen(action: &str) -> (Failure, Decision) {
    let message = format!(
        "the client answered the question with {action} before a person could have read it, so most likely nobody saw \
         it; nothing was changed"
    );
    (Failure::new("declined_unseen", message, UNATTENDED), Decision::DeclinedUnseen)
}

fn no_choice(why: &str) -> (Failure, Decision) {
    let message = format!("{why}, which is no consent; nothing was changed");
    let hint = "Somebody has to fill in the form that the client shows. If it shows none, the operator can set --confirm \
                token-only (CLERK_CONFIRM).";
    (Failure::new("no_choice", message, hint), Decision::NoChoice)
}

/// The hint for an operator whose clients show nobody the questions.
pub(crate) const UNATTENDED: &str = "Make the call where somebody sees the question. For runs that nobody watches, the operator can set --confirm \
     token-only (CLERK_CONFIRM), or leave out the tools that ask.";

/// In one line, whatever people outside have put into it.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn preview(name: Option<&str>) -> Preview {
        let shown = json!({ "summary": "Delete?" });
        Preview::made(shown, name)
    }

    fn decision(name: Option<&str>, json: &str, after_ms: Option<u32>) -> Option<Decision> {
        agreed(&preview(name), Answered { json, after_ms }).err().map(|(_, decision)| decision)
    }

    #[test]
    fn only_the_typed_name_agrees_where_one_is_asked_for() {
        for (answer, expected) in [
            (r#"{"action":"accept","content":{"name":" Acme "}}"#, None),
            (r#"{"action":"accept","content":{"name":"Ac me"}}"#, Some(Decision::Declined)),
            (r#"{"action":"accept","content":{"name":"acme"}}"#, Some(Decision::Declined)),
            (r#"{"action":"accept","content":{"name":7}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{"name":" "}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{"decision":"yes"}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept"}"#, Some(Decision::NoChoice)),
            (r#"{"action":"decline","content":{"name":"Acme"}}"#, Some(Decision::Declined)),
            (r#"{"action":"cancel"}"#, Some(Decision::Cancelled)),
            ("[]", Some(Decision::NoChoice)),
        ] {
            assert_eq!(decision(Some("Acme"), answer, None), expected, "{answer}");
        }
    }

    #[test]
    fn only_a_chosen_yes_agrees_where_no_name_is_asked_for() {
        for (answer, expected) in [
            (r#"{"action":"accept","content":{"decision":"yes"}}"#, None),
            (r#"{"action":"accept","content":{"decision":"no"}}"#, Some(Decision::Declined)),
            (r#"{"action":"accept","content":{"decision":"Yes"}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{"decision":true}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{"decision":["yes"]}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{"name":"yes"}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":null}"#, Some(Decision::NoChoice)),
            (r#"{"action":"accept","content":{}}"#, Some(Decision::NoChoice)),
            (r#"{"action":"Accept","content":{"decision":"yes"}}"#, Some(Decision::NoChoice)),
        ] {
            assert_eq!(decision(None, answer, None), expected, "{answer}");
        }
    }

    #[test]
    fn a_no_that_comes_before_a_person_can_read_is_nobodys() {
        for action in ["decline", "cancel"] {
            let answer = json!({ "action": action }).to_string();
            assert_eq!(decision(None, &answer, Some(READING - 1)), Some(Decision::DeclinedUnseen), "{action}");
            assert_ne!(decision(None, &answer, Some(READING)), Some(Decision::DeclinedUnseen), "{action}");
        }
        // A quick yes is a yes: it holds what only somebody who chose could put there.
        assert_eq!(decision(None, r#"{"action":"accept","content":{"decision":"yes"}}"#, Some(0)), None);
    }

    #[test]
    fn the_one_field_of_the_form_is_required_and_has_no_default() {
        for (name, field) in [(None, CHOICE), (Some("Acme"), NAME)] {
            let form = form(&preview(name), false);
            let schema = &form["requestedSchema"];
            assert_eq!(schema["required"], json!([field]));
            assert_eq!(schema["properties"].as_object().map(serde_json::Map::len), Some(1));
            assert_eq!(schema["properties"][field].get("default"), None);
        }
    }
}
