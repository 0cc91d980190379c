//! The key that calls are made with, and marks by which the HTTP layer says what it found about a request.

use std::sync::Arc;

use crate::component::Policy;
use crate::key::SecretKey;

/// The owner of the key that a call uses.
#[derive(Clone, Debug)]
pub(crate) enum Mode {
    /// The operator's.
    Hosted(SecretKey),
    /// The caller's, brought along with each HTTP request.
    Public,
    /// None that can be used: all can be listed, and each call is answered with what is missing.
    WithoutKey(MissingKey),
}

/// The reason for which the operator's key cannot be used.
#[derive(Clone, Debug)]
pub(crate) struct MissingKey {
    pub(crate) code: &'static str,
    /// In words that do not repeat the key.
    pub(crate) message: Arc<str>,
    /// The next step of the person who can change that.
    pub(crate) hint: &'static str,
}

/// The key that a request brought, as the HTTP layer found it.
#[derive(Clone)]
pub(crate) struct RequestKey(pub(crate) SecretKey);

/// The policies that a request asks for in place of the operator's, as the HTTP layer found it, of each instance in their order:
/// never more than that allows. An instance is closed to a request that wants more there, for the reason that this tells.
#[derive(Clone)]
pub(crate) struct Narrowed(pub(crate) Arc<[Result<Policy, String>]>);

/// Marks a request of an older version over HTTP that belongs to no session: nothing can be sent to its client but the
/// answer.
#[derive(Clone, Copy)]
pub(crate) struct Sessionless;

/// Marks a request of a client that can be asked, and has no session to be asked in: it is not asked for tokens instead.
#[derive(Clone, Copy)]
pub(crate) struct Unasked;

/// Marks a request whose client accepts JSON and no stream: nothing can be sent to it before the answer.
#[derive(Clone, Copy)]
pub(crate) struct OnlyJson;
