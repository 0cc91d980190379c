//! Reads the header `Retry-After`.

use time::{Date, Month, Time, UtcDateTime};

/// The seconds that `asked` names: a number, or a date, which counts from the `date` of the same answer. A number that
/// does not fit means the largest that does.
pub(crate) fn seconds(asked: &str, date: Option<&str>) -> Option<u32> {
    let asked = asked.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(asked.parse().unwrap_or(u32::MAX));
    }
    let wait = unix_time(asked)?.saturating_sub(unix_time(date?.trim())?).max(0);
    Some(u32::try_from(wait).unwrap_or(u32::MAX))
}

const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";

/// The seconds since 1970 of a date as HTTP writes it: `Wed, 25 Nov 2026 12:01:30 GMT`.
fn unix_time(text: &str) -> Option<i64> {
    let part = |from: usize, to: usize| text.get(from..to);
    let number = |from: usize, to: usize| part(from, to)?.parse::<u8>().ok();
    let is_framed = text.len() == 29 && part(3, 5) == Some(", ") && part(25, 29) == Some(" GMT");
    let month = MONTHS.find(part(8, 11).filter(|_| is_framed)?).filter(|place| place % 3 == 0)?;
    let month = Month::try_from(u8::try_from(month / 3 + 1).ok()?).ok()?;
    let date = Date::from_calendar_date(part(12, 16)?.parse().ok()?, month, number(5, 7)?).ok()?;
    let time = Time::from_hms(number(17, 19)?, number(20, 22)?, number(23, 25)?).ok()?;
    Some(UtcDateTime::new(date, time).unix_timestamp())
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
        for text in [
            "",
            "-1",
            "1.5",
            "soon",
            "Wed, 99 Nov 2026 12:00:00 GMT",
            "Wed, 25 ovD 2026 12:00:00 GMT",
            "Wed, 25 Nov 2026 12:00:00 CET",
        ] {
            assert_eq!(seconds(text, NOON), None, "{text}");
        }
    }
}
