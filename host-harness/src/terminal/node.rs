//! JSON whose members stay in the order in which they came: that of the view, what tells most first.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

/// A JSON value.
#[derive(Debug, PartialEq)]
pub(super) enum Node {
    Null,
    Flag(bool),
    /// As it is printed.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|(member, _)| member == name).map(|(_, node)| node)
    }

    /// The text of a member.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Some(Self::Text(text)) if !text.is_empty() => Some(text),
            _ => None,
        }
    }

    /// The members of an object; none of anything else.
    pub(super) fn members(&self) -> &[(String, Self)] {
        match self {
            Self::Object(members) => members,
            _ => &[],
        }
    }

    /// The values of a list; none of anything else.
    pub(super) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// Tells whether there is nothing in it to be shown.
    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.iter().all(Self::is_empty),
            Self::Object(members) => members.iter().all(|(_, node)| node.is_empty()),
            Self::Flag(_) | Self::Number(_) => false,
        }
    }

    /// A value without parts, as people read it.
    pub(super) fn scalar(&self) -> Option<String> {
        match self {
            Self::Flag(true) => Some("yes".into()),
            Self::Flag(false) => Some("no".into()),
            Self::Number(number) => Some(number.clone()),
            Self::Text(text) => Some(time(text).unwrap_or_else(|| text.clone())),
            Self::Null | Self::List(_) | Self::Object(_) => None,
        }
    }
}

/// A time of RFC 3339 in UTC, in seconds, with a blank between date and time; none of any other text.
pub(super) fn time(text: &str) -> Option<String> {
    let usual = text.len() >= "2026-01-01T00:00:00Z".len() && text.ends_with('Z');
    let time: jiff::Timestamp = text.parse().ok().filter(|_| usual)?;
    let seconds = jiff::Timestamp::from_second(time.as_second()).ok()?.to_string();
    Some(seconds.replace('T', " "))
}

/// Tells whether a text is an id as the API makes them: a prefix, an underscore, and many letters and digits.
pub(super) fn is_id(text: &str) -> bool {
    text.rsplit_once('_').is_some_and(|(prefix, rest)| {
        let is_prefix = |letter: char| letter.is_ascii_lowercase() || letter == '_';
        prefix.chars().all(is_prefix) && rest.len() >= 20 && rest.chars().all(|letter| letter.is_ascii_alphanumeric())
    })
}

struct Reader;

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Visitor<'de> for Reader {
    type Value = Node;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Flag(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_stay_in_order() {
        let node: Node = serde_json::from_str(r#"{"b":[1,-1.5,true,null],"a":{"x":"y"}}"#).expect("JSON");
        assert_eq!(node.members().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
        let scalars: Vec<_> = node.members()[0].1.items().iter().filter_map(Node::scalar).collect();
        assert_eq!(scalars, ["1", "-1.5", "yes"]);
    }

    #[test]
    fn times_and_ids_are_told_from_other_texts() {
        assert_eq!(time("2026-05-31T11:33:41.081Z").as_deref(), Some("2026-05-31 11:33:41Z"));
        for text in ["2026-05-31", "2026-05-31T11:33:41", "x2026-05-31T11:33:41Z", "no time but a long text Z"] {
            assert_eq!(time(text), None, "{text}");
        }
        assert!(is_id("user_3amabsVFU7YXt3dqb5afj8nbEq4"));
        for text in ["clerk_list_users", "user_1", "_", "Some_thingwithmanymanyletters"] {
            assert!(!is_id(text), "{text}");
        }
    }
}
