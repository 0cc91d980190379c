//! Addresses and numbers in everything that each operation and tool is answered, looked for in everything that leaves while masks
//! are on.

use pins::Pins;
use serde_json::{Map, Value, json};

use super::samples;
use crate::api::tests::Told;
use crate::call::Call;
use crate::catalogue;
use crate::changes;
use crate::exit;
use crate::kind::{Kind, Parameter};
use crate::masks::{self, Kinds};
use crate::operations::{OPERATIONS, Operation};
use crate::policy::PrivateMetadata;
use crate::preview::{Before, Preview};
use crate::problem::Problem;
use crate::tool::Tool;
use crate::view::{Shape, View};

const ADDRESS: &str = "planted.person@acme.example";
const NUMBER: &str = "+15551230142";
/// Parts of both.
const PLANTED: [&str; 3] = ["planted", "person@", "5551230142"];

fn put_on() {
    masks::put_on(Kinds { emails: true, phones: true }, Some(&[7; 32]));
}

/// The handle of the address.
fn handle() -> String {
    let masked = exit::shown(ADDRESS);
    masked.split(['(', ')']).nth(1).expect("it has a handle").to_owned()
}

/// An answer with an address and a number wherever there can be one.
fn answer(view: &View, depth: usize) -> Value {
    let mut fields = Map::new();
    for field in view.0 {
        let value = match field.shape {
            Shape::One(view) if depth > 0 => answer(view, depth - 1),
            Shape::Many(view) | Shape::Any(view) if depth > 0 => json!([answer(view, depth - 1)]),
            Shape::Text | Shape::Untrusted if field.name != "id" => json!(format!("see {ADDRESS}, {NUMBER}")),
            Shape::Texts | Shape::UntrustedTexts => json!([ADDRESS, NUMBER]),
            Shape::Metadata | Shape::PrivateMetadata | Shape::Json | Shape::Object => {
                json!({ ADDRESS: { "phone": [NUMBER, "(555) 123-0142"], "again": [ADDRESS] } })
            }
            Shape::Text => json!("x_1"),
            _ => continue,
        };
        fields.insert(field.name.into(), value);
    }
    fields.into()
}

/// Arguments of which each that takes a handle has one, and how many do.
fn arguments(parameters: &[Parameter]) -> (Map<String, Value>, usize) {
    let mut taking = 0;
    let mut argument = |parameter: &Parameter| {
        let takes = |kind: Kind| matches!(kind, Kind::EmailAddress | Kind::Identifier | Kind::Contact);
        let value = match parameter.kind {
            kind if takes(kind) => json!(handle()),
            Kind::Many(each, _) | Kind::List(each) if takes(*each) => json!([handle()]),
            kind => return (parameter.name.to_owned(), samples::fitting(&kind)),
        };
        taking += 1;
        (parameter.name.to_owned(), value)
    };
    let arguments = parameters.iter().map(&mut argument).collect();
    (arguments, taking)
}

fn new_call(tool: &'static Tool, given: Map<String, Value>) -> Result<Call, Vec<Problem>> {
    Call::new(tool, given, Pins::default())
}

fn assert_absent(tool: &Tool, what: &str, text: &str) {
    for part in PLANTED {
        assert!(!text.contains(part), "{}: {what}: {text}", tool.name);
    }
}

/// Operations and curated tools that make one request.
fn tools() -> impl Iterator<Item = &'static Tool> {
    let operations = OPERATIONS.iter().filter(|operation| operation.obstacle.is_empty()).map(Operation::tool);
    operations
        .chain(catalogue::all().filter(|tool| tool.run.is_none() && tool.leads_to.is_empty() && tool.rules.is_empty()))
}

#[test]
fn no_address_leaves_with_an_answer_a_preview_or_a_change() {
    put_on();
    let (mut looked_at, mut taking) = (0, 0);
    for tool in tools() {
        let (given, handles) = arguments(tool.parameters);
        let call = new_call(tool, given).unwrap_or_else(|problems| panic!("{}: {problems:?}", tool.name));
        let sent = format!("{:?}", call.request).replace("%40", "@");
        assert!(handles == 0 || sent.contains(ADDRESS), "{}: {sent}", tool.name);
        taking += usize::from(handles > 0);
        let api = Told::alike(answer(tool.view(), 3));
        let is_listed =
            tool.target.is_some_and(|target| target.look.among.is_some() || target.look.only_item.is_some());
        let looked = Told::alike(if is_listed { json!([api.value]) } else { api.value.clone() });
        if let Ok(before) = Before::look(&call, &looked)
            && let Ok(preview) = Preview::of(&call, &before, &looked)
        {
            looked_at += 1;
            assert_absent(tool, "preview", &exit::print_preview(&preview.fields(), preview.shown.clone()));
            assert_absent(tool, "question", &crate::question::form(&preview, true).to_string());
            let changes = changes::between(&before.view, &api.value, PrivateMetadata::Show);
            let mut told = Map::new();
            changes::add_to(&mut told, &changes);
            assert_absent(tool, "changes", &exit::cleaned(told.into()).to_string());
        }
        let after = call.run(&api).unwrap_or_else(|failure| json!({ "failed": failure.fields().len() }));
        assert_absent(tool, "answer", &exit::print(tool.view().0, after, PrivateMetadata::Show));
    }
    assert!(looked_at > 100 && taking >= 20, "{looked_at} looked at, {taking} take handles");
}

#[test]
fn no_address_leaves_with_a_refusal() {
    put_on();
    for tool in tools() {
        let error = json!({ "code": "taken", "message": ADDRESS, "long_message": format!("{NUMBER} is taken"),
            "meta": { "param_name": ADDRESS, "email_addresses": [ADDRESS], "identifiers": ["(555) 123-0142"] } });
        let call = new_call(tool, arguments(tool.parameters).0)
            .unwrap_or_else(|problems| panic!("{}: {problems:?}", tool.name));
        let refused = call.run(&Told::alike(json!({ "errors": [error] })));
        let failure = refused.expect_err("it is refused");
        assert_absent(tool, "refusal", &exit::print_failure(failure));
    }
}

#[test]
fn a_handle_is_refused_where_no_address_is_expected() {
    put_on();
    let mut refused = 0;
    for tool in tools() {
        for parameter in tool.parameters.iter().filter(|parameter| !parameter.kind.may_hold_handles()) {
            let value = if parameter.kind.is_metadata() { json!({ "a": handle() }) } else { json!(handle()) };
            let problems = new_call(tool, [(parameter.name.to_owned(), value)].into_iter().collect()).err();
            let told = problems.unwrap_or_else(|| panic!("{}: {} takes it", tool.name, parameter.name));
            let pointer = format!("/{}", parameter.name);
            assert!(told.iter().any(|problem| problem.pointer == pointer), "{}: {told:?}", tool.name);
            refused += 1;
        }
    }
    assert!(refused > 300, "{refused}");
}
