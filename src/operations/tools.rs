//! The five tools that lead to the operations.

use serde_json::{Map, Value, json};

use super::search::search;
use super::table::{ALL, READS, REMOVES, WRITES};
use super::{API, OPERATIONS, Operation, find};
use crate::api::{Api, Named};
use crate::arguments::{self, Arguments};
use crate::call::Call;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::filling;
use crate::json_text;
use crate::kind::{Kind, Parameter, parameter};
use crate::policy::Policy;
use crate::problem::Problem;
use crate::tool::{self, Answer, CONFIRMATION_TOKEN, DRY_RUN, Tool, Toolset};
use crate::view::{Field, Shape, View, flag, many, object, text, texts};

pub(crate) const TOOLSET: Toolset =
    Toolset { name: API, tools: &[&SEARCH, &DESCRIBE, &API_READ, &API_WRITE, &API_DELETE] };

const QUERY: Parameter =
    parameter("query", Kind::Text, "What to do, in a few words, such as `rotate key`.").required().kept();
const OPERATION: Parameter =
    parameter("operation", Kind::Text, "Its name from clerk_api_search, or `GET /jwks`.").required().kept();
/// Some of them may be secrets, so that what is wrong with them as a whole does not repeat them.
const ARGUMENTS: Parameter = parameter("arguments", Kind::Open, "As clerk_api_describe says.").kept().secret();

/// Operations as a search finds them.
static RESULTS: View = View(&[many("operations", &RESULT), flag("has_more"), text("hint")]);
static RESULT: View = View(&[
    text("better"),
    text("operation"),
    text("call"),
    text("title"),
    text("effect"),
    text("danger"),
    text("tool"),
    text("off"),
]);

static DESCRIPTION: View = View(&[
    text("better"),
    text("operation"),
    text("call"),
    text("title"),
    text("effect"),
    text("danger"),
    flag("deprecated"),
    text("tool"),
    flag("asks_first"),
    text("off"),
    object("arguments"),
    texts("answers_with"),
]);

static SEARCH: Tool = Tool {
    name: "clerk_api_search",
    title: "Search the whole API",
    description: "Find operations of Clerk's Backend API, all 249, for what no other tool does. `better` names the tool \
                  to take instead.",
    toolset: API,
    endpoint: tool::NO_ENDPOINT,
    parameters: &[QUERY],
    answer: Answer::One(&RESULTS),
    leads_to: ALL,
    run: Some(|arguments, api| {
        // What does the same as one operation is named there.
        let is_composed = |tool: &Named| OPERATIONS.iter().all(|operation| operation.curated != tool.name);
        let tools = api.tools().into_iter().filter(is_composed);
        Ok(search(arguments.text(&QUERY).unwrap_or_default(), tools, api.policy()))
    }),
    example: r#"{"query":"sign-in link"}"#,
    ..tool::READ
};

static DESCRIBE: Tool = Tool {
    name: "clerk_api_describe",
    title: "Describe an operation of the API",
    description: "Describe one operation: the JSON Schema of its arguments, what it answers, and which tool calls it.",
    toolset: API,
    endpoint: tool::NO_ENDPOINT,
    parameters: &[OPERATION],
    answer: Answer::One(&DESCRIPTION),
    leads_to: ALL,
    run: Some(describe),
    example: r#"{"operation":"ListJWTTemplates"}"#,
    ..tool::READ
};

static API_READ: Tool = Tool {
    name: "clerk_api_read",
    title: "Read through the API",
    description: "Call an operation that only reads.",
    toolset: API,
    endpoint: tool::NO_ENDPOINT,
    parameters: &[OPERATION, ARGUMENTS],
    answer: Answer::One(&ANYTHING),
    leads_to: READS,
    example: r#"{"operation":"ListJWTTemplates","arguments":{"limit":10}}"#,
    ..tool::READ
};

static API_WRITE: Tool = Tool {
    name: "clerk_api_write",
    title: "Write through the API",
    description: "Call an operation that creates or changes something, or that reveals a credential.",
    toolset: API,
    endpoint: tool::NO_ENDPOINT,
    parameters: &[OPERATION, ARGUMENTS],
    answer: Answer::One(&ANYTHING),
    effect: Effect::Varies,
    danger: Danger::Access,
    leads_to: WRITES,
    example: r#"{"operation":"CreateRedirectURL","arguments":{"url":"https://app.example"}}"#,
    ..tool::WRITE
};

static API_DELETE: Tool = Tool {
    name: "clerk_api_delete",
    title: "Delete through the API",
    description: "Call an operation that removes or revokes something.",
    toolset: API,
    endpoint: tool::NO_ENDPOINT,
    parameters: &[OPERATION, ARGUMENTS],
    answer: Answer::One(&ANYTHING),
    effect: Effect::Removes,
    danger: Danger::Access,
    leads_to: REMOVES,
    example: r#"{"operation":"DeleteRedirectURL","arguments":{"id":"ru_2abc"}}"#,
    ..tool::WRITE
};

/// What an operation answers with is its own.
static ANYTHING: View = View(&[]);

impl Operation {
    /// The reason why it cannot be called, as the end of a sentence about it.
    pub(super) fn obstacle(&self, policy: &Policy<'_>) -> Option<String> {
        if self.obstacle.is_empty() { policy.obstacle(self.subject()) } else { Some(self.obstacle.into()) }
    }
}

/// The reasons why nothing can be called.
pub(crate) enum NoCall {
    Wrong(Vec<Problem>),
    Denied(String),
}

impl From<Vec<Problem>> for NoCall {
    fn from(problems: Vec<Problem>) -> Self {
        Self::Wrong(problems)
    }
}

/// Makes the arguments of a tool a call: of the operation that they name, where the tool leads to operations.
///
/// # Errors
///
/// The arguments are wrong, another tool calls the operation, or the policy forbids it.
pub(crate) fn call(tool: &'static Tool, given: Map<String, Value>, policy: &Policy<'_>) -> Result<Call, NoCall> {
    if tool.leads_to.is_empty() || tool.run.is_some() {
        return Ok(Call::new(tool, given, policy.pins)?);
    }
    let arguments = arguments::read(&tool.parameters(), tool.rules, !tool.writes(), given)?;
    let wrong = |message| NoCall::Wrong(vec![Problem::at(OPERATION.name, message)]);
    let operation = find(arguments.text(&OPERATION).unwrap_or_default()).map_err(wrong)?;
    let Operation { name, caller, .. } = *operation;
    if !operation.obstacle.is_empty() {
        return Err(wrong(format!("{name} {}", operation.obstacle)));
    }
    policy.check(operation.subject()).map_err(NoCall::Denied)?;
    if caller != tool.name {
        return Err(wrong(format!("{name} is called by {caller}, with the same arguments")));
    }
    let within = |problem: Problem| Problem { pointer: format!("/{}{}", ARGUMENTS.name, problem.pointer), ..problem };
    let mut inner = arguments.get(&ARGUMENTS).and_then(Value::as_object).cloned().unwrap_or_default();
    for parameter in [&DRY_RUN, &CONFIRMATION_TOKEN] {
        let Some(value) = arguments.get(parameter) else { continue };
        // Misplaced, it counts all the same: what is meant to be tried must not happen.
        if inner.insert(parameter.name.into(), value.clone()).is_some_and(|other| other != *value) {
            let message = format!("another value than that of `{}` beside the arguments", parameter.name);
            return Err(NoCall::Wrong(vec![within(Problem::at(parameter.name, message))]));
        }
    }
    let call = Call::new(operation.tool(), inner, policy.pins);
    Ok(call.map_err(|problems| problems.into_iter().map(within).collect::<Vec<_>>())?)
}

fn describe(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let name = arguments.text(&OPERATION).unwrap_or_default();
    let operation = find(name)
        .map_err(|message| Failure::not_found(&message, "clerk_api_search finds operations by what they do."))?;
    let mut description = operation.row(api.policy());
    let tool = operation.tool();
    let pins = api.policy().pins;
    let schema = filling::schema(pins, tool, tool.parameters.iter().collect());
    description["arguments"] = json_text::parse(&schema).unwrap_or_default();
    let name_of = |field: &Field| match field.shape {
        Shape::Secret => format!("{} (secret)", field.name),
        _ => field.name.to_owned(),
    };
    let fields: Vec<String> = tool.view().0.iter().map(name_of).collect();
    description["answers_with"] = fields.into();
    description["asks_first"] = api.policy().asks(operation.danger).into();
    if operation.is_deprecated {
        description["deprecated"] = true.into();
    }
    Ok(description)
}

impl Operation {
    /// It in a list, without what it takes and answers.
    pub(super) fn row(&self, policy: &Policy<'_>) -> Value {
        let mut row = json!({
            "operation": self.name,
            "call": self.call(),
            "title": self.title,
            "effect": self.effect.word(),
            "danger": self.danger.word(),
            "tool": self.caller,
        });
        if !self.curated.is_empty() {
            row["better"] = self.curated.into();
        }
        if let Some(obstacle) = self.obstacle(policy) {
            row["off"] = obstacle.into();
        }
        row
    }
}
