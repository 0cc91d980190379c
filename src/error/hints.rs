//! Hints: the next step after a status, where Clerk's own words do not say it.

/// The hint for an answer of this status to a read or a write: whether it says what is wrong as Clerk does, and about which
/// parameter.
pub(super) fn of(
    status: u16,
    retry_after_seconds: Option<u32>,
    is_clerks: bool,
    param: Option<&str>,
    is_read: bool,
) -> Option<String> {
    let hint = match status {
        400 | 404 | 422 if param == Some("role") => {
            "There is no such role in this instance. clerk_list_roles shows the keys of those that exist, such as org:member."
        }
        300..=399 => "The API redirects elsewhere, which is never followed. Check the API URL.",
        400 | 422 => "Correct the arguments and call again",
        401 => "Clerk does not accept the secret key. The operator has to set a valid one (Clerk Dashboard, API keys).",
        402 => "The instance's plan lacks this feature; only a change of plan helps",
        403 => "The instance does not allow this, for example because organizations are switched off.",
        404 if !is_clerks => {
            "There is no such endpoint. Check that the API URL points to Clerk's Backend API, and that it has this feature"
        }
        404 => "Check the ids; the list tools show those that exist.",
        409 => "It conflicts with what exists. Read the current state first.",
        429 => {
            let hint = match retry_after_seconds {
                Some(seconds) => format!("Too many requests. Call again after {seconds} s"),
                None => "Too many requests. Wait ten seconds and call again".into(),
            };
            return Some(finished(&hint, is_read));
        }
        500..=599 if is_read => "Clerk has a problem; try again later",
        500..=599 => "Clerk has a problem. Read the current state before you repeat a change; try again later.",
        _ => return None,
    };
    Some(finished(hint, is_read))
}

/// The sentence with its end: of a write that was not made, that nothing was changed.
fn finished(hint: &str, is_read: bool) -> String {
    match (hint.ends_with('.'), is_read) {
        (true, _) => hint.into(),
        (false, true) => format!("{hint}."),
        (false, false) => format!("{hint}; nothing was changed."),
    }
}
