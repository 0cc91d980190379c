//! What becomes of secrets: those that a call is given, and those that the API answers with.

use pins::Pins;
use serde_json::{Value, json};

use super::super::all;
use crate::api::tests::Told;
use crate::call::Call;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::identity;
use crate::kind::{Kind, parameter};
use crate::object::NO_OBJECT;
use crate::operations::find;
use crate::paging::{LIMIT, OFFSET, Paging};
use crate::preview::{Before, Preview};
use crate::request::{get, patch};
use crate::target::{Look, Target};
use crate::tool::{Answer, READ, Tool, Undo, WRITE};
use crate::view::{Shape, View, page, secret, text};

const PASSWORD: &str = "correct horse";
const TOKEN: &str = "t_1234567";

static KEY: View = View(&[text("id"), text("note"), secret("token")]);
static KEYS: View = View(&page(&KEY));

const PARTS: Tool = Tool {
    name: "clerk_update_key",
    endpoint: patch("/key", &NO_OBJECT),
    parameters: &[
        parameter("note", Kind::Text, "A note."),
        parameter("password", Kind::Text, "A password.").secret(),
        parameter("pin", Kind::Integer { min: 0, max: 9999 }, "A PIN.").secret(),
    ],
    answer: Answer::One(&KEY),
    effect: Effect::Overwrites,
    danger: Danger::Access,
    undo: Undo::Again,
    sentence: "Update: {changes}",
    ..WRITE
};

static UPDATE: Tool = PARTS;
static CREATE: Tool = Tool { effect: Effect::Creates, ..PARTS };
static LIST: Tool = Tool {
    name: "clerk_list_keys",
    endpoint: get("/keys", &NO_OBJECT),
    parameters: &[LIMIT, OFFSET],
    answer: Answer::Page(&KEYS, Paging::Total),
    ..READ
};
static LOOK: Target = Target { look: Look::at(get("/key", &NO_OBJECT)), facts: &[], typed: &[] };
static COMPARED: Tool = Tool { target: Some(&LOOK), ..PARTS };
static REVEAL: Tool = Tool { is_only_for_secrets: true, ..LIST };

fn call(tool: &'static Tool, arguments: Value) -> Call {
    Call::new(tool, serde_json::from_value(arguments).expect("an object"), Pins::default())
        .expect("the arguments are right")
}

/// The answer to a call when the API answers with this, and what was kept.
fn run(call: &Call, answer: Value) -> (Result<Value, Failure>, Vec<(String, String)>) {
    let api = Told::alike(answer);
    (call.run(&api), api.into_kept())
}

#[test]
fn a_secret_argument_is_sent_and_not_shown() {
    let call = call(&UPDATE, json!({ "note": "new", "password": PASSWORD, "pin": 1234 }));
    assert!(call.request.body.as_ref().is_some_and(|body| body.contains(PASSWORD) && body.contains("1234")));
    let before = Before::look(&call, &Told::alike(Value::Null)).expect("there is nothing to look at");
    let preview = Preview::of(&call, &before, &Told::alike(Value::Null)).expect("it can be made");
    let shown = preview.shown.to_string() + &preview.in_words();
    assert!(!shown.contains(PASSWORD) && !shown.contains("1234"), "{shown}");
    assert!(shown.contains("password") && shown.contains("pin") && shown.contains("(secret, not shown)"), "{shown}");
    assert_eq!(preview.shown.get("undo"), None);
}

#[test]
fn what_is_wrong_with_a_secret_does_not_repeat_it() {
    let given = json!({ "pin": "98765", "password": [PASSWORD] });
    let problems = Call::new(&UPDATE, serde_json::from_value(given).expect("an object"), Pins::default())
        .err()
        .unwrap_or_default();
    let messages: String = problems.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(problems.len(), 2);
    assert!(messages.contains("expected a whole number") && !messages.contains("98765"), "{messages}");
    assert!(!messages.contains(PASSWORD), "{messages}");
}

#[test]
fn what_the_api_repeats_of_a_secret_is_replaced() {
    let call = call(&UPDATE, json!({ "password": PASSWORD }));
    let repeated = format!("{PASSWORD} and {TOKEN}");
    let (answer, _) = run(&call, json!({ "id": "k", "note": repeated, "token": TOKEN }));
    let answer = answer.expect("it is an object");
    assert_eq!(answer["note"], "(secret, not shown) and (secret, not shown)");
    let error = json!({ "code": "weak", "message": repeated, "meta": { "identifiers": [PASSWORD] } });
    let (refused, _) = run(&call, json!({ "errors": [error] }));
    let fields = refused.expect_err("it is refused").fields();
    assert!(!format!("{fields:?}").contains(PASSWORD), "{fields:?}");
}

#[test]
fn a_given_secret_that_could_be_a_word_is_replaced_too_unless_it_is_a_name_of_ours() {
    for (password, is_replaced) in [
        ("hunterhunter", true),
        ("open_sesame", true),
        ("abc", true),
        ("a1-", true),
        ("note", false),
        ("password", false),
    ] {
        let call = call(&UPDATE, json!({ "password": password }));
        let repeated = format!("The password {password} has been found, x{password}x not");
        let seen = repeated.replacen(&format!(" {password} h"), " (secret, not shown) h", 1);
        let seen = if is_replaced { &seen } else { &repeated };
        let (answer, _) = run(&call, json!({ "id": "k", "note": repeated }));
        assert_eq!(answer.expect("it is an object"), json!({ "id": "k", "note": seen }));
        let error = json!({ "code": "form_password_pwned", "message": repeated });
        let (refused, _) = run(&call, json!({ "errors": [error] }));
        let fields = json!(refused.expect_err("it is refused").fields());
        assert_eq!((&fields[1][1], &fields[2][1]), (&json!("form_password_pwned"), &json!(seen)), "{fields}");
    }
}

#[test]
fn what_stood_beside_a_secret_before_is_shown_without_it_and_is_not_brought_back() {
    let call = call(&COMPARED, json!({ "note": "new" }));
    let told = |note: &str| {
        let api = Told::alike(json!({ "id": "k", "note": note, "token": TOKEN }));
        let before = Before::look(&call, &api).expect("it is looked at");
        Preview::of(&call, &before, &api).expect("it can be made").shown
    };
    assert_eq!(told("old")["undo"]["arguments"], json!({ "note": "old" }));
    let shown = told(&format!("old {TOKEN}"));
    assert_eq!(shown["changes"][0]["before"], "old (secret, not shown)", "{shown}");
    assert_eq!(shown.get("undo"), None, "{shown}");
}

#[test]
fn what_creates_hands_out_its_secrets_and_all_else_only_where_it_is_for_nothing_else() {
    let kept = |name: &str| vec![(name.to_owned(), TOKEN.to_owned())];
    for (tool, handed_out) in [(&UPDATE, vec![]), (&CREATE, kept("token"))] {
        let (answer, secrets) = run(&call(tool, json!({ "note": "new" })), json!({ "id": "k", "token": TOKEN }));
        assert_eq!(answer.expect("it is an object"), json!({ "id": "k", "token": "(secret, not shown)" }));
        assert_eq!(secrets, handed_out);
    }
    let listed = json!({ "data": [{ "id": "a" }, { "id": "k", "token": TOKEN }], "total_count": 2 });
    let (answer, secrets) = run(&call(&LIST, json!({})), listed.clone());
    assert_eq!(answer.expect("it is a list")["data"][1]["token"], "(secret, not shown)");
    assert_eq!(secrets, []);
    assert_eq!(run(&call(&REVEAL, json!({})), listed).1, kept("data.1.token"));
}

#[test]
fn what_does_not_fit_a_page_hands_out_no_secret() {
    let item = json!({ "id": "k", "note": "n".repeat(40_000), "token": TOKEN });
    let (answer, secrets) = run(&call(&REVEAL, json!({})), json!({ "data": [item, item], "total_count": 2 }));
    assert_eq!(answer.expect("it is a list")["data"].as_array().map(Vec::len), Some(1));
    assert_eq!(secrets, [("data.0.token".to_owned(), TOKEN.to_owned())]);
}

#[test]
fn a_list_is_verified_by_its_items_also_where_its_path_ends_like_that_of_an_object() {
    let tool = find("GetOAuthAccessToken").expect("it is there").tool();
    let request = call(tool, json!({ "user_id": "user_1", "provider": "oauth_google" })).request;
    let token = json!({ "object": "oauth_access_token", "token": TOKEN });
    assert!(identity::check_answer(&request, &json!([token])).is_ok());
    assert!(identity::check_answer(&request, &json!([token, { "object": "user" }])).is_err());
}

#[test]
fn a_tool_that_is_only_for_secrets_has_some() {
    for tool in all().filter(|tool| tool.is_only_for_secrets) {
        assert!(has_secret(tool.view()), "{}", tool.name);
    }
    assert!(all().any(|tool| tool.name == "clerk_create_invitation" && has_secret(tool.view())));
}

pub(super) fn has_secret(view: &View) -> bool {
    view.0.iter().any(|field| match field.shape {
        Shape::One(view) | Shape::Many(view) | Shape::Any(view) => has_secret(view),
        shape => matches!(shape, Shape::Secret),
    })
}
