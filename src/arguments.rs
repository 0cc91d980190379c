//! Reads a call's arguments as clients really send them, and says everything that is wrong with them at once.

use serde_json::{Map, Value, json};

use crate::duplicates;
use crate::ids::Resource;
use crate::json_text;
use crate::kind::{Kind, Parameter, Place};
use crate::problem::{Problem, closest, excerpt};
use crate::rule::Rule;

/// Valid arguments by parameter. A null is a value to be cleared; what is absent is not here.
#[derive(Clone, Debug, Default)]
pub(crate) struct Arguments {
    sent: Map<String, Value>,
    /// Those that are read here and not sent.
    kept: Map<String, Value>,
}

impl Arguments {
    pub(crate) fn get(&self, parameter: &Parameter) -> Option<&Value> {
        self.sent.get(parameter.name).or_else(|| self.kept.get(parameter.name))
    }

    pub(crate) fn text(&self, parameter: &Parameter) -> Option<&str> {
        self.get(parameter)?.as_str()
    }

    /// The texts of a list.
    pub(crate) fn texts(&self, parameter: &Parameter) -> Vec<String> {
        let texts = self.get(parameter).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(Into::into).collect()
    }

    pub(crate) fn is_on(&self, parameter: &Parameter) -> bool {
        self.get(parameter).is_some_and(|value| *value == true)
    }

    /// A number, 0 where there is none.
    pub(crate) fn number(&self, parameter: &Parameter) -> usize {
        let number = self.get(parameter).and_then(Value::as_u64).unwrap_or_default();
        usize::try_from(number).unwrap_or(usize::MAX)
    }

    /// Those that are sent to Clerk, by name.
    pub(crate) fn sent(&self) -> &Map<String, Value> {
        &self.sent
    }

    /// Only those that are named here.
    pub(crate) fn only<'a>(&self, names: impl IntoIterator<Item = &'a str>) -> Map<String, Value> {
        let mut some = Map::new();
        for name in names {
            if let Some(value) = self.sent.get(name) {
                some.insert(name.into(), value.clone());
            }
        }
        some
    }
}

/// Parses arguments. Clients leave them out in several ways; all mean "none".
///
/// # Errors
///
/// One problem when the text is not a JSON object.
pub(crate) fn parse(text: &str) -> Result<Map<String, Value>, Problem> {
    if text.trim().is_empty() {
        return Ok(Map::new());
    }
    match json_text::parse(text) {
        Ok(value) if duplicates::gives_twice(text, &value) => Err(Problem::overall(duplicates::TWICE)),
        Ok(Value::Null) => Ok(Map::new()),
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(Problem::overall("the arguments must be a JSON object")),
        Err(error) => Err(Problem::overall(format!("the arguments are not JSON: {error}"))),
    }
}

/// The parameter with which a call sets fields to nothing. It names them.
pub(crate) const CLEAR: &str = "clear";

const CLEAR_INSTEAD: &str = "; to set it to nothing, name it in `clear`";

/// The most problems that are named at once: enough to correct a call, and no way to make long answers of short requests.
const MOST_PROBLEMS: usize = 50;

/// Reads arguments by the parameters that there are.
///
/// # Errors
///
/// Every problem with them: each one named as the caller has spelled it, then missing ones, then those of all together.
pub(crate) fn read(
    parameters: &[&Parameter],
    rules: &[Rule],
    is_read: bool,
    given: Map<String, Value>,
) -> Result<Arguments, Vec<Problem>> {
    let mut reader = Reader { parameters, given: Map::new(), arguments: Arguments::default(), problems: Vec::new() };
    let has_filter = given.iter().any(|(spelled, value)| {
        !value.is_null() && !is_empty(value) && reader.parameter(spelled).is_some_and(Parameter::chooses)
    });
    for (spelled, value) in given {
        match reader.parameter(&spelled) {
            Some(parameter) if value.is_null() && parameter.is_nullable => reader.set_to_nothing(parameter),
            _ if value.is_null() => {}
            // Whatever it resembles, unless it is spelled exactly like a parameter.
            found
                if found.is_none_or(|parameter| parameter.name != spelled) && is_added_by_clients(&spelled, &value) => {
            }
            // Some clients fill in every parameter. Where nothing else chooses, what is empty is no way to say "all".
            Some(parameter) if is_read && has_filter && !parameter.is_required && is_empty(&value) => {}
            // No order is named by nothing, and no page.
            Some(Parameter { place: Place::Shapes, .. }) if is_read && value.is_string() && is_empty(&value) => {}
            // No token is an empty text: who brings none is asked. An empty list sets nothing.
            Some(parameter) if matches!(parameter.kind, Kind::Token) && is_empty(&value) => {}
            Some(Parameter { kind: Kind::Many(..), is_required: false, .. }) if !is_read && value == json!([]) => {}
            Some(parameter) => reader.read(&spelled, parameter, value),
            None => reader.add(Problem::at(&spelled, unknown(&spelled, parameters))),
        }
    }
    reader.clear();
    reader.check(rules);
    if reader.problems.is_empty() { Ok(reader.with_defaults()) } else { Err(reader.problems) }
}

impl Parameter {
    /// Tells whether it narrows down what a call is about, where it is given.
    fn chooses(&self) -> bool {
        let is_choice = match self.place {
            Place::Sent => true,
            Place::Shapes => false,
            Place::Kept => !matches!(self.kind, Kind::Flag),
        };
        is_choice && !self.is_required
    }
}

pub(crate) fn is_empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.trim().is_empty(),
        Value::Array(values) => values.is_empty(),
        _ => false,
    }
}

struct Reader<'a> {
    parameters: &'a [&'a Parameter],
    /// The value given for each parameter.
    given: Map<String, Value>,
    arguments: Arguments,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// The parameter that a caller means by a name.
    fn parameter(&self, spelled: &str) -> Option<&'a Parameter> {
        let exact = self.parameters.iter().find(|parameter| parameter.name == spelled);
        let other = || self.parameters.iter().find(|parameter| is_same_name(parameter.name, spelled));
        exact.or_else(other).copied()
    }

    fn add(&mut self, problem: Problem) {
        match self.problems.len() {
            ..MOST_PROBLEMS => self.problems.push(problem),
            MOST_PROBLEMS => self.problems.push(Problem::overall("more is wrong than is listed here")),
            _ => {}
        }
    }

    fn read(&mut self, spelled: &str, parameter: &Parameter, value: Value) {
        if self.given.contains_key(parameter.name) {
            return self.add(Problem::at(spelled, format!("`{}` is given twice, in two spellings", parameter.name)));
        }
        match parameter.read(&value) {
            Ok(read) if parameter.place == Place::Kept => drop(self.arguments.kept.insert(parameter.name.into(), read)),
            Ok(read) => drop(self.arguments.sent.insert(parameter.name.into(), read)),
            Err(message) => {
                let hint = if is_empty(&value) && self.can_be_cleared(parameter.name) { CLEAR_INSTEAD } else { "" };
                self.add(Problem::at(spelled, message + hint));
            }
        }
        self.given.insert(parameter.name.into(), value);
    }

    fn set_to_nothing(&mut self, parameter: &Parameter) {
        self.arguments.sent.insert(parameter.name.into(), Value::Null);
        self.given.insert(parameter.name.into(), Value::Null);
    }

    fn can_be_cleared(&self, name: &str) -> bool {
        let clear = self.parameters.iter().find(|parameter| parameter.name == CLEAR);
        clear.is_some_and(|clear| clear.kind.read(&name.into()).is_ok())
    }

    /// Gives each field that is to be cleared its value, null.
    fn clear(&mut self) {
        let Some(Value::Array(names)) = self.arguments.kept.get(CLEAR).cloned() else { return };
        for name in names.iter().filter_map(Value::as_str) {
            if self.given.contains_key(name) {
                self.add(Problem::at(CLEAR, format!("`{name}` is given a value too")));
            }
            self.arguments.sent.insert(name.into(), Value::Null);
        }
    }

    fn check(&mut self, rules: &[Rule]) {
        let mut optional = 0;
        for parameter in self.parameters {
            let is_given = self.given.contains_key(parameter.name);
            if parameter.is_required && !is_given {
                self.add(Problem::at(parameter.name, "required, but missing"));
            }
            let is_sent = parameter.place != Place::Kept || parameter.name == CLEAR;
            optional += usize::from(is_given && is_sent && !parameter.is_required);
        }
        for rule in rules {
            if let Some(message) = rule.broken(&self.given, optional) {
                self.add(Problem::overall(message));
            }
        }
    }

    fn with_defaults(mut self) -> Arguments {
        for parameter in self.parameters {
            let Some(value) = parameter.default.value() else { continue };
            let kept = parameter.place == Place::Kept;
            let place = if kept { &mut self.arguments.kept } else { &mut self.arguments.sent };
            place.entry(parameter.name).or_insert(value);
        }
        self.arguments
    }
}

/// Tells whether a caller's spelling means this name: `userID`, `UserId` and `user-id` mean `user_id`.
pub(crate) fn is_same_name(name: &str, spelled: &str) -> bool {
    let letters = |text: &'_ str| -> Vec<u8> {
        text.bytes().filter(|byte| !b"_-".contains(byte)).map(|byte| byte.to_ascii_lowercase()).collect()
    };
    spelled.len() <= 2 * name.len() && letters(name) == letters(spelled)
}

/// Names that clients add to every call by themselves: Gemini CLI, n8n, and clients that cannot call without an argument.
const ADDED: [&str; 7] =
    ["wait_for_previous", "toolCallId", "sessionId", "_sessionID", "chatInput", "action", "random_string"];

/// Tells whether an argument is none of the caller's. One that names an object of Clerk's is meant, whatever it is called.
fn is_added_by_clients(name: &str, value: &Value) -> bool {
    ADDED.contains(&name) && value.as_str().is_none_or(|text| Resource::of_id(text).is_none())
}

fn unknown(spelled: &str, parameters: &[&Parameter]) -> String {
    let names = || parameters.iter().map(|parameter| parameter.name);
    let (shown, names_in_words) = (excerpt(spelled), || names().collect::<Vec<_>>().join(", "));
    match closest(spelled, names()) {
        Some(suggestion) => format!("unknown parameter `{shown}`; did you mean `{suggestion}`?"),
        None if parameters.is_empty() => format!("unknown parameter `{shown}`; this tool takes none"),
        None => format!("unknown parameter `{shown}`; the parameters are {}", names_in_words()),
    }
}

/// A parameter that names the fields to set to nothing.
pub(crate) const fn clear(fields: &'static Kind) -> Parameter {
    crate::kind::parameter(CLEAR, *fields, "Fields to set to nothing.").kept()
}

#[cfg(test)]
#[path = "arguments_tests.rs"]
mod tests;
