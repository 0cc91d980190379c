//! Rules about parameters taken together.

use serde_json::{Map, Value};

/// A rule that a tool's arguments keep.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Rule {
    /// Exactly one of these is given.
    ExactlyOne(&'static [&'static str]),
    AtLeastOne(&'static [&'static str]),
    /// All of these are given, or none.
    Together(&'static [&'static str]),
    /// At most one of these is given; 0 counts as absent.
    NotTogether(&'static [&'static str]),
    /// The first is given only where the second has one of these values or is absent.
    OnlyWith(&'static str, &'static str, &'static [&'static str]),
    /// At least one optional parameter is given: there is something to change.
    SomethingToChange,
}

impl Rule {
    /// The message where the rule is broken by what is given: names and values as the caller gave them.
    pub(crate) fn broken(self, given: &Map<String, Value>, optional: usize) -> Option<String> {
        let count = |names: &[&str]| names.iter().filter(|name| given.contains_key(**name)).count();
        match self {
            Self::ExactlyOne(names) if count(names) != 1 => Some(format!("give exactly one of {}", list(names))),
            Self::AtLeastOne(names) if count(names) == 0 => Some(format!("give at least one of {}", list(names))),
            Self::Together(names) if count(names) != 0 && count(names) != names.len() => {
                Some(format!("{} need each other", list(names)))
            }
            Self::NotTogether(names) => {
                let is_zero = |value: &Value| value.as_f64() == Some(0.0) || value.as_str().map(str::trim) == Some("0");
                let is_given = |name: &&&str| given.get(**name).is_some_and(|value| !is_zero(value));
                (names.iter().filter(is_given).count() > 1).then(|| format!("give only one of {}", list(names)))
            }
            Self::OnlyWith(name, other, values) => {
                let other_value = given.get(other).and_then(Value::as_str)?;
                let is_wrong = given.contains_key(name) && !values.contains(&other_value);
                is_wrong.then(|| format!("`{name}` works only with `{other}` {}", list(values)))
            }
            Self::SomethingToChange if optional == 0 => Some("give at least one value to change".into()),
            _ => None,
        }
    }

    /// The parameters that it names.
    pub(crate) const fn names(&self) -> &[&'static str] {
        match self {
            Self::ExactlyOne(names) | Self::AtLeastOne(names) | Self::Together(names) | Self::NotTogether(names) => {
                names
            }
            Self::OnlyWith(..) | Self::SomethingToChange => &[],
        }
    }
}

/// `a`, `b` and `c`.
fn list(names: &[&str]) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        text.push_str(match names.len() - index {
            _ if index == 0 => "`",
            1 => "` and `",
            _ => "`, `",
        });
        text.push_str(name);
    }
    text + "`"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn is_broken(rule: Rule, given: Value) -> bool {
        rule.broken(&serde_json::from_value(given).expect("an object"), 1).is_some()
    }

    #[test]
    fn a_rule_says_what_may_be_given_with_what() {
        const AB: &[&str] = &["a", "b"];
        for (rule, given, broken) in [
            (Rule::ExactlyOne(AB), json!({}), true),
            (Rule::ExactlyOne(AB), json!({ "b": 1 }), false),
            (Rule::ExactlyOne(AB), json!({ "a": 1, "b": 1 }), true),
            (Rule::AtLeastOne(AB), json!({ "c": 1 }), true),
            (Rule::AtLeastOne(AB), json!({ "a": 1, "b": 1 }), false),
            (Rule::Together(AB), json!({}), false),
            (Rule::Together(AB), json!({ "a": 1 }), true),
            (Rule::NotTogether(AB), json!({ "a": 1, "b": 1 }), true),
            (Rule::NotTogether(AB), json!({ "a": 1, "b": 0 }), false),
            (Rule::OnlyWith("a", "b", &["x"]), json!({ "a": 1 }), false),
            (Rule::OnlyWith("a", "b", &["x"]), json!({ "a": 1, "b": "y" }), true),
            (Rule::OnlyWith("a", "b", &["x"]), json!({ "b": "y" }), false),
        ] {
            assert_eq!(is_broken(rule, given.clone()), broken, "{rule:?} {given}");
        }
        assert_eq!(
            Rule::ExactlyOne(&["a", "b", "c"]).broken(&Map::new(), 0).as_deref(),
            Some("give exactly one of `a`, `b` and `c`")
        );
    }
}
