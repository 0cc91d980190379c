//! Reads the header `Retry-After`.

use httpdate::parse_http_date;

/// The seconds that `asked` names: a number, or a date, which counts from the `date` of the same answer. A number that
/// does not fit means the largest that does.
pub(crate) fn seconds(asked: &str, date: Option<&str>) -> Option<u32> {
    let asked = asked.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(asked.parse().unwrap_or(u32::MAX));
    }
    let (until, from) = (parse_http_date(asked).ok()?, parse_http_date(date?.trim()).ok()?);
    let wait = until.duration_since(from).unwrap_or_default().as_secs();
    Some(u32::try_from(wait).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    const NOON: Option<&str> = Some("Wed, 25 Nov 2026 12:00:00 GMT");

    #[test]
    fn a_number_of_any_size_is_read() {
        assert_eq!(seconds(" 7 ", None), Some(7));
        for large in ["4294967295", "4294967296", "18446744073709551615", "99999999999999999999999"] {
            assert_eq!(seconds(large, NOON), Some(u32::MAX));
        }
    }

    #[test]
    fn a_date_counts_from_that_of_the_answer() {
        assert_eq!(seconds("Wed, 25 Nov 2026 12:01:30 GMT", NOON), Some(90));
        assert_eq!(seconds("Wed, 25 Nov 2026 11:00:00 GMT", NOON), Some(0));
        assert_eq!(seconds("Wed, 25 Nov 2026 12:01:30 GMT", None), None);
    }

    #[test]
    fn what_is_neither_names_no_time() {
        for text in ["", "-1", "1.5", "soon", "Wed, 99 Nov 2026 12:00:00 GMT"] {
            assert_eq!(seconds(text, NOON), None, "{text}");
        }
    }
}
