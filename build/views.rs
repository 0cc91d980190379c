//! Prints the parts of the views in `views/` as statics of the component, without what only their readers need: indents, blank
//! lines, and lines of comment.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use crate::packed::packed;

/// A static of each file, named as the file is: `SCRIPT_TABLE` of `table.js`, `STYLE` of `style.css`.
pub(crate) fn all(directory: &Path) -> String {
    let mut files: Vec<_> = fs::read_dir(directory)
        .expect("there are views")
        .map(|entry| entry.expect("a file").path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    let mut statics = String::new();
    for path in files {
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .expect("a name that is text")
            .replace('-', "_")
            .to_uppercase();
        let prefix = if path.extension().is_some_and(|kind| kind == "js") { "SCRIPT_" } else { "" };
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let _ = writeln!(statics, "pub(crate) static {prefix}{name}: Packed = {};", packed(&trimmed(&text)));
    }
    statics
}

/// A text without indents, blank lines and lines of comment. No text of the views has a line break inside of a literal.
fn trimmed(text: &str) -> String {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.fold(String::new(), |text, line| text + line + "\n")
}
