//! Characters however they are spelled: as they are, percent-encoded any number of times, as an entity of HTML, or as an
//! escape of JSON.

/// A character of a text up to U+00FF: which one it stands for, and where its spelling ends.
#[derive(Clone, Copy)]
pub(crate) struct Spelled {
    pub(crate) byte: u8,
    pub(crate) end: usize,
}

/// Entities with a name, of characters that matter in a secret or before it.
const ENTITIES: [(&str, u8); 4] = [("&amp;", b'&'), ("&equals;", b'='), ("&lowbar;", b'_'), ("&quot;", b'"')];
/// The longest spelling that is read backwards.
const LONGEST: usize = 12;

/// The character at `start`.
pub(crate) fn read(text: &[u8], start: usize) -> Option<Spelled> {
    let byte = *text.get(start)?;
    let other = match byte {
        b'%' => percent_encoded(text, start),
        b'&' => entity(text, start),
        b'\\' => escape(text, start),
        _ => None,
    };
    Some(other.unwrap_or(Spelled { byte, end: start + 1 }))
}

/// The character that ends before `end`.
pub(crate) fn read_back(text: &[u8], end: usize) -> Option<u8> {
    let starts = (2..=LONGEST).rev().filter_map(|length| end.checked_sub(length));
    let spelled = starts.filter_map(|start| read(text, start)).find(|spelled| spelled.end == end);
    spelled.map(|spelled| spelled.byte).or_else(|| Some(text[end.checked_sub(1)?]))
}

/// Where `word`, in lower case, ends if the text at `start` spells it, in any case.
pub(crate) fn word_end(text: &[u8], start: usize, word: &str) -> Option<usize> {
    word.bytes().try_fold(start, |at, wanted| {
        let plain = text.get(at)?.to_ascii_lowercase();
        // Most texts end here: words have none of the characters that begin a spelling.
        if plain == wanted {
            return Some(at + 1);
        }
        let Spelled { byte, end } = read(text, at).filter(|_| is_beginning(plain))?;
        (byte.to_ascii_lowercase() == wanted).then_some(end)
    })
}

/// Tells whether a byte begins the spelling of another one.
pub(crate) fn is_beginning(byte: u8) -> bool {
    matches!(byte, b'%' | b'&' | b'\\')
}

/// `%5f`, `%255f`, `%25255F` and so on.
fn percent_encoded(text: &[u8], start: usize) -> Option<Spelled> {
    let mut at = start + 1;
    while text.get(at..at + 2)? == b"25" && text.get(at + 2).is_some_and(u8::is_ascii_hexdigit) {
        at += 2;
    }
    let byte = number(text.get(at..at + 2)?, 16)?;
    Some(Spelled { byte, end: at + 2 })
}

/// `&amp;`, `&#61;`, `&#x3D;`.
fn entity(text: &[u8], start: usize) -> Option<Spelled> {
    let rest = &text[start..];
    let is_it = |name: &str| rest.get(..name.len()).is_some_and(|part| part.eq_ignore_ascii_case(name.as_bytes()));
    if let Some((name, byte)) = ENTITIES.iter().find(|(name, _)| is_it(name)) {
        return Some(Spelled { byte: *byte, end: start + name.len() });
    }
    let digits = rest.strip_prefix(b"&#")?;
    let length = digits.iter().take(LONGEST).position(|byte| *byte == b';')?;
    let digits = &digits[..length];
    let byte = match digits.strip_prefix(b"x").or_else(|| digits.strip_prefix(b"X")) {
        Some(digits) => number(digits, 16),
        None => number(digits, 10),
    };
    Some(Spelled { byte: byte?, end: start + 2 + length + 1 })
}

/// `\u003d`, and `\/`.
fn escape(text: &[u8], start: usize) -> Option<Spelled> {
    match text.get(start + 1)? {
        b'u' => Some(Spelled { byte: number(text.get(start + 2..start + 6)?, 16)?, end: start + 6 }),
        byte @ (b'/' | b'"') => Some(Spelled { byte: *byte, end: start + 2 }),
        _ => None,
    }
}

fn number(digits: &[u8], radix: u32) -> Option<u8> {
    let add = |sum: u32, digit: &u8| Some(sum.checked_mul(radix)? + char::from(*digit).to_digit(radix)?);
    if digits.is_empty() {
        return None;
    }
    u8::try_from(digits.iter().try_fold(0, add)?).ok()
}
