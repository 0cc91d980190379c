//! The tools of several instances as one list: each takes the name of the instance, and says in its answers which it was.

use std::sync::Arc;

use anyhow::Context as _;
use rmcp::model::{CallToolResult, ContentBlock, JsonObject};
use serde_json::{Map, Value, json};

use super::instances::{Instances, ServedInstance};
use super::named_text::INSTANCE;
use crate::component::{Component, Danger, Mode, Policy, Tool};
use crate::policy::unabridged;

/// An instance that can be called, and the tools there.
pub(super) struct Offered {
    pub(super) name: Arc<str>,
    pub(super) listed: Vec<Tool>,
    /// Those that can be called, listed or not.
    pub(super) callable: Vec<String>,
}

impl Offered {
    pub(super) async fn by(name: Arc<str>, component: &Component, policy: &Policy) -> anyhow::Result<Self> {
        let listed = component.list_tools(policy).await.context("the component does not list its tools")?;
        let all = component.list_tools(&unabridged(policy)).await.context("the component does not list its tools")?;
        Ok(Self { name, listed, callable: all.into_iter().map(|tool| tool.name).collect() })
    }
}

/// The tools of instances as a client sees them, in their order. `default` is the place of the default.
pub(crate) async fn list_of_several(
    instances: Vec<(Arc<str>, (Component, Policy))>,
    default: Option<usize>,
) -> anyhow::Result<Vec<Tool>> {
    if let [(_, (component, policy))] = &*instances {
        return Ok(component.list_tools(policy).await?);
    }
    let mut offered = Vec::new();
    for (name, (component, policy)) in &instances {
        offered.push(Offered::by(name.clone(), component, policy).await?);
    }
    merged(&offered, default.map(|place| &*instances[place].0))
}

/// The tools that any of them lists, in their order, each with the parameter that names an instance.
pub(super) fn merged(offered: &[Offered], default: Option<&str>) -> anyhow::Result<Vec<Tool>> {
    let mut tools: Vec<(Tool, Vec<&str>)> = Vec::new();
    for tool in offered.iter().flat_map(|instance| &instance.listed) {
        match tools.iter_mut().find(|(listed, _)| listed.name == tool.name) {
            Some((_, schemas)) => schemas.push(&tool.input_schema),
            None => tools.push((tool.clone(), Vec::new())),
        }
    }
    let with_instance = |(tool, others): (Tool, Vec<&str>)| with_instance(tool, &others, offered, default);
    tools.into_iter().map(with_instance).collect()
}

fn with_instance(mut tool: Tool, others: &[&str], offered: &[Offered], default: Option<&str>) -> anyhow::Result<Tool> {
    let names: Vec<&str> = offered
        .iter()
        .filter(|instance| instance.callable.contains(&tool.name))
        .map(|instance| &*instance.name)
        .collect();
    let default = default.filter(|name| names.contains(name) && reads(&tool));
    let mut input = object(&tool.input_schema)?;
    for other in others.iter().filter(|other| **other != tool.input_schema) {
        take_in(&mut input, object(other)?);
    }
    let description = match default {
        Some(default) => format!("The Clerk instance to read: {default} where it is left out."),
        None => "The Clerk instance that this is for.".to_owned(),
    };
    members(&mut input, "properties")
        .insert(INSTANCE.into(), json!({ "type": "string", "enum": names, "description": description }));
    if default.is_none() {
        let required = input.entry("required").or_insert_with(|| json!([]));
        required.as_array_mut().context("required is no list")?.push(INSTANCE.into());
    }
    tool.input_schema = Value::Object(input).to_string();
    if let Some(output) = &mut tool.output_schema {
        let mut schema = object(output)?;
        let properties = members(&mut schema, "properties");
        properties
            .insert(INSTANCE.into(), json!({ "type": "string", "description": "The Clerk instance that this is of." }));
        if tool.annotations.read_only && is_report(&tool.input_schema, properties) {
            properties.insert(INSTANCES.into(), report_schema());
        }
        *output = Value::Object(schema).to_string();
    }
    Ok(tool)
}

/// Whether a tool never needs the name of an instance.
pub(super) fn reads(tool: &Tool) -> bool {
    tool.danger == Danger::Read && tool.annotations.read_only
}

/// Takes into a schema what another instance takes besides. What only some of them need is not required.
fn take_in(input: &mut JsonObject, mut other: JsonObject) {
    let theirs = std::mem::take(members(&mut other, "properties"));
    let ours = members(input, "properties");
    for (name, schema) in theirs {
        ours.entry(name).or_insert(schema);
    }
    let needed = other.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    if let Some(required) = input.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| needed.contains(name));
    }
}

fn object(schema: &str) -> anyhow::Result<JsonObject> {
    serde_json::from_str(schema).context("a schema of a tool is not JSON")
}

fn members<'a>(schema: &'a mut JsonObject, name: &str) -> &'a mut JsonObject {
    let value = schema.entry(name).or_insert_with(|| json!({}));
    if !value.is_object() {
        *value = json!({});
    }
    value.as_object_mut().expect("it was just made one")
}

/// The member of a report that has all instances.
const INSTANCES: &str = "instances";

/// Tells whether a tool reports the policy: it takes nothing but an instance, and answers with the policy's fields as the
/// contract calls them.
fn is_report(input_schema: &str, answers: &JsonObject) -> bool {
    let takes = object(input_schema).unwrap_or_default();
    let takes_nothing = takes
        .get("properties")
        .and_then(Value::as_object)
        .is_none_or(|takes| takes.keys().all(|name| name == INSTANCE));
    takes_nothing && ["mode", "confirm"].iter().all(|field| answers.contains_key(*field))
}

/// Tells whether a tool that reads reports the policy.
pub(crate) fn reports_policy(tool: &Tool) -> bool {
    let answers = tool.output_schema.as_deref().map(|schema| object(schema).unwrap_or_default()).unwrap_or_default();
    let answers = answers.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    tool.annotations.read_only && is_report(&tool.input_schema, &answers)
}

fn report_schema() -> Value {
    let text = json!({ "type": "string" });
    let one = json!({ "name": text, "key": text, "mode": text, "default": { "type": "boolean" } });
    json!({ "type": "array", "items": { "type": "object", "properties": one } })
}

/// A report on one instance with all that there are: in its structured content and in the text that is the same.
pub(super) fn with_report(mut result: CallToolResult, instances: &Instances) -> CallToolResult {
    let Some(Value::Object(content)) = &mut result.structured_content else { return result };
    content.insert(INSTANCES.into(), report(instances));
    let text = Value::Object(content.clone()).to_string();
    result.content = vec![ContentBlock::text(text)];
    result
}

/// All instances as a report has them: never a key, but what it is for.
fn report(instances: &Instances) -> Value {
    let one = |instance: &ServedInstance| {
        let mut one = Map::new();
        one.insert("name".into(), instance.name.as_deref().unwrap_or_default().into());
        one.insert("key".into(), instance.kind().into());
        one.insert("mode".into(), name_of_mode(instance.policy.mode).into());
        one.insert("default".into(), instances.is_default(instance).into());
        Value::Object(one)
    };
    instances.all().iter().map(one).collect()
}

fn name_of_mode(mode: Mode) -> &'static str {
    match mode {
        Mode::ReadOnly => "read-only",
        Mode::Standard => "standard",
        Mode::Full => "full",
    }
}
