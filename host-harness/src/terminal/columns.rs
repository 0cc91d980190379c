//! The columns of a list: what tells its rows apart, as far as the terminal has room. Told by kinds of values, not by names:
//! any component's lists can be shown.

use std::collections::HashSet;

use super::node::{Node, is_id, time};
use super::style::DIM;
use super::table::Cell;
use super::text::{cell, plain, width};

/// The widest that a column gets that has no ids.
const WIDEST: usize = 40;
/// The narrowest part of a text that still tells something.
const NARROWEST: usize = 12;
/// The mark of a text that people outside of the application's staff may have written.
pub(super) const MARK: &str = "*";

/// Kinds of columns, those that tell most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Id,
    /// The first one that people have written: a name or an address.
    Written,
    Word,
    /// The others.
    AlsoWritten,
    Flag,
    Time,
    Number,
    /// An id of something else.
    OtherId,
    /// The same in all rows.
    Constant,
}

/// A value of each row.
struct Column<'a> {
    path: Vec<&'a str>,
    texts: Vec<String>,
    kind: Kind,
    /// The most columns of the terminal that it may take.
    most: usize,
}

/// The table of these rows, the headings first, and whether there is more to tell than it has room for. Fields of the names in
/// `untrusted` are marked.
pub(super) fn table(rows: &[Node], untrusted: &HashSet<&str>, most: usize) -> (Vec<Vec<Cell>>, bool) {
    let mut columns = all(rows, untrusted);
    let mut has_written = false;
    for column in &mut columns {
        column.kind = match kind(column, rows, untrusted) {
            Kind::Written if has_written => Kind::AlsoWritten,
            kind => kind,
        };
        has_written |= column.kind == Kind::Written;
    }
    let telling = columns.iter().filter(|column| column.kind != Kind::Constant).count();
    let chosen = chosen(columns, most);
    let heading = |column: &Column<'_>| {
        let last = column.path.last().copied().unwrap_or_default();
        let is_double = chosen.iter().filter(|other| other.path.last() == column.path.last()).count() > 1;
        let name = if is_double { column.path.join(" ") } else { last.to_owned() };
        let mark = if matches!(column.kind, Kind::Written | Kind::AlsoWritten) { MARK } else { "" };
        Cell::heading(format!("{}{mark}", name.replace('_', " ").to_uppercase()))
    };
    let headings = chosen.iter().map(heading).collect();
    let cells = |row: usize| chosen.iter().map(|column| column.cell(row)).collect();
    (std::iter::once(headings).chain((0..rows.len()).map(cells)).collect(), chosen.len() < telling)
}

impl Column<'_> {
    fn cell(&self, row: usize) -> Cell {
        let text = &self.texts[row];
        let shown = Cell::new(cell(&in_words(text), self.most));
        if is_id(text) { shown.styled(DIM) } else { shown }
    }
}

fn in_words(text: &str) -> String {
    time(text).map_or_else(|| text.to_owned(), |time| to_the_minute(&time))
}

fn to_the_minute(time: &str) -> String {
    time.rsplit_once(':').map_or(time, |(minutes, _)| minutes).to_owned()
}

/// Every column that the rows have, in the order in which their fields come.
fn all<'a>(rows: &'a [Node], untrusted: &HashSet<&str>) -> Vec<Column<'a>> {
    let mut columns: Vec<Column<'a>> = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let mut found = Vec::new();
        flatten(row, &[], untrusted, &mut found);
        for (path, text) in found {
            let place = columns.iter().position(|column| column.path == path).unwrap_or_else(|| {
                columns.push(Column { path, texts: vec![String::new(); rows.len()], kind: Kind::Word, most: 0 });
                columns.len() - 1
            });
            columns[place].texts[number] = text;
        }
    }
    columns
}

/// The values without parts of an object, those of its parts too; of lists of objects the first one's text.
fn flatten<'a>(node: &'a Node, path: &[&'a str], untrusted: &HashSet<&str>, found: &mut Vec<(Vec<&'a str>, String)>) {
    for (name, value) in node.members() {
        let path = [path, &[name.as_str()]].concat();
        match value {
            // Metadata has whatever names somebody has thought of.
            Node::Object(_) if untrusted.contains(name.as_str()) => {}
            Node::Object(_) => flatten(value, &path, untrusted, found),
            Node::List(items) => found.extend(of_list(items, &path, untrusted)),
            Node::Text(text) => found.push((path, text.clone())),
            _ => found.extend(value.scalar().map(|text| (path, text))),
        }
    }
}

fn of_list<'a>(items: &'a [Node], path: &[&'a str], untrusted: &HashSet<&str>) -> Option<(Vec<&'a str>, String)> {
    let scalars: Vec<String> = items.iter().filter_map(Node::scalar).collect();
    if !scalars.is_empty() {
        return Some((path.to_vec(), scalars.join(", ")));
    }
    let telling = |(name, value): &(String, Node)| untrusted.contains(name.as_str()) && value.scalar().is_some();
    let (name, value) = items.first()?.members().iter().find(|member| telling(member))?;
    let more = if items.len() > 1 { format!(" (+{})", items.len() - 1) } else { String::new() };
    Some(([path, &[name.as_str()]].concat(), value.scalar()? + &more))
}

fn kind(column: &Column<'_>, rows: &[Node], untrusted: &HashSet<&str>) -> Kind {
    let first = column.texts.iter().find(|text| !text.is_empty()).map_or("", String::as_str);
    let is_constant = rows.len() > 1 && column.texts.iter().all(|text| text == first);
    let has_flags = column.texts.iter().all(|text| ["yes", "no", ""].contains(&text.as_str()));
    match &column.path[..] {
        ["id"] => Kind::Id,
        // That of which all of them are a part.
        [_, _, ..] if is_constant => Kind::Constant,
        path if path.last().is_some_and(|name| untrusted.contains(name)) => Kind::Written,
        _ if is_constant || (has_flags && first == "no" && rows.len() == 1) => Kind::Constant,
        _ if has_flags => Kind::Flag,
        _ if is_id(first) => Kind::OtherId,
        _ if time(first).is_some() => Kind::Time,
        _ if first.parse::<f64>().is_ok() => Kind::Number,
        _ => Kind::Word,
    }
}

/// The columns that fit, those that tell most taken first, in the order of their kinds.
fn chosen(mut columns: Vec<Column<'_>>, most: usize) -> Vec<Column<'_>> {
    columns.sort_by_key(|column| column.kind);
    let mut left = most + 2;
    columns.retain_mut(|column| {
        let texts = column.texts.iter().map(|text| width(&plain(&in_words(text)))).max().unwrap_or_default();
        let heading = column.path.last().map_or(0, |name| width(&plain(name)) + MARK.len());
        let wanted = if column.kind == Kind::Id { texts } else { texts.min(WIDEST) }.max(heading);
        let takes = if column.kind <= Kind::Written && left > NARROWEST + 2 { wanted.min(left - 2) } else { wanted };
        let fits = column.kind != Kind::Constant && takes + 2 <= left;
        if fits {
            column.most = takes;
            left -= takes + 2;
        }
        fits
    });
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: &str = r#"[
        {"id":"user_3amabsVFU7YXt3dqb5afj8nbEq4","first_name":"Amélie","banned":false,"locked":false,"created_at":"2026-05-31T11:33:41.081Z",
         "email_addresses":[{"id":"idn_1","email_address":"a@x.example"},{"email_address":"b@x.example"}],"public_metadata":{"plan":"free"},
         "of":{"first_name":"Acme"}},
        {"id":"user_33ycYCQoHRkedS1HU6QIzaBHwVm","first_name":"Jo","banned":true,"locked":false,"created_at":"2026-05-12T09:35:33.969Z",
         "email_addresses":[{"email_address":"c@x.example"}],"role":"admin","member":{"role":"x"},
         "of":{"first_name":"Acme"}}]"#;

    fn shown(most: usize) -> Vec<Vec<String>> {
        let rows: Vec<Node> = serde_json::from_str(PEOPLE).expect("JSON");
        let untrusted = HashSet::from(["first_name", "email_address", "public_metadata"]);
        let (table, is_cut) = table(&rows, &untrusted, most);
        assert_eq!(is_cut, table[0].len() < 7);
        table.into_iter().map(|row| row.into_iter().map(|cell| cell.text).collect()).collect()
    }

    #[test]
    fn what_tells_rows_apart_is_shown_and_what_is_the_same_is_not() {
        let table = shown(200);
        assert_eq!(table[0], ["ID", "FIRST NAME*", "ROLE", "MEMBER ROLE", "EMAIL ADDRESS*", "BANNED", "CREATED AT"]);
        let id = "user_3amabsVFU7YXt3dqb5afj8nbEq4";
        assert_eq!(table[1], [id, "Amélie", "", "", "a@x.example (+1)", "no", "2026-05-31 11:33"]);
    }

    #[test]
    fn a_narrow_terminal_keeps_ids_and_names() {
        assert_eq!(shown(66)[0], ["ID", "FIRST NAME*", "ROLE", "MEMBER ROLE"]);
        assert_eq!(shown(20)[0], ["ID"]);
    }
}
