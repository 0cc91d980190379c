//! The instance: which one the tools act on, and what they may do there.

use serde_json::Value;

use super::review;
use crate::api::Api;
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::object::NO_OBJECT;
use crate::request::{Endpoint, get};
use crate::tool::{self, Answer, Tool, Toolset};
use crate::view::read::Reading;
use crate::view::{View, count, many, one, text, texts};

pub(crate) const TOOLSET: Toolset = Toolset { name: "instance", tools: &[&WHOAMI, &review::SECURITY_REVIEW] };

const INSTANCE: Endpoint = get("/instance", &NO_OBJECT);

static STANDING: View = View(&[
    text("instance_id"),
    // What Clerk says of the instance, and what the secret key is for: `development` or `production`.
    text("environment_type"),
    text("key"),
    // What everything is kept to.
    text("organization"),
    text("user"),
    text("mode"),
    text("confirm"),
    texts("tools_that_ask"),
    texts("parameters_that_ask"),
    count("tools_count"),
    texts("toolsets"),
    // Those that can be called all the same.
    texts("tools_not_listed"),
    many("tools_off", &OFF),
    text("private_metadata_view"),
    // Of what only a part and a handle is shown.
    texts("masks"),
    one("budget", &BUDGET),
]);

/// Tools that are off for the same reason.
static OFF: View = View(&[text("because"), texts("tools")]);

static BUDGET: View = View(&[one("requests", &ALLOWANCE), one("writes", &ALLOWANCE)]);
/// The part that is left of what may be used in any so many seconds.
static ALLOWANCE: View = View(&[count("left"), count("of"), count("seconds")]);

static WHOAMI: Tool = Tool {
    name: "clerk_whoami",
    title: "Which instance, and what is allowed",
    description: "Find out on which Clerk instance the tools act, whether it is a production one, what the operator \
                  allows, why a tool is missing, which tools ask first, and how many requests and writes are left.",
    toolset: "instance",
    endpoint: INSTANCE,
    answer: Answer::One(&STANDING),
    run: Some(whoami),
    ..tool::READ
};

/// Most of it is not Clerk's to tell.
fn whoami(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let instance = api.fetch(&INSTANCE.request(arguments.sent().clone()))?;
    let mut standing = api.standing();
    standing["instance_id"] = instance["id"].clone();
    standing["environment_type"] = instance["environment_type"].clone();
    Ok(Reading::default().object(&STANDING, standing))
}
