//! Derives each tool's description and schemas from its types, natively, so that the component carries the texts and
//! not the code that makes them (docs/decisions).

#![expect(dead_code, reason = "a script that derives texts runs only part of the modules that it shares")]

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

#[path = "src/api.rs"]
mod api;
#[path = "src/arguments.rs"]
mod arguments;
#[path = "src/error.rs"]
mod error;
#[path = "src/identity/mod.rs"]
mod identity;
#[path = "src/parameter/mod.rs"]
mod parameter;
#[path = "src/policy.rs"]
mod policy;
#[path = "src/request.rs"]
mod request;
#[path = "src/schema.rs"]
mod schema;
#[path = "src/target.rs"]
mod target;
#[path = "src/tool.rs"]
mod tool;
#[path = "src/tools/mod.rs"]
mod tools;
#[path = "src/view.rs"]
mod view;

/// Stands where the component has what this script writes.
mod definitions {
    pub(crate) fn input_schema(_: &str) -> serde_json::Value {
        serde_json::Value::Null
    }
}

fn main() {
    println!("cargo::rerun-if-changed=src");
    let mut source = String::from("pub(crate) static DEFINITIONS: &[Definition] = &[\n");
    for (_, tool) in tools::all() {
        let schema::Definition { description, input_schema, outline, untrusted, .. } = (tool.definition)();
        let _ = writeln!(
            source,
            "Definition {{ name: {:?}, description: {description:?}, input_schema: {:?}, output_schema: {:?}, untrusted: {untrusted:?} }},",
            tool.about.name,
            input_schema.to_string(),
            outline.to_string(),
        );
    }
    source.push_str("];\n");
    let directory = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&directory).join("definitions.rs"), source).expect("OUT_DIR can be written");
}
