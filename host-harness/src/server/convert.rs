//! The contract's records as MCP's objects.

use std::sync::Arc;

use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rmcp::ErrorData;
use rmcp::model::{self, CallToolResult, GetPromptResult, JsonObject, ToolAnnotations};
use serde_json::{Value, json};

use super::{apps, failure};
use crate::component::{
    App, CallResult, ContentBlock, Icon, InputRequest, Media, Prompt, PromptResult, Resource, ResourceBody,
    ResourceContents, ResourceTemplate, Role, Skill, SkillFile, Tool,
};

pub(crate) fn tool(tool: Tool) -> anyhow::Result<model::Tool> {
    let schema = |text: &str| -> anyhow::Result<Arc<JsonObject>> {
        Ok(Arc::new(serde_json::from_str(text).with_context(|| format!("a schema of {} is not JSON", tool.name))?))
    };
    let annotations = ToolAnnotations::new()
        .read_only(tool.annotations.read_only)
        .destructive(tool.annotations.destructive)
        .idempotent(tool.annotations.idempotent)
        .open_world(tool.annotations.open_world);
    let (input, output) = (schema(&tool.input_schema)?, tool.output_schema.as_deref().map(schema).transpose()?);
    let listed =
        model::Tool::new(tool.name, tool.description, input).with_title(tool.title).with_annotations(annotations);
    Ok(match output {
        Some(output) => listed.with_raw_output_schema(output),
        None => listed,
    })
}

pub(super) fn prompt(prompt: Prompt) -> model::Prompt {
    let arguments = prompt.arguments.into_iter().map(|argument| {
        let mut listed = model::PromptArgument::new(argument.name)
            .with_description(argument.description)
            .with_required(argument.required);
        listed.title = argument.title;
        listed
    });
    let mut listed = model::Prompt::new(prompt.name, Some(prompt.description), Some(arguments.collect()));
    listed.title = prompt.title;
    listed.icons = icons(prompt.icons);
    listed
}

pub(super) fn resource(resource: Resource) -> model::Resource {
    let mut listed = model::Resource::new(resource.uri, resource.name);
    listed.title = resource.title;
    listed.description = resource.description;
    listed.mime_type = resource.mime_type;
    listed.icons = icons(resource.icons);
    listed
}

/// A view as a resource.
pub(super) fn app(app: &App) -> model::Resource {
    let mut listed = model::Resource::new(app.uri.clone(), app.name.clone()).with_meta(apps::of_view());
    listed.title = Some(app.title.clone());
    listed.description = Some(app.description.clone());
    listed.mime_type = Some(apps::HTML.into());
    listed
}

pub(super) fn resource_template(template: ResourceTemplate) -> model::ResourceTemplate {
    let mut listed = model::ResourceTemplate::new(template.uri_template, template.name);
    listed.title = template.title;
    listed.description = template.description;
    listed.mime_type = template.mime_type;
    listed.icons = icons(template.icons);
    listed
}

pub(super) fn skill(skill: Skill) -> anyhow::Result<model::Skill> {
    let frontmatter = serde_json::from_str(&skill.frontmatter)
        .with_context(|| format!("the frontmatter of {} is not JSON, or lacks a name or a description", skill.uri))?;
    let file = |SkillFile { uri, digest, size }| model::SkillResource::new(uri, digest, size);
    let files = skill.files.into_iter().map(file).collect();
    Ok(model::Skill::new(skill.uri, frontmatter, model::SkillResources::Files(files)))
}

pub(super) fn icons(icons: Vec<Icon>) -> Option<Vec<model::Icon>> {
    let icons = icons.into_iter().map(|icon| {
        let mut listed = model::Icon::new(icon.src);
        listed.mime_type = icon.mime_type;
        listed.sizes = (!icon.sizes.is_empty()).then_some(icon.sizes);
        listed
    });
    Some(icons.collect()).filter(|icons: &Vec<_>| !icons.is_empty())
}

pub(super) fn call_result(result: CallResult) -> Result<CallToolResult, ErrorData> {
    let mut answer = CallToolResult::success(result.content.into_iter().map(content_block).collect());
    if let Some(json) = result.structured_content {
        let value: Value = serde_json::from_str(&json)
            .map_err(|error| failure::internal(&format!("the answer is not JSON: {error}")))?;
        answer.structured_content = Some(value);
    }
    answer.is_error = Some(result.is_error);
    Ok(answer)
}

pub(super) fn prompt_result(result: PromptResult) -> GetPromptResult {
    let messages = result.messages.into_iter().map(|message| {
        let role = match message.role {
            Role::User => model::Role::User,
            Role::Assistant => model::Role::Assistant,
        };
        model::PromptMessage::new(role, content_block(message.content))
    });
    let mut answer = GetPromptResult::new(messages.collect());
    answer.description = result.description;
    answer
}

pub(super) fn resource_contents(contents: ResourceContents) -> model::ResourceContents {
    let ResourceContents { uri, mime_type, body } = contents;
    let meta = mime_type.as_ref().filter(|kind| *kind == apps::HTML).map(|_| apps::of_view());
    match body {
        ResourceBody::Text(text) => model::ResourceContents::TextResourceContents { uri, mime_type, text, meta },
        ResourceBody::Blob(bytes) => {
            model::ResourceContents::BlobResourceContents { uri, mime_type, blob: STANDARD.encode(bytes), meta }
        }
    }
}

/// # Errors
///
/// It is none that MCP knows: a fault of the component.
pub(super) fn input_request(request: &InputRequest) -> Result<model::InputRequest, ErrorData> {
    let wrong =
        |error: serde_json::Error| failure::internal(&format!("the tool asks for what MCP does not know: {error}"));
    let params: Value = serde_json::from_str(&request.params).map_err(wrong)?;
    serde_json::from_value(json!({ "method": request.method, "params": params })).map_err(wrong)
}

fn content_block(block: ContentBlock) -> model::ContentBlock {
    let encoded = |media: Media| (STANDARD.encode(media.data), media.mime_type);
    match block {
        ContentBlock::Text(text) => model::ContentBlock::text(text),
        ContentBlock::Image(image) => {
            let (data, mime_type) = encoded(image);
            model::ContentBlock::image(data, mime_type)
        }
        ContentBlock::Audio(audio) => {
            let (data, mime_type) = encoded(audio);
            model::ContentBlock::audio(data, mime_type)
        }
        ContentBlock::EmbeddedResource(contents) => model::ContentBlock::resource(resource_contents(contents)),
        ContentBlock::ResourceLink(link) => model::ContentBlock::resource_link(resource(link)),
    }
}
