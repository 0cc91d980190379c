//! The results of MCP's methods.

use std::collections::BTreeMap;

use guarded_tools::mcp_completion::Completion;
use guarded_tools::mcp_prompts::{self, Role};
use guarded_tools::mcp_resources;
use guarded_tools::mcp_server::Server;
use guarded_tools::mcp_skills;
use guarded_tools::mcp_tools;
use guarded_tools::mcp_types::{self, Error as Refusal};
use serde::Serialize;
use serde_json::value::RawValue;

use super::content::{ContentBlock, ResourceContents};
use super::listed::{self, Icon, Prompt, Resource, ResourceTemplate, Tool, icons};
use super::skills::{EXTENSIONS, Extensions, Skill};
use crate::error::Error;

/// How long a client may keep a list: it changes only with the artifact and its environment.
const LIST_TTL_MS: u32 = 60 * 60 * 1000;

/// Any result, with what the newest version wants of each.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Typed<R> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) result_type: Option<&'static str>,
    #[serde(flatten)]
    pub(crate) result: R,
}

/// Who may keep an answer, and for how long.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cached {
    ttl_ms: u32,
    cache_scope: &'static str,
}

pub(super) const CACHED: Cached = Cached { ttl_ms: LIST_TTL_MS, cache_scope: "public" };

#[derive(Serialize)]
struct Capabilities {
    completions: Empty,
    extensions: Extensions,
    prompts: Empty,
    resources: Empty,
    tools: Empty,
}

#[derive(Serialize)]
pub(crate) struct Empty {}

const CAPABILITIES: Capabilities = Capabilities {
    completions: Empty {},
    extensions: EXTENSIONS,
    prompts: Empty {},
    resources: Empty {},
    tools: Empty {},
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Implementation {
    name: &'static str,
    title: String,
    version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    website_url: Option<String>,
    icons: Vec<Icon>,
}

impl Implementation {
    fn new(server: Server) -> (Self, String) {
        let info = Self {
            name: guarded_tools::SERVER_NAME,
            title: server.title,
            version: env!("CARGO_PKG_VERSION"),
            website_url: server.website_url,
            icons: icons(server.icons),
        };
        (info, server.instructions)
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InitializeResult {
    protocol_version: &'static str,
    capabilities: Capabilities,
    server_info: Implementation,
    instructions: String,
}

impl InitializeResult {
    pub(crate) fn new(protocol_version: &'static str, server: Server) -> Self {
        let (server_info, instructions) = Implementation::new(server);
        Self { protocol_version, capabilities: CAPABILITIES, server_info, instructions }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DiscoverResult {
    supported_versions: Vec<&'static str>,
    capabilities: Capabilities,
    instructions: String,
    #[serde(flatten)]
    cached: Cached,
    #[serde(rename = "_meta")]
    meta: DiscoverMeta,
}

#[derive(Serialize)]
struct DiscoverMeta {
    #[serde(rename = "io.modelcontextprotocol/serverInfo")]
    server_info: Implementation,
}

impl DiscoverResult {
    pub(crate) fn new(supported_versions: Vec<&'static str>, server: Server) -> Self {
        let (server_info, instructions) = Implementation::new(server);
        let meta = DiscoverMeta { server_info };
        Self { supported_versions, capabilities: CAPABILITIES, instructions, cached: CACHED, meta }
    }
}

/// A list: one of its kinds is there.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ListResult {
    #[serde(flatten)]
    cached: Cached,
    #[serde(flatten)]
    list: List,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum List {
    Tools(Vec<Tool>),
    Prompts(Vec<Prompt>),
    Resources(Vec<Resource>),
    ResourceTemplates(Vec<ResourceTemplate>),
    Skills(Vec<Skill>),
}

impl From<List> for ListResult {
    fn from(list: List) -> Self {
        Self { cached: CACHED, list }
    }
}

impl ListResult {
    pub(crate) fn tools(tools: Vec<mcp_tools::Tool>) -> Result<Self, Error> {
        let tools: Result<_, Error> = tools.into_iter().map(Tool::try_from).collect();
        Ok(List::Tools(tools?).into())
    }

    pub(crate) fn prompts(prompts: Vec<mcp_prompts::Prompt>) -> Self {
        List::Prompts(prompts.into_iter().map(Into::into).collect()).into()
    }

    pub(crate) fn resources(resources: Vec<mcp_types::Resource>) -> Self {
        List::Resources(resources.into_iter().map(Into::into).collect()).into()
    }

    pub(crate) fn skills(skills: Vec<mcp_skills::Skill>) -> Result<Self, Error> {
        let skills: Result<_, Error> = skills.into_iter().map(Skill::try_from).collect();
        Ok(List::Skills(skills?).into())
    }

    pub(crate) fn templates(templates: Vec<mcp_resources::ResourceTemplate>) -> Self {
        List::ResourceTemplates(templates.into_iter().map(Into::into).collect()).into()
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CallResult {
    content: Vec<ContentBlock>,
    #[serde(skip_serializing_if = "Option::is_none")]
    structured_content: Option<Box<RawValue>>,
    is_error: bool,
}

impl CallResult {
    pub(crate) fn new(result: mcp_tools::CallResult) -> Result<Self, Error> {
        Ok(Self {
            content: result.content.into_iter().map(Into::into).collect(),
            structured_content: result.structured_content.map(listed::json).transpose()?,
            is_error: result.is_error,
        })
    }

    /// What keeps a call from taking place is an answer that a model can act on, where it can.
    pub(crate) fn from_error(error: Refusal) -> Result<Self, Error> {
        let failure = guarded_tools::in_words(error)?.to_string();
        Ok(Self { content: vec![ContentBlock::Text { text: failure }], structured_content: None, is_error: true })
    }
}

/// What the client has to answer before the call goes on.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct InputRequiredResult {
    input_requests: BTreeMap<String, InputRequest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_state: Option<String>,
}

#[derive(Serialize)]
struct InputRequest {
    method: String,
    params: Box<RawValue>,
}

impl InputRequiredResult {
    pub(crate) fn new(required: mcp_types::InputRequired) -> Result<Self, Error> {
        let requests = required.requests.into_iter().map(|request| {
            let mcp_types::InputRequest { id, method, params } = request;
            Ok((id, InputRequest { method, params: listed::json(params)? }))
        });
        Ok(Self { input_requests: requests.collect::<Result<_, Error>>()?, request_state: required.state })
    }
}

#[derive(Serialize)]
pub(crate) struct PromptResult {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    messages: Vec<PromptMessage>,
}

#[derive(Serialize)]
struct PromptMessage {
    role: &'static str,
    content: ContentBlock,
}

impl PromptResult {
    pub(crate) fn new(result: mcp_prompts::PromptResult) -> Self {
        let messages = result.messages.into_iter().map(|message| {
            let role = match message.role {
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            PromptMessage { role, content: message.content.into() }
        });
        Self { description: result.description, messages: messages.collect() }
    }
}

/// What was read may be gone a moment later: it is not to be kept.
#[derive(Serialize)]
pub(crate) struct ResourceResult {
    #[serde(flatten)]
    cached: Cached,
    contents: Vec<ResourceContents>,
}

impl ResourceResult {
    pub(crate) fn new(contents: Vec<mcp_types::ResourceContents>) -> Self {
        let cached = Cached { ttl_ms: 0, cache_scope: "private" };
        Self { cached, contents: contents.into_iter().map(Into::into).collect() }
    }
}

#[derive(Serialize)]
pub(crate) struct CompleteResult {
    completion: CompletionInfo,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CompletionInfo {
    values: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<u32>,
    has_more: bool,
}

impl CompleteResult {
    pub(crate) fn new(completion: Completion) -> Self {
        let Completion { values, total, has_more } = completion;
        Self { completion: CompletionInfo { values, total, has_more } }
    }
}
