//! One reviewed snapshot per tool: what a client is told, and the request that the tool's example makes.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::{Listed, catalogue};
use crate::bindings::exports::clerk::mcp::mcp_tools::Annotations;
use crate::request::Endpoint;
use crate::tool::{Tool, Undo};

const DIRECTORY: &str = "../../snapshots";

#[test]
fn each_tool_is_as_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(DIRECTORY);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for tool in catalogue() {
            insta::assert_snapshot!(tool.name(), portrait(&tool));
        }
    });
}

#[test]
fn each_snapshot_is_of_a_tool() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/snapshots");
    let files = fs::read_dir(directory).expect("the snapshots are part of the sources");
    let paths = files.map(|file| file.expect("a file has a path").path());
    // A file that ends otherwise is a change under review.
    let reviewed = paths.filter(|path| path.extension().is_some_and(|extension| extension == "snap"));
    let files: BTreeSet<_> = reviewed.filter_map(|path| Some(path.file_stem()?.to_owned())).collect();
    let expected: BTreeSet<_> = catalogue().iter().map(|tool| tool.name().into()).collect();
    // One that is missing is missed where it is compared, and is perhaps being written.
    assert!(files.is_subset(&expected), "{files:?}");
}

fn portrait(tool: &Listed) -> String {
    let Listed { tool: about, .. } = tool;
    let request = tool.request(tool.example()).unwrap_or_else(|problems| panic!("{}: {problems:?}", tool.name()));
    let body = request.body.map(|body| serde_json::from_str::<Value>(&body).expect("a body is JSON"));
    [
        format!("{}: {}", tool.name(), about.title),
        format!("toolset: {}{}", about.toolset, if about.is_listed { "" } else { ", not listed by default" }),
        format!("effect: {:?}, danger: {:?}, access with: {:?}", about.effect, about.danger, about.access_parameters),
        format!("target: {}, undo: {}", target(about), undo(about)),
        format!("hints: {}", hints(about.effect.into())),
        format!("\n{}", about.description),
        format!("\nparameters: {:#}", tool.input_schema),
        format!("\noutput: {:#}", tool.answer_schema),
        format!("\nexample: {}", about.example),
        format!("{} {}", request.endpoint.method.word(), request.path_and_query),
        body.map_or_else(String::new, |body| format!("{body:#}")),
    ]
    .join("\n")
}

fn target(tool: &Tool) -> String {
    tool.target.map_or("none".into(), |target| {
        let Endpoint { method, path, .. } = target.look.endpoint;
        format!("{} {path}", method.word())
    })
}

fn undo(tool: &Tool) -> &'static str {
    match tool.undo {
        Undo::None => "none",
        Undo::Again => "the same with the values of before",
        Undo::With(other) => other.name,
    }
}

fn hints(hints: Annotations) -> Value {
    json!({
        "readOnlyHint": hints.read_only,
        "destructiveHint": hints.destructive,
        "idempotentHint": hints.idempotent,
        "openWorldHint": hints.open_world,
    })
}
