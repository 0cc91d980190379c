//! The pages that list the tools: written from the tools themselves, so that they cannot be wrong.

use std::path::{Path, PathBuf};
use std::{env, fs};

use super::{Listed, catalogue};
use crate::danger::Danger;
use crate::kind::Kind;
use crate::tool::{Tool, Undo};

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

/// Each toolset in a line, its tools with links to their sections.
fn table(tools: &[Listed]) -> String {
    let mut lines = vec!["| Toolset | Reads | Writes |".to_owned(), "|---|---|---|".to_owned()];
    lines.extend(tools.chunk_by(|one, next| one.tool.toolset == next.tool.toolset).map(|toolset| {
        let tools = |writes: bool| {
            let some = toolset.iter().filter(|tool| tool.tool.writes() == writes);
            some.map(|tool| link(tool.tool)).collect::<Vec<_>>().join(", ")
        };
        format!("| `{}` | {} | {} |", toolset[0].tool.toolset, tools(false), tools(true))
    }));
    lines.join("\n") + "\n"
}

/// What cannot be undone is bold, and what is listed only where it is chosen has an asterisk.
fn link(tool: &Tool) -> String {
    let link = format!("[`{}`](docs/tools.md#{})", tool.name.trim_start_matches("clerk_"), tool.name);
    let link = if tool.danger >= Danger::Irreversible { format!("**{link}**") } else { link };
    if tool.is_listed { link } else { format!("{link}\\*") }
}

fn page(tools: &[Listed]) -> String {
    let mut text = String::from(
        "# Tools\n\n\
         Every tool with its parameters, by toolset. This page is written by `make docs` from the sources in \
         `src/tools`.\n\n\
         - *Effect* is what a call does to the data and, in parentheses, how much harm a mistaken one does: \
         `reversible`, `access` (it changes what somebody may do, signs them out or sends an email) or `irreversible`. \
         Where a parameter decides what somebody may do, a call that gives it is `access`; with `--ask-metadata`, one that \
         sets metadata is too. \
         Which of them run, ask first or are off: [safety.md](safety.md).\n\
         - A tool that is *not listed by default* can be called anyway, and `tools/list` has it where `--toolsets` names its \
         toolset or `all`, or `--tools` matches it.\n\
         - Every tool that writes takes `dry_run` besides, which only previews what it would do; those that may ask first \
         take `confirmation_token`.\n\
         - A *date* is `2026-01-31` (midnight UTC), `2026-01-31T12:00:00Z` (without a zone it is UTC) or a number of \
         milliseconds since 1970. A number of seconds is refused.\n\
         - *One or several*: an array of up to 100 values, or a single one without its array.\n\
         - Arguments are taken as clients send them: names in any case (`organizationId`, `userID`), numbers, `true` and \
         `false`, arrays and objects as text, telephone numbers as people write them. `null` means absent; an empty value \
         beside a filled filter of a tool that reads does too, and alone it is refused. What clients add by themselves \
         (`wait_for_previous`, `toolCallId`, …) is passed over.\n\
         - A list has as many items as `--page-bytes` (60,000) hold; `has_more` and `next_offset` or `next_cursor` say how to go \
         on. A field that holds something else than Clerk documents is left out, and `left_out` names it.\n",
    );
    for toolset in tools.chunk_by(|one, next| one.tool.toolset == next.tool.toolset) {
        text.push_str("\n## Toolset `");
        text.push_str(toolset[0].tool.toolset);
        text.push_str("`\n");
        text.extend(toolset.iter().map(section));
    }
    text
}

fn section(tool: &Listed) -> String {
    let parameters = tool.tool.parameters.iter().map(|parameter| {
        let required = if parameter.is_required { "yes" } else { "" };
        let default = parameter.default.value().map_or_else(String::new, |default| format!("`{default}`"));
        let description = cell(tool.parameters()[parameter.name]["description"].as_str().unwrap_or_default());
        format!("| `{}` | {} | {required} | {default} | {description} |\n", parameter.name, kind(&parameter.kind))
    });
    let parameters: String = parameters.collect();
    let head = "| Parameter | Type | Required | Default | What it is |\n|---|---|---|---|---|\n";
    let parameters = if parameters.is_empty() { "No parameters.\n".into() } else { format!("{head}{parameters}") };
    format!(
        "\n### {}\n\n**{}.** {}\n\nEffect: {}. {}{}\n\n{parameters}",
        tool.name(),
        tool.tool.title,
        tool.tool.description,
        effect(tool),
        answer(tool),
        if tool.tool.is_listed { "" } else { " Not listed by default." },
    )
}

/// What the answer has, and what takes the call back.
fn answer(tool: &Listed) -> String {
    let fields =
        tool.answer_schema["properties"].as_object().into_iter().flatten().map(|(name, _)| format!("`{name}`"));
    let answer = format!("Answers with {}.", fields.collect::<Vec<_>>().join(", "));
    match tool.tool.undo {
        Undo::None => answer,
        Undo::Again => format!("{answer} Can be taken back by the same tool."),
        Undo::With(other) => format!("{answer} Can be taken back by `{}`.", other.name),
    }
}

/// What a call does, and how much harm a mistaken one does when it does any.
fn effect(tool: &Listed) -> String {
    let effect = format!("{:?}", tool.tool.effect).to_lowercase();
    let danger = format!("{:?}", tool.tool.danger).to_lowercase();
    let raising: Vec<String> = tool.tool.access_parameters.iter().map(|name| format!("`{name}`")).collect();
    let danger = if raising.is_empty() { danger } else { format!("{danger}; access with {}", raising.join(", ")) };
    if effect == "reads" { effect } else { format!("{effect} ({danger})") }
}

/// A kind in words, with its bounds.
fn kind(kind: &Kind) -> String {
    match kind {
        Kind::Flag => "boolean".into(),
        Kind::Integer { min, max } if *max < u32::MAX => format!("{min} to {max}"),
        Kind::Integer { min, .. } => format!("integer from {min}"),
        Kind::OneOf(values) => values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "),
        Kind::Time(_) => "date".into(),
        Kind::Open | Kind::Metadata | Kind::PrivateMetadata => "object".into(),
        Kind::Many(each, 100) => format!("{}; one or several", self::kind(each)),
        Kind::Many(each, most) => format!("{}; one to {most}", self::kind(each)),
        _ => "string".into(),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
