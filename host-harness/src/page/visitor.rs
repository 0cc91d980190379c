//! Who asks for the page, and what they may see: the rule of `/mcp`, or a session that was opened by it.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

use super::session::Sessions;
use super::sign_in::is_secure;
use crate::auth::caller::Caller;
use crate::auth::{Access, Refused};
use crate::server::Mode;
use crate::who::Who;

/// Who signed in: the holder of an access token; none who knows the operator's token.
pub(super) type Holder = Option<Caller>;

/// Somebody who may see the page.
pub(super) struct Visitor {
    pub(super) sight: Sight,
    /// Their access token is good for reading only.
    pub(super) reads_only: bool,
    /// They have a session that they can end.
    pub(super) has_session: bool,
}

/// What somebody may see of the calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    /// Everybody's calls: callers share the operator's key.
    All,
    /// Those of this holder of access tokens, in the organization that the token keeps them to.
    Own { subject: String, organization: Option<String> },
    /// Nobody's, as callers bring keys of their own: only how many there are.
    Figures,
}

impl Sight {
    /// Tells whether anybody's calls are to be seen.
    pub(super) fn has_calls(&self) -> bool {
        *self != Self::Figures
    }

    /// Tells whether the figures of the whole server are to be seen, which are those of other organizations too.
    pub(super) fn has_figures(&self) -> bool {
        self.organization().is_none()
    }

    /// Tells whether calls of somebody are to be seen: those of the same holder in the same organization.
    pub(super) fn sees(&self, who: &Who) -> bool {
        match self {
            Self::All => true,
            Self::Own { subject, organization } => {
                who.subject.as_ref() == Some(subject) && who.organization == *organization
            }
            Self::Figures => false,
        }
    }

    /// The holder whose calls alone are to be seen.
    pub(super) fn holder(&self) -> Option<&str> {
        match self {
            Self::Own { subject, .. } => Some(subject),
            Self::All | Self::Figures => None,
        }
    }

    /// The organization that they are kept to by their access token.
    pub(super) fn organization(&self) -> Option<&str> {
        match self {
            Self::Own { organization, .. } => organization.as_deref(),
            Self::All | Self::Figures => None,
        }
    }
}

/// Finds out who asks. The `Authorization` header counts where there is one, otherwise the cookie.
///
/// # Errors
///
/// They may not.
pub(super) async fn visitor(
    access: &Access,
    sessions: &Sessions<Holder>,
    mode: &Mode,
    headers: &HeaderMap,
) -> Result<Visitor, Refused> {
    let session = if headers.contains_key(AUTHORIZATION) { None } else { sessions.holder(headers, is_secure(access)) };
    let has_session = session.is_some();
    let holder = match session {
        Some(holder) => holder,
        None => access.admit(headers).await?,
    };
    let reads_only = holder.as_ref().is_some_and(|holder| !holder.scopes.write);
    let sight = match (holder, mode) {
        (Some(Caller { subject, organization, .. }), _) => Sight::Own { subject, organization },
        (None, Mode::Public) => Sight::Figures,
        (None, Mode::Hosted(_) | Mode::WithoutKey(_)) => Sight::All,
    };
    Ok(Visitor { sight, reads_only, has_session })
}
