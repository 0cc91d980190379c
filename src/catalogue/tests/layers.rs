//! The modules of the component import each other in one direction, as `docs/architecture.md` draws it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::documents::in_workspace;

/// The row of each module in the drawing, from the top.
fn rows() -> BTreeMap<String, usize> {
    let page = fs::read_to_string(in_workspace("docs/architecture.md")).expect("there is such a page");
    let (_, rest) = page.split_once("in a row below its own").expect("the page draws the modules");
    let drawing = rest.split("```").nth(1).expect("the drawing is a block");
    let mut rows = BTreeMap::new();
    for (row, line) in drawing.trim().lines().enumerate() {
        let names = line.split("  ").next().unwrap_or_default();
        rows.extend(names.split(" \u{b7} ").map(|name| (name.trim().to_owned(), row)));
    }
    rows
}

/// The modules that a source names after `crate::`, its tests left out.
fn imports(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    for rest in source.split("crate::").skip(1) {
        let list = match rest.strip_prefix('{') {
            Some(list) => top_level(list),
            None => vec![rest],
        };
        let name =
            |path: &str| path.trim().split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().map(str::to_owned);
        found.extend(list.into_iter().filter_map(name));
    }
    found
}

/// The parts of a list of imports up to its closing brace.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (place, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&list[start..place]);
                break;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts
}

fn visit(directory: &Path, module: Option<&str>, check: &mut impl FnMut(&str, &str)) {
    for entry in fs::read_dir(directory).expect("the sources are there") {
        let path = entry.expect("a file has a path").path();
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if name.contains("tests") || name == "lib" || name == "snapshots" {
            continue;
        }
        let module = module.unwrap_or(&name);
        if path.is_dir() {
            visit(&path, Some(module), check);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let source = fs::read_to_string(&path).expect("a source is text");
            for import in imports(&source) {
                check(module, &import);
            }
        }
    }
}

#[test]
fn a_module_imports_only_what_stands_below_it() {
    let rows = rows();
    let row = |module: &str| *rows.get(module).unwrap_or_else(|| panic!("{module} is not drawn"));
    let mut seen = 0;
    visit(&in_workspace("src"), None, &mut |module, import| {
        if import != module && import != "bindings" && import != "ClerkTools" {
            seen += 1;
            assert!(row(import) > row(module), "{module} imports {import}, which does not stand below it");
        }
    });
    assert!(seen > 100 && rows.len() > 30, "{seen} imports of {} modules", rows.len());
}
