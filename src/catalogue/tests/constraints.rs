//! A schema's promise is kept: what it refuses is refused, at the parameter that is wrong.

use serde_json::{Value, json};

use super::{Listed, catalogue, samples};
use crate::kind::{Kind, Parameter, Place};
use crate::problem::Problem;

/// A single value may stand without its array, and what is empty sets nothing, although the schema does not say so.
fn is_taken_otherwise(tool: &Listed, name: &str, schema: &Value) -> impl Fn(&Value) -> bool {
    let items = (schema["type"] == "array").then(|| samples::validator(&schema["items"]));
    let shapes = matches!(tool.tool.parameter(name), Some(Parameter { place: Place::Shapes, .. }));
    let writes = tool.tool.writes();
    move |value| {
        let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
        items.as_ref().is_some_and(|items| (writes && *value == json!([])) || items.is_valid(value))
            || (shapes && !writes && is_blank)
    }
}

/// Each parameter of a tool with its kind and its schema.
fn parameters(tool: &Listed) -> impl Iterator<Item = (&'static str, &'static Kind, &Value)> {
    tool.tool.parameters.iter().map(|parameter| (parameter.name, &parameter.kind, &tool.parameters()[parameter.name]))
}

#[test]
fn what_a_schema_refuses_is_refused_where_it_stands() {
    for tool in catalogue() {
        for (name, kind, schema) in parameters(&tool) {
            let is_taken = is_taken_otherwise(&tool, name, schema);
            for value in samples::unfitting(kind, schema).iter().filter(|value| !is_taken(value)) {
                assert!(tool.complaint(name, value).is_some(), "{}: {name}: {value} passes", tool.name());
            }
        }
    }
}

/// Without the keyword, some of the values would fit.
#[test]
fn each_keyword_of_a_schema_is_violated() {
    const KEYWORDS: [&str; 9] =
        ["type", "pattern", "enum", "minimum", "maximum", "items", "minItems", "maxItems", "minLength"];
    for tool in catalogue() {
        for (name, kind, schema) in parameters(&tool) {
            let unfitting = samples::unfitting(kind, schema);
            // Where the values are listed, they are of the type too.
            let keywords = KEYWORDS.into_iter().filter(|keyword| *keyword != "type" || schema.get("enum").is_none());
            for keyword in keywords.filter(|keyword| schema.get(keyword).is_some()) {
                let mut relaxed = schema.clone();
                relaxed.as_object_mut().expect("a schema is an object").remove(keyword);
                let validator = samples::validator(&relaxed);
                assert!(unfitting.iter().any(|value| validator.is_valid(value)), "{}: {name}: {keyword}", tool.name());
            }
        }
    }
}

#[test]
fn what_a_schema_accepts_is_accepted() {
    for tool in catalogue() {
        for (name, kind, _) in parameters(&tool) {
            let value = samples::fitting(kind);
            assert_eq!(tool.complaint(name, &value), None, "{}: {name}: {value}", tool.name());
        }
    }
}

#[test]
fn bounds_are_inclusive() {
    for tool in catalogue() {
        for (name, schema) in tool.parameters() {
            for bound in [&schema["minimum"], &schema["maximum"]].into_iter().filter(|bound| bound.is_u64()) {
                assert_eq!(tool.complaint(name, bound), None, "{}: {name}: {bound}", tool.name());
            }
        }
    }
}

#[test]
fn every_example_fits_its_schema_and_makes_a_request() {
    for tool in catalogue() {
        let example = tool.example();
        assert!(jsonschema::is_valid(&tool.input_schema, &example), "{}", tool.name());
        assert!(tool.request(example).is_ok(), "{}", tool.name());
    }
}

#[test]
fn a_misspelled_parameter_gets_a_suggestion() {
    for tool in catalogue() {
        for name in tool.parameters().keys() {
            let misspelled = format!("{name}x");
            let message = tool.complaint(&misspelled, &json!("anything")).unwrap_or_default();
            assert!(message.contains(&format!("did you mean `{name}`?")), "{}: {message}", tool.name());
        }
    }
}

#[test]
fn a_parameter_that_resembles_none_gets_the_names() {
    for tool in catalogue() {
        let message = tool.complaint("zzzzzzzzzz", &json!(1)).unwrap_or_default();
        for name in tool.parameters().keys() {
            assert!(message.contains(name.as_str()), "{}: {message}", tool.name());
        }
    }
}

#[test]
fn every_missing_parameter_is_named() {
    for tool in catalogue().iter().filter(|tool| !tool.required().is_empty()) {
        let mut problems = tool.request(json!({})).expect_err("something is missing");
        problems.retain(|problem| !problem.pointer.is_empty());
        let missing = |name: &str| Problem { pointer: format!("/{name}"), message: "required, but missing".into() };
        let expected: Vec<Problem> = tool.required().into_iter().map(missing).collect();
        assert_eq!(problems, expected, "{}", tool.name());
    }
}

#[test]
fn every_problem_is_named_at_once() {
    for tool in catalogue().iter().filter(|tool| !tool.parameters().is_empty()) {
        let arguments: Value = tool.parameters().keys().map(|name| (name.clone(), json!([[]]))).collect();
        let problems = tool.request(arguments).expect_err("nothing takes an array of arrays");
        let pointers = problems.into_iter().map(|problem| problem.pointer);
        let pointers: Vec<String> = pointers.filter(|pointer| !pointer.is_empty()).collect();
        assert_eq!(pointers.len(), tool.parameters().len(), "{}: {pointers:?}", tool.name());
    }
}

#[test]
fn null_and_absent_are_the_same() {
    for tool in catalogue() {
        let mut arguments = tool.example();
        for name in tool.parameters().keys().filter(|name| tool.example().get(name).is_none()) {
            arguments[name] = Value::Null;
        }
        assert_eq!(tool.request(arguments), tool.request(tool.example()), "{}", tool.name());
    }
}

#[test]
fn camel_case_names_are_accepted() {
    for tool in catalogue() {
        let Value::Object(example) = tool.example() else { panic!("{}: an example is an object", tool.name()) };
        let camel_case: Value = example.iter().map(|(name, value)| (to_camel_case(name), value.clone())).collect();
        assert_eq!(tool.request(camel_case), tool.request(tool.example()), "{}", tool.name());
    }
}

fn to_camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |name, word| {
        let (initial, rest) = word.split_at(1);
        name + &initial.to_uppercase() + rest
    })
}

#[test]
fn an_argument_never_changes_which_endpoint_is_called() {
    for tool in catalogue() {
        let segments = |tool: &Listed, arguments: Value| {
            let path = tool.request(arguments).ok()?.path_and_query;
            Some(path.split('?').next().unwrap_or_default().split('/').count())
        };
        for value in ["..", ".", "", "org_1/x", "user_1/../x", "org_1?a=b", "user_1#x", "%2e%2e", "org_%2F"] {
            for name in tool.parameters().keys() {
                let mut arguments = tool.example();
                arguments[name] = json!(value);
                let asked = segments(&tool, arguments);
                assert!(
                    asked.is_none() || asked == segments(&tool, tool.example()),
                    "{}: {name}: {value}",
                    tool.name()
                );
            }
        }
    }
}
