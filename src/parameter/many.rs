//! Filters that take several values.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// One to 100 values, the most that Clerk takes for one filter, or fewer. A single value may stand without its array.
pub(crate) struct Many<T, const MOST: usize = 100>(Vec<T>);

impl<T, const MOST: usize> Many<T, MOST> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }
}

impl<T: Serialize, const MOST: usize> Serialize for Many<T, MOST> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>, const MOST: usize> Deserialize<'de> for Many<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ManyVisitor::<T, MOST>(PhantomData))
    }
}

struct ManyVisitor<T, const MOST: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for ManyVisitor<T, MOST> {
    type Value = Many<T, MOST>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "an array of 1 to {MOST} values (leave the parameter out for no filter)")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Many(vec![T::deserialize(de::value::StrDeserializer::new(text))?]))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            values.push(value);
        }
        match values.len() {
            1.. if values.len() <= MOST => Ok(Many(values)),
            length => Err(de::Error::invalid_length(length, &self)),
        }
    }
}

impl<T: JsonSchema, const MOST: usize> JsonSchema for Many<T, MOST> {
    fn schema_name() -> Cow<'static, str> {
        format!("Many_{MOST}_{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "array",
            "items": generator.subschema_for::<T>(),
            "minItems": 1,
            "maxItems": MOST,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parameter::Filled;
    use serde_json::{Value, json};

    fn sent(given: Value) -> Option<Value> {
        let many: Many<Filled> = serde_json::from_value(given).ok()?;
        serde_json::to_value(many).ok()
    }

    #[test]
    fn a_single_value_may_stand_without_its_array() {
        assert_eq!(sent(json!("one")), Some(json!(["one"])));
    }

    #[test]
    fn up_to_100_values_are_taken() {
        for length in [1, 100] {
            let values = json!(vec!["one"; length]);
            assert_eq!(sent(values.clone()), Some(values));
        }
        assert_eq!(sent(json!(vec!["one"; 101])), None);
    }

    #[test]
    fn an_empty_array_is_refused_because_clerk_reads_it_as_no_filter() {
        assert_eq!(sent(json!([])), None);
    }

    #[test]
    fn each_value_is_checked() {
        assert_eq!(sent(json!(["one", ""])), None);
        assert_eq!(sent(json!(" ")), None);
    }
}
