//! `mcp-prompts`: what people ask for often.

use pins::Pins;

use super::{enter, icons};
use crate::ClerkTools;
use crate::bindings::exports::clerk::mcp::mcp_prompts::{
    self as wit, CallContext, ContentBlock, Error, Guest, PromptArgument, PromptMessage, PromptOutcome, PromptResult,
    Role,
};
use crate::masks;
use crate::prompts::{self, Argument, Prompt};
use crate::{arguments, policy};

impl Guest for ClerkTools {
    fn list(policy: wit::Policy) -> Vec<wit::Prompt> {
        let policy = policy::Policy::from(&policy);
        let allowed = prompts::PROMPTS.iter().filter(|prompt| prompt.check(&policy).is_ok());
        allowed.map(|prompt| listed(prompt, policy.pins)).collect()
    }

    fn get(name: String, arguments: String, context: CallContext) -> Result<PromptOutcome, Error> {
        let prompt = prompts::find(&name).map_err(Error::Unknown)?;
        let policy = enter(&context);
        prompt.check(&policy).map_err(Error::Denied)?;
        let text = prompt.fill(&arguments::parse(&arguments)?, policy.pins)?;
        let text = masks::text(text.into()).into_owned();
        let message = PromptMessage { role: Role::User, content: ContentBlock::Text(text) };
        Ok(PromptOutcome::Complete(PromptResult {
            description: Some(prompt.description.into()),
            messages: vec![message],
        }))
    }
}

/// A prompt as clients see it, whose calls are kept to this.
fn listed(prompt: &Prompt, pins: Pins<'_>) -> wit::Prompt {
    wit::Prompt {
        name: prompt.name.into(),
        title: Some(prompt.title.into()),
        description: prompt.description.into(),
        arguments: prompt.arguments(pins).map(Into::into).collect(),
        icons: icons(),
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
