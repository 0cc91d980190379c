//! Handles: the masked value, encrypted so that the same value has the same handle (AES-SIV, RFC 5297), in letters and digits
//! that do not look alike. Who lacks the key learns nothing from one but the length of the value, and can make none.

use aes_siv::KeyInit as _;
use aes_siv::siv::Aes128Siv;

use super::find::{Found, Sort};

/// Base 32 of Crockford, in lower case: without i, l, o and u.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
/// The beginnings of handles.
const PREFIXES: [(&str, Sort); 2] = [("email_", Sort::Email), ("phone_", Sort::Phone)];
/// The fewest letters behind the beginning: those of the 16 bytes that prove it, and of three more.
pub(super) const SHORTEST: usize = 31;

/// Makes and opens handles.
pub(super) struct Handles(Option<Aes128Siv>);

impl Handles {
    /// None are made by a key of another length than 32 bytes.
    pub(super) fn new(key: &[u8]) -> Self {
        Self(Aes128Siv::new_from_slice(key).ok())
    }

    /// The handle of a value.
    #[inline(never)]
    pub(super) fn of(&mut self, found: &Found) -> Option<String> {
        let prefix = PREFIXES.iter().find_map(|(prefix, sort)| (*sort == found.sort).then_some(*prefix))?;
        let encrypted = self.0.as_mut()?.encrypt([prefix.as_bytes()], found.value.as_bytes()).ok()?;
        Some(prefix.to_owned() + &letters(&encrypted))
    }

    /// The value of a handle; none where it was made with another key, or changed.
    #[inline(never)]
    pub(super) fn open(&mut self, handle: &str) -> Option<Found> {
        let (prefix, sort) = prefix(handle.as_bytes())?;
        let encrypted = bytes(&handle[prefix.len()..])?;
        let value = self.0.as_mut()?.decrypt([prefix.as_bytes()], &encrypted).ok()?;
        Some(Found { start: 0, end: 0, sort, value: String::from_utf8(value).ok()? })
    }
}

/// The beginning of a handle that a text begins with.
fn prefix(text: &[u8]) -> Option<(&'static str, Sort)> {
    let begins =
        |prefix: &str| text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()));
    PREFIXES.into_iter().find(|(prefix, _)| begins(prefix))
}

/// The next handle in a text from here, with so many letters at least: where it begins and ends.
pub(super) fn next(text: &str, from: usize, letters: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = from;
    while start < bytes.len() {
        if let Some((prefix, _)) = prefix(&bytes[start..]) {
            let rest = &bytes[start + prefix.len()..];
            let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            if length >= letters {
                return Some((start, start + prefix.len() + length));
            }
        }
        start += 1;
    }
    None
}

fn letters(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::with_capacity(bytes.len() * 8 / 5 + 1), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(letter(held >> bits));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(letter(held << (5 - bits)));
    }
    text
}

fn letter(five_bits: u32) -> char {
    LETTERS[(five_bits & 31) as usize].into()
}

/// The bytes of a text in these letters. What looks like one of them is taken for it.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let (mut bytes, mut held, mut bits) = (Vec::with_capacity(text.len() * 5 / 8), 0_u32, 0);
    for byte in text.bytes() {
        let letter = match byte.to_ascii_lowercase() {
            b'o' => b'0',
            b'i' | b'l' => b'1',
            other => other,
        };
        let place = LETTERS.iter().position(|other| *other == letter)?;
        held = (held << 5) | u32::try_from(place).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits).ok()?);
            held &= (1 << bits) - 1;
        }
    }
    // One spelling of it is opened.
    (bits < 5 && held == 0).then_some(bytes)
}
