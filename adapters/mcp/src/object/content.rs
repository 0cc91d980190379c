//! What tools, prompts and resources hold.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use guarded_tools::mcp_types::{self as contract, Media};
use serde::Serialize;

use super::listed::Resource;

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum ContentBlock {
    Text { text: String },
    Image(Bytes),
    Audio(Bytes),
    Resource { resource: ResourceContents },
    ResourceLink(Resource),
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bytes {
    /// Base64.
    data: String,
    mime_type: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceContents {
    uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mime_type: Option<String>,
    #[serde(flatten)]
    body: Body,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Body {
    Text(String),
    /// Base64.
    Blob(String),
}

impl From<contract::ContentBlock> for ContentBlock {
    fn from(block: contract::ContentBlock) -> Self {
        match block {
            contract::ContentBlock::Text(text) => Self::Text { text },
            contract::ContentBlock::Image(media) => Self::Image(media.into()),
            contract::ContentBlock::Audio(media) => Self::Audio(media.into()),
            contract::ContentBlock::EmbeddedResource(contents) => Self::Resource { resource: contents.into() },
            contract::ContentBlock::ResourceLink(resource) => Self::ResourceLink(resource.into()),
        }
    }
}

impl From<Media> for Bytes {
    fn from(media: Media) -> Self {
        Self { data: STANDARD.encode(media.data), mime_type: media.mime_type }
    }
}

impl From<contract::ResourceContents> for ResourceContents {
    fn from(contents: contract::ResourceContents) -> Self {
        let body = match contents.body {
            contract::ResourceBody::Text(text) => Body::Text(text),
            contract::ResourceBody::Blob(bytes) => Body::Blob(STANDARD.encode(bytes)),
        };
        Self { uri: contents.uri, mime_type: contents.mime_type, body }
    }
}
