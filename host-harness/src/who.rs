//! Who sends a request.

/// Who calls, as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Who {
    /// The holder of the access token.
    pub(crate) subject: Option<String>,
    /// The organization that the access token keeps them to.
    pub(crate) organization: Option<String>,
    /// The program, as it names itself.
    pub(crate) client: Option<String>,
}
