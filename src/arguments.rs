//! Reads a call's arguments, and says everything that is wrong with them at once.

use serde_json::{Map, Value};

use crate::definitions;
use crate::tool::{Parse, Parsed};

/// One thing that is wrong with the arguments.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// JSON Pointer into the arguments; empty for all of them.
    pub(crate) pointer: String,
    pub(crate) message: String,
}

impl Problem {
    /// A problem of the arguments taken together.
    pub(crate) fn overall(message: impl Into<String>) -> Self {
        Self { pointer: String::new(), message: message.into() }
    }

    pub(crate) fn at(name: &str, message: impl Into<String>) -> Self {
        Self { pointer: format!("/{}", excerpt(name).replace('~', "~0").replace('/', "~1")), message: message.into() }
    }
}

/// Parses arguments as a client sends them. Clients leave them out in several ways; all mean "none".
///
/// # Errors
///
/// One problem when the text is not a JSON object.
pub(crate) fn parse(text: &str) -> Result<Map<String, Value>, Problem> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match serde_json::from_str(text) {
        Ok(Value::Null) => Ok(Map::new()),
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::overall("the arguments must be a JSON object")),
        Err(error) => Err(Problem::overall(format!("the arguments are not JSON: {error}"))),
    }
}

/// Reads a tool's parameters from its arguments.
///
/// # Errors
///
/// Every problem with them, missing parameters last.
pub(crate) fn read(tool: &str, parse: Parse, arguments: Map<String, Value>) -> Result<Box<dyn Parsed>, Vec<Problem>> {
    let given = spell_like_clerk(arguments)?;
    parse(&given).map_err(|error| {
        let problems = problems(tool, parse, given);
        if problems.is_empty() { vec![Problem::overall(shortened(error.to_string()))] } else { problems }
    })
}

/// Accepts `organizationId` for `organization_id`, and takes null for absent, as many clients send it.
pub(crate) fn spell_like_clerk(given: Map<String, Value>) -> Result<Map<String, Value>, Vec<Problem>> {
    let mut spelled = Map::new();
    for (name, value) in given {
        let snake_case = to_snake_case(&name);
        if value.is_null() {
            continue;
        }
        if spelled.insert(snake_case.clone(), value).is_some() {
            return Err(vec![Problem::at(&snake_case, "given twice, in two spellings")]);
        }
    }
    Ok(spelled)
}

fn to_snake_case(name: &str) -> String {
    let mut snake_case = String::with_capacity(name.len() + 4);
    for character in name.chars() {
        if character.is_ascii_uppercase() && !snake_case.is_empty() {
            snake_case.push('_');
        }
        snake_case.push(character.to_ascii_lowercase());
    }
    snake_case
}

/// How many problems are named at once: enough to correct a call, and no way to make long answers of short requests.
const MOST_PROBLEMS: usize = 50;

/// Serde stops at the first problem. This shows it each argument by itself, so that one answer names them all.
fn problems(tool: &str, parse: Parse, given: Map<String, Value>) -> Vec<Problem> {
    let schema = definitions::input_schema(tool);
    let known: Vec<&str> =
        schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect();
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let missing: Vec<&str> = required.filter(|name| !given.contains_key(*name)).collect();

    let mut problems = Vec::new();
    for (name, value) in given {
        if problems.len() == MOST_PROBLEMS {
            problems.push(Problem::overall("more is wrong than is listed here"));
            return problems;
        }
        let message = if known.contains(&name.as_str()) {
            refusal(parse, &name, value)
        } else {
            Some(unknown_parameter(&name, &known))
        };
        problems.extend(message.map(|message| Problem::at(&name, message)));
    }
    problems.extend(missing.into_iter().map(|name| Problem::at(name, "required, but missing")));
    problems
}

/// What is wrong with one argument. Values are read before missing ones are noticed, so only an error of another kind
/// is about this one.
fn refusal(parse: Parse, name: &str, value: Value) -> Option<String> {
    let alone = Map::from_iter([(name.to_owned(), value)]);
    let message = shortened(parse(&alone).err()?.to_string());
    (!message.starts_with("missing field")).then_some(message)
}

/// What is wrong with a value repeats it, however long it is, and then says what is expected.
fn shortened(message: String) -> String {
    if message.len() <= LONGEST_MESSAGE {
        return message;
    }
    let start = &message[..message.floor_char_boundary(LONGEST_MESSAGE / 2)];
    let end = &message[message.ceil_char_boundary(message.len() - LONGEST_MESSAGE / 2)..];
    format!("{start} … {end}")
}

fn unknown_parameter(name: &str, known: &[&str]) -> String {
    let suggestion = closest(name, known.iter().copied());
    let name = excerpt(name);
    match suggestion {
        Some(suggestion) => format!("unknown parameter `{name}`; did you mean `{suggestion}`?"),
        None => format!("unknown parameter `{name}`; the parameters are {}", known.join(", ")),
    }
}

/// The longest message about a value that is passed on whole, in bytes.
const LONGEST_MESSAGE: usize = 1000;
/// The longest name that is compared with others or repeated whole. All names that exist are shorter.
const LONGEST_NAME: usize = 100;

/// What to repeat of a name that somebody else has chosen.
pub(crate) fn excerpt(name: &str) -> &str {
    &name[..name.floor_char_boundary(LONGEST_NAME)]
}

/// The candidate that differs least from `name`, if it is close enough to be a slip.
pub(crate) fn closest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST_NAME {
        return None;
    }
    let most = name.len().max(3) / 3;
    let edits = |candidate: &&str| strsim::levenshtein(name, candidate);
    candidates.min_by_key(edits).filter(|candidate| edits(candidate) <= most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::request::Request;
    use crate::tools;
    use serde_json::json;

    fn request(tool: &str, arguments: Value) -> Result<Request, Vec<Problem>> {
        let (_, tool) = tools::find(tool).expect("the tool exists");
        tool.prepare(serde_json::from_value(arguments).expect("an object")).map(|call| call.request)
    }

    /// Where the problems are.
    fn pointers(tool: &str, arguments: Value) -> Vec<String> {
        let problems = request(tool, arguments).expect_err("the arguments are wrong");
        problems.into_iter().map(|problem| problem.pointer).collect()
    }

    #[test]
    fn absent_arguments_are_an_empty_object() {
        for text in ["", " \n", "null", "{}"] {
            assert_eq!(parse(text), Ok(Map::new()), "{text:?}");
        }
    }

    #[test]
    fn other_json_is_refused() {
        for text in ["[]", "7", "\"{}\"", "{", "{}{}"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn null_is_absent() {
        let request = request("clerk_list_users", json!({"query": null, "limit": null})).unwrap();
        assert_eq!(request.path_and_query, "/users?limit=21");
    }

    #[test]
    fn camel_case_is_accepted() {
        let request = request("clerk_remove_member", json!({"organizationId": "org_1", "userId": "user_1"})).unwrap();
        assert_eq!(request.path_and_query, "/organizations/org_1/memberships/user_1");
    }

    #[test]
    fn two_spellings_of_one_parameter_are_refused() {
        let arguments = json!({"organizationId": "org_1", "organization_id": "org_2"});
        assert_eq!(pointers("clerk_delete_organization", arguments), ["/organization_id"]);
    }

    #[test]
    fn names_inside_metadata_stay_as_they_are() {
        let arguments = json!({"userId": "user_1", "publicMetadata": {"planName": null}});
        let request = request("clerk_update_user_metadata", arguments).unwrap();
        assert_eq!(request.body.as_deref(), Some(r#"{"public_metadata":{"planName":null}}"#));
    }

    #[test]
    fn all_problems_are_named_at_once() {
        let arguments = json!({"limits": 5, "limit": 0, "status": ["new"], "offset": -1});
        let expected = ["/limit", "/limits", "/offset", "/status", "/organization_id"];
        assert_eq!(pointers("clerk_list_organization_invitations", arguments), expected);
    }

    #[test]
    fn many_problems_and_long_names_are_cut_short() {
        let many: Map<String, Value> = (0..1000).map(|number| (format!("x{number}"), json!(1))).collect();
        assert_eq!(pointers("clerk_list_users", many.into()).len(), MOST_PROBLEMS + 1);
        let long = Map::from_iter([("é".repeat(100_000), json!(1))]);
        let problems = request("clerk_list_users", long.into()).expect_err("there is no such parameter");
        assert!(problems[0].pointer.len() + problems[0].message.len() < 1000, "{problems:?}");
    }

    #[test]
    fn a_long_value_is_not_repeated_whole() {
        let long = json!({ "user_id": "é\n".repeat(100_000), "limit": "9".repeat(100_000) });
        let problems = request("clerk_list_users", long).expect_err("neither is valid");
        assert!(problems.iter().all(|problem| problem.message.len() < 1100), "{problems:?}");
        assert!(problems.iter().any(|problem| problem.message.contains("expected")), "{problems:?}");
    }

    #[test]
    fn the_same_problem_twice_is_two_problems() {
        let arguments = json!({"username": [], "email_address": []});
        assert_eq!(pointers("clerk_list_users", arguments), ["/email_address", "/username"]);
    }

    #[test]
    fn an_invalid_parameter_is_not_called_missing() {
        let arguments = json!({"organization_id": "org_1", "user_id": "somebody"});
        assert_eq!(pointers("clerk_remove_member", arguments), ["/user_id"]);
    }

    #[test]
    fn a_missing_parameter_follows_an_invalid_one() {
        assert_eq!(pointers("clerk_remove_member", json!({"user_id": ""})), ["/user_id", "/organization_id"]);
    }

    #[test]
    fn only_a_slip_gets_a_suggestion() {
        assert_eq!(closest("limits", ["limit", "offset"].into_iter()), Some("limit"));
        assert_eq!(closest("banana", ["limit", "offset"].into_iter()), None);
    }
}
