//! A shape of a value, as the table of facts writes it: `string`, `integer 1..500`, `[@User] ..100`, `"a" | "b" | null`.

use serde_json::Value;

/// The least and the greatest value or length.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Bounds {
    pub(crate) least: Option<i64>,
    pub(crate) most: Option<i64>,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Shape {
    Any,
    Null,
    Object,
    Flag,
    File,
    Integer(Bounds),
    Number(Bounds),
    Text(Bounds),
    /// A text of a format: `email`, `uri`, `date`, `date-time`.
    Format(String),
    /// A text that matches a regular expression.
    Pattern(String),
    /// One value and no other.
    Only(Value),
    List(Box<Shape>, Bounds),
    /// The name of a type.
    Named(String),
    OneOf(Vec<Shape>),
}

impl Bounds {
    pub(crate) fn allow(self, value: f64) -> bool {
        // No bound is too large to be exact.
        #[expect(clippy::cast_precision_loss, reason = "the bounds are small")]
        let (least, most) = (self.least.map(|least| least as f64), self.most.map(|most| most as f64));
        least.is_none_or(|least| value >= least) && most.is_none_or(|most| value <= most)
    }
}

impl Shape {
    pub(crate) fn parse(text: &str) -> Self {
        let mut parser = Parser { rest: text.strip_suffix(" joined").unwrap_or(text) };
        let shape = parser.alternatives();
        assert!(parser.rest.is_empty(), "the shape {text} has something more: {}", parser.rest);
        shape
    }

    /// The shapes that a value may have, without null.
    pub(crate) fn alternatives(&self) -> impl Iterator<Item = &Self> {
        let list = if let Self::OneOf(shapes) = self { shapes.as_slice() } else { std::slice::from_ref(self) };
        list.iter().filter(|shape| **shape != Self::Null)
    }

    pub(crate) fn takes_null(&self) -> bool {
        match self {
            Self::OneOf(shapes) => shapes.contains(&Self::Null),
            _ => *self == Self::Null,
        }
    }

    /// The values that are named one by one, if all are.
    pub(crate) fn values(&self) -> Option<Vec<&Value>> {
        self.alternatives().map(|shape| if let Self::Only(value) = shape { Some(value) } else { None }).collect()
    }

    /// The type that it names, if it names only one.
    pub(crate) fn type_name(&self) -> Option<&str> {
        let mut names = self.alternatives();
        match (names.next(), names.next()) {
            (Some(Self::Named(name)), None) => Some(name),
            _ => None,
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn alternatives(&mut self) -> Shape {
        let mut shapes = vec![self.one()];
        while let Some(rest) = self.rest.strip_prefix(" | ") {
            self.rest = rest;
            shapes.push(self.one());
        }
        if shapes.len() == 1 { shapes.remove(0) } else { Shape::OneOf(shapes) }
    }

    fn one(&mut self) -> Shape {
        if self.skip('[') {
            let item = self.alternatives();
            assert!(self.skip(']'), "a list's shape ends with a bracket");
            return Shape::List(Box::new(item), self.bounds());
        }
        if self.skip('"') {
            return Shape::Only(self.until('"').into());
        }
        if self.skip('/') {
            return Shape::Pattern(self.until('/').to_owned());
        }
        match self.word() {
            "any" => Shape::Any,
            "null" => Shape::Null,
            "object" => Shape::Object,
            "boolean" => Shape::Flag,
            "true" => Shape::Only(true.into()),
            "false" => Shape::Only(false.into()),
            "file" => Shape::File,
            "integer" => Shape::Integer(self.bounds()),
            "number" => Shape::Number(self.bounds()),
            "string" => Shape::Text(self.bounds()),
            word => match word.strip_prefix('@') {
                Some(name) => Shape::Named(name.to_owned()),
                None => Shape::Format(word.to_owned()),
            },
        }
    }

    fn skip(&mut self, start: char) -> bool {
        let rest = self.rest.strip_prefix(start);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn until(&mut self, end: char) -> &'a str {
        let (text, rest) = self.rest.split_once(end).expect("a quoted text or a pattern ends as it begins");
        self.rest = rest;
        text
    }

    fn word(&mut self) -> &'a str {
        let (word, rest) = self.rest.split_at(self.rest.find([' ', ']']).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    /// ` 1..500`, ` ..100`, ` 0..` or nothing.
    fn bounds(&mut self) -> Bounds {
        let Some(rest) = self.rest.strip_prefix(' ').filter(|rest| !rest.starts_with('|')) else {
            return Bounds::default();
        };
        self.rest = rest;
        let (least, most) = self.word().split_once("..").expect("bounds have two dots");
        Bounds { least: least.parse().ok(), most: most.parse().ok() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_is_read_with_its_bounds_and_alternatives() {
        let bounds = |least, most| Bounds { least, most };
        assert_eq!(Shape::parse("integer 1..500"), Shape::Integer(bounds(Some(1), Some(500))));
        assert_eq!(Shape::parse("string ..100 | null").values(), None);
        assert_eq!(
            Shape::parse(r#"["a" | "b"] 1.. joined"#),
            Shape::List(
                Box::new(Shape::OneOf(vec![Shape::Only("a".into()), Shape::Only("b".into())])),
                bounds(Some(1), None)
            )
        );
        assert_eq!(Shape::parse("/^(a|b)_[x]$/ | null").alternatives().count(), 1);
        assert!(Shape::parse("@User | null").takes_null());
        assert_eq!(Shape::parse("@User | null").type_name(), Some("User"));
    }

    #[test]
    fn bounds_hold_at_both_ends() {
        let bounds = Bounds { least: Some(1), most: Some(2) };
        assert!(bounds.allow(1.0) && bounds.allow(2.0) && !bounds.allow(0.9) && !bounds.allow(2.1));
    }
}
