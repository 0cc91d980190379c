//! Prompts: what people ask for often, as texts that lead an assistant to the right tools: start reading here. Each text is a
//! file of its own, in which `{name}` stands for the argument of that name.

use serde_json::{Map, Value};

use crate::catalogue;
use crate::completion::Values;
use crate::policy::Policy;
use crate::problem::{Problem, closest, excerpt};

/// A prompt.
pub(crate) struct Prompt {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) arguments: &'static [Argument],
    /// The tools that the text names. Where the policy forbids one of them, the prompt is not offered.
    pub(crate) tools: &'static [&'static str],
    pub(crate) text: &'static str,
}

pub(crate) struct Argument {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    /// The text in the place of an absent argument. Without one, the argument is required.
    pub(crate) default: Option<&'static str>,
    pub(crate) values: Values,
}

const USER: Argument = Argument {
    name: "user",
    title: "User",
    description: "The person's email address or user id.",
    default: None,
    values: Values::EmailAddresses,
};

/// The prompts, in the order in which they are listed.
pub(crate) const PROMPTS: &[Prompt] = &[
    Prompt {
        name: "diagnose_sign_in",
        title: "Find out why somebody cannot sign in",
        description: "Look through a person's account for what keeps them from signing in, and say what would help.",
        arguments: &[USER],
        tools: &["clerk_find_user", "clerk_get_user", "clerk_list_user_organizations", "clerk_list_sessions"],
        text: include_str!("diagnose_sign_in.md"),
    },
    Prompt {
        name: "onboard_organization",
        title: "Onboard a customer organization",
        description: "Create an organization for a new customer and invite the first person to it.",
        arguments: &[
            Argument {
                name: "organization",
                title: "Organization",
                description: "The name of the new organization.",
                default: None,
                values: Values::Any,
            },
            Argument {
                name: "email_address",
                title: "First person",
                description: "The email address of the first person to invite.",
                default: None,
                values: Values::Any,
            },
            Argument {
                name: "role",
                title: "Role",
                description: "The role of the first person. Default org:admin.",
                default: Some("org:admin"),
                values: Values::Roles,
            },
        ],
        tools: &[
            "clerk_list_organizations",
            "clerk_list_roles",
            "clerk_create_organization",
            "clerk_create_invitation",
        ],
        text: include_str!("onboard_organization.md"),
    },
    Prompt {
        name: "offboard_person",
        title: "Off-board a person",
        description: "Take a person out of the organizations they belong to, after showing what that means.",
        arguments: &[
            USER,
            Argument {
                name: "organization",
                title: "Organization",
                description: "Only this organization, by id or slug. Default all of them.",
                default: Some("every organization that they belong to"),
                values: Values::Organizations,
            },
        ],
        tools: &[
            "clerk_find_user",
            "clerk_get_user_access_report",
            "clerk_get_organization",
            "clerk_list_organization_members",
            "clerk_revoke_organization_invitation",
            "clerk_offboard_user",
            "clerk_remove_member",
        ],
        text: include_str!("offboard_person.md"),
    },
    Prompt {
        name: "audit_organization_admins",
        title: "Audit an organization's administrators",
        description: "List who can administer an organization, and what about each of them deserves attention.",
        arguments: &[Argument {
            name: "organization",
            title: "Organization",
            description: "The organization's id or slug.",
            default: None,
            values: Values::Organizations,
        }],
        tools: &[
            "clerk_get_organization",
            "clerk_list_roles",
            "clerk_list_organization_members",
            "clerk_list_organization_invitations",
            "clerk_get_user",
        ],
        text: include_str!("audit_organization_admins.md"),
    },
];

/// Finds a prompt by its exact name.
///
/// # Errors
///
/// A message for the caller, with the closest name if one is close.
pub(crate) fn find(name: &str) -> Result<&'static Prompt, String> {
    PROMPTS.iter().find(|prompt| prompt.name == name).ok_or_else(|| {
        match closest(name, PROMPTS.iter().map(|prompt| prompt.name)) {
            Some(suggestion) => format!("unknown prompt `{name}`; did you mean `{suggestion}`?"),
            None => format!("unknown prompt `{}`", excerpt(name)),
        }
    })
}

impl Prompt {
    /// # Errors
    ///
    /// The setting that forbids one of its tools.
    pub(crate) fn check(&self, policy: &Policy) -> Result<(), String> {
        self.tools.iter().try_for_each(|name| policy.check(catalogue::find(name)?.subject()))
    }

    /// The text with the arguments in their places.
    ///
    /// # Errors
    ///
    /// Every argument that is unknown, no text, or missing.
    pub(crate) fn fill(&self, given: &Map<String, Value>) -> Result<String, Vec<Problem>> {
        let known = || self.arguments.iter().map(|argument| argument.name).collect::<Vec<_>>().join(", ");
        let unknown = given.keys().filter(|name| self.argument(name).is_none());
        let mut problems: Vec<Problem> =
            unknown.map(|name| Problem::at(name, format!("unknown argument; the arguments are {}", known()))).collect();
        problems.extend(self.arguments.iter().filter_map(|argument| argument.text(given).err()));
        if !problems.is_empty() {
            return Err(problems);
        }
        let place = |name: &str| self.argument(name).and_then(|argument| argument.text(given).ok());
        Ok(fill(self.text, place))
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

impl Argument {
    /// The text in its place.
    fn text<'a>(&self, given: &'a Map<String, Value>) -> Result<&'a str, Problem> {
        match given.get(self.name) {
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
            None | Some(Value::Null | Value::String(_)) => {
                self.default.ok_or_else(|| Problem::at(self.name, "required, but missing"))
            }
            Some(_) => Err(Problem::at(self.name, "must be a text")),
        }
    }
}

/// Puts in the place of each `{name}` what belongs there. What is put there is not looked at again.
fn fill<'a>(text: &str, place: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut filled = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(place(name).unwrap_or_default());
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests;
