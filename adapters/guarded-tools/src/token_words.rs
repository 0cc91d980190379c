//! The words about confirmation tokens: the program and the adapters say the same.

/// The parameter that brings a token, in both spellings that clients use.
pub(crate) const SPELLINGS: [&str; 2] = ["confirmation_token", "confirmationToken"];

/// What to do with a token that was given out.
pub(crate) const NEXT: &str = "Nothing has changed yet. Show the preview to the person you work for; if they agree, call again with the \
                               same arguments and this confirmation_token.";

/// The hint for a token that does not count.
pub(crate) const AGAIN: &str = "Call again without confirmation_token: the answer is a new preview and a new token.";

pub(crate) const FOREIGN: &str = "it was not given out for this tool with these arguments to this caller, or not whole";
pub(crate) const EXPIRED: &str = "it is older than the ten minutes that a token is good for";
pub(crate) const USED: &str =
    "it, or another one for the same call, was used before, and all of them are good for one call";
pub(crate) const FULL: &str = "so many calls were confirmed in the last ten minutes that no more can be remembered";

/// The message about a token that does not count, for one of these reasons.
pub(crate) fn invalid(why: &str) -> String {
    format!("the confirmation token is not valid: {why}; nothing was changed")
}
