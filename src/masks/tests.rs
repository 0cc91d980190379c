use serde_json::json;

use super::*;

const BOTH: Kinds = Kinds { emails: true, phones: true };
const KEY: [u8; 32] = [7; 32];

/// What is shown of a text, without handles.
fn shown(written: &str) -> String {
    put_on(BOTH, Some(&KEY));
    let masked = text(written.into()).into_owned();
    let shown = without_handles(&masked).into_owned();
    assert_eq!(text((&*masked).into()), masked, "masked twice, {written:?} changes");
    shown
}

/// The values that the handles in a text stand for.
fn meant(written: &str) -> Vec<String> {
    put_on(BOTH, Some(&KEY));
    let masked = text(written.into()).into_owned();
    let (mut values, mut at) = (Vec::new(), 0);
    while let Some((start, end)) = handle::next(&masked, at, handle::SHORTEST) {
        values.extend(opened(&masked[start..end]).ok().flatten());
        at = end;
    }
    values
}

#[test]
fn addresses_are_found_wherever_they_stand() {
    for (written, seen, value) in [
        ("ada@acme.example", "a…@acme.example", "ada@acme.example"),
        (" _ada.b-c+tag@acme.example ", " _…@acme.example ", "_ada.b-c+tag@acme.example"),
        ("Ada <ada@acme.example>", "Ada <a…@acme.example>", "ada@acme.example"),
        ("write to ada@acme.example.", "write to a…@acme.example.", "ada@acme.example"),
        ("(ada@acme.example), or not", "(a…@acme.example), or not", "ada@acme.example"),
        ("'ada@acme.example'?", "'a…@acme.example'?", "ada@acme.example"),
        ("*ada@acme.example* is bold", "*a…@acme.example* is bold", "ada@acme.example"),
        ("“ada@acme.example”", "“a…@acme.example”", "ada@acme.example"),
        ("mailto:ada@acme.example?subject=x", "mailto:a…@acme.example?subject=x", "ada@acme.example"),
        ("jürgen@bücher.example", "j…@bücher.example", "jürgen@bücher.example"),
        ("jose\u{301}@acme.example", "j…@acme.example", "jose\u{301}@acme.example"),
        ("用户@例子.广告，你好", "用…@例子.广告，你好", "用户@例子.广告"),
        ("ada＠acme.example", "a…@acme.example", "ada@acme.example"),
        ("\"ada l\"@acme.example", "\"…@acme.example", "\"ada l\"@acme.example"),
        ("a@b@acme.example", "a…@acme.example", "a@b@acme.example"),
        ("x.ada@[192.0.2.1] y", "x…@[192.0.2.1] y", "x.ada@[192.0.2.1]"),
        ("ada@localhost", "a…@localhost", "ada@localhost"),
        (
            "https://x.example/?e=ada%2Bt%40acme.example&f",
            "https://x.example/?e=a…@acme.example&f",
            "ada+t@acme.example",
        ),
        ("e%3Dada%40acme.example%26f", "e%3Da…@acme.example%26f", "ada@acme.example"),
        (r#"{"to":"ada@acme.example"}"#, r#"{"to":"a…@acme.example"}"#, "ada@acme.example"),
        (r#"{"to":"\nada@acme.example"}"#, r#"{"to":"\na…@acme.example"}"#, "ada@acme.example"),
        (r#"{"to":"ada\u0040acme.example"}"#, r#"{"to":"a…@acme.example"}"#, "ada@acme.example"),
        ("<b>ada&#64;acme.example</b>", "<b>a…@acme.example</b>", "ada@acme.example"),
        ("ada&#X040;acme.example", "a…@acme.example", "ada@acme.example"),
        ("?next=%3Femail%3Dada%252540acme.example", "?next=%3Femail%3Da…@acme.example", "ada@acme.example"),
        (r"ada\\u0040acme.example", "a…@acme.example", "ada@acme.example"),
        (r"\u003cada@acme.example\u003e", r"\u003ca…@acme.example\u003e", "ada@acme.example"),
        ("+15551234567@sms.example", "+…@sms.example", "+15551234567@sms.example"),
    ] {
        assert_eq!(shown(written), seen);
        assert_eq!(meant(written), [value], "{written}");
    }
}

#[test]
fn several_in_one_text_are_masked_each() {
    assert_eq!(shown("ada@a.example,bob@b.example;+15551234567"), "a…@a.example,b…@b.example;+1…67");
    assert_eq!(meant("ada@a.example bob@b.example"), ["ada@a.example", "bob@b.example"]);
}

#[test]
fn what_is_no_address_and_no_number_stays() {
    for text in [
        "",
        "@",
        "a @ b",
        "@ada",
        "*@acme.example",
        "ada@",
        "a…@acme.example",
        r#"{"@type":"Person"}"#,
        r#"["x","@y"]"#,
        "user_2abc",
        "2026-11-26T20:59:57+00:00",
        "1+15551234567",
        "+123456",
        "+1234567890123456",
        "a+b",
        "%40",
        "100%",
        "555 123 4567",
        "email_address",
        "phone_number",
    ] {
        assert_eq!(shown(text), text);
    }
}

#[test]
fn numbers_are_found_as_clerk_gives_them_and_as_people_write_them_where_a_field_holds_one() {
    assert_eq!(shown("call +15551234567 or tel:+491701234567."), "call +1…67 or tel:+4…67.");
    assert_eq!(shown("n=%2B15551234567"), "n=+1…67");
    for (written, seen, value) in [
        ("call +49 170 1234567, or not", "call +4…67, or not", "+491701234567"),
        ("+1 202 – 555 – 0199", "+1…99", "+12025550199"),
        ("+1\t202\n555·0199", "+1…99", "+12025550199"),
        ("+(1) 202 555 0199", "+1…99", "+12025550199"),
        (
            r"\u002B12025550199, &#43;12025550198 ＋12025550197",
            "+1…99, +1…98 +1…97",
            "+12025550199 +12025550198 +12025550197",
        ),
        ("+49 (0)170 123-45-67", "+4…67", "+491701234567"),
        ("+1 (555) 123-4567 2026", "+1…67 2026", "+15551234567"),
        ("+33 6 12 34 56 78 or", "+3…78 or", "+33612345678"),
        ("+380 44 123 45 67", "+3…67", "+380441234567"),
    ] {
        let values: Vec<String> = value.split(' ').map(Into::into).collect();
        assert_eq!((shown(written), meant(written)), (seen.into(), values), "{written}");
    }
    put_on(BOTH, Some(&KEY));
    let seen = |value: Value| without_handles(&member("", value).to_string()).into_owned();
    assert_eq!(seen(json!({ "phone_number": "(555) 123-4567" })), r#"{"phone_number":"(5…67"}"#);
    assert_eq!(seen(json!({ "homePhone": 1, "mobile": ["0170 1234567"] })), r#"{"homePhone":1,"mobile":["0…67"]}"#);
    for (written, masked) in [
        ("202-555-0199 ext. 12", "2…99 ext. 12"),
        ("Tel. 555 123 4567 (work)", "Tel. 5…67 (work)"),
        ("5551234567,5551234568", "5…67,5…68"),
        ("idn_1234567 or 12345abc", "idn_1234567 or 12345abc"),
        ("since 2026-11-27, after 18:00 2026-11-27", "since 2026-11-27, after 18:00 2026-11-27"),
    ] {
        assert_eq!(seen(json!({ "phone": written })), format!(r#"{{"phone":"{masked}"}}"#));
    }
    assert_eq!(seen(json!({ "phones": { "5551234567": 5_551_234_567.5 } })), r#"{"phones":{"5…67":"5…67.5"}}"#);
    let change = |path: &str| json!({ "path": path, "before": "5551234567", "after": 5_551_234_568_u64 });
    assert_eq!(
        seen(change("/public_metadata/phone")),
        r#"{"after":"5…68","before":"5…67","path":"/public_metadata/phone"}"#
    );
    assert_eq!(seen(change("/phone/used_at")), r#"{"after":5551234568,"before":"5…67","path":"/phone/used_at"}"#);
    assert_eq!(seen(json!({ "/phones/5551234567": "home" })), r#"{"/phones/5…67":"home"}"#);
    let other = json!({ "path": "/mobile/home", "visits": 12_345_678 });
    assert_eq!(seen(other.clone()), other.to_string());
    assert_eq!(seen(json!({ "PHONE": 491_701_234_567_u64, "phone": 12 })), r#"{"PHONE":"4…67","phone":12}"#);
    assert_eq!(
        seen(json!({ "phones": { "home": [{ "text": "0170 1234567", "created_at": 1_700_000_000_000_u64 }] } })),
        r#"{"phones":{"home":[{"created_at":1700000000000,"text":"0…67"}]}}"#
    );
    assert_eq!(
        seen(json!({ "note": "0170 1234567", "phone_number_id": "idn_1" })),
        r#"{"note":"0170 1234567","phone_number_id":"idn_1"}"#
    );
}

#[test]
fn names_of_members_are_masked_too() {
    put_on(BOTH, Some(&KEY));
    let masked = member("", json!({ "ada@acme.example": { "x": [{ "+15551234567": true }] } })).to_string();
    assert!(!masked.contains("ada@") && !masked.contains("+1555"), "{masked}");
}

#[test]
fn only_what_is_wanted_is_masked() {
    let seen = |kinds| {
        put_on(kinds, Some(&KEY));
        without_handles(&text("ada@a.example +15551234567 +15551234567@b.example".into())).into_owned()
    };
    assert_eq!(seen(Kinds { emails: true, phones: false }), "a…@a.example +15551234567 +…@b.example");
    assert_eq!(seen(Kinds { emails: false, phones: true }), "ada@a.example +1…67 +1…67@b.example");
    assert_eq!(seen(Kinds::default()), "ada@a.example +15551234567 +15551234567@b.example");
}

/// The whole shown form of Ada's address under a key.
fn masked(key: &[u8]) -> String {
    put_on(BOTH, Some(key));
    text("ada@acme.example".into()).into_owned()
}

#[test]
fn a_handle_is_understood_alone_and_with_what_is_shown() {
    let whole = masked(&KEY);
    assert_eq!(whole, masked(&KEY));
    let handle = whole.split(['(', ')']).nth(1).expect("it has a handle").to_owned();
    assert!(handle.starts_with("email_") && handle.len() == "email_".len() + 52, "{handle}");
    let alike = handle.replace("email_", "EMAIL_").replace('0', "O").replace('1', "l");
    for given in [
        handle.clone(),
        format!(" `{handle}` "),
        format!("({handle})"),
        handle.to_ascii_uppercase(),
        alike,
        whole.replace('…', "..."),
        whole.clone(),
    ] {
        assert_eq!(opened(&given), Ok(Some("ada@acme.example".into())), "{given}");
    }
    assert_eq!(text_cleaning::clean(&whole), whole);
}

#[test]
fn a_handle_that_cannot_be_opened_is_refused_and_never_sent() {
    let whole = masked(&KEY);
    let handle = whole.split(['(', ')']).nth(1).expect("it has a handle").to_owned();
    for length in "email_".len() + 31..handle.len() {
        assert_eq!(opened(&handle[..length]), Err(FOREIGN), "{length}");
    }
    for (given, why) in [
        (format!("{handle}0"), FOREIGN),
        (handle.replace("email_", "phone_"), FOREIGN),
        (whole.replace("a…", "b…"), MIXED_UP),
        (whole.replace("acme", "other"), MIXED_UP),
        (format!("{handle}, {handle}"), NOT_WHOLE),
        (format!("to {handle}"), MIXED_UP),
        (format!("{handle} too"), NOT_WHOLE),
        ("a…@acme.example".into(), NOT_WHOLE),
        ("a...@acme.example".into(), NOT_WHOLE),
    ] {
        assert_eq!(opened(&given), Err(why), "{given}");
    }
    assert_eq!(opened("ada@acme.example"), Ok(None));
    for key in [&[8; 32][..], &[]] {
        put_on(BOTH, Some(key));
        assert_eq!(opened(&handle), Err(FOREIGN));
    }
    put_on(Kinds::default(), None);
    assert_eq!(opened(&whole), Err(OFF));
    assert_eq!(opened("email_address"), Ok(None));
}

#[test]
fn without_a_key_everything_is_masked_and_nothing_has_a_handle() {
    put_on(BOTH, None);
    assert_eq!(text("ada@acme.example +15551234567".into()), "a…@acme.example +1…67");
}

#[test]
fn what_is_masked_is_not_taken_where_it_would_be_stored() {
    let whole = masked(&KEY);
    for value in [
        json!(whole),
        json!({ "contact": [format!("call {whole}")] }),
        json!({ whole.clone(): 1 }),
        json!("a…@b.example"),
        json!("a…\u{200b}@b.example"),
        json!("a...%40b.example"),
        json!("call +1…67"),
        json!({ "phone": ["5…67, or later"] }),
        json!("+1...67"),
    ] {
        assert_eq!(check(&value), Err(MISPLACED), "{value}");
    }
    for text in ["pages 1...12", "1…10", "a…b", "10…12", "1…123", "…12", "1…"] {
        assert_eq!(check(&json!(text)), Ok(()), "{text}");
    }
    assert_eq!(check(&json!({ "email_address": ["ada@acme.example"] })), Ok(()));
}

#[test]
fn no_text_takes_long() {
    put_on(BOTH, Some(&KEY));
    for part in [
        "@", "a@", "\"@", "+1", "\\", "25", "&#0", "1 ", "%40", "a", "a@b", "\\u00", "email_", "\"a@", "a@b ", "“@b ",
        "      ",
    ] {
        let written = part.repeat(20_000 / part.len()) + &" ".repeat(200_000);
        let begun = std::time::Instant::now();
        let masked = text((&*written).into());
        let _ = without_handles(&masked);
        assert!(begun.elapsed().as_secs() < 5, "{part}");
    }
}
