//! Skills, an extension of MCP.

use guarded_tools::mcp_skills;
use serde::Serialize;
use serde_json::value::RawValue;

use super::listed::json;
use super::results::{CACHED, Cached};
use crate::error::Error;

/// MCP's extensions that are spoken.
#[derive(Serialize)]
pub(super) struct Extensions {
    #[serde(rename = "io.modelcontextprotocol/skills")]
    skills: Skills,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Skills {
    directory_read: bool,
}

pub(super) const EXTENSIONS: Extensions = Extensions { skills: Skills { directory_read: true } };

#[derive(Serialize)]
pub(crate) struct Skill {
    uri: String,
    frontmatter: Box<RawValue>,
    resources: Vec<SkillFile>,
}

#[derive(Serialize)]
struct SkillFile {
    uri: String,
    digest: String,
    size: u64,
}

impl TryFrom<mcp_skills::Skill> for Skill {
    type Error = Error;

    fn try_from(skill: mcp_skills::Skill) -> Result<Self, Error> {
        let file = |file: mcp_skills::SkillFile| SkillFile { uri: file.uri, digest: file.digest, size: file.size };
        let resources = skill.files.into_iter().map(file).collect();
        Ok(Self { uri: skill.uri, frontmatter: json(skill.frontmatter)?, resources })
    }
}

#[derive(Serialize)]
pub(crate) struct SkillResult {
    #[serde(flatten)]
    cached: Cached,
    skill: Skill,
}

impl SkillResult {
    pub(crate) fn new(skill: mcp_skills::Skill) -> Result<Self, Error> {
        Ok(Self { cached: CACHED, skill: skill.try_into()? })
    }
}
