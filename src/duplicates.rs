//! Members that JSON gives twice: our parser takes the last of one name, and other readers may take the first.

use serde_json::Value;

/// The reason why JSON is refused that gives a member twice.
pub(crate) const TWICE: &str = "a member is given twice";

/// Tells whether a member of an object is given twice in the text that this value was parsed from: the text has more of them
/// than that of the value.
pub(crate) fn gives_twice(text: &str, value: &Value) -> bool {
    members(text) > members(&value.to_string())
}

/// The number of members in a text that is JSON: each has a colon outside of strings.
fn members(json: &str) -> usize {
    let (mut count, mut is_in_string, mut is_escaped) = (0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => is_in_string = !is_in_string,
            b':' if !is_in_string => count += 1,
            _ => {}
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_given_twice_is_found_wherever_it_is() {
        for (json, is_twice) in [
            ("{}", false),
            (r#"{"a":1,"b":{"a":[{"a":2},{"a":3}]}}"#, false),
            (r#"{"a:\":":":{\"a\":1}\\","b":":"}"#, false),
            (r#"{"a":1,"a":1}"#, true),
            (r#"{"a":1,"\u0061":2}"#, true),
            (r#"{"b":[{"a":{"c":1,"c":{}}}]}"#, true),
        ] {
            let value = serde_json::from_str(json).expect("it is JSON");
            assert_eq!(gives_twice(json, &value), is_twice, "{json}");
        }
    }
}
