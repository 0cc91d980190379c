//! `mcp-completion`: values that the beginning of an argument may mean.

use super::enter;
use crate::ClerkTools;
use crate::api::Api as _;
use crate::bindings::exports::clerk::mcp::mcp_completion::{CallContext, Completion, Error, Guest, Reference};
use crate::completion::{Offer, Values};
use crate::problem::{Problem, excerpt};
use crate::resources::TEMPLATES;
use crate::{exit, masks, membership, prompts};

impl Guest for ClerkTools {
    fn complete(of: Reference, name: String, value: String, context: CallContext) -> Result<Completion, Error> {
        enter(&context);
        let values = values(&of, &name)?;
        // Somebody who is not done with typing a handle means nothing that could be found.
        let Ok(typed) = masks::opened(&value) else { return Ok(Offer::default().into()) };
        let value = typed.unwrap_or(value);
        let failed = |failure| Error::Failed(exit::print_failure(failure));
        let clerk = membership::clerk(&context).map_err(failed)?;
        if let Some(pinned) = values.pinned(clerk.policy().pins) {
            return Ok(Offer { values: vec![pinned.into()], ..Offer::default() }.into());
        }
        let Some(request) = values.request(&value, clerk.policy()) else {
            return Ok(Offer::default().into());
        };
        let answer = clerk.fetch(&request).map_err(failed)?;
        Ok(values.offer(&value, &answer).into())
    }
}

/// The values that an argument takes.
fn values(of: &Reference, name: &str) -> Result<Values, Error> {
    let known = match of {
        Reference::Prompt(prompt) => {
            prompts::find(prompt).map_err(Error::Unknown)?.argument(name).map(|argument| argument.values)
        }
        Reference::ResourceTemplate(uri) => {
            let template = TEMPLATES.iter().find(|template| template.uri == uri);
            let template =
                template.ok_or_else(|| Error::Unknown(format!("unknown resource template `{}`", excerpt(uri))))?;
            (name == "id").then_some(template.values)
        }
    };
    known.ok_or_else(|| Problem::overall(format!("there is no argument `{}` to complete", excerpt(name))).into())
}

impl From<Offer> for Completion {
    fn from(offer: Offer) -> Self {
        Self { values: offer.values, total: offer.total, has_more: offer.has_more }
    }
}
