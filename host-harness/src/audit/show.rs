//! Prints a log: as a table, or its lines as they are.

use std::io::{self, Write};
use std::path::Path;

use serde::Deserialize;
use serde_json::json;

use super::line::{Flaw, Record};
use super::lines::{Lines, Read};
use super::pending::Pending;
use crate::pipes;
use crate::terminal::style::DIM;
use crate::terminal::table::{Cell, Rank, fitted, left_out, record, row};
use crate::terminal::text::{cell, width};

const HEADINGS: [&str; 7] = ["TIME", "WHO", "INSTANCE", "TOOL", "DECISION", "OUTCOME", "IDS"];
/// An id of Clerk's is 32 wide, and half of one is none.
const RANKS: [Rank; 7] = [
    Rank::WHOLE,
    Rank { order: 3, least: 12 },
    Rank::WHOLE,
    Rank::WHOLE,
    Rank::whole_or_none(1),
    Rank::WHOLE,
    Rank { order: 2, least: 32 },
];
/// The column that is told below the table where it is the same in all rows.
const INSTANCE: usize = 2;
/// The widest that a column gets.
const MOST: [usize; 7] = [30, 48, 64, 48, 24, 20, 200];

/// What is shown of a line.
#[derive(Deserialize)]
pub(crate) struct Shown {
    #[serde(default)]
    call: String,
    time: String,
    principal: Principal,
    instance: Instance,
    tool: String,
    operation: Option<String>,
    decision: String,
    outcome: String,
    ids: Vec<String>,
    #[serde(default)]
    kept_to: Vec<String>,
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
    pub(super) fn read(read: &Read<'_>) -> Result<Self, Flaw> {
        let Read::Whole(line) = read else { return Err(Flaw::Foreign) };
        Record::read(line)?;
        serde_json::from_slice(line).map_err(|_| Flaw::Foreign)
    }

    /// The name of the call, which the lines of its beginning and of its end have.
    pub(super) fn call(&self) -> &str {
        &self.call
    }

    pub(super) fn subject(&self) -> Option<&str> {
        self.principal.subject.as_deref()
    }

    /// The name of the instance, where there were several.
    pub(super) fn instance(&self) -> Option<&str> {
        self.instance.name.as_deref()
    }

    /// Tells whether the call was kept to all of these.
    pub(super) fn is_kept_to(&self, pins: &[String]) -> bool {
        pins.iter().all(|pin| self.kept_to.contains(pin))
    }

    pub(super) fn outcome(&self) -> &str {
        &self.outcome
    }

    pub(super) fn cells(&self) -> [String; 7] {
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

/// The rows of a log: one for each call, and one for each line that is none of the log. It is read more than once rather than
/// kept.
pub(super) struct Rows<'a> {
    path: &'a Path,
    pending: Pending,
    /// The number of rows that are left out at the beginning.
    pub(super) skipped: u64,
}

impl<'a> Rows<'a> {
    /// All of them, or only the last ones.
    pub(super) fn of(path: &'a Path, last: Option<u64>) -> anyhow::Result<Self> {
        let (mut pending, mut rows) = (Pending::default(), 0_u64);
        each(&mut Lines::open(path)?, |_, read| {
            let is_beginning = matches!(read, Read::Whole(line) if pending.read(line));
            rows += u64::from(!is_beginning);
            Ok(())
        })?;
        rows += pending.count() as u64;
        let skipped = last.map_or(0, |last| rows.saturating_sub(last));
        Ok(Self { path, pending, skipped })
    }

    /// Does something with the number and the text of each line that has a row: a call that has ended has one for its end only.
    pub(super) fn each(&self, mut action: impl FnMut(u64, &Read<'_>) -> io::Result<()>) -> anyhow::Result<()> {
        let (mut open, mut row) = (Pending::default(), 0);
        let each_row = each(&mut Lines::open(self.path)?, |number, read| {
            if matches!(read, Read::Whole(line) if open.read(line) && !self.pending.has(line)) {
                return Ok(());
            }
            row += 1;
            if row > self.skipped { action(number, read) } else { Ok(()) }
        });
        Ok(each_row?)
    }
}

/// Prints the calls of the log, or only the last ones, as a table of at most `most` columns.
pub(crate) fn show(path: &Path, out: &mut impl Write, last: Option<u64>, most: usize) -> anyhow::Result<()> {
    let rows = Rows::of(path, last)?;
    let (mut widths, mut instance, mut instances) = (HEADINGS.map(str::len), String::new(), 0);
    rows.each(|_, read| {
        let Ok(cells) = cells(read) else { return Ok(()) };
        for (column, cell) in widths.iter_mut().zip(&cells) {
            *column = width(cell).max(*column);
        }
        if instances == 0 || cells[INSTANCE] != instance {
            (instance, instances) = (cells[INSTANCE].clone(), instances + 1);
        }
        Ok(())
    })?;
    let headings = HEADINGS.map(Cell::heading);
    if instances == 1 {
        widths[INSTANCE] = 0;
    }
    let widths = fitted(widths.to_vec(), &RANKS, most);
    until_nobody_reads(out, |out| {
        if let Some(widths) = &widths {
            writeln!(out, "{}", row(&headings, widths))?;
        }
        rows.each(|number, read| match (cells(read), &widths) {
            (Ok(cells), Some(widths)) => writeln!(out, "{}", row(&styled(cells), widths)),
            (Ok(cells), None) => writeln!(out, "{}\n", record(&headings, &styled(cells), most).join("\n")),
            (Err(flaw), _) => writeln!(out, "(line {number} {})", flaw.words()),
        })?;
        if let Some(mut widths) = widths {
            if instances == 1 {
                writeln!(out, "{}", cell(&format!("(INSTANCE: {instance})"), most))?;
                widths[INSTANCE] = 1;
            }
            if let Some(words) = left_out(&headings, &widths) {
                writeln!(out, "{}", cell(&words, most))?;
            }
        }
        let words = Pending::in_words(rows.pending.count());
        if !words.is_empty() {
            writeln!(out, "({words})")?;
        }
        Ok(())
    })
}

/// Prints the lines of the calls, or only of the last ones, as the log has them. A line that is none of the log is told by its
/// number: nobody knows what stands in it.
pub(crate) fn copy(path: &Path, out: &mut impl Write, last: Option<u64>) -> anyhow::Result<()> {
    let rows = Rows::of(path, last)?;
    until_nobody_reads(out, |out| {
        rows.each(|number, read| match (Shown::read(read), read) {
            (Ok(_), Read::Whole(line)) => out.write_all(line).and_then(|()| out.write_all(b"\n")),
            (shown, _) => {
                let problem = shown.err().unwrap_or(Flaw::Foreign).words();
                writeln!(out, "{}", json!({ "line": number, "problem": problem }))
            }
        })
    })
}

/// Prints for as long as somebody reads.
pub(super) fn until_nobody_reads<W: Write>(
    out: &mut W,
    print: impl FnOnce(&mut W) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    match print(out).and_then(|()| Ok(out.flush()?)) {
        Err(error) if error.downcast_ref().is_some_and(pipes::is_closed) => Ok(()),
        printed => printed,
    }
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

/// The texts of a row, its time to the second.
fn cells(read: &Read<'_>) -> Result<[String; 7], Flaw> {
    let [time, others @ ..] = Shown::read(read)?.cells();
    let time = time.get(..19).map_or_else(|| time.clone(), |second| second.replacen('T', " ", 1));
    let [who, instance, tool, decision, outcome, ids] = others;
    Ok([time, who, instance, tool, decision, outcome, ids])
}

fn styled(cells: [String; 7]) -> [Cell; 7] {
    let [time, who, instance, tool, decision, outcome, ids] = cells.map(Cell::new);
    [time, who, instance, tool, decision, outcome, ids.styled(DIM)]
}
