//! The media types that a client accepts as an answer (pure; the program reads them with this file too).

const JSON: &str = "application/json";
const EVENTS: &str = "text/event-stream";

/// Which of the two types of MCP's answers a client accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Accepted {
    pub(crate) json: bool,
    pub(crate) events: bool,
}

impl Accepted {
    /// Reads the values of the `Accept` headers. A client that sends none accepts everything.
    pub(crate) fn read<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let ranges: Vec<Range<'_>> = values.flat_map(|value| value.split(',')).filter_map(Range::parse).collect();
        if ranges.is_empty() {
            return Self { json: true, events: true };
        }
        Self { json: accepts(&ranges, JSON), events: accepts(&ranges, EVENTS) }
    }

    pub(crate) fn nothing(self) -> bool {
        !self.json && !self.events
    }
}

/// One element of an `Accept` header.
struct Range<'a> {
    /// `type/subtype`, where either may be `*`.
    name: &'a str,
    is_excluded: bool,
}

impl<'a> Range<'a> {
    /// None for an empty element.
    fn parse(element: &'a str) -> Option<Self> {
        let mut parts = element.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight = parts.find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            name.trim().eq_ignore_ascii_case("q").then_some(value.trim())
        });
        Some(Self { name, is_excluded: weight.is_some_and(is_zero) })
    }

    /// How exactly it names a type: 2 for the type itself, 1 for `type/*`, 0 for `*/*`. None if it is another type.
    fn precision(&self, wanted: &str) -> Option<u8> {
        let kind = wanted.split('/').next().unwrap_or_default();
        match self.name.split_once('/') {
            Some(("*", "*")) => Some(0),
            Some((name, "*")) if name.eq_ignore_ascii_case(kind) => Some(1),
            _ if self.name.eq_ignore_ascii_case(wanted) => Some(2),
            _ => None,
        }
    }
}

/// The most precise range decides (RFC 9110, section 12.5.1).
fn accepts(ranges: &[Range<'_>], wanted: &str) -> bool {
    let most_precise = ranges.iter().filter_map(|range| range.precision(wanted)).max();
    most_precise.is_some_and(|precision| {
        ranges.iter().any(|range| range.precision(wanted) == Some(precision) && !range.is_excluded)
    })
}

/// Whether a weight is 0, in any spelling. One that is no number excludes nothing.
fn is_zero(weight: &str) -> bool {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    whole == "0" && fraction.bytes().all(|digit| digit == b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> (bool, bool) {
        let Accepted { json, events } = Accepted::read([value].into_iter());
        (json, events)
    }

    #[test]
    fn either_type_and_any_range_that_holds_it_is_accepted() {
        for value in
            ["", "*/*", "application/json, text/event-stream", "text/*;q=0.5,application/*", "text/html, */*;q=0.1"]
        {
            assert_eq!(read(value), (true, true), "{value}");
        }
        for value in
            ["application/json", "Application/JSON; charset=utf-8", "application/*", "application/json;q=0.001"]
        {
            assert_eq!(read(value), (true, false), "{value}");
        }
        for value in ["text/event-stream", "text/*", "text/html, TEXT/EVENT-STREAM"] {
            assert_eq!(read(value), (false, true), "{value}");
        }
        assert_eq!(Accepted::read(std::iter::empty()), Accepted { json: true, events: true });
        assert_eq!(
            Accepted::read(["application/json", "text/event-stream"].into_iter()),
            Accepted { json: true, events: true }
        );
    }

    #[test]
    fn other_types_and_those_of_weight_zero_are_not_accepted() {
        for value in ["text/html", "json", "application", "application/json;q=0", "*/*; Q=0.000", "application/jsonp"] {
            assert!(Accepted::read([value].into_iter()).nothing(), "{value}");
        }
        assert_eq!(read("*/*, text/event-stream;q=0"), (true, false));
        assert_eq!(read("application/json;q=0, */*"), (false, true));
        assert_eq!(read("application/*;q=0, application/json"), (true, false));
        assert_eq!(read("application/json;q=high"), (true, false));
    }
}
