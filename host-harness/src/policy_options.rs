//! The words by which an operator sets the policy on the command line and in the environment.

use clap::ValueEnum;

/// The most bytes of a page by default: some 15,000 tokens, which clients show a model whole.
pub(crate) const DEFAULT_PAGE_BYTES: u32 = 60_000;

/// The danger that a tool may have, the most careful first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum ModeOption {
    /// Only tools that change nothing.
    ReadOnly,
    /// What cannot be undone asks first; what is critical is off.
    Standard,
    /// Everything; only what is critical asks first.
    Full,
}

/// The way in which somebody agrees to a call that asks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ConfirmOption {
    /// Nothing asks.
    Off,
    /// A person, or a token where the client cannot ask one.
    Token,
    /// A person; refused where the client cannot ask one.
    Elicit,
    /// A token always, for runs that nobody watches.
    TokenOnly,
}

/// The values of which only a part and a handle is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MaskOption {
    /// Email addresses.
    Emails,
    /// Telephone numbers.
    Phones,
}

/// The part of private metadata that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PrivateMetadataOption {
    /// All of it.
    Show,
    /// The keys without the values.
    Keys,
    /// Nothing of it.
    Hide,
}
