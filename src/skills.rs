//! Skills: what an assistant should know how to do, as files in `skills/`. `build.rs` makes statics of them.

use serde_json::json;

use crate::catalogue;
use crate::packed::Packed;
use crate::policy::Policy;
use crate::problem::excerpt;

include!(concat!(env!("OUT_DIR"), "/skills.rs"));

/// A skill: a folder of `skills/`.
pub(crate) struct Skill {
    /// The folder's name: lower case and hyphens.
    pub(crate) name: &'static str,
    /// Its purpose, and when to use it.
    pub(crate) description: &'static str,
    /// SKILL.md, then what it refers to.
    files: &'static [File],
}

/// A file of a skill.
pub(crate) struct File {
    /// Its path in the folder.
    pub(crate) path: &'static str,
    /// `sha256:` and the SHA-256 of the text in 64 hexadecimal digits.
    pub(crate) digest: &'static str,
    /// The tools that the text names.
    tools: &'static [&'static str],
    /// Markdown.
    pub(crate) text: Packed,
}

/// The scheme of the files' URIs, and what follows it.
const SCHEME: &str = "skill://";
/// The main file of each.
pub(crate) const SKILL_MD: &str = "SKILL.md";
/// The media type of all files.
pub(crate) const MARKDOWN: &str = "text/markdown";

/// The skills whose tools a policy allows, in the order in which they are listed.
pub(crate) fn allowed<'a>(policy: &'a Policy<'_>) -> impl Iterator<Item = &'static Skill> + 'a {
    SKILLS.iter().copied().filter(|skill| skill.check(policy).is_ok())
}

/// The file of a URI, and the skill that it belongs to.
pub(crate) fn find(uri: &str) -> Option<(&'static Skill, &'static File)> {
    let (name, path) = uri.strip_prefix(SCHEME)?.split_once('/')?;
    let skill = SKILLS.iter().find(|skill| skill.name == name)?;
    Some((skill, skill.files.iter().find(|file| file.path == path)?))
}

/// A direct child of a folder.
pub(crate) enum Child {
    File(&'static File),
    /// A folder by its name.
    Folder(&'static str),
}

/// The skill that a folder belongs to, and what is in the folder, as far as a policy allows them.
///
/// # Errors
///
/// There is no such folder under this policy, in words.
pub(crate) fn children(uri: &str, policy: &Policy<'_>) -> Result<(&'static Skill, Vec<Child>), String> {
    let nothing = || format!("`{}` is no folder of a skill", excerpt(uri));
    let whole = uri.strip_prefix(SCHEME).ok_or_else(nothing)?;
    let (name, folder) =
        whole.split_once('/').map_or((whole, String::new()), |(name, path)| (name, format!("{path}/")));
    let skill = allowed(policy).find(|skill| skill.name == name).ok_or_else(nothing)?;
    let mut children = Vec::new();
    for path in skill.files(policy).filter_map(|file| Some((file, file.path.strip_prefix(folder.as_str())?))) {
        match path {
            (file, path) if !path.contains('/') => children.push(Child::File(file)),
            (_, path) => {
                let name = path.split('/').next().unwrap_or_default();
                if !children.iter().any(|child| matches!(child, Child::Folder(known) if *known == name)) {
                    children.push(Child::Folder(name));
                }
            }
        }
    }
    if children.is_empty() { Err(nothing()) } else { Ok((skill, children)) }
}

impl Skill {
    /// The URI of its file of this path.
    pub(crate) fn uri(&self, path: &str) -> String {
        format!("{SCHEME}{}/{path}", self.name)
    }

    /// The frontmatter of SKILL.md as a JSON object.
    pub(crate) fn frontmatter(&self) -> String {
        json!({ "name": self.name, "description": self.description }).to_string()
    }

    /// The text of SKILL.md below its frontmatter.
    pub(crate) fn body(&self) -> &'static str {
        let text = self.files.first().map_or("", |file| file.text.text());
        text.splitn(3, "---\n").last().unwrap_or_default().trim_start()
    }

    /// # Errors
    ///
    /// The setting that forbids a tool that SKILL.md names.
    pub(crate) fn check(&self, policy: &Policy<'_>) -> Result<(), String> {
        self.files.first().map_or(Ok(()), |file| file.check(policy))
    }

    /// The files whose tools a policy allows.
    pub(crate) fn files<'a>(&self, policy: &'a Policy<'_>) -> impl Iterator<Item = &'static File> + 'a {
        self.files.iter().filter(|file| file.check(policy).is_ok())
    }
}

impl File {
    /// # Errors
    ///
    /// The setting that forbids a tool that it names.
    pub(crate) fn check(&self, policy: &Policy<'_>) -> Result<(), String> {
        self.tools.iter().try_for_each(|name| policy.check(catalogue::find(name)?.subject()))
    }
}

#[cfg(test)]
mod tests;
