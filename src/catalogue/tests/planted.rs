//! Recognizable secrets in everything that each operation is given and answered, looked for in everything that leaves.

use pins::Pins;
use serde_json::{Map, Value, json};

use super::samples;
use super::secrets::has_secret;
use crate::api::tests::Told;
use crate::call::Call;
use crate::changes;
use crate::danger::Danger;
use crate::exit;
use crate::kind::{Given, Kind};
use crate::operations::{OPERATIONS, Operation, find};
use crate::policy::PrivateMetadata;
use crate::preview::{Before, Preview};
use crate::tool::Answer;
use crate::view::{Shape, View};

const GIVEN: &str = "Planted-given-1";
const ANSWERED: &str = "Planted-answer-1";
/// The beginning of both.
const PLANTED: &str = "Planted-";

/// A value of a parameter with a secret wherever it takes one.
fn planted(parameter: &Given) -> Value {
    match parameter.kind {
        Kind::Text if parameter.is_secret => json!(GIVEN),
        Kind::List(Kind::Text) if parameter.is_secret => json!([GIVEN, "x"]),
        Kind::Open if parameter.is_secret => json!({ "authorization": [GIVEN] }),
        kind if parameter.is_secret => panic!("{}: nothing is planted in {kind:?}", parameter.name),
        Kind::Object(fields) => members(fields),
        kind => samples::fitting(&kind),
    }
}

fn members(parameters: &[Given]) -> Value {
    parameters.iter().map(|parameter| (parameter.name.to_owned(), planted(parameter))).collect::<Map<_, _>>().into()
}

/// An answer with secrets wherever there can be one, which its texts and metadata repeat.
fn answer(view: &View, repeated: &str, depth: usize) -> Value {
    let mut fields = Map::new();
    for field in view.0 {
        let value = match field.shape {
            Shape::Secret => [json!(ANSWERED), json!([ANSWERED]), json!({ "jwt": ANSWERED })][fields.len() % 3].clone(),
            Shape::One(view) if depth > 0 => answer(view, repeated, depth - 1),
            Shape::Many(view) | Shape::Any(view) if depth > 0 => json!([answer(view, repeated, depth - 1)]),
            Shape::Text if field.name != "id" => json!(format!("see {repeated}")),
            Shape::Metadata | Shape::PrivateMetadata | Shape::Json => json!({ repeated: { "again": [repeated] } }),
            Shape::Text => json!("x_1"),
            _ => continue,
        };
        fields.insert(field.name.into(), value);
    }
    fields.into()
}

fn takes_secret(parameters: &[Given]) -> bool {
    parameters
        .iter()
        .any(|parameter| parameter.is_secret || matches!(parameter.kind, Kind::Object(fields) if takes_secret(fields)))
}

fn call(operation: &Operation) -> Call {
    let arguments = serde_json::from_value(members(operation.parameters)).expect("an object");
    Call::new(operation.tool(), arguments, Pins::default())
        .unwrap_or_else(|problems| panic!("{}: {problems:?}", operation.name))
}

fn assert_absent(operation: &Operation, what: &str, text: &str) {
    assert!(!text.contains(PLANTED), "{}: {what}: {text}", operation.name);
}

/// Those that take a secret or answer with one.
fn with_secrets() -> impl Iterator<Item = &'static Operation> {
    let is_callable = |operation: &&Operation| operation.obstacle.is_empty();
    let has = |operation: &&Operation| takes_secret(operation.parameters) || has_secret(operation.tool().view());
    OPERATIONS.iter().filter(is_callable).filter(has)
}

#[test]
fn no_secret_leaves_with_an_answer_or_a_preview() {
    let (mut given, mut kept) = (0, 0);
    for operation in with_secrets() {
        let call = call(operation);
        let sent = call.request.body.clone().unwrap_or_default();
        assert_eq!(sent.contains(GIVEN), takes_secret(operation.parameters), "{}: {sent}", operation.name);
        given += usize::from(sent.contains(GIVEN));
        let repeated = [(GIVEN, takes_secret(operation.parameters)), (ANSWERED, has_secret(call.tool.view()))];
        let repeated: Vec<&str> = repeated.iter().filter_map(|(text, is_there)| is_there.then_some(*text)).collect();
        let api = Told::alike(answer(call.tool.view(), &repeated.join(" and "), 3));
        let is_listed = call.tool.target.is_some_and(|target| target.look.among.is_some());
        let shown = |value: Value| if is_listed { json!([value]) } else { value };
        let looked = Told::alike(shown(api.value.clone()));
        let before = Before::look(&call, &looked).expect("it is looked at");
        // What is looked at and is something else has no secrets that are known.
        let looked = if before.is_comparable { api.value.clone() } else { answer(call.tool.view(), "", 3) };
        let looked = Told::alike(shown(looked));
        let before = Before::look(&call, &looked).expect("it is looked at");
        let preview = Preview::of(&call, &before, &looked).expect("it can be made");
        assert_absent(operation, "preview", &preview.shown.to_string());
        assert_absent(operation, "preview", &preview.in_words());
        let after = call.run(&api).expect("it is answered");
        assert_absent(operation, "undo", &format!("{:?}", before.undo(&call, &after, &api)));
        let shown = PrivateMetadata::Show;
        let mut changed = changes::between(&before.view, &after, shown);
        changes::complete(&mut changed, before.expected(&call, shown));
        if before.is_comparable {
            assert_absent(operation, "changes", &format!("{changed:?}"));
        }
        assert_absent(operation, "answer", &exit::print(call.tool.view().0, after, shown));
        let secrets = api.into_kept();
        assert!(!operation.is_only_for_secrets || !secrets.is_empty(), "{}", operation.name);
        assert!(call.tool.is_guarded() || secrets.is_empty(), "{}: {secrets:?}", operation.name);
        kept += usize::from(!secrets.is_empty());
    }
    assert!(given >= 10 && kept >= 20, "{given} take secrets, {kept} hand them out");
}

#[test]
fn what_is_looked_at_first_reveals_nothing() {
    let targets = OPERATIONS.iter().filter_map(|operation| Some((operation.name, operation.target?)));
    for (name, target) in targets {
        let look = find(&format!("GET {}", target.look.endpoint.path)).expect("it is one of them");
        assert_eq!(look.danger, Danger::Read, "{name}: {}", look.name);
        let is_chosen = target.look.only_item.is_some() || target.look.among.is_some();
        assert!(is_chosen || matches!(look.answer, Answer::One(_)), "{name}: {}", look.name);
    }
}

#[test]
fn no_secret_leaves_with_a_refusal() {
    for operation in with_secrets().filter(|operation| takes_secret(operation.parameters)) {
        let error = json!({ "code": "weak", "message": GIVEN, "long_message": GIVEN, "meta": { "param_name": GIVEN } });
        let refused = call(operation).run(&Told::alike(json!({ "errors": [error] })));
        assert_absent(operation, "refusal", &exit::print_failure(refused.expect_err("it is refused")));
        for parameter in operation.parameters.iter().filter(|parameter| takes_secret(core::slice::from_ref(*parameter)))
        {
            for wrong in [json!({ "odd": [GIVEN] }), json!([[GIVEN]]), json!(GIVEN), json!(format!("{{\"{GIVEN}"))] {
                let given = [(parameter.name.to_owned(), wrong)].into_iter().collect();
                let problems = Call::new(operation.tool(), given, Pins::default()).err().unwrap_or_default();
                let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
                assert_absent(operation, "problems", &messages.join("; "));
            }
        }
    }
}
