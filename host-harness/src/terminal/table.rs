//! Rows in columns that fit a width.

use anstyle::Style;

use super::style::{BOLD, PLAIN, styled};
use super::text::{cell, plain, width};

/// The columns between two others.
const GAP: usize = 2;
/// The narrowest that a column is made before the last one is left out.
const LEAST: usize = 6;

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

/// The widths of the columns, as many of them as fit: the widest ones are narrowed first.
pub(crate) fn fitted(mut widths: Vec<usize>, most: usize) -> Vec<usize> {
    while widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1) > most {
        let least = if widths.len() == 1 { 0 } else { LEAST };
        match widths.iter_mut().rev().max_by_key(|width| **width).filter(|widest| **widest > least) {
            Some(widest) => *widest -= 1,
            None => drop(widths.pop()),
        }
    }
    widths
}

/// A row of these widths.
pub(crate) fn row(cells: &[Cell], widths: &[usize]) -> String {
    let mut line = String::new();
    let mut blanks = 0;
    for (Cell { text, style }, most) in cells.iter().zip(widths) {
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

/// A table of at most `most` columns: a line for each row, the headings first.
pub(crate) fn lines(rows: &[Vec<Cell>], most: usize) -> Vec<String> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let natural = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| width(&cell.text)).max().unwrap_or_default()
    };
    let widths = fitted((0..columns).map(natural).collect(), most);
    rows.iter().map(|cells| row(cells, &widths)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> Vec<Cell> {
        texts.iter().map(|text| Cell::new(*text)).collect()
    }

    #[test]
    fn columns_are_aligned_by_what_terminals_show() {
        let table = lines(&[cells(&["NAME", "X"]), cells(&["李李李", "1"]), cells(&["", "2"]), cells(&["a", ""])], 80);
        assert_eq!(table, ["NAME    X", "李李李  1", "        2", "a"]);
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        let rows = [cells(&["a long text in it", "another", "yes"]), cells(&["李李李李李李李李", "b", "no"])];
        for most in 1..40 {
            for line in lines(&rows, most) {
                assert!(width(&line) <= most, "{most}: {line}");
            }
        }
        assert_eq!(fitted(vec![30, 8, 3], 25), [10, 8, 3], "the widest one is narrowed");
        assert_eq!(fitted(vec![30, 8, 3], 15), [6, 6], "and what does not fit then is left out");
    }
}
