//! Whole numbers within bounds, and the defaults that tools share.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// A whole number from `MIN` to `MAX`.
#[derive(Clone, Copy)]
pub(crate) struct Integer<const MIN: u64, const MAX: u64>(u64);

/// How many results a list returns: 1 to 500, 20 by default (Clerk's own default is 10).
pub(crate) type Limit = Integer<1, 500>;
/// How many results a list skips.
pub(crate) type Offset = Integer<0, { u32::MAX as u64 }>;

impl<const MIN: u64, const MAX: u64> Integer<MIN, MAX> {
    pub(crate) fn get(self) -> u64 {
        self.0
    }
}

/// The `limit` of a list whose caller gives none.
pub(crate) fn default_limit() -> Limit {
    Integer(20)
}

/// A flag that is on unless the caller switches it off.
pub(crate) fn on() -> bool {
    true
}

impl<const MIN: u64, const MAX: u64> Serialize for Integer<MIN, MAX> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(self.0)
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Integer<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_u64(IntegerVisitor::<MIN, MAX>)
    }
}

struct IntegerVisitor<const MIN: u64, const MAX: u64>;

impl<const MIN: u64, const MAX: u64> Visitor<'_> for IntegerVisitor<MIN, MAX> {
    type Value = Integer<MIN, MAX>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a whole number from {MIN} to {MAX}")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
        if (MIN..=MAX).contains(&number) {
            Ok(Integer(number))
        } else {
            Err(E::invalid_value(de::Unexpected::Unsigned(number), &self))
        }
    }

    /// JSON does not tell 20 from 20.0, and some clients send the latter.
    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Self::Value, E> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "what changes it is refused")]
        let whole = number as u32;
        if f64::from(whole).to_bits() == number.to_bits() {
            self.visit_u64(whole.into())
        } else {
            Err(E::invalid_value(de::Unexpected::Float(number), &self))
        }
    }
}

impl<const MIN: u64, const MAX: u64> JsonSchema for Integer<MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        format!("Integer_{MIN}_{MAX}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn limit(given: Value) -> Option<u64> {
        serde_json::from_value::<Limit>(given).ok().map(Limit::get)
    }

    #[test]
    fn bounds_are_inclusive() {
        assert_eq!(limit(json!(1)), Some(1));
        assert_eq!(limit(json!(500)), Some(500));
        assert_eq!(limit(json!(0)), None);
        assert_eq!(limit(json!(501)), None);
    }

    #[test]
    fn a_whole_number_may_have_a_decimal_point() {
        assert_eq!(limit(json!(20.0)), Some(20));
        for number in [20.5, -1.0, 1e300] {
            assert_eq!(limit(json!(number)), None, "{number}");
        }
    }

    #[test]
    fn a_text_is_no_number() {
        assert_eq!(limit(json!("20")), None);
    }
}
