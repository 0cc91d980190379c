//! Fields of a form as browsers send them: `application/x-www-form-urlencoded`.

/// The value of the first field of this name.
pub(crate) fn field(encoded: &str, name: &str) -> Option<String> {
    let pairs = encoded.split('&').map(|pair| pair.split_once('=').unwrap_or((pair, "")));
    pairs.into_iter().find(|(key, _)| decoded(key) == name).map(|(_, value)| decoded(value))
}

/// A text as it was typed. What is not encoded as it should be stays as it is.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let (byte, tail) = match (first, tail) {
            (b'%', [high, low, tail @ ..]) => match (digit(*high), digit(*low)) {
                (Some(high), Some(low)) => (high * 16 + low, tail),
                _ => (b'%', rest.get(1..).unwrap_or_default()),
            },
            (b'+', tail) => (b' ', tail),
            (other, tail) => (*other, tail),
        };
        bytes.push(byte);
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_as_it_was_typed() {
        for (encoded, value) in [
            ("token=a+b%2Bc", Some("a b+c")),
            ("x=1&token=%C3%A4&token=2", Some("ä")),
            ("token", Some("")),
            ("token=50%&x", Some("50%")),
            ("token=%zz%4", Some("%zz%4")),
            ("token=%ff", Some("\u{fffd}")),
            ("Token=1", None),
            ("", None),
        ] {
            assert_eq!(field(encoded, "token").as_deref(), value, "{encoded}");
        }
    }
}
