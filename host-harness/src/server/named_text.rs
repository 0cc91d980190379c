//! The name of an instance in the text of an answer.

use std::borrow::Cow;
use std::collections::HashMap;

use serde_json::value::RawValue;

/// The argument and the member that name the instance of a call.
pub(super) const INSTANCE: &str = "instance";

/// The places where an answer has the arguments of the call that takes it back.
pub(super) const UNDOING: [&[&str]; 2] = [&["undo", "arguments"], &["preview", "undo", "arguments"]];

/// The text of an answer with the name: in the call that takes it back too.
pub(super) fn answer(text: &str, name: &str) -> String {
    let places = UNDOING.iter().filter_map(|path| place(text, path));
    let undoing = places.fold(Cow::Borrowed(text), |text, place| {
        Cow::Owned(format!("{}{}", &text[..place], object(&text[place..], name)))
    });
    object(&undoing, name)
}

/// A text with the name: as the first member of a JSON object, or in front of anything else.
pub(super) fn object(text: &str, name: &str) -> String {
    let Some(members) = text.strip_prefix('{') else { return format!("{INSTANCE} {name}: {text}") };
    let comma = if members.trim_start().starts_with('}') { "" } else { "," };
    format!(r#"{{"{INSTANCE}":"{name}"{comma}{members}"#)
}

/// The place of an object in the text of another one, by the names of the members that lead to it.
fn place(text: &str, path: &[&str]) -> Option<usize> {
    let found = path.iter().try_fold(text, |object, name| {
        let members: HashMap<Cow<'_, str>, &RawValue> = serde_json::from_str(object).ok()?;
        members.get(*name).map(|value| value.get())
    })?;
    // It is a part of the text.
    found.starts_with('{').then(|| found.as_ptr().addr() - text.as_ptr().addr())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_the_first_member_of_an_object() {
        for (text, named) in [
            (r#"{"id":1}"#, r#"{"instance":"a","id":1}"#),
            ("{}", r#"{"instance":"a"}"#),
            ("{ }", r#"{"instance":"a" }"#),
            ("no such thing", "instance a: no such thing"),
        ] {
            assert_eq!(answer(text, "a"), named);
        }
    }

    #[test]
    fn the_call_that_takes_an_answer_back_names_it_too() {
        for (text, named) in [
            (
                r#"{"b":"\"undo\":{","undo":{"tool":"t","arguments":{"x":{"arguments":{}}}}}"#,
                r#"{"instance":"a","b":"\"undo\":{","undo":{"tool":"t","arguments":{"instance":"a","x":{"arguments":{}}}}}"#,
            ),
            (
                r#"{"preview": {"undo": {"arguments": {}}}}"#,
                r#"{"instance":"a","preview": {"undo": {"arguments": {"instance":"a"}}}}"#,
            ),
            (r#"{"m":{"undo":{"arguments":{}}}}"#, r#"{"instance":"a","m":{"undo":{"arguments":{}}}}"#),
            (r#"{"undo":{"arguments":[]}}"#, r#"{"instance":"a","undo":{"arguments":[]}}"#),
        ] {
            assert_eq!(answer(text, "a"), named);
        }
    }
}
