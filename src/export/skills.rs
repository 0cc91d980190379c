//! `mcp-skills`: what an assistant should know how to do.

use crate::ClerkTools;
use crate::bindings::exports::clerk::mcp::mcp_skills::{Error, Guest, Policy, Resource, Skill, SkillFile};
use crate::skills::{self, Child, File, MARKDOWN, SKILL_MD};

impl Guest for ClerkTools {
    fn list(policy: Policy) -> Vec<Skill> {
        let policy = (&policy).into();
        let entry = |skill: &skills::Skill| Skill {
            uri: skill.uri(SKILL_MD),
            frontmatter: skill.frontmatter(),
            files: skill.files(&policy).map(|file| listed(skill, file)).collect(),
        };
        skills::allowed(&policy).map(entry).collect()
    }

    fn directory(uri: String, policy: Policy) -> Result<Vec<Resource>, Error> {
        let (skill, children) = skills::children(&uri, &(&policy).into()).map_err(Error::NotFound)?;
        let child = |child| match child {
            Child::File(file) => resource(skill, file),
            Child::Folder(name) => folder(format!("{uri}/{name}"), name),
        };
        Ok(children.into_iter().map(child).collect())
    }
}

fn listed(skill: &skills::Skill, file: &File) -> SkillFile {
    let size = file.text.size.try_into().unwrap_or(u64::MAX);
    SkillFile { uri: skill.uri(file.path), digest: file.digest.into(), size }
}

/// A file as a resource: SKILL.md has the name and the description of its skill.
pub(super) fn resource(skill: &skills::Skill, file: &File) -> Resource {
    let (name, description) = if file.path == SKILL_MD {
        (skill.name, Some(skill.description.into()))
    } else {
        (file.path.rsplit_once('/').map_or(file.path, |(_, name)| name), None)
    };
    let (uri, mime_type) = (skill.uri(file.path), Some(MARKDOWN.into()));
    Resource { uri, name: name.into(), title: None, description, mime_type, icons: Vec::new() }
}

fn folder(uri: String, name: &str) -> Resource {
    let mime_type = Some("inode/directory".into());
    Resource { uri, name: name.into(), title: None, description: None, mime_type, icons: Vec::new() }
}
