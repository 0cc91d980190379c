//! What the built component can reach, read from its bytes without the program's help.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use wasmparser::{Encoding, Parser, Payload, Validator};

use crate::harness::{Program, fixtures, program};

/// 40,000 of them are for the texts of the skills and the parts of the views, packed; 37,000 for what keeps calls to one customer;
/// 36,000 for masks and their cipher; 24,000 for what serves skills and views.
const MOST_BYTES: usize = 870_000;
/// The interfaces of the contract.
const EXPORTS: [&str; 8] = [
    "mcp-types",
    "mcp-server",
    "mcp-tools",
    "mcp-prompts",
    "mcp-resources",
    "mcp-completion",
    "mcp-skills",
    "mcp-apps",
];

/// The component that the program under test was built from: `<target directory>/component`.
fn component() -> Vec<u8> {
    let target = program::path().ancestors().nth(2).expect("the program lies in a target directory");
    let file: PathBuf = target.join("component/wasm32-wasip2/component/clerk_tools.wasm");
    fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}; run `make quick` first", file.display()))
}

/// The names of what a component as a whole imports and exports.
fn names(component: &[u8]) -> (Vec<String>, Vec<String>) {
    let (mut imports, mut exports) = (Vec::new(), Vec::new());
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload.expect("the component can be parsed") {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 0 => {
                imports.extend(section.into_iter().map(|import| import.expect("an import").name.name.to_owned()));
            }
            Payload::ComponentExportSection(section) if depth == 0 => {
                exports.extend(section.into_iter().map(|export| export.expect("an export").name.name.to_owned()));
            }
            _ => {}
        }
    }
    (imports, exports)
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to memory does not fail");
        text
    })
}

fn inspected() -> Value {
    let finished = Program::new(&["inspect", "--json"]).run();
    assert_eq!(finished.status, 0, "{}", finished.stderr);
    serde_json::from_str(&finished.stdout).expect("the description is JSON")
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().expect("a list").iter().map(|text| text.as_str().expect("a text").to_owned()).collect()
}

#[test]
fn it_is_a_valid_component_of_a_bounded_size() {
    let component = component();
    assert!(component.len() <= MOST_BYTES, "{} bytes", component.len());
    let Some(Ok(Payload::Version { encoding, .. })) = Parser::new(0).parse_all(&component).next() else {
        panic!("no version")
    };
    assert_eq!(encoding, Encoding::Component);
    Validator::new().validate_all(&component).expect("the component is valid");
}

#[test]
fn it_imports_http_io_and_clocks_and_nothing_else() {
    let (imports, exports) = names(&component());
    let is_allowed =
        |name: &String| ["wasi:http/", "wasi:io/", "wasi:clocks/"].iter().any(|package| name.starts_with(package));
    assert!(imports.iter().any(|name| name.starts_with("wasi:http/outgoing-handler@")), "{imports:?}");
    assert!(imports.iter().all(is_allowed), "{imports:?}");
    assert!(!imports.iter().any(|name| name.contains("wall-clock")), "{imports:?}");
    assert_eq!(exports, EXPORTS.map(|interface| format!("clerk:mcp/{interface}@0.1.0")));
}

#[test]
fn the_program_holds_this_very_component_and_describes_it_truly() {
    let component = component();
    let inspected = inspected();
    assert_eq!(inspected["sha256"], sha256(&component));
    assert_eq!(inspected["size"], component.len());
    let (mut imports, _) = names(&component);
    let mut described = texts(&inspected["imports"]);
    imports.sort();
    described.sort();
    assert_eq!(described, imports);
    let exports = inspected["exports"].as_array().expect("a list of exports");
    let tools = exports.iter().find(|export| export["name"] == "clerk:mcp/mcp-tools@0.1.0").expect("it has tools");
    assert_eq!(exports.len(), EXPORTS.len());
    assert_eq!(texts(&tools["functions"]), ["list", "describe", "call"]);
}

#[test]
fn another_component_can_be_inspected() {
    let file = fixtures::guest().to_string_lossy();
    let finished = Program::new(&["inspect", &file]).run();
    assert_eq!((finished.status, finished.stderr.as_str()), (0, ""));
    assert!(finished.stdout.contains("wasi:http/outgoing-handler@"), "{}", finished.stdout);
    assert!(finished.stdout.contains("clerk:mcp/mcp-tools@0.1.0 (list, describe, call)"), "{}", finished.stdout);
}

#[test]
fn what_is_no_component_cannot_be_inspected() {
    let text = fixtures::file("text_to_inspect.txt", b"this is no component\nat all\n");
    for file in [text, fixtures::core_module()] {
        let finished = Program::new(&["inspect", &file.to_string_lossy()]).run();
        assert!(finished.refusal().contains("is not a WebAssembly component"), "{}", finished.stderr);
    }
    let finished = Program::new(&["inspect", "/nowhere/component.wasm"]).run();
    assert!(finished.refusal().starts_with("/nowhere/component.wasm: No such file"), "{}", finished.stderr);
}

/// A component of two, the second of which is given its way out by `given`, an instance of the first component's scope.
fn composed(extra: &str, given: &str) -> PathBuf {
    let part = r#"
        (import "wasi:http/outgoing-handler@0.2.4" (instance (export "handle" (func))))
        (core module)
        (export "out" (instance 0))"#;
    let text = format!(
        r#"(component
            (import "wasi:http/outgoing-handler@0.2.4" (instance $host (export "handle" (func))))
            (component $first {part})
            (component $second {part})
            (instance $guard (instantiate $first (with "wasi:http/outgoing-handler@0.2.4" (instance $host))))
            (alias export $guard "out" (instance $guarded))
            {extra}
            (instance $tools (instantiate $second (with "wasi:http/outgoing-handler@0.2.4" (instance {given})))))"#
    );
    fixtures::file(&format!("composed{given}.wasm"), &wat::parse_str(text).expect("this is a component"))
}

/// Who is let out by the host, and of whom it cannot be told.
fn let_out(file: &Path) -> (Vec<String>, Vec<String>) {
    let finished = Program::new(&["inspect", "--json", &file.to_string_lossy()]).run();
    let described: Value = serde_json::from_str(&finished.stdout).expect("the description is JSON");
    let parts = described["components"].as_array().expect("a list of components").clone();
    let named = |answer: Value| {
        let parts = parts.iter().filter(|part| part["is_let_out"] == answer);
        parts.map(|part| part["name"].as_str().expect("a name").to_owned()).collect()
    };
    (named(json!(true)), named(Value::Null))
}

#[test]
fn who_is_let_out_of_a_composed_component_is_told() {
    assert_eq!(let_out(&composed("", "$guarded")), (vec!["guard".into()], vec![]));
    assert_eq!(let_out(&composed("", "$host")), (vec!["guard".into(), "tools".into()], vec![]));
    let bundled = r#"(instance $bundle (export "handle" (func $host "handle")))"#;
    assert_eq!(let_out(&composed(bundled, "$bundle")), (vec!["guard".into()], vec!["tools".into()]));
    let finished = Program::new(&["inspect", &composed("", "$guarded").to_string_lossy()]).run();
    assert!(finished.stdout.ends_with("let out by the host: guard\n"), "{}", finished.stdout);
}

#[test]
fn the_component_of_the_program_is_not_composed() {
    assert_eq!(inspected()["components"], json!([]));
}
