//! MCP's methods.

use std::borrow::Cow;

use guarded_tools::Tools;
use guarded_tools::mcp_completion::{self, Reference};
use guarded_tools::mcp_prompts::{self, PromptOutcome};
use guarded_tools::mcp_resources;
use guarded_tools::mcp_server;
use guarded_tools::mcp_skills;
use guarded_tools::mcp_tools;
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use crate::error::Error;
use crate::message::Message;
use crate::object::results::{
    CompleteResult, DiscoverResult, Empty, InitializeResult, ListResult, PromptResult, ResourceResult, Typed,
};
use crate::object::skills::SkillResult;
use crate::round::{Called, call_tool};
use crate::versions::{OLDER_VERSIONS, supported_versions};

type Answer = Result<Box<RawValue>, Error>;

/// Has the contract answer a request.
pub(crate) fn answer(message: &Message<'_>, tools: &Tools) -> Answer {
    let policy = tools.policy();
    match (message.method(), message.is_older()) {
        ("initialize", true) => print(message, initialize(message, tools)?),
        ("ping", true) => print(message, Empty {}),
        ("server/discover", false) => {
            print(message, DiscoverResult::new(supported_versions(), mcp_server::describe(&policy)))
        }
        ("tools/list", _) => list(message, || ListResult::tools(mcp_tools::list(&policy))),
        ("tools/call", _) => match call_tool(message, tools)? {
            Called::Done(result) => print(message, result),
            Called::InputRequired(result) => print_as("input_required", message, result),
        },
        ("prompts/list", _) => list(message, || Ok(ListResult::prompts(mcp_prompts::list(&policy)))),
        ("prompts/get", _) => print(message, get_prompt(message, tools)?),
        ("resources/list", _) => list(message, || Ok(ListResult::resources(mcp_resources::list(&policy)))),
        ("resources/templates/list", _) => {
            list(message, || Ok(ListResult::templates(mcp_resources::templates(&policy))))
        }
        ("resources/read", _) => print(message, read_resource(message, tools)?),
        ("resources/directory/read", _) => {
            let uri = uri_of(message)?;
            list(message, || Ok(ListResult::resources(mcp_skills::directory(&uri, &policy)?)))
        }
        ("skills/list", _) => list(message, || ListResult::skills(mcp_skills::list(&policy))),
        ("skills/get", _) => {
            let uri = uri_of(message)?;
            let skill = mcp_skills::list(&policy).into_iter().find(|skill| skill.uri == uri);
            print(message, SkillResult::new(skill.ok_or_else(|| Error::invalid_params(NO_SUCH_SKILL))?)?)
        }
        ("completion/complete", _) => print(message, complete(message, tools)?),
        (name, is_older) => Err(Error::no_such_method(name, is_older)),
    }
}

const NO_SUCH_SKILL: &str = "there is no such skill; skills/list has them";

fn print(message: &Message<'_>, result: impl serde::Serialize) -> Answer {
    print_as("complete", message, result)
}

fn print_as(kind: &'static str, message: &Message<'_>, result: impl serde::Serialize) -> Answer {
    let result_type = (!message.is_older()).then_some(kind);
    to_raw_value(&Typed { result_type, result })
        .map_err(|error| Error::internal(format!("the answer is not JSON: {error}")))
}

/// The version that the client asks for, or the newest that begins this way.
fn initialize(message: &Message<'_>, tools: &Tools) -> Result<InitializeResult, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Params<'a> {
        #[serde(borrow)]
        protocol_version: Cow<'a, str>,
    }
    let wanted = message.params::<Params<'_>>()?.protocol_version;
    let version = OLDER_VERSIONS.into_iter().find(|version| *version == wanted).unwrap_or(OLDER_VERSIONS[0]);
    Ok(InitializeResult::new(version, mcp_server::describe(&tools.policy())))
}

/// Lists are short enough for one page, so that there is no cursor to go on from.
fn list(message: &Message<'_>, items: impl FnOnce() -> Result<ListResult, Error>) -> Answer {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow)]
        cursor: Option<Cow<'a, str>>,
    }
    match message.params::<Params<'_>>()?.cursor {
        Some(_) => Err(Error::invalid_params("the list has one page only: leave `cursor` out")),
        None => print(message, items()?),
    }
}

fn get_prompt(message: &Message<'_>, tools: &Tools) -> Result<PromptResult, Error> {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow)]
        name: Cow<'a, str>,
        #[serde(borrow)]
        arguments: Option<&'a RawValue>,
    }
    let Params { name, arguments } = message.params()?;
    match mcp_prompts::get(&name, arguments.map_or("{}", RawValue::get), &tools.context()?)? {
        PromptOutcome::Complete(result) => Ok(PromptResult::new(result)),
        PromptOutcome::InputRequired(_) => {
            Err(Error::internal("the prompt asks the client, which cannot be asked here"))
        }
    }
}

fn uri_of<'a>(message: &Message<'a>) -> Result<Cow<'a, str>, Error> {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow)]
        uri: Cow<'a, str>,
    }
    message.params::<Params<'a>>().map(|params| params.uri)
}

fn read_resource(message: &Message<'_>, tools: &Tools) -> Result<ResourceResult, Error> {
    let uri = uri_of(message)?;
    let contents = mcp_resources::read(&uri, &tools.context()?);
    contents.map(ResourceResult::new).map_err(|error| Error::of_resource(&uri, error))
}

fn complete(message: &Message<'_>, tools: &Tools) -> Result<CompleteResult, Error> {
    #[derive(Deserialize)]
    struct Params<'a> {
        #[serde(borrow, rename = "ref")]
        of: Of<'a>,
        #[serde(borrow)]
        argument: Argument<'a>,
    }
    #[derive(Deserialize)]
    #[serde(tag = "type")]
    enum Of<'a> {
        #[serde(rename = "ref/prompt")]
        Prompt {
            #[serde(borrow)]
            name: Cow<'a, str>,
        },
        #[serde(rename = "ref/resource")]
        Resource {
            #[serde(borrow)]
            uri: Cow<'a, str>,
        },
    }
    #[derive(Deserialize)]
    struct Argument<'a> {
        #[serde(borrow)]
        name: Cow<'a, str>,
        #[serde(borrow)]
        value: Cow<'a, str>,
    }
    let Params { of, argument } = message.params()?;
    let of = match of {
        Of::Prompt { name } => Reference::Prompt(name.into_owned()),
        Of::Resource { uri } => Reference::ResourceTemplate(uri.into_owned()),
    };
    let completion = mcp_completion::complete(&of, &argument.name, &argument.value, &tools.context()?)?;
    Ok(CompleteResult::new(completion))
}
