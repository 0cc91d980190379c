//! Secrets on their way from a call's result into files. The answer names the files, and holds no secret.

use std::mem;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::task::spawn_blocking;

use crate::component::{CallResult, ContentBlock, Secret};
use crate::secrets::{SecretsDirectory, Unkept};

/// The most secrets of one call that are written.
const MOST: usize = 100;

const KEPT: &str = "Each secret is in a file that only this server's operator can read. Tell the person the path; do not read \
                    the file: what you read is a part of the conversation.";
const LOST: &str = "The call was made, but a secret of it could not be written and is lost. Tell the person why, and to revoke \
                    what was made, if anything was; call again only when that is put right.";

/// Takes the secrets out of a result and writes them, where there is a place for them.
pub(super) async fn keep(directory: Option<&Arc<SecretsDirectory>>, tool: &str, result: &mut CallResult) {
    let secrets = mem::take(&mut result.secrets);
    let Some(directory) = directory.filter(|_| !secrets.is_empty()) else { return };
    let (directory, tool) = (Arc::clone(directory), tool.to_owned());
    // The work is done also if nobody waits for it any more.
    match spawn_blocking(move || write_all(&directory, &tool, secrets)).await {
        Ok(said) => say(result, &said),
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}

/// Writes secrets, and says of each where it is or why it is lost.
fn write_all(directory: &SecretsDirectory, tool: &str, secrets: Vec<Secret>) -> Value {
    let (mut files, mut lost) = (Map::new(), Map::new());
    for (index, Secret { name, value }) in secrets.into_iter().enumerate() {
        let kept = if index < MOST { directory.keep(tool, &name, &value) } else { Err(Unkept::TooMany) };
        match kept {
            Ok(path) => {
                tracing::info!("a secret of {tool} was written to {}", path.display());
                files.insert(name, path.to_string_lossy().into());
            }
            Err(unkept) => {
                tracing::error!("a secret of {tool} is lost: {unkept}");
                lost.insert(name, unkept.to_string().into());
            }
        }
    }
    match (files.is_empty(), lost.is_empty()) {
        (_, true) => json!({ "secret_files": files, "secrets_note": KEPT }),
        (true, false) => json!({ "secrets_lost": lost, "secrets_note": LOST }),
        (false, false) => {
            json!({ "secret_files": files, "secrets_lost": lost, "secrets_note": format!("{KEPT} {LOST}") })
        }
    }
}

/// Adds to an answer what became of its secrets: to the structured content, and to the text that is the same.
fn say(result: &mut CallResult, said: &Value) {
    let said = said.to_string();
    let whole = result.structured_content.as_ref().and_then(|json| with_members(json, &said));
    let is_same = |block: &ContentBlock| matches!((block, &result.structured_content), (ContentBlock::Text(text), Some(json)) if text == json);
    match (whole, result.content.iter().position(is_same)) {
        (Some(whole), Some(index)) => {
            result.content[index] = ContentBlock::Text(whole.clone());
            result.structured_content = Some(whole);
        }
        (whole, _) => {
            result.content.push(ContentBlock::Text(said));
            result.structured_content = whole.or_else(|| result.structured_content.take());
        }
    }
}

/// An object with the members of another one behind its own; none where it is no object.
fn with_members(object: &str, more: &str) -> Option<String> {
    let (own, more) = (object.trim_end().strip_suffix('}')?, more.strip_prefix('{')?);
    let separator = if own.trim_end().ends_with('{') { "" } else { "," };
    Some(format!("{own}{separator}{more}"))
}
