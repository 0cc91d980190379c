//! The pages that list the tools: written from the tools themselves, so that they cannot be wrong.

use std::path::{Path, PathBuf};
use std::{env, fs};

use serde_json::Value;

use super::{Listed, catalogue};

const START: &str = "<!-- tools -->\n";
const END: &str = "<!-- /tools -->";

#[test]
fn the_page_of_tools_is_fresh() {
    keep_fresh(&in_workspace("docs/tools.md"), &page(&catalogue()));
}

#[test]
fn the_table_of_tools_is_fresh() {
    let path = in_workspace("README.md");
    let text = fs::read_to_string(&path).expect("there is a README");
    let (before, rest) = text.split_once(START).expect("the README has a place for the tools");
    let (_, after) = rest.split_once(END).expect("the place for the tools has an end");
    keep_fresh(&path, &format!("{before}{START}\n{}\n{END}{after}", table(&catalogue())));
}

pub(super) fn in_workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Writes the file when told to; otherwise it has to be as it would be written.
pub(super) fn keep_fresh(path: &Path, text: &str) {
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(path, text).expect("a page can be written");
    }
    let is_fresh = fs::read_to_string(path).is_ok_and(|found| found == text);
    assert!(is_fresh, "{} is not up to date: run `make docs`", path.display());
}

/// Each tool in a line, with a link to its section.
fn table(tools: &[Listed]) -> String {
    let mut lines = vec!["| Tool | What it does | Effect |".to_owned(), "|---|---|---|".to_owned()];
    lines.extend(tools.iter().map(|tool| {
        let name = tool.name();
        format!("| [`{name}`](docs/tools.md#{name}) | {} | {} |", cell(gist(tool.description)), effect(tool))
    }));
    lines.join("\n") + "\n"
}

fn page(tools: &[Listed]) -> String {
    let mut text = String::from(
        "# Tools\n\n\
         Every tool with its parameters, by toolset. This page is written by `make docs` from the sources in \
         `src/tools`.\n\n\
         - *Effect* is what a call does to the data and, in parentheses, how much harm a mistaken one does: \
         `reversible`, `access` (it changes what somebody may do) or `irreversible`.\n\
         - A *date* is `2026-01-31` (midnight UTC), `2026-01-31T12:00:00Z` or a number of milliseconds since 1970.\n\
         - *One or several*: an array of up to 100 values, or a single one without its array.\n\
         - Names may be spelled in camelCase too (`organizationId`), and `null` means absent.\n",
    );
    for toolset in tools.chunk_by(|one, next| one.toolset == next.toolset) {
        text.push_str("\n## Toolset `");
        text.push_str(toolset[0].toolset);
        text.push_str("`\n");
        text.extend(toolset.iter().map(section));
    }
    text
}

fn section(tool: &Listed) -> String {
    let parameters = tool.parameters().iter().map(|(name, schema)| {
        let required = if tool.required().contains(&name.as_str()) { "yes" } else { "" };
        let default = schema.get("default").map_or_else(String::new, |default| format!("`{default}`"));
        let description = cell(schema["description"].as_str().unwrap_or_default());
        format!("| `{name}` | {} | {required} | {default} | {description} |\n", kind(schema))
    });
    format!(
        "\n### {}\n\n**{}.** {}\n\nEffect: {}.\n\n\
         | Parameter | Type | Required | Default | What it is |\n|---|---|---|---|---|\n{}",
        tool.name(),
        tool.about().title,
        tool.description,
        effect(tool),
        parameters.collect::<String>(),
    )
}

/// What a call does, and how much harm a mistaken one does when it does any.
fn effect(tool: &Listed) -> String {
    let effect = format!("{:?}", tool.about().effect).to_lowercase();
    let danger = format!("{:?}", tool.about().danger).to_lowercase();
    if effect == "reads" { effect } else { format!("{effect} ({danger})") }
}

/// A parameter's type in words, with its bounds.
fn kind(schema: &Value) -> String {
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> = values.iter().filter_map(Value::as_str).map(|value| format!("`{value}`")).collect();
        return values.join(", ");
    }
    let bounds = (schema["minimum"].as_u64(), schema["maximum"].as_u64());
    match (schema["type"].as_str(), bounds) {
        (Some("array"), _) => format!("{}; one or several", kind(&schema["items"])),
        (_, (Some(minimum), Some(maximum))) if maximum < u64::from(u32::MAX) => format!("{minimum} to {maximum}"),
        (_, (Some(minimum), _)) => format!("integer from {minimum}"),
        _ if schema["format"] == "date-time" => "date".into(),
        (name, _) => name.unwrap_or_default().into(),
    }
}

/// The first sentence, or what it begins with.
fn gist(description: &str) -> &str {
    let sentence = description.split(". ").next().unwrap_or_default();
    sentence.split(": ").next().unwrap_or_default().trim_end_matches('.')
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
