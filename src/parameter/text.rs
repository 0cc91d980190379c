//! Strings of a known format: ids, slugs, sort keys.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

/// Which strings a [`Text`] accepts.
pub(crate) trait Format: 'static {
    /// The end of "expected …".
    fn expected() -> String;
    /// The same as a regular expression (ECMA 262) for the schema.
    fn pattern() -> String;
    fn accepts(text: &str) -> bool;
}

/// A string of one format.
pub(crate) struct Text<F>(String, PhantomData<F>);

impl<F> Text<F> {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl<F> Serialize for Text<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de, F: Format> Deserialize<'de> for Text<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<F>(PhantomData<F>);

impl<F: Format> Visitor<'_> for TextVisitor<F> {
    type Value = Text<F>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&F::expected())
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text<F>, E> {
        if F::accepts(text) {
            Ok(Text(text.into(), PhantomData))
        } else {
            Err(E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }
}

impl<F: Format> JsonSchema for Text<F> {
    fn schema_name() -> Cow<'static, str> {
        F::pattern().into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": F::pattern()})
    }
}

/// The resources that have ids, and how their ids begin.
pub(crate) trait Resource: 'static {
    const PREFIX: &'static str;

    fn is_id(text: &str) -> bool {
        let rest = text.strip_prefix(Self::PREFIX).and_then(|rest| rest.strip_prefix('_'));
        rest.is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    }
}

pub(crate) enum Organization {}
pub(crate) enum User {}
pub(crate) enum Invitation {}
pub(crate) enum Session {}

impl Resource for Organization {
    const PREFIX: &'static str = "org";
}

impl Resource for User {
    const PREFIX: &'static str = "user";
}

impl Resource for Invitation {
    const PREFIX: &'static str = "orginv";
}

impl Resource for Session {
    const PREFIX: &'static str = "sess";
}

/// An id such as `org_2abc…`: the prefix, `_`, then ASCII letters and digits.
pub(crate) struct Id<R>(PhantomData<R>);

impl<R: Resource> Format for Id<R> {
    fn expected() -> String {
        format!("an id of the form `{}_…` with letters and digits only", R::PREFIX)
    }

    fn pattern() -> String {
        format!("^{}_[A-Za-z0-9]+$", R::PREFIX)
    }

    fn accepts(text: &str) -> bool {
        R::is_id(text)
    }
}

/// An id in a filter: `+` before it includes (the default), `-` excludes.
pub(crate) struct Signed<R>(PhantomData<R>);

impl<R: Resource> Format for Signed<R> {
    fn expected() -> String {
        format!("{}, after an optional `+` or `-`", Id::<R>::expected())
    }

    fn pattern() -> String {
        format!("^[+-]?{}_[A-Za-z0-9]+$", R::PREFIX)
    }

    fn accepts(text: &str) -> bool {
        R::is_id(text.strip_prefix(['+', '-']).unwrap_or(text))
    }
}

pub(crate) type OrganizationId = Text<Id<Organization>>;
pub(crate) type UserId = Text<Id<User>>;
pub(crate) type InvitationId = Text<Id<Invitation>>;
pub(crate) type SessionId = Text<Id<Session>>;

/// An organization's slug.
pub(crate) struct SlugFormat;
pub(crate) type Slug = Text<SlugFormat>;

impl Format for SlugFormat {
    fn expected() -> String {
        "a slug of lowercase letters, digits and `-`".into()
    }

    fn pattern() -> String {
        "^[a-z0-9-]+$".into()
    }

    fn accepts(text: &str) -> bool {
        let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        !text.is_empty() && text.bytes().all(fits)
    }
}

/// Any text but the empty one, which Clerk reads as "no filter".
pub(crate) struct NotBlank;
pub(crate) type Filled = Text<NotBlank>;

impl Format for NotBlank {
    fn expected() -> String {
        "a text that is not empty (leave the parameter out instead)".into()
    }

    fn pattern() -> String {
        r"\S".into()
    }

    fn accepts(text: &str) -> bool {
        !text.trim().is_empty()
    }
}

/// What a list can be ordered by.
pub(crate) trait SortKeys: 'static {
    const KEYS: &'static [&'static str];
}

impl<K: SortKeys> Text<Direction<K>> {
    /// The key without its direction.
    pub(crate) fn key(&self) -> &str {
        self.as_str().trim_start_matches(['+', '-'])
    }
}

/// A sort key with `-` before it for descending order; `+` or nothing means ascending.
pub(crate) struct Direction<K>(PhantomData<K>);
pub(crate) type OrderBy<K> = Text<Direction<K>>;

impl<K: SortKeys> Format for Direction<K> {
    fn expected() -> String {
        format!("one of {}, with `-` before it for descending order", K::KEYS.join(", "))
    }

    fn pattern() -> String {
        format!("^[+-]?({})$", K::KEYS.join("|"))
    }

    fn accepts(text: &str) -> bool {
        K::KEYS.contains(&text.strip_prefix(['+', '-']).unwrap_or(text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    enum Keys {}

    impl SortKeys for Keys {
        const KEYS: &'static [&'static str] = &["created_at", "name"];
    }

    fn order_by(text: &str) -> Option<String> {
        let order: OrderBy<Keys> = serde_json::from_value(text.into()).ok()?;
        Some(order.key().to_owned())
    }

    #[test]
    fn an_id_is_its_prefix_and_letters_and_digits() {
        assert!(Id::<User>::accepts("user_2aBc"));
        for text in ["", "user", "user_", "org_2abc", "user_a_b", "user_a/b", "user_..", "user_é", " user_a", "USER_a"]
        {
            assert!(!Id::<User>::accepts(text), "{text}");
        }
    }

    #[test]
    fn a_signed_id_has_one_sign_at_most() {
        for text in ["org_1", "+org_1", "-org_1"] {
            assert!(Signed::<Organization>::accepts(text), "{text}");
        }
        for text in ["", "-", "--org_1", "+-org_1", "org_", "-user_1", "- org_1"] {
            assert!(!Signed::<Organization>::accepts(text), "{text}");
        }
    }

    #[test]
    fn a_slug_cannot_be_a_path() {
        assert!(SlugFormat::accepts("acme-inc-2"));
        for text in ["", ".", "..", "a/b", "Acme", "a b", "a_b", "é"] {
            assert!(!SlugFormat::accepts(text), "{text}");
        }
    }

    #[test]
    fn blank_text_is_refused() {
        assert!(NotBlank::accepts(" x "));
        for text in ["", " ", "\n\t"] {
            assert!(!NotBlank::accepts(text), "{text:?}");
        }
    }

    #[test]
    fn a_sort_key_has_one_sign_at_most() {
        for text in ["created_at", "+created_at", "-created_at"] {
            assert_eq!(order_by(text).as_deref(), Some("created_at"), "{text}");
        }
        for text in ["", "-", "--created_at", "created", "created_at,name"] {
            assert_eq!(order_by(text), None, "{text}");
        }
    }
}
