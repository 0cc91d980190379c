//! Prints a log as a table.

use std::io::{self, Write};
use std::path::Path;

use serde::Deserialize;

use super::line::{Flaw, Record};
use super::lines::{Lines, Read};
use super::pending::Pending;
use super::plain::cell;
use crate::pipes;

const HEADINGS: [&str; 7] = ["TIME", "WHO", "INSTANCE", "TOOL", "DECISION", "OUTCOME", "IDS"];
/// The widest that a column gets.
const MOST: [usize; 7] = [30, 48, 64, 48, 24, 20, 200];

/// What the table shows of a line.
#[derive(Deserialize)]
struct Shown {
    time: String,
    principal: Principal,
    instance: Instance,
    tool: String,
    operation: Option<String>,
    decision: String,
    outcome: String,
    ids: Vec<String>,
}

#[derive(Deserialize)]
struct Principal {
    kind: String,
    subject: Option<String>,
    client: Option<String>,
}

#[derive(Deserialize)]
struct Instance {
    name: Option<String>,
    kind: String,
    fingerprint: String,
}

impl Shown {
    fn cells(&self) -> [String; 7] {
        let Principal { kind, subject, client } = &self.principal;
        let subject = subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
        let operation = self.operation.as_ref().map(|operation| format!(" {operation}")).unwrap_or_default();
        let client = client.as_ref().map(|client| format!(" ({client})")).unwrap_or_default();
        let name = self.instance.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        let texts = [
            self.time.clone(),
            format!("{kind}{subject}{client}"),
            format!("{name}{} {}", self.instance.kind, self.instance.fingerprint),
            format!("{}{operation}", self.tool),
            self.decision.clone(),
            self.outcome.clone(),
            self.ids.join(" "),
        ];
        let mut most = MOST.into_iter();
        texts.map(|text| cell(&text, most.next().unwrap_or_default()))
    }
}

/// Prints the calls of the log, or only the last ones: a row for each, and for each line that is none of the log. Reads it
/// more than once rather than keep it.
pub(crate) fn show(path: &Path, out: &mut impl Write, last: Option<u64>) -> anyhow::Result<()> {
    let (rows, pending) = count_rows(path)?;
    let skipped = last.map_or(0, |last| rows.saturating_sub(last));
    let mut widths = HEADINGS.map(str::len);
    each_row(&mut Lines::open(path)?, &pending, skipped, |_, read| {
        for (width, cell) in widths.iter_mut().zip(cells(read).iter().flatten()) {
            *width = cell.chars().count().max(*width);
        }
        Ok(())
    })?;
    let mut lines = Lines::open(path)?;
    let printed = print(out, &widths, &HEADINGS.map(str::to_owned)).and_then(|()| {
        each_row(&mut lines, &pending, skipped, |number, read| match cells(read) {
            Ok(cells) => print(out, &widths, &cells),
            Err(Flaw::Foreign) => writeln!(out, "(line {number} cannot be read)"),
            Err(Flaw::Changed) => writeln!(out, "(line {number} was changed after it was written)"),
        })
    });
    let printed = printed.and_then(|()| match Pending::in_words(pending.count()) {
        words if words.is_empty() => Ok(()),
        words => writeln!(out, "({words})"),
    });
    match printed.and_then(|()| out.flush()) {
        Err(error) if pipes::is_closed(&error) => Ok(()),
        printed => Ok(printed?),
    }
}

/// The number of calls of the log, and those of them that have no end.
pub(super) fn count_rows(path: &Path) -> anyhow::Result<(u64, Pending)> {
    let (mut pending, mut rows) = (Pending::default(), 0_u64);
    each(&mut Lines::open(path)?, |_, read| {
        let is_beginning = matches!(read, Read::Whole(line) if pending.read(line));
        rows += u64::from(!is_beginning);
        Ok(())
    })?;
    rows += pending.count() as u64;
    Ok((rows, pending))
}

/// Does something with the number and the text of each line.
fn each(lines: &mut Lines, mut action: impl FnMut(u64, &Read<'_>) -> io::Result<()>) -> io::Result<()> {
    let mut number = 0;
    while let Some(read) = lines.read()? {
        number += 1;
        action(number, &read)?;
    }
    Ok(())
}

/// Does something with each line that has a row, after the first ones: a call that has ended has one for its end only.
pub(super) fn each_row(
    lines: &mut Lines,
    pending: &Pending,
    skipped: u64,
    mut action: impl FnMut(u64, &Read<'_>) -> io::Result<()>,
) -> io::Result<()> {
    let (mut open, mut row) = (Pending::default(), 0);
    each(lines, |number, read| {
        if matches!(read, Read::Whole(line) if open.read(line) && !pending.has(line)) {
            return Ok(());
        }
        row += 1;
        if row > skipped { action(number, read) } else { Ok(()) }
    })
}

fn cells(read: &Read<'_>) -> Result<[String; 7], Flaw> {
    let Read::Whole(line) = read else { return Err(Flaw::Foreign) };
    Record::read(line)?;
    let shown: Shown = serde_json::from_slice(line).map_err(|_| Flaw::Foreign)?;
    Ok(shown.cells())
}

fn print(out: &mut impl Write, widths: &[usize; 7], cells: &[String; 7]) -> io::Result<()> {
    let padded = widths.iter().zip(cells).map(|(width, cell)| format!("{cell:<width$}"));
    let line = padded.collect::<Vec<_>>().join("  ");
    writeln!(out, "{}", line.trim_end())
}
