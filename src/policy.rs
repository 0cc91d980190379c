//! What the operator allows: the one place that decides it.

use crate::tool::{About, Danger, Effect, Entry};
use crate::tools;

/// How dangerous a tool may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    ReadOnly,
    Standard,
    Full,
}

/// How somebody agrees to a call that asks first.
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

/// What is shown of metadata that only the backend may see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PrivateMetadata {
    Show,
    /// Its keys, without the values.
    Keys,
    Hide,
}

/// The operator's choice, as a call brings it.
#[derive(Clone, Copy)]
pub(crate) struct Policy<'a> {
    pub(crate) mode: Mode,
    /// Whether the instance is a production one.
    pub(crate) production: bool,
    pub(crate) confirm: Confirm,
    /// Empty means all.
    pub(crate) toolsets: &'a [String],
    /// One pattern of each of these has to match.
    pub(crate) tools: &'a [Vec<String>],
    /// None of these may match.
    pub(crate) exclude_tools: &'a [String],
    pub(crate) private_metadata: PrivateMetadata,
    /// Whether a call that sets metadata counts as one that changes access.
    pub(crate) ask_metadata: bool,
}

impl Policy<'_> {
    /// # Errors
    ///
    /// Which setting forbids the tool.
    pub(crate) fn check(&self, toolset: &str, tool: &Entry) -> Result<(), String> {
        self.check_about(toolset, &tool.about)
    }

    fn check_about(&self, toolset: &str, about: &About) -> Result<(), String> {
        let name = about.name;
        if self.mode == Mode::ReadOnly && about.effect != Effect::Reads {
            return Err(format!("{name} changes data, and this server is read-only ({READ_ONLY})"));
        }
        if self.mode == Mode::Standard && about.danger >= Danger::Critical {
            return Err(format!("{name} is critical, and only the mode `full` has such tools (--mode, CLERK_MODE)"));
        }
        if !self.toolsets.is_empty() && !self.toolsets.iter().any(|allowed| allowed == toolset) {
            return Err(format!("{name} belongs to the toolset `{toolset}`, which is not switched on ({TOOLSETS})"));
        }
        if self.tools.iter().any(|patterns| !patterns.iter().any(|pattern| matches(pattern, name))) {
            return Err(format!("{name} is not among the tools that are switched on ({TOOLS})"));
        }
        if let Some(pattern) = self.exclude_tools.iter().find(|pattern| matches(pattern, name)) {
            return Err(format!("{name} is switched off by `{pattern}` ({EXCLUDE_TOOLS})"));
        }
        Ok(())
    }

    /// Whether somebody has to agree before a tool of this danger runs.
    pub(crate) fn asks(&self, danger: Danger) -> bool {
        let from = match self.mode {
            _ if self.production => Danger::Access,
            Mode::ReadOnly | Mode::Standard => Danger::Irreversible,
            Mode::Full => Danger::Critical,
        };
        self.confirm != Confirm::Off && danger >= from
    }

    /// What of it means nothing, a sentence each.
    pub(crate) fn problems(&self) -> Vec<String> {
        let known: Vec<&str> = tools::TOOLSETS.iter().map(|toolset| toolset.name).collect();
        let unknown = self.toolsets.iter().filter(|name| !known.contains(&name.as_str())).map(|name| {
            let known = known.join(", ");
            format!("there is no toolset `{}`; the toolsets are {known} ({TOOLSETS})", excerpt(name))
        });
        let patterns = |patterns: &[String], setting: &str| -> Vec<String> {
            let idle = |pattern: &&String| !tools::all().any(|(_, tool)| matches(pattern, tool.about.name));
            let words = |pattern: &String| {
                format!("the pattern `{}` matches no tool; `clerk-mcp tools` lists them ({setting})", excerpt(pattern))
            };
            patterns.iter().filter(idle).map(words).collect()
        };
        let mut problems: Vec<String> = unknown.collect();
        problems.extend(self.tools.iter().flat_map(|one| patterns(one, TOOLS)));
        problems.extend(patterns(self.exclude_tools, EXCLUDE_TOOLS));
        if problems.is_empty() && !tools::all().any(|(toolset, tool)| self.check(toolset, tool).is_ok()) {
            problems.push("the settings contradict each other: together they leave no tool".into());
        }
        problems
    }
}

const READ_ONLY: &str = "--mode, CLERK_MODE; --read-only, CLERK_READ_ONLY, X-MCP-Readonly";
const TOOLSETS: &str = "--toolsets, CLERK_TOOLSETS, X-MCP-Toolsets";
const TOOLS: &str = "--tools, CLERK_TOOLS, X-MCP-Tools";
const EXCLUDE_TOOLS: &str = "--exclude-tools, CLERK_EXCLUDE_TOOLS, X-MCP-Exclude-Tools";

fn excerpt(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).take(100).collect()
}

/// Whether a name fits a pattern: `*` stands for any text, `?` for one character.
fn matches(pattern: &str, name: &str) -> bool {
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

    /// What is allowed where nothing is set.
    pub(crate) const STANDARD: Policy = Policy {
        mode: Mode::Standard,
        production: false,
        confirm: Confirm::Token,
        toolsets: &[],
        tools: &[],
        exclude_tools: &[],
        private_metadata: PrivateMetadata::Show,
        ask_metadata: false,
    };

    /// The names of the tools that a policy allows.
    fn allowed(policy: Policy) -> Vec<&'static str> {
        let allowed = tools::all().filter(|(toolset, tool)| policy.check(toolset, tool).is_ok());
        allowed.map(|(_, tool)| tool.about.name).collect()
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().copied().map(Into::into).collect()
    }

    #[test]
    fn no_restriction_allows_every_tool() {
        assert_eq!(allowed(STANDARD).len(), tools::all().count());
    }

    #[test]
    fn read_only_leaves_the_tools_that_read() {
        let policy = Policy { mode: Mode::ReadOnly, ..STANDARD };
        let reads = tools::all().filter(|(_, tool)| tool.about.effect == Effect::Reads);
        assert_eq!(allowed(policy), reads.map(|(_, tool)| tool.about.name).collect::<Vec<_>>());
    }

    #[test]
    fn all_settings_hold_together() {
        let (toolsets, tools) = (names(&["users", "invitations"]), [names(&["*_list_*", "*_get_*"])]);
        let policy = Policy {
            mode: Mode::ReadOnly,
            toolsets: &toolsets,
            tools: &tools,
            exclude_tools: &["*user*".into()],
            ..STANDARD
        };
        assert_eq!(allowed(policy), ["clerk_list_organization_invitations", "clerk_get_organization_invitation"]);
    }

    #[test]
    fn each_list_of_patterns_has_to_match() {
        let tools = [names(&["*_user", "*_users"]), names(&["clerk_get_*"])];
        assert_eq!(allowed(Policy { tools: &tools, ..STANDARD }), ["clerk_get_user"]);
    }

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

    #[test]
    fn what_means_nothing_is_a_problem() {
        let (toolsets, tools) = (names(&["users", "everything"]), [names(&["clerk_*", "no_such_*"])]);
        let policy = Policy { toolsets: &toolsets, tools: &tools, exclude_tools: &["zzz".into()], ..STANDARD };
        let problems = policy.problems();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("`everything`") && problems[1].contains("`no_such_*`"), "{problems:?}");
        assert_eq!(STANDARD.problems(), [""; 0]);
    }

    #[test]
    fn a_policy_that_leaves_nothing_is_a_problem() {
        let policy = Policy { exclude_tools: &["clerk_*".into()], ..STANDARD };
        assert_eq!(policy.problems(), ["the settings contradict each other: together they leave no tool"]);
    }

    #[test]
    fn critical_tools_need_the_full_mode() {
        let (toolset, tool) = tools::find("clerk_delete_user").expect("it exists");
        let critical = About { danger: Danger::Critical, ..tool.about };
        assert!(STANDARD.check_about(toolset, &critical).is_err_and(|reason| reason.contains("--mode")));
        assert_eq!(Policy { mode: Mode::Full, ..STANDARD }.check_about(toolset, &critical), Ok(()));
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
