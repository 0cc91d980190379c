//! The scales by which the policy judges a call: its effect on the data, and its danger.

/// The effect of a call on the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Reads,
    /// Adds something, each time anew.
    Creates,
    /// Replaces values; the same call again changes nothing more.
    Overwrites,
    /// Removes something; the same call again finds nothing.
    Removes,
    /// One or the other of these, as the arguments say.
    Varies,
}

impl Effect {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::Creates => "creates",
            Self::Overwrites => "overwrites",
            Self::Removes => "removes",
            Self::Varies => "varies",
        }
    }

    /// MCP's `destructiveHint`: whether the update is more than additive.
    pub(crate) fn is_destructive(self) -> bool {
        matches!(self, Self::Overwrites | Self::Removes | Self::Varies)
    }

    /// MCP's `idempotentHint`: whether repeating the call has no further effect.
    pub(crate) fn is_idempotent(self) -> bool {
        !matches!(self, Self::Creates | Self::Varies)
    }
}

/// The harm of a mistaken call, in rising order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Danger {
    Read,
    /// Changes data, and a later call can change it back.
    Reversible,
    /// Changes who may do what, signs people out or sends an email; can be undone, but people notice.
    Access,
    Irreversible,
    /// Mints or reveals a credential, moves money, or changes the whole instance.
    Critical,
}

impl Danger {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Reversible => "reversible",
            Self::Access => "access",
            Self::Irreversible => "irreversible",
            Self::Critical => "critical",
        }
    }
}
