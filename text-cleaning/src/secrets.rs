//! Secrets inside of texts: keys, tokens and tickets, whatever they are part of. Their beginning stays, so that a reader sees
//! what kind of thing was there.

use std::borrow::Cow;

use crate::spelling::{self, Spelled};

/// Stands in the place of the rest of a secret.
pub const REDACTED: &str = "(not shown)";

/// How a secret is told from an ordinary word.
#[derive(Clone, Copy)]
enum Kind {
    /// A beginning that no word has: whatever follows is secret.
    Key,
    /// A beginning that words may end in: what stands before it is no part of a word, and what follows looks random.
    Token,
    /// The name of a parameter in a URL or a form: what follows its equals sign is secret.
    Parameter,
    /// A scheme of HTTP authentication, with what follows it.
    Scheme,
    /// A JSON Web Token: base64url of a JSON object, and more after a dot.
    WebToken,
}

/// How secrets begin. Clerk's: secret keys, webhook secrets, API keys, OAuth access and refresh tokens, machine tokens,
/// development browsers; tickets of invitations and sign-ins and what else its URLs carry. Others that people keep in
/// metadata: Stripe's keys begin as Clerk's do. In lower case; each is found in any case and spelling.
const SECRETS: [(&str, Kind); 25] = [
    ("sk_live_", Kind::Key),
    ("sk_test_", Kind::Key),
    ("rk_live_", Kind::Key),
    ("rk_test_", Kind::Key),
    ("whsec_", Kind::Key),
    ("ak_", Kind::Token),
    ("oat_", Kind::Token),
    ("ort_", Kind::Token),
    ("mt_", Kind::Token),
    ("dvb_", Kind::Token),
    ("ticket", Kind::Parameter),
    ("token", Kind::Parameter),
    ("jwt", Kind::Parameter),
    ("secret", Kind::Parameter),
    ("client_secret", Kind::Parameter),
    ("secret_key", Kind::Parameter),
    ("api_key", Kind::Parameter),
    ("apikey", Kind::Parameter),
    ("password", Kind::Parameter),
    ("handshake", Kind::Parameter),
    ("nonce", Kind::Parameter),
    ("__session", Kind::Parameter),
    ("bearer", Kind::Scheme),
    ("basic", Kind::Scheme),
    ("eyj", Kind::WebToken),
];

/// The secrets that begin with each byte, in any case: a bit for each place in [`SECRETS`].
static BEGINNINGS: [u32; 256] = {
    let (mut beginnings, mut place) = ([0; 256], 0);
    while place < SECRETS.len() {
        let first = SECRETS[place].0.as_bytes()[0];
        beginnings[first as usize] |= 1 << place;
        beginnings[first.to_ascii_uppercase() as usize] |= 1 << place;
        place += 1;
    }
    beginnings
};

/// The fewest letters and digits of a random part: with digits or both cases, and without.
const LEAST_RANDOM: usize = 12;
const LEAST_UNIFORM: usize = 24;
/// The fewest characters of a token that follows the word `Bearer` in running text.
const LEAST_TOKEN: usize = 16;

/// A text with the rest of each secret redacted.
#[must_use]
pub fn without_secrets(text: &str) -> Cow<'_, str> {
    if !may_hold_secret(text.as_bytes()) {
        return text.into();
    }
    let (mut redacted, mut copied, mut at) = (String::new(), 0, next_beginning(text.as_bytes(), 0));
    while at < text.len() {
        match secret_at(text.as_bytes(), at) {
            Some((start, end)) => {
                redacted.push_str(&text[copied..start]);
                redacted.push_str(REDACTED);
                (copied, at) = (end, end);
            }
            None => at = next_beginning(text.as_bytes(), at + 1),
        }
    }
    if copied == 0 {
        return text.into();
    }
    redacted.push_str(&text[copied..]);
    redacted.into()
}

/// A quick look, which most texts do not pass: whether one of the characters is there that end a beginning.
fn may_hold_secret(text: &[u8]) -> bool {
    let ends = |end: usize, word: &str| {
        end.checked_sub(word.len()).is_some_and(|start| text[start..end].eq_ignore_ascii_case(word.as_bytes()))
    };
    text.iter().enumerate().any(|(place, byte)| match byte {
        b'=' | b'%' | b'&' | b'\\' => true,
        b'_' => place > 0 && matches!(text[place - 1].to_ascii_lowercase(), b'k' | b'c' | b't' | b'b' | b'e'),
        b'J' => ends(place, "ey"),
        b' ' | b':' | b'+' => ends(place, "bearer") || ends(place, "basic"),
        _ => false,
    })
}

/// The next place from `at` on where a secret may begin, or the end.
fn next_beginning(text: &[u8], at: usize) -> usize {
    let begins = |byte: &u8| BEGINNINGS[usize::from(*byte)] != 0 || spelling::is_beginning(*byte);
    text[at..].iter().position(begins).map_or(text.len(), |beginning| at + beginning)
}

/// Where the part to redact of a secret that begins here starts and ends.
fn secret_at(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let is_plain = !spelling::is_beginning(text[at]);
    let first = if is_plain { text[at] } else { spelling::read(text, at)?.byte };
    // Most words are told from a secret by their second letter.
    let second =
        text.get(at + 1).filter(|next| is_plain && !spelling::is_beginning(**next)).map(u8::to_ascii_lowercase);
    let mut beginnings = BEGINNINGS[usize::from(first)];
    while beginnings != 0 {
        let (word, kind) = SECRETS[beginnings.trailing_zeros() as usize];
        let is_other = second.is_some_and(|second| second != word.as_bytes()[1]);
        let word_end = if is_other { None } else { spelling::word_end(text, at, word) };
        let found = word_end.and_then(|end| rest_of(text, at, end, kind));
        if found.is_some() {
            return found;
        }
        beginnings &= beginnings - 1;
    }
    None
}

fn rest_of(text: &[u8], at: usize, word_end: usize, kind: Kind) -> Option<(usize, usize)> {
    let joined_by: &[u8] = if matches!(kind, Kind::Parameter) { b"" } else { b"_-" };
    if !matches!(kind, Kind::Key) && is_part_of_word(text, at, joined_by) {
        return None;
    }
    let start = match kind {
        Kind::Key | Kind::Token | Kind::WebToken => word_end,
        Kind::Parameter => spelling::read(text, word_end).filter(|next| next.byte == b'=')?.end,
        Kind::Scheme => after_spaces(text, word_end)?,
    };
    // Each looks at no more than it skips or a fixed length, so that no text takes long.
    let rest = &text[start..];
    let is_secret = match kind {
        Kind::Key | Kind::Parameter => true,
        Kind::Token => looks_random(rest),
        Kind::Scheme if begins_with_key(text, start) => false,
        Kind::Scheme => is_header(&text[..at]) || looks_like_token(rest),
        Kind::WebToken => text[at..].starts_with(b"eyJ") && has_claims(rest),
    };
    let end = if is_secret { end_of_secret(text, start) } else { start };
    (end > start).then_some((start, end))
}

/// Whether the secret that starts here says by itself what it is.
fn begins_with_key(text: &[u8], start: usize) -> bool {
    let mut keys = SECRETS.iter().filter(|(_, kind)| matches!(kind, Kind::Key));
    keys.any(|(word, _)| spelling::word_end(text, start, word).is_some())
}

/// Whether what stands before `at` makes a longer word of what follows. The small letter before a capital does not:
/// `clerkTicket`.
fn is_part_of_word(text: &[u8], at: usize, joined_by: &[u8]) -> bool {
    let Some(before) = spelling::read_back(text, at) else { return false };
    let begins_hump = before.is_ascii_lowercase() && text[at].is_ascii_uppercase();
    (before.is_ascii_alphanumeric() || joined_by.contains(&before)) && !begins_hump
}

fn after_spaces(text: &[u8], start: usize) -> Option<usize> {
    let is_space = |spelled: &Spelled| matches!(spelled.byte, b' ' | b'+' | b':' | b'=' | b'\t');
    let mut at = spelling::read(text, start).filter(is_space)?.end;
    while let Some(space) = spelling::read(text, at).filter(is_space) {
        at = space.end;
    }
    Some(at)
}

/// Where a secret ends: at what is no part of keys, tokens and the values of parameters.
fn end_of_secret(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(Spelled { byte, end }) = spelling::read(text, at) {
        let is_plain = end == at + 1;
        let goes_on = if is_plain {
            byte.is_ascii_alphanumeric() || b"._-~+/=%$".contains(&byte)
        } else {
            byte.is_ascii_graphic() && !b"&;#?\"'<>".contains(&byte)
        };
        if !goes_on {
            break;
        }
        at = end;
    }
    at
}

/// Whether this is the random part of a token rather than the rest of a name.
fn looks_random(rest: &[u8]) -> bool {
    let rest = rest.strip_prefix(b"live_").or_else(|| rest.strip_prefix(b"test_")).unwrap_or(rest);
    let run = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).map_or(rest, |end| &rest[..end]);
    let has = |is: fn(&u8) -> bool| run.iter().any(is);
    let is_mixed = has(u8::is_ascii_digit) || (has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase));
    run.len() >= LEAST_UNIFORM || (run.len() >= LEAST_RANDOM && is_mixed)
}

/// Whether this is a token rather than the next word of a sentence.
fn looks_like_token(rest: &[u8]) -> bool {
    let is_part = |byte: &&u8| byte.is_ascii_alphanumeric() || b"._-~+/=".contains(byte);
    let beginning: Vec<&u8> = rest.iter().take(LEAST_UNIFORM).take_while(is_part).collect();
    beginning.len() >= LEAST_TOKEN && beginning.iter().any(|byte| byte.is_ascii_digit())
}

/// Whether the first part of a JSON Web Token and a second one follow.
fn has_claims(rest: &[u8]) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-".contains(byte);
    let dot = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
    let claims = rest.get(dot..).and_then(|rest| rest.strip_prefix(b"."));
    dot >= LEAST_RANDOM
        && claims.is_some_and(|claims| claims.iter().take_while(|byte| is_part(byte)).take(3).count() == 3)
}

/// Whether the name of the header `Authorization` ends here.
fn is_header(text: &[u8]) -> bool {
    const NAME: &[u8] = b"authorization";
    let end = text.iter().rposition(|byte| !b" \t:=\"'".contains(byte)).map_or(0, |last| last + 1);
    end >= NAME.len() && text[end - NAME.len()..end].eq_ignore_ascii_case(NAME)
}
