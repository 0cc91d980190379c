//! The tools, with what the policy of each instance does to each. What is off is asked of the component, by policies that are wider in
//! one setting each: the one that lets a tool through names what keeps it off.

use crate::component::{Aborted, Confirm, Danger, Mode, Policy, Tool};
use crate::policy::{everything, unabridged};
use crate::server::{self, ServedInstance};

/// A tool under the policy of an instance.
#[derive(Clone, Debug)]
pub(super) struct Ruled {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) toolset: String,
    pub(super) danger: Danger,
    pub(super) fate: Fate,
}

/// What the policy does to a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Runs,
    Asks,
    /// With the setting that keeps it off.
    Off(&'static str),
}

/// All tools under the policy of an instance, in the component's order; for who is kept to an organization, where one is named.
/// Which one it is makes no difference.
pub(super) async fn ruled(instance: &ServedInstance, organization: Option<&str>) -> Result<Vec<Ruled>, Aborted> {
    let component = &instance.component;
    let mut policy = Policy { production: instance.is_production(), ..instance.policy.clone() };
    if policy.organizations.is_empty() {
        policy.organizations.extend(organization.map(str::to_owned));
    }
    let allowed = names(component.list_tools(&unabridged(&policy)).await?);
    let mut wider = Vec::new();
    for (setting, policy) in wider_policies(&policy) {
        wider.push((setting, names(component.list_tools(&unabridged(&policy)).await?)));
    }
    let fate = |tool: &Tool| {
        if allowed.contains(&tool.name) {
            return if asks(&policy, tool.danger) { Fate::Asks } else { Fate::Runs };
        }
        let keeps_off = wider.iter().find(|(_, names)| names.contains(&tool.name));
        Fate::Off(keeps_off.map_or("more than one setting", |(setting, _)| setting))
    };
    let all = component.list_tools(&everything()).await?;
    let ruled = |tool: Tool| {
        let fate = fate(&tool);
        Ruled { name: tool.name, title: tool.title, toolset: tool.toolset, danger: tool.danger, fate }
    };
    Ok(all.into_iter().map(ruled).collect())
}

fn names(tools: Vec<Tool>) -> Vec<String> {
    tools.into_iter().map(|tool| tool.name).collect()
}

/// The policy with one setting as wide as it goes, by the setting.
fn wider_policies(policy: &Policy) -> [(&'static str, Policy); 6] {
    let everything = everything();
    [
        ("the mode (--mode)", Policy { mode: everything.mode, ..policy.clone() }),
        ("the toolsets (--toolsets)", Policy { toolsets: everything.toolsets, ..policy.clone() }),
        ("the patterns (--tools)", Policy { tools: everything.tools, ..policy.clone() }),
        ("the exclusions (--exclude-tools)", Policy { exclude_tools: everything.exclude_tools, ..policy.clone() }),
        (
            "the pin (--organization, --user, or that of the access token)",
            Policy { organizations: everything.organizations, users: everything.users, ..policy.clone() },
        ),
        ("no place for secrets (--secrets-dir)", Policy { keeps_secrets: true, ..policy.clone() }),
    ]
}

/// Tells whether a tool of this danger that is allowed asks first, as the contract defines modes and production.
fn asks(policy: &Policy, danger: Danger) -> bool {
    let is_asked = match danger {
        Danger::Read | Danger::Reversible => false,
        Danger::Access => policy.production,
        Danger::Irreversible => policy.production || policy.mode == Mode::Standard,
        Danger::Critical => true,
    };
    is_asked && policy.confirm != Confirm::Off
}

impl Fate {
    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Runs => "runs",
            Self::Asks => "asks first",
            Self::Off(_) => "off",
        }
    }

    /// The setting that is the reason, where it is off.
    pub(super) fn because(self) -> Option<&'static str> {
        match self {
            Self::Off(setting) => Some(setting),
            Self::Runs | Self::Asks => None,
        }
    }
}

/// The words for the settings of a policy that people look for: the mode, and how somebody agrees.
pub(super) fn words(policy: &Policy) -> (&'static str, &'static str) {
    let mode = match policy.mode {
        Mode::ReadOnly => "read-only",
        Mode::Standard => "standard",
        Mode::Full => "full",
    };
    let confirm = match policy.confirm {
        Confirm::Off => "nothing asks (--confirm off)",
        Confirm::Token => "at the client, or by a token where it cannot ask",
        Confirm::Elicit => "at the client",
        Confirm::TokenOnly => "by a token",
    };
    (mode, confirm)
}

/// The word for a danger.
pub(super) fn danger(danger: Danger) -> &'static str {
    server::name_of(danger)
}
