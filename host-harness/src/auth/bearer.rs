//! The token of a request, as RFC 6750 sends it: in one `Authorization` header and nowhere else.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::denial::{Denial, Flaw};

/// The longest access token that is looked at, in bytes. Tokens with a dozen scopes have about one thousand.
pub(super) const LONGEST: usize = 8 * 1024;

pub(super) fn token(headers: &HeaderMap) -> Result<&str, Denial> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        // Which of two would count is not ours to guess.
        let is_repeated = headers.contains_key(AUTHORIZATION);
        return Err(if is_repeated { Denial::ManyTokens } else { Denial::NoToken });
    };
    let text = value.to_str().map_err(|_| Flaw::Unreadable)?;
    let (scheme, token) = text.split_once(' ').unwrap_or((text, ""));
    let token = token.trim();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(Denial::NoToken);
    }
    if token.len() > LONGEST {
        return Err(Flaw::TooLong.into());
    }
    Ok(token)
}
