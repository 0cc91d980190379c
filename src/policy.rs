//! The operator's policy: the one place that decides what is allowed.

use pins::Pins;

use crate::danger::{Danger, Effect};
use crate::masks::Kinds;
use crate::pinned;

/// The danger that tools may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    ReadOnly,
    Standard,
    Full,
}

/// The way in which somebody agrees to a call that asks first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Confirm {
    /// Nothing asks.
    Off,
    /// By a person at the client where it can ask, otherwise by a call with the token of its preview.
    Token,
    /// By a person at the client.
    Elicit,
    /// By a call with the token of its preview, also where the client can ask: for runs that nobody watches.
    TokenOnly,
}

/// The part of private metadata that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrivateMetadata {
    Show,
    /// Its keys, without the values.
    Keys,
    Hide,
}

impl Mode {
    /// The word that operators set it by.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::Standard => "standard",
            Self::Full => "full",
        }
    }
}

impl Confirm {
    /// The word that operators set it by.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Token => "token",
            Self::Elicit => "elicit",
            Self::TokenOnly => "token-only",
        }
    }
}

impl PrivateMetadata {
    /// The word that operators set it by.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Show => "show",
            Self::Keys => "keys",
            Self::Hide => "hide",
        }
    }
}

/// A tool as the policy sees it.
#[derive(Clone, Copy)]
pub(crate) struct Subject {
    pub(crate) name: &'static str,
    pub(crate) toolset: &'static str,
    pub(crate) effect: Effect,
    pub(crate) danger: Danger,
    /// Of no use without the secret that it answers with.
    pub(crate) is_only_for_secrets: bool,
    /// The method and the path of the operation that it calls; none where its arguments say which one.
    pub(crate) operation: Option<(&'static str, &'static str)>,
    /// Other names: a pattern in `--tools` that matches one of them allows it too.
    pub(crate) chosen_by: Names,
    /// Other names: a pattern in `--exclude-tools` that matches one of them excludes it too.
    pub(crate) excluded_by: [&'static str; 2],
}

/// Names of tools or operations.
#[derive(Clone, Copy)]
pub(crate) enum Names {
    One(&'static str),
    Many(&'static [&'static str]),
}

impl Subject {
    /// Tells whether a pattern of `--tools` means it.
    pub(crate) fn is_chosen_by(&self, pattern: &str) -> bool {
        matches(pattern, self.name)
            || match self.chosen_by {
                Names::One(name) => matches(pattern, name),
                Names::Many(names) => names.iter().any(|name| matches(pattern, name)),
            }
    }

    fn is_excluded_by(&self, pattern: &str) -> bool {
        matches(pattern, self.name) || self.excluded_by.iter().any(|other| !other.is_empty() && matches(pattern, other))
    }
}

/// The operator's choice, as a call brings it.
#[derive(Clone, Copy)]
pub(crate) struct Policy<'a> {
    pub(crate) mode: Mode,
    /// True where the instance is a production one.
    pub(crate) production: bool,
    pub(crate) confirm: Confirm,
    /// Empty means all, and so does [`ALL`].
    pub(crate) toolsets: &'a [String],
    /// One pattern of each of these has to match.
    pub(crate) tools: &'a [Vec<String>],
    /// None of these may match.
    pub(crate) exclude_tools: &'a [String],
    pub(crate) private_metadata: PrivateMetadata,
    /// True where a call that sets metadata counts as one that changes access.
    pub(crate) ask_metadata: bool,
    /// The most bytes that one page of a list takes.
    pub(crate) page_bytes: u32,
    /// True where the host keeps the secrets that the API gives.
    pub(crate) keeps_secrets: bool,
    /// The values of which only a part and a handle is shown.
    pub(crate) masks: Kinds,
    /// The organization and the user that everything is kept to.
    pub(crate) pins: Pins<'a>,
    /// Names of the organization, all of them.
    pub(crate) organizations: &'a [String],
}

impl Policy<'_> {
    /// # Errors
    ///
    /// The setting that forbids the tool.
    pub(crate) fn check(&self, subject: Subject) -> Result<(), String> {
        self.obstacle(subject).map_or(Ok(()), |obstacle| Err(format!("{} {obstacle}", subject.name)))
    }

    /// The setting that forbids a tool, as the end of a sentence about it.
    pub(crate) fn obstacle(&self, subject: Subject) -> Option<String> {
        let Subject { toolset, effect, danger, is_only_for_secrets, .. } = subject;
        if self.mode == Mode::ReadOnly && effect == Effect::Reads && danger >= Danger::Critical {
            return Some(format!("reveals a credential, and this server is read-only ({READ_ONLY})"));
        }
        if self.mode == Mode::ReadOnly && effect != Effect::Reads {
            return Some(format!("changes data, and this server is read-only ({READ_ONLY})"));
        }
        if self.mode == Mode::Standard && danger >= Danger::Critical {
            return Some("is critical, and only the mode `full` has such tools (--mode, CLERK_MODE)".into());
        }
        if !self.toolsets.is_empty() && !self.toolsets.iter().any(|allowed| allowed == toolset || allowed == ALL) {
            return Some(format!("belongs to the toolset `{toolset}`, which is not switched on ({TOOLSETS})"));
        }
        if self.tools.iter().any(|patterns| !patterns.iter().any(|pattern| subject.is_chosen_by(pattern))) {
            return Some(format!("is not among the tools that are switched on ({TOOLS})"));
        }
        if is_only_for_secrets && !self.keeps_secrets {
            return Some(format!("gives nothing but a secret, and this server has no place for one ({SECRETS_DIR})"));
        }
        if let Some(obstacle) = subject.operation.and_then(|(method, path)| pinned::obstacle(self.pins, method, path)) {
            return Some(obstacle.into());
        }
        let pattern = self.exclude_tools.iter().find(|pattern| subject.is_excluded_by(pattern))?;
        Some(format!("is switched off by `{pattern}` ({EXCLUDE_TOOLS})"))
    }

    /// Tells whether it chooses tools, by their toolsets or by their names: then all that it allows are listed.
    pub(crate) fn chooses(&self) -> bool {
        !self.toolsets.is_empty() || !self.tools.is_empty()
    }

    /// The most bytes that one page of a list takes.
    pub(crate) fn page_bytes(&self) -> usize {
        usize::try_from(self.page_bytes).unwrap_or(usize::MAX)
    }

    /// Tells whether somebody has to agree before a tool of this danger runs.
    pub(crate) fn asks(&self, danger: Danger) -> bool {
        let from = match self.mode {
            _ if self.production => Danger::Access,
            Mode::ReadOnly | Mode::Standard => Danger::Irreversible,
            Mode::Full => Danger::Critical,
        };
        self.confirm != Confirm::Off && danger >= from
    }
}

/// The name that stands for every toolset.
pub(crate) const ALL: &str = "all";

const READ_ONLY: &str = "--mode, CLERK_MODE; --read-only, CLERK_READ_ONLY, X-MCP-Readonly; or an access token without the scope clerk:write";
const SECRETS_DIR: &str = "clerk-mcp writes it to a file with --secrets-dir, CLERK_SECRETS_DIR; other hosts cannot";
pub(crate) const ORGANIZATION: &str = "--organization, CLERK_ORGANIZATION, X-MCP-Organization";
pub(crate) const USER: &str = "--user, CLERK_USER";
pub(crate) const TOOLSETS: &str = "--toolsets, CLERK_TOOLSETS, X-MCP-Toolsets";
pub(crate) const TOOLS: &str = "--tools, CLERK_TOOLS, X-MCP-Tools";
pub(crate) const EXCLUDE_TOOLS: &str = "--exclude-tools, CLERK_EXCLUDE_TOOLS, X-MCP-Exclude-Tools";

/// Tells whether a name fits a pattern: `*` stands for any text, `?` for one character.
pub(crate) fn matches(pattern: &str, name: &str) -> bool {
    let mut rest = name.as_bytes();
    let mut pieces = pattern.as_bytes().split(|byte| *byte == b'*');
    let fits = |piece: &[u8], text: &[u8]| {
        piece.len() <= text.len() && piece.iter().zip(text).all(|(one, other)| *one == b'?' || one == other)
    };
    let Some(first) = pieces.next().filter(|first| fits(first, rest)) else { return false };
    rest = &rest[first.len()..];
    let pieces: Vec<&[u8]> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        // The leftmost place leaves the most to what follows.
        let Some(place) = (0..=rest.len()).find(|start| fits(piece, &rest[*start..])) else { return false };
        rest = &rest[place + piece.len()..];
    }
    last.len() <= rest.len() && fits(last, &rest[rest.len() - last.len()..])
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The policy where nothing is set.
    pub(crate) const STANDARD: Policy = Policy {
        mode: Mode::Standard,
        production: false,
        confirm: Confirm::Token,
        toolsets: &[],
        tools: &[],
        exclude_tools: &[],
        private_metadata: PrivateMetadata::Show,
        ask_metadata: false,
        page_bytes: 60_000,
        keeps_secrets: true,
        masks: Kinds { emails: false, phones: false },
        pins: Pins { organization: None, user: None },
        organizations: &[],
    };

    #[test]
    fn patterns_match_as_in_a_shell() {
        for (pattern, name) in [
            ("*", "a"),
            ("a*c", "abbc"),
            ("a*", "a"),
            ("*a*b*", "xaxbx"),
            ("a?c", "abc"),
            ("abc", "abc"),
            ("*ab", "abab"),
        ] {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("", "a"), ("a", "ab"), ("a*bc*c", "abc"), ("a?", "a"), ("*b", "bc"), ("A", "a")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }

    const SUBJECT: Subject = Subject {
        name: "x",
        toolset: "users",
        effect: Effect::Removes,
        danger: Danger::Reversible,
        is_only_for_secrets: false,
        operation: None,
        chosen_by: Names::Many(&[]),
        excluded_by: [""; 2],
    };

    #[test]
    fn what_gives_nothing_but_a_secret_needs_a_place_for_it() {
        let secret = Subject { is_only_for_secrets: true, ..SUBJECT };
        let without = Policy { keeps_secrets: false, ..STANDARD };
        assert!(without.check(secret).is_err_and(|reason| reason.contains("--secrets-dir")));
        assert_eq!((STANDARD.check(secret), without.check(SUBJECT)), (Ok(()), Ok(())));
    }

    #[test]
    fn critical_tools_need_the_full_mode() {
        let critical = Subject { danger: Danger::Critical, ..SUBJECT };
        assert!(STANDARD.check(critical).is_err_and(|reason| reason.contains("--mode")));
        assert_eq!(Policy { mode: Mode::Full, ..STANDARD }.check(critical), Ok(()));
    }

    #[test]
    fn who_agrees_depends_on_the_mode_and_the_instance() {
        let from = |mode, production| {
            let policy = Policy { mode, production, ..STANDARD };
            let levels = [Danger::Read, Danger::Reversible, Danger::Access, Danger::Irreversible, Danger::Critical];
            levels.into_iter().find(|danger| policy.asks(*danger))
        };
        assert_eq!(from(Mode::Standard, false), Some(Danger::Irreversible));
        assert_eq!(from(Mode::Standard, true), Some(Danger::Access));
        assert_eq!(from(Mode::Full, false), Some(Danger::Critical));
        assert_eq!(from(Mode::Full, true), Some(Danger::Access));
        assert!(!Policy { confirm: Confirm::Off, ..STANDARD }.asks(Danger::Critical));
    }
}
