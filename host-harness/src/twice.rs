//! Members that JSON gives twice: one reader takes the first of one name, another the last.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};

/// Tells whether a text is JSON in which an object has two members of one name, however deep it is and however they are spelled.
pub(crate) fn has_member_twice(text: &[u8]) -> bool {
    let mut is_twice = false;
    // The reader stops at the second one, and at what is no JSON.
    let _ = Walk(&mut is_twice).deserialize(&mut serde_json::Deserializer::from_slice(text));
    is_twice
}

/// A walk through a value. It is set when a member was found twice.
struct Walk<'a>(&'a mut bool);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = members.next_key_seed(Name)? {
            if !names.insert(name) {
                *self.0 = true;
                return Err(A::Error::custom("twice"));
            }
            members.next_value_seed(Walk(&mut *self.0))?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Walk(&mut *self.0))?.is_some() {}
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// The name of a member, copied only where it has an escape in it.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_that_is_given_twice_is_found_wherever_it_is() {
        for (text, is_twice) in [
            ("", false),
            ("1", false),
            ("{", false),
            (r#"{"a":1,"b":{"a":[{"a":2},{"a":3.5}]},"c":null,"d":true,"e":-1}"#, false),
            (r#"{"a":"\"a\":1,\"a\":2"}"#, false),
            (r#"{"a":1,"a":1}"#, true),
            (r#"{"a":1,"\u0061":2}"#, true),
            (r#"{"b":[{"a":{"c":1,"c":{}}}]}"#, true),
            (r#"{"b":{"arguments":{"user_id":1,"instance":2,"user_id":3}},"#, true),
        ] {
            assert_eq!(has_member_twice(text.as_bytes()), is_twice, "{text}");
        }
    }
}
