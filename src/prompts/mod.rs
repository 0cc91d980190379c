//! Prompts: what people ask for often. Each is a skill with a request in front of it, in which `{name}` stands for the argument of
//! that name: what to do stands in the skill alone.

use pins::Pins;
use serde_json::{Map, Value};

use crate::completion::Values;
use crate::pinned::FIXED;
use crate::policy::Policy;
use crate::problem::{Problem, closest, excerpt};
use crate::skills::{DIAGNOSE_SIGN_IN, OFFBOARD_PERSON, ONBOARD_CUSTOMER, REVIEW_ACCESS, Skill};

/// A prompt.
pub(crate) struct Prompt {
    pub(crate) name: &'static str,
    pub(crate) title: &'static str,
    pub(crate) description: &'static str,
    pub(crate) arguments: &'static [Argument],
    /// What the person asks for, in their words.
    request: &'static str,
    /// How it is done. Where the policy forbids the skill, the prompt is not offered.
    skill: &'static Skill,
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
        request: "Find out why this person cannot sign in to our application, and what would help: {user}",
        skill: &DIAGNOSE_SIGN_IN,
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
        request: "Onboard a new customer of our application: the organization is called \"{organization}\", and the first person is \
                  {email_address}, with the role {role}.",
        skill: &ONBOARD_CUSTOMER,
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
        request: "Off-board this person: {user}. Take them out of {organization}.",
        skill: &OFFBOARD_PERSON,
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
        request: "Audit who can administer this organization: {organization}",
        skill: &REVIEW_ACCESS,
    },
];

/// The words between the request and the skill, whose files the client knows by their URIs.
const FOLLOW: &str = "Do it as follows. The files that are named are resources below";

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
    /// The setting that forbids a tool of its skill.
    pub(crate) fn check(&self, policy: &Policy) -> Result<(), String> {
        self.skill.check(policy)
    }

    /// The request with the arguments in their places, and the skill.
    ///
    /// # Errors
    ///
    /// Every argument that is unknown, no text, or missing.
    pub(crate) fn fill(&self, given: &Map<String, Value>, pins: Pins<'_>) -> Result<String, Vec<Problem>> {
        let known = || self.arguments(pins).map(|argument| argument.name).collect::<Vec<_>>().join(", ");
        let unknown = given.keys().filter(|name| self.argument(name).is_none());
        let mut problems: Vec<Problem> =
            unknown.map(|name| Problem::at(name, format!("unknown argument; the arguments are {}", known()))).collect();
        problems.extend(self.arguments.iter().filter_map(|argument| argument.text(given, pins).err()));
        if !problems.is_empty() {
            return Err(problems);
        }
        let place = |name: &str| self.argument(name).and_then(|argument| argument.text(given, pins).ok());
        let request = fill(self.request, place);
        let (name, steps) = (self.skill.name, self.skill.body());
        Ok(format!("{request}\n\n{FOLLOW} skill://{name}/.\n\n{steps}"))
    }

    /// The arguments that are not pinned.
    pub(crate) fn arguments<'a>(&self, pins: Pins<'a>) -> impl Iterator<Item = &'static Argument> + use<'a> {
        self.arguments.iter().filter(move |argument| argument.values.pinned(pins).is_none())
    }

    pub(crate) fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

impl Argument {
    /// The text in its place.
    fn text<'a>(&self, given: &'a Map<String, Value>, pins: Pins<'a>) -> Result<&'a str, Problem> {
        let pinned = self.values.pinned(pins);
        match given.get(self.name) {
            Some(Value::String(text)) if pinned.is_some_and(|pinned| !text.trim().is_empty() && text != pinned) => {
                Err(Problem::at(self.name, FIXED))
            }
            Some(Value::String(text)) if !text.trim().is_empty() => Ok(text),
            None | Some(Value::Null | Value::String(_)) => {
                pinned.or(self.default).ok_or_else(|| Problem::at(self.name, "required, but missing"))
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
