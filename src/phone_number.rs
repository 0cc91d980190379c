//! Telephone numbers as people write them.

/// Spaces, brackets, dashes, dots, and marks of direction.
const BETWEEN: &str = "\t\n\u{b7}\u{2009} \u{a0}\u{202f}()-\u{2010}\u{2011}\u{2012}\u{2013}\u{2014}\u{2212}./\u{200e}\u{200f}\u{202a}\u{202c}";

/// Tells whether people write a character between the digits of a number.
pub(crate) fn is_between(letter: char) -> bool {
    BETWEEN.contains(letter)
}

/// A telephone number with its country code as E.164, less what people write between the digits.
pub(crate) fn e164(text: &str) -> Option<String> {
    let text = text.trim_matches(|letter: char| letter != '+' && is_between(letter));
    let rest = text.strip_prefix('+').or_else(|| text.strip_prefix("00"))?.replace("(0)", "");
    if !rest.chars().all(|letter| letter.is_ascii_digit() || is_between(letter)) {
        return None;
    }
    let digits: String = rest.chars().filter(char::is_ascii_digit).collect();
    (7..=15).contains(&digits.len()).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_are_taken_as_people_write_them() {
        for text in ["+1 (555) 123-4567", "+15551234567", "001 555 123 4567", "+1.555.123.4567", " +1-555-123-4567 "] {
            assert_eq!(e164(text).as_deref(), Some("+15551234567"), "{text}");
        }
        assert_eq!(e164("\u{202a}+1\u{202f}555\u{2011}123\u{2013}4567\u{202c}").as_deref(), Some("+15551234567"));
        assert_eq!(e164("+44 (0)20 7946 0958").as_deref(), Some("+442079460958"));
        for text in ["", "+", "5551234567", "+1 555", "+1555123456789012", "+1 555 123 4567 ext. 5", "ada"] {
            assert_eq!(e164(text), None, "{text}");
        }
    }
}
