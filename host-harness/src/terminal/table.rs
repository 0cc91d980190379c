//! Rows in columns that fit a width.

use anstyle::Style;

use super::style::{BOLD, PLAIN, styled};
use super::text::{cell, plain, width};

/// The columns between two others.
const GAP: usize = 2;

/// How a column gives way where a terminal has no room for all of them.
#[derive(Clone, Copy)]
pub(crate) struct Rank {
    /// Columns with the highest one are left out first. Those of 0 stay whole.
    pub(crate) order: u8,
    /// The narrowest that the column is made before one is left out.
    pub(crate) least: usize,
}

impl Rank {
    /// Always there, and whole.
    pub(crate) const WHOLE: Self = Self { order: 0, least: usize::MAX };
    const COMMON: Self = Self { order: 1, least: 6 };

    /// Whole, or left out: a part of it could be taken for something else.
    pub(crate) const fn whole_or_none(order: u8) -> Self {
        Self { order, ..Self::WHOLE }
    }
}

/// A text in a table and its style.
#[derive(Clone)]
pub(crate) struct Cell {
    pub(crate) text: String,
    pub(crate) style: Style,
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: plain(&text.into()), style: PLAIN }
    }

    pub(crate) fn heading(text: impl Into<String>) -> Self {
        Self { text: plain(&text.into()), style: BOLD }
    }

    pub(crate) fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

/// The widths of the columns in a terminal of `most`: the widest ones are narrowed, and what does not fit then is left out (0), of those
/// with the highest order the last one first; none where not even those fit that stay whole.
pub(crate) fn fitted(mut widths: Vec<usize>, ranks: &[Rank], most: usize) -> Option<Vec<usize>> {
    let rank = |column: usize| ranks.get(column).copied().unwrap_or(Rank::COMMON);
    let total = |widths: &[usize], narrowed: &dyn Fn(usize, usize) -> usize| -> usize {
        let shown = widths.iter().filter(|width| **width > 0).count();
        let of_columns = widths.iter().enumerate().map(|(column, width)| narrowed(column, *width));
        of_columns.sum::<usize>() + GAP * shown.saturating_sub(1)
    };
    while total(&widths, &|column, width| width.min(rank(column).least)) > most {
        let shown: Vec<usize> = (0..widths.len()).filter(|column| widths[*column] > 0).collect();
        let column =
            shown.iter().copied().filter(|column| rank(*column).order > 0).max_by_key(|column| rank(*column).order)?;
        if shown.len() == 1 {
            break;
        }
        widths[column] = 0;
    }
    while total(&widths, &|_, width| width) > most {
        let is_narrowed = |column: &usize| widths[*column] > 0 && rank(*column).least < usize::MAX;
        let to_spare = |column: &usize| widths[*column].saturating_sub(rank(*column).least);
        let widest = (0..widths.len()).rev().filter(is_narrowed).max_by_key(to_spare)?;
        widths[widest] -= 1;
    }
    Some(widths)
}

/// A row of these widths. Columns without any are left out.
pub(crate) fn row(cells: &[Cell], widths: &[usize]) -> String {
    let mut line = String::new();
    let mut blanks = 0;
    for (Cell { text, style }, most) in cells.iter().zip(widths).filter(|(_, most)| **most > 0) {
        let text = cell(text, *most);
        if !text.is_empty() {
            line.extend(std::iter::repeat_n(' ', blanks));
            line.push_str(&styled(*style, &text));
            blanks = 0;
        }
        blanks += most.saturating_sub(width(&text)) + GAP;
    }
    line
}

/// A row as a line for each of its texts behind its heading, for terminals that are too narrow for a table.
pub(crate) fn record(headings: &[Cell], cells: &[Cell], most: usize) -> Vec<String> {
    let widest = headings.iter().map(|heading| width(&heading.text)).max().unwrap_or_default();
    let line = |heading: &Cell, cell: &Cell| match most.saturating_sub(widest + GAP) {
        0 => row(std::slice::from_ref(cell), &[most]),
        left => row(&[heading.clone(), cell.clone()], &[widest, left]),
    };
    let held = headings.iter().zip(cells).filter(|(_, cell)| !cell.text.is_empty());
    held.map(|(heading, cell)| line(heading, cell)).collect()
}

/// The columns that are left out, in a sentence: these headings with these widths.
pub(crate) fn left_out(headings: &[Cell], widths: &[usize]) -> Option<String> {
    let names = headings.iter().zip(widths).filter(|(_, width)| **width == 0).map(|(heading, _)| heading.text.as_str());
    let names: Vec<&str> = names.collect();
    (!names.is_empty()).then(|| format!("(without {}: --json has all)", names.join(", ")))
}

/// A table of at most `most` columns, a line for each row, the headings first; or records, where those do not fit that stay whole.
pub(crate) fn lines(rows: &[Vec<Cell>], ranks: &[Rank], most: usize) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let natural = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text)).max().unwrap_or_default()
    };
    let Some((headings, others)) = rows.split_first() else { return Vec::new() };
    let Some(widths) = fitted((0..columns).map(natural).collect(), ranks, most) else {
        return others.iter().map(|cells| record(headings, cells, most)).collect::<Vec<_>>().join(&String::new());
    };
    let mut lines: Vec<String> = rows.iter().map(|cells| row(cells, &widths)).collect();
    lines.extend(left_out(headings, &widths).map(|words| cell(&words, most)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| Cell::new(*text)).collect()
    }

    fn with_order(order: u8) -> Rank {
        Rank { order, ..Rank::COMMON }
    }

    #[test]
    fn columns_are_aligned_by_what_terminals_show() {
        let table =
            lines(&[cells(&["NAME", "X"]), cells(&["李李李", "1"]), cells(&["", "2"]), cells(&["a", ""])], &[], 80);
        assert_eq!(table, ["NAME    X", "李李李  1", "        2", "a"]);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let rows = [cells(&["a long text in it", "another", "yes"]), cells(&["李李李李李李李李", "b", "no"])];
        let ranked = [Rank::WHOLE, Rank::whole_or_none(1), with_order(2)];
        for most in 1..40 {
            for line in lines(&rows, &[], most).into_iter().chain(lines(&rows, &ranked, most)) {
                assert!(width(&line) <= most, "{most}: {line}");
            }
        }
        assert_eq!(fitted(vec![30, 8, 3], &[], 25), Some(vec![10, 8, 3]), "the widest one is narrowed");
        assert_eq!(fitted(vec![30, 8, 3], &[], 15), Some(vec![6, 7, 0]), "what does not fit then is left out");
        assert_eq!(fitted(vec![30, 8, 3], &[], 4), Some(vec![4, 0, 0]));
        assert_eq!(
            fitted(vec![30, 8, 20], &[with_order(2), Rank::WHOLE, with_order(1)], 19),
            Some(vec![0, 8, 9]),
            "by its rank"
        );
        assert_eq!(
            fitted(vec![9, 21, 30], &[Rank::WHOLE, Rank::whole_or_none(1)], 40),
            Some(vec![9, 21, 6]),
            "or whole"
        );
        assert_eq!(
            fitted(vec![9, 21, 30], &[Rank::WHOLE, Rank::whole_or_none(2)], 39),
            Some(vec![9, 0, 28]),
            "or none"
        );
        let of_ids = Rank { order: 2, least: 32 };
        assert_eq!(fitted(vec![37, 40], &[with_order(3), of_ids], 50), Some(vec![11, 37]), "no id is cut for others");
        assert_eq!(fitted(vec![30, 8, 3], &[Rank::WHOLE], 25), None, "and what is whole is not narrowed");
    }

    #[test]
    fn a_terminal_that_is_too_narrow_for_a_table_gets_records() {
        let rows = [cells(&["TIME", "TOOL"]), cells(&["12:00", "clerk_ban_user"]), cells(&["", "clerk_lock_user"])];
        assert_eq!(
            lines(&rows, &[Rank::WHOLE; 2], 20),
            ["TIME  12:00", "TOOL  clerk_ban_user", "", "TOOL  clerk_lock_us…"]
        );
        assert_eq!(
            lines(&rows, &[Rank::COMMON, Rank::WHOLE], 18),
            ["TOOL", "clerk_ban_user", "clerk_lock_user", "(without TIME: --…"]
        );
    }
}
