//! Decisions about calls that may write: how each came to be made or not, for whoever keeps records.

/// A decision about a call that may write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// It needed nobody's consent.
    Allowed,
    /// Only its preview was wanted.
    DryRun,
    Confirmed(Giver),
    /// A person said no, or typed another name.
    Declined,
    /// The question was dismissed without a choice.
    Cancelled,
    /// The client said no, or dismissed the question, before a person could have read it.
    DeclinedUnseen,
    /// The client accepted, and its answer holds no choice.
    NoChoice,
    /// A person has to agree, and the client cannot ask one.
    CannotAsk,
}

/// The giver of a consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Giver {
    Person,
    Token,
}
