//! HTML that is safe by its type: markup is written in this program, and every other text is cleaned and escaped here, the one
//! place where that is done.

use std::fmt::Write as _;

use text_cleaning::clean;

/// The most characters of a text that are shown.
const LONGEST: usize = 8000;

/// A piece of HTML.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Html(String);

impl Html {
    /// Markup of this program.
    pub(crate) fn raw(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// A text that may be anybody's.
    pub(crate) fn text(text: &str) -> Self {
        let mut escaped = String::with_capacity(text.len());
        for character in clean(text).chars().take(LONGEST) {
            match character {
                '&' => escaped.push_str("&amp;"),
                '<' => escaped.push_str("&lt;"),
                '>' => escaped.push_str("&gt;"),
                '"' => escaped.push_str("&quot;"),
                '\'' => escaped.push_str("&#39;"),
                other => escaped.push(other),
            }
        }
        Self(escaped)
    }

    /// Markup of this program behind this.
    pub(crate) fn and(mut self, markup: &'static str) -> Self {
        self.0.push_str(markup);
        self
    }

    /// A text that may be anybody's behind this.
    pub(crate) fn and_text(self, text: &str) -> Self {
        self.and_html(&Self::text(text))
    }

    /// Another piece behind this.
    pub(crate) fn and_html(mut self, other: &Self) -> Self {
        self.0.push_str(&other.0);
        self
    }

    /// An element with attributes, whose values may be anybody's, around a piece.
    pub(crate) fn element(name: &'static str, attributes: &[(&'static str, &str)], inner: &Self) -> Self {
        let mut element = Self::open(name, attributes).and_html(inner);
        let _ = write!(element.0, "</{name}>");
        element
    }

    /// An element that has no end.
    pub(crate) fn void(name: &'static str, attributes: &[(&'static str, &str)]) -> Self {
        Self::open(name, attributes)
    }

    fn open(name: &'static str, attributes: &[(&'static str, &str)]) -> Self {
        let mut opened = Self(format!("<{name}"));
        for (attribute, value) in attributes {
            let Self(value) = Self::text(value);
            let _ = write!(opened.0, " {attribute}=\"{value}\"");
        }
        opened.and(">")
    }

    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

impl FromIterator<Html> for Html {
    fn from_iter<T: IntoIterator<Item = Html>>(pieces: T) -> Self {
        pieces.into_iter().fold(Self::default(), |all, piece| all.and_html(&piece))
    }
}

/// A table with a caption. On a narrow screen each cell says its heading, and roles stay what they are however it is laid out.
pub(crate) fn table<const N: usize>(
    caption: &str,
    headings: [&'static str; N],
    rows: impl IntoIterator<Item = [Html; N]>,
) -> Html {
    let head: Html = headings
        .iter()
        .map(|heading| Html::element("th", &[("scope", "col"), ("role", "columnheader")], &Html::raw(heading)))
        .collect();
    let row = |cells: [Html; N]| -> Html {
        let cell = |(heading, cell): (&&'static str, Html)| {
            let cell = Html::element("div", &[], &cell);
            Html::element("td", &[("role", "cell"), ("data-label", heading)], &cell)
        };
        let cells: Html = headings.iter().zip(cells).map(cell).collect();
        Html::element("tr", &[("role", "row")], &cells)
    };
    let body: Html = rows.into_iter().map(row).collect();
    let head = Html::element("tr", &[("role", "row")], &head);
    let parts = Html::element("caption", &[], &Html::text(caption))
        .and_html(&Html::element("thead", &[("role", "rowgroup")], &head))
        .and_html(&Html::element("tbody", &[("role", "rowgroup")], &body));
    Html::element("table", &[("role", "table")], &parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup() {
        let hostile = "<script>alert(1)</script>\"'&\u{202e}sk_live_abc";
        let escaped = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;sk_live_(not shown)";
        assert_eq!(Html::text(hostile).into_string(), escaped);
        let element = Html::element("a", &[("title", hostile)], &Html::text(hostile));
        assert_eq!(element.into_string(), format!("<a title=\"{escaped}\">{escaped}</a>"));
    }

    #[test]
    fn a_text_is_cut_where_nobody_reads_on() {
        assert_eq!(Html::text(&"<".repeat(LONGEST + 1)).into_string(), "&lt;".repeat(LONGEST));
    }

    #[test]
    fn a_table_says_in_each_cell_what_it_is() {
        let table = table("Calls", ["Tool", "Who"], [[Html::text("a"), Html::text("<b>")]]).into_string();
        assert!(
            table.contains("<td role=\"cell\" data-label=\"Who\"><div>&lt;b&gt;</div></td></tr></tbody></table>"),
            "{table}"
        );
        assert!(table.contains("<th scope=\"col\" role=\"columnheader\">Tool</th>"), "{table}");
    }
}
