//! What lists hold: tools, prompts, resources and their templates.

use guarded_tools::{mcp_prompts, mcp_resources, mcp_tools, mcp_types};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::error::Error;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tool {
    name: String,
    title: String,
    description: String,
    input_schema: Box<RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_schema: Option<Box<RawValue>>,
    annotations: Annotations,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_excessive_bools, reason = "MCP has these four")]
struct Annotations {
    read_only_hint: bool,
    destructive_hint: bool,
    idempotent_hint: bool,
    open_world_hint: bool,
}

impl TryFrom<mcp_tools::Tool> for Tool {
    type Error = Error;

    fn try_from(tool: mcp_tools::Tool) -> Result<Self, Error> {
        let annotations = Annotations {
            read_only_hint: tool.annotations.read_only,
            destructive_hint: tool.annotations.destructive,
            idempotent_hint: tool.annotations.idempotent,
            open_world_hint: tool.annotations.open_world,
        };
        Ok(Self {
            input_schema: json(tool.input_schema)?,
            output_schema: tool.output_schema.map(json).transpose()?,
            name: tool.name,
            title: tool.title,
            description: tool.description,
            annotations,
        })
    }
}

/// JSON that the tools have printed.
pub(crate) fn json(text: String) -> Result<Box<RawValue>, Error> {
    RawValue::from_string(text).map_err(|error| Error::internal(format!("the tools gave what is not JSON: {error}")))
}

#[derive(Serialize)]
pub(crate) struct Prompt {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    description: String,
    arguments: Vec<PromptArgument>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    icons: Vec<Icon>,
}

#[derive(Serialize)]
struct PromptArgument {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    description: String,
    required: bool,
}

impl From<mcp_prompts::Prompt> for Prompt {
    fn from(prompt: mcp_prompts::Prompt) -> Self {
        let arguments = prompt.arguments.into_iter().map(|argument| PromptArgument {
            name: argument.name,
            title: argument.title,
            description: argument.description,
            required: argument.required,
        });
        Self {
            name: prompt.name,
            title: prompt.title,
            description: prompt.description,
            arguments: arguments.collect(),
            icons: icons(prompt.icons),
        }
    }
}

#[derive(Serialize)]
pub(crate) struct Resource {
    uri: String,
    #[serde(flatten)]
    about: AboutResource,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceTemplate {
    uri_template: String,
    #[serde(flatten)]
    about: AboutResource,
}

/// What is said of one resource and of a kind of them.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AboutResource {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    icons: Vec<Icon>,
}

impl From<mcp_types::Resource> for Resource {
    fn from(resource: mcp_types::Resource) -> Self {
        let mcp_types::Resource { uri, name, title, description, mime_type, icons: listed } = resource;
        Self { uri, about: AboutResource { name, title, description, mime_type, icons: icons(listed) } }
    }
}

impl From<mcp_resources::ResourceTemplate> for ResourceTemplate {
    fn from(template: mcp_resources::ResourceTemplate) -> Self {
        let mcp_resources::ResourceTemplate { uri_template, name, title, description, mime_type, icons: listed } =
            template;
        Self { uri_template, about: AboutResource { name, title, description, mime_type, icons: icons(listed) } }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Icon {
    src: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sizes: Vec<String>,
}

pub(crate) fn icons(icons: Vec<mcp_types::Icon>) -> Vec<Icon> {
    icons.into_iter().map(|icon| Icon { src: icon.src, mime_type: icon.mime_type, sizes: icon.sizes }).collect()
}
