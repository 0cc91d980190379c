//! Consent where nobody can be asked: the client gets a preview and a token, and repeats the call with the token.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::mcp_tools::CallResult;
use crate::mcp_types::{ContentBlock, Error, Problem};
use crate::seal::GOOD_FOR;
use crate::token_words::{NEXT, SPELLINGS};

/// Takes the token out of the arguments, if there is one. What cannot be read is left to the tools, which take no token.
///
/// # Errors
///
/// It is no text, or there are two.
pub(crate) fn take(arguments: &str) -> Result<(Cow<'_, str>, Option<String>), Error> {
    // Most calls bring none, and arguments may be long.
    let may_have_one = SPELLINGS.iter().any(|name| arguments.contains(name));
    let map = if may_have_one { serde_json::from_str::<Map<String, Value>>(arguments).ok() } else { None };
    let Some(mut map) = map else { return Ok((arguments.into(), None)) };
    let mut given =
        SPELLINGS.iter().filter_map(|name| map.remove(*name)).filter(|token| !token.is_null() && *token != "");
    let token = match (given.next(), given.next()) {
        (None, _) => None,
        (Some(Value::String(token)), None) => Some(token),
        (Some(_), None) => return Err(invalid("it takes a text")),
        (Some(_), Some(_)) => return Err(invalid("given twice, in two spellings")),
    };
    drop(given);
    Ok((Value::Object(map).to_string().into(), token))
}

fn invalid(message: &str) -> Error {
    let pointer = format!("/{}", SPELLINGS[0]);
    Error::InvalidArguments(vec![Problem { pointer, message: message.into() }])
}

/// The answer that brings the preview, a JSON object, with its token.
pub(crate) fn request(preview: &str, token: &str) -> CallResult {
    // A token has no characters that JSON escapes.
    let json = format!(
        r#"{{"preview":{preview},"confirmation_token":"{token}","expires_in_seconds":{GOOD_FOR},"next":"{NEXT}"}}"#
    );
    CallResult {
        content: vec![ContentBlock::Text(json.clone())],
        structured_content: Some(json),
        is_error: false,
        changed: Vec::new(),
        account: None,
        secrets: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(arguments: &str) -> (String, Option<String>) {
        let (rest, token) = take(arguments).expect("nothing is wrong");
        (rest.into_owned(), token)
    }

    #[test]
    fn a_token_is_taken_out_of_the_arguments() {
        for name in SPELLINGS {
            let arguments = format!(r#"{{"b":1,"{name}":"t","a":2}}"#);
            assert_eq!(taken(&arguments), (r#"{"a":2,"b":1}"#.into(), Some("t".into())));
        }
        assert_eq!(taken(r#"{"confirmation_token":null,"confirmationToken":"t"}"#), ("{}".into(), Some("t".into())));
        assert_eq!(taken(r#"{"a":1,"confirmation_token":null}"#), (r#"{"a":1}"#.into(), None));
        assert_eq!(taken(r#"{"a":1,"confirmation_token":""}"#), (r#"{"a":1}"#.into(), None));
    }

    #[test]
    fn arguments_without_a_token_stay_as_they_are() {
        for arguments in
            ["", "null", "{", r#"{ "b":1, "a":2 }"#, r#"["confirmation_token"]"#, r#"{"confirmation_token":"#]
        {
            assert_eq!(taken(arguments), (arguments.into(), None));
        }
        // A spelling that is not recognized stays, and the tools refuse it.
        let hidden = r#"{"confirmation\u005ftoken":"t"}"#;
        assert_eq!(taken(hidden), (hidden.into(), None));
    }

    #[test]
    fn what_is_no_token_is_an_invalid_argument() {
        for arguments in [r#"{"confirmation_token":7}"#, r#"{"confirmation_token":"a","confirmationToken":"a"}"#] {
            assert!(matches!(take(arguments), Err(Error::InvalidArguments(_))), "{arguments}");
        }
    }

    #[test]
    fn a_request_for_consent_is_no_error_and_keeps_the_preview_as_it_is() {
        let result = request(r#"{"tool":"x","action":"y","untrusted_text":"z"}"#, "a-_");
        let json = result.structured_content.expect("it is structured");
        assert!(json.starts_with(r#"{"preview":{"tool":"x","action":"y","untrusted_text":"z"},"#), "{json}");
        let read: Value = serde_json::from_str(&json).expect("it is JSON");
        assert_eq!((&read["confirmation_token"], &read["expires_in_seconds"]), (&"a-_".into(), &600.into()));
        assert!(matches!(result.content.as_slice(), [ContentBlock::Text(text)] if *text == json));
        assert!(!result.is_error);
    }
}
