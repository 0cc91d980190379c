//! `mcp-prompts`: what people ask for often.

use super::{enter, icons};
use crate::ClerkTools;
use crate::arguments;
use crate::bindings::exports::clerk::mcp::mcp_prompts::{
    self as wit, CallContext, ContentBlock, Error, Guest, PromptArgument, PromptMessage, PromptOutcome, PromptResult,
    Role,
};
use crate::masks;
use crate::prompts::{self, Argument, Prompt};

impl Guest for ClerkTools {
    fn list(policy: wit::Policy) -> Vec<wit::Prompt> {
        let policy = (&policy).into();
        prompts::PROMPTS.iter().filter(|prompt| prompt.check(&policy).is_ok()).map(Into::into).collect()
    }

    fn get(name: String, arguments: String, context: CallContext) -> Result<PromptOutcome, Error> {
        let prompt = prompts::find(&name).map_err(Error::Unknown)?;
        prompt.check(&enter(&context)).map_err(Error::Denied)?;
        let text = masks::text(prompt.fill(&arguments::parse(&arguments)?)?.into()).into_owned();
        let message = PromptMessage { role: Role::User, content: ContentBlock::Text(text) };
        Ok(PromptOutcome::Complete(PromptResult {
            description: Some(prompt.description.into()),
            messages: vec![message],
        }))
    }
}

impl From<&Prompt> for wit::Prompt {
    fn from(prompt: &Prompt) -> Self {
        Self {
            name: prompt.name.into(),
            title: Some(prompt.title.into()),
            description: prompt.description.into(),
            arguments: prompt.arguments.iter().map(Into::into).collect(),
            icons: icons(),
        }
    }
}

impl From<&Argument> for PromptArgument {
    fn from(argument: &Argument) -> Self {
        Self {
            name: argument.name.into(),
            title: Some(argument.title.into()),
            description: argument.description.into(),
            required: argument.default.is_none(),
        }
    }
}
