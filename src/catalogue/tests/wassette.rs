//! The interface for hosts that make a tool of each exported function: written from the tools themselves.

use serde_json::{Map, Value};

use super::documents::{in_workspace, keep_fresh};
use super::{Listed, catalogue};

#[test]
fn the_interface_for_wassette_is_fresh() {
    keep_fresh(&in_workspace("adapters/wassette/wit/wassette.wit"), &world(&catalogue()));
}

fn world(tools: &[Listed]) -> String {
    let mut text = String::from(
        "// Written by `make docs` from the sources in `src/tools`.\n\
         package clerk:wassette@0.1.0;\n\n\
         /// A function for each tool. It gives the tool's answer or its failure, both JSON.\n\
         // The comments stay with the component, where this is what its world is called.\n\
         world root {\n",
    );
    text.push_str(&tools.iter().map(function).collect::<Vec<_>>().join("\n"));
    text.push_str("}\n");
    // Descriptions speak of other tools by their names.
    tools.iter().fold(text, |text, tool| text.replace(tool.name(), &kebab(tool.name())))
}

/// The function of a tool; its comment becomes the description that a model reads.
fn function(tool: &Listed) -> String {
    let required = tool.required();
    let is_required = |name: &str| required.contains(&name);
    let all = all_parameters(tool);
    let comments = all.iter().map(|(name, schema)| {
        let description = schema["description"].as_str().unwrap_or_default();
        let form = if schema["type"] == "object" { " A JSON object as text." } else { "" };
        let default = schema.get("default").map_or_else(String::new, |default| format!(" By default {default}."));
        format!("    /// - `{}`: {description}{form}{default}\n", kebab(name))
    });
    let parameters: Vec<String> = all
        .iter()
        .map(|(name, schema)| {
            let kind = kind(schema);
            let kind = if is_required(name) { kind } else { format!("option<{kind}>") };
            format!("        {}: {kind},\n", kebab(name))
        })
        .collect();
    let comment = format!("    /// {}\n    ///\n{}", tool.tool.description, comments.collect::<String>());
    let names = all.keys();
    let comment = names.fold(comment, |text, name| text.replace(&format!("`{name}`"), &format!("`{}`", kebab(name))));
    let name = kebab(tool.name());
    format!("{comment}    export {name}: func(\n{}    ) -> string;\n", parameters.concat())
}

/// Those of all writes among them.
fn all_parameters(tool: &Listed) -> Map<String, Value> {
    tool.input_schema["properties"].as_object().cloned().unwrap_or_default()
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

/// The type that a value of this schema has in WIT.
fn kind(schema: &Value) -> String {
    match schema["type"].as_str() {
        Some("boolean") => "bool".into(),
        Some("integer") => "u32".into(),
        Some("array") => format!("list<{}>", kind(&schema["items"])),
        // An object is JSON as text.
        Some("string" | "object") => "string".into(),
        _ => panic!("this has no type in WIT: {schema}"),
    }
}
