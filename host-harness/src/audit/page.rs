//! Prints a log as a document for a browser: a time line with what verification found. It is made of the parts of the views in
//! `views/`, loads nothing, and sends nothing.

use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::line::Record;
use super::lines::Read;
use super::pending::Pending;
use super::show::{Rows, until_nobody_reads};
use super::verify::{Invalid, verify};

/// The most calls that a document has, unless more are asked for.
const MOST: u64 = 5000;

const DOCUMENT: &str = include_str!("../../../views/audit/document.html");
const STYLE: &str = include_str!("../../../views/style.css");
const SCRIPTS: [&str; 4] = [
    include_str!("../../../views/audit/stand-in.js"),
    include_str!("../../../views/text.js"),
    include_str!("../../../views/table.js"),
    include_str!("../../../views/audit/timeline.js"),
];

/// Prints the last calls of the log.
pub(crate) fn print_page(path: &Path, out: &mut impl Write, last: Option<u64>) -> anyhow::Result<()> {
    let summary = match verify(path, None) {
        Ok(summary) => json!({
            "lines": summary.lines, "first": summary.first, "last": summary.last, "head": summary.head,
            "pending": Pending::in_words(summary.pending),
        }),
        Err(fault @ Invalid::Fault { .. }) => json!({ "fault": fault.to_string() }),
        Err(error) => return Err(error.into()),
    };
    let rows = Rows::of(path, Some(last.unwrap_or(MOST)))?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let head = json!({ "file": file, "skipped": rows.skipped, "verification": summary });
    until_nobody_reads(out, |out| print(out, &head, &rows))
}

fn print(out: &mut impl Write, head: &Value, rows: &Rows<'_>) -> anyhow::Result<()> {
    let (before, rest) = DOCUMENT.split_once("%LOG%").unwrap_or_default();
    let script = rest.replace("%SCRIPT%", &SCRIPTS.concat());
    out.write_all(before.replace("%STYLE%", STYLE).as_bytes())?;
    write!(out, r#"{{"head":{},"rows":["#, in_script(&head.to_string()))?;
    let mut is_first = true;
    rows.each(|number, read| {
        if !std::mem::take(&mut is_first) {
            out.write_all(b",\n")?;
        }
        out.write_all(row(number, read).as_bytes())
    })?;
    out.write_all(b"]}")?;
    out.write_all(script.as_bytes())?;
    Ok(())
}

/// A line as JSON: that of the log, or why it is none.
fn row(number: u64, read: &Read<'_>) -> String {
    let whole = match read {
        Read::Whole(line) => Some(*line),
        Read::TooLong | Read::Unfinished => None,
    };
    let whole = whole.filter(|line| Record::read(line).is_ok()).and_then(|line| str::from_utf8(line).ok());
    whole.map_or_else(|| json!({ "line": number, "flaw": true }).to_string(), in_script)
}

/// JSON as it may stand in a document: nothing in it ends the element or begins another.
fn in_script(json: &str) -> String {
    json.replace('<', "\\u003c")
}
