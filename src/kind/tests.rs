//! What each kind takes, makes of it, and refuses.

use serde_json::{Value, json};

use super::super::{Given, Kind, Sent, parameter};
use crate::duplicates::TWICE;
use crate::ids::Resource;

fn read(kind: Kind, value: &Value) -> Option<Value> {
    kind.read(value).ok()
}

const LIMIT: Kind = Kind::Integer { min: 1, max: 500 };
const SENT: Kind = Kind::Time(Sent::Milliseconds);
const ADDRESSES: Kind = Kind::Many(&Kind::EmailAddress, 100);

#[test]
fn bounds_are_inclusive_and_numbers_may_come_as_text() {
    for (given, number) in [
        (json!(1), Some(1)),
        (json!(500), Some(500)),
        (json!(20.0), Some(20)),
        (json!("20"), Some(20)),
        (json!(" 20.0 "), Some(20)),
        (json!(0), None),
        (json!(501), None),
        (json!(20.5), None),
        (json!(-1), None),
        (json!(1e300), None),
        (json!("ten"), None),
        (json!("[20]"), None),
        (json!(true), None),
    ] {
        assert_eq!(read(LIMIT, &given), number.map(Value::from), "{given}");
    }
}

#[test]
fn a_flag_may_come_as_text() {
    for (given, flag) in
        [("true", Some(true)), ("False", Some(false)), (" TRUE ", Some(true)), ("yes", None), ("", None)]
    {
        assert_eq!(read(Kind::Flag, &json!(given)), flag.map(Value::from), "{given}");
    }
    assert_eq!(read(Kind::Flag, &json!(1)), None);
}

#[test]
fn a_signed_id_has_one_sign_at_most() {
    for text in ["org_1", "+org_1", "-org_1"] {
        assert!(read(Kind::SignedId(Resource::Organization), &json!(text)).is_some(), "{text}");
    }
    for text in ["", "-", "--org_1", "+-org_1", "org_", "-user_1", "- org_1"] {
        assert!(read(Kind::SignedId(Resource::Organization), &json!(text)).is_none(), "{text}");
    }
}

#[test]
fn a_slug_cannot_be_a_path() {
    assert!(read(Kind::Slug, &json!("acme-inc-2")).is_some());
    for text in ["", ".", "..", "a/b", "Acme", "a b", "a_b", "é"] {
        assert!(read(Kind::Slug, &json!(text)).is_none(), "{text}");
    }
}

#[test]
fn blank_text_is_refused_and_a_number_is_its_digits() {
    assert_eq!(read(Kind::Text, &json!(" x ")), Some(json!(" x ")));
    assert_eq!(read(Kind::Text, &json!(1_234_567)), Some(json!("1234567")));
    for other in [json!(""), json!(" \n\t"), json!(1.5), json!(-1), json!([]), json!({}), json!(true)] {
        assert_eq!(read(Kind::Text, &other), None, "{other}");
    }
}

#[test]
fn a_sort_key_has_one_sign_at_most() {
    let kind = Kind::SortKey(&["created_at", "name"]);
    for text in ["created_at", "+created_at", "-created_at"] {
        assert!(read(kind, &json!(text)).is_some(), "{text}");
    }
    for text in ["", "-", "--created_at", "created", "created_at,name"] {
        assert!(read(kind, &json!(text)).is_none(), "{text}");
    }
}

#[test]
fn a_date_is_its_midnight_and_without_a_zone_is_in_utc() {
    for (given, milliseconds) in [
        (json!("2026-01-31"), 1_769_817_600_000_i64),
        (json!("2026-01-31T00:00:00"), 1_769_817_600_000),
        (json!("2026-01-31 00:00"), 1_769_817_600_000),
        (json!("2026-01-31T02:00:00.250+02:00"), 1_769_817_600_250),
        (json!("2026-01-31t00:00:00z"), 1_769_817_600_000),
        (json!(1_769_817_600_000_i64), 1_769_817_600_000),
        (json!("1769817600000"), 1_769_817_600_000),
        (json!(1_769_817_600_000.0), 1_769_817_600_000),
        (json!(0), 0),
    ] {
        assert_eq!(read(SENT, &given), Some(json!(milliseconds)), "{given}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    let texts = ["", "yesterday", "2026-13-01", "2026-02-30", "2026-01-31T12", "éééééé", "2026", "31.01.2026"];
    for other in texts.map(|text| json!(text)).into_iter().chain([json!(i64::MAX), json!(true), json!([]), json!({})]) {
        assert_eq!(read(SENT, &other), None, "{other}");
    }
}

#[test]
fn seconds_are_not_taken_for_milliseconds() {
    for seconds in [
        json!(1_735_689_600),
        json!("1735689600"),
        json!(1_735_689_600.0),
        json!(-86_400),
        json!(20_250_131_120_000_i64),
    ] {
        let message = SENT.read(&seconds).expect_err("it is ambiguous");
        assert!(message.contains("milliseconds instead of seconds"), "{message}");
    }
}

#[test]
fn a_body_holds_rfc_3339() {
    let kind = Kind::Time(Sent::Rfc3339);
    assert_eq!(read(kind, &json!("2026-01-31")), Some(json!("2026-01-31T00:00:00Z")));
    assert_eq!(read(kind, &json!(1_769_817_600_250_i64)), Some(json!("2026-01-31T00:00:00.25Z")));
    // RFC 3339 has no years before 0.
    assert_eq!(read(kind, &json!(-99_999_999_999_999_i64)), None);
}

#[test]
fn a_list_may_come_as_text_or_as_its_one_value() {
    for (given, values) in [
        (json!("a@b.example"), json!(["a@b.example"])),
        (json!(["a@b.example", "c@d.example"]), json!(["a@b.example", "c@d.example"])),
        (json!(r#"["a@b.example","c@d.example"]"#), json!(["a@b.example", "c@d.example"])),
        (json!(r#" ["a@b.example"] "#), json!(["a@b.example"])),
    ] {
        assert_eq!(read(ADDRESSES, &given), Some(values), "{given}");
    }
}

#[test]
fn a_text_that_gives_a_member_twice_is_refused_whatever_is_made_of_it() {
    static FIELDS: [Given; 0] = [];
    for kind in [Kind::Open, Kind::Metadata, Kind::Object(&FIELDS), Kind::List(&Kind::Open), Kind::Many(&Kind::Open, 9)]
    {
        for text in [r#"{"a":1,"a":2}"#, r#" {"b":{"a":1,"a":1}}"#] {
            for text in [text.to_owned(), format!("[{text}]")] {
                assert!(read(kind, &json!(text)).is_none(), "{kind:?}: {text}");
            }
        }
    }
    let secret = parameter("a", Kind::Open, "").secret();
    assert_eq!(secret.read(&json!(r#"{"a":1,"a":2}"#)), Err(TWICE.into()));
    assert_eq!(secret.read(&json!(r#"{"a":1,"b":2}"#)), Ok(json!({ "a": 1, "b": 2 })));
}

#[test]
fn several_values_in_one_text_are_refused() {
    for text in [
        "a@b.example,c@d.example",
        "a@b.example c@d.example",
        "[a@b.example]",
        "[\"a@b.example\"",
        "\"a@b.example\"",
        "Ada <a@b.example>",
    ] {
        assert_eq!(read(ADDRESSES, &json!(text)), None, "{text}");
        assert_eq!(read(Kind::EmailAddress, &json!(text)), None, "{text}");
    }
}

#[test]
fn one_to_so_many_values_are_taken() {
    for length in [1, 100] {
        assert!(read(ADDRESSES, &json!(vec!["a@b.example"; length])).is_some());
    }
    for other in [json!(vec!["a@b.example"; 101]), json!([]), json!("[]"), json!({}), json!(["a", ""]), json!([["a"]])]
    {
        assert_eq!(read(ADDRESSES, &other), None, "{other}");
    }
}

#[test]
fn metadata_is_an_object_or_the_text_of_one() {
    assert_eq!(read(Kind::Metadata, &json!({ "a": null })), Some(json!({ "a": null })));
    assert_eq!(read(Kind::Metadata, &json!(r#"{"plan":"pro"}"#)), Some(json!({ "plan": "pro" })));
    for other in [json!([]), json!("[]"), json!("pro"), json!("{"), json!(1), json!(true)] {
        assert_eq!(read(Kind::Metadata, &other), None, "{other}");
    }
}

#[test]
fn metadata_may_fill_8_kilobytes_and_no_more() {
    let of_size = |bytes: usize| json!({ "key": "x".repeat(bytes - r#"{"key":""}"#.len()) });
    assert!(Kind::Metadata.read(&of_size(8192)).is_ok());
    let message = Kind::Metadata.read(&of_size(8193)).expect_err("it is too much");
    assert!(message.starts_with("8193 bytes of JSON are too many"), "{message}");
}

#[test]
fn an_email_address_has_quotes_inside_at_most() {
    assert!(read(Kind::EmailAddress, &json!("o'brien@example.com")).is_some());
    assert_eq!(read(Kind::EmailAddress, &json!("'a@b.example'")), None);
}

#[test]
fn a_long_value_is_not_repeated_whole() {
    let message = LIMIT.read(&json!("é\n".repeat(100_000))).expect_err("it is no number");
    assert!(message.len() < 300 && message.starts_with("expected a whole number from 1 to 500, not "), "{message}");
}
