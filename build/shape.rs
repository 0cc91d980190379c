//! The facts of the operations, and their shapes, which are written as TypeScript writes types (`src/catalogue/tests/facts.rs`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

pub(crate) struct Facts {
    pub(crate) operations: BTreeMap<String, Operation>,
    pub(crate) types: BTreeMap<String, Vec<Field>>,
}

pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tags: String,
    pub(crate) parameters: Vec<Field>,
    pub(crate) body: Option<Shape>,
    pub(crate) is_multipart: bool,
    pub(crate) answer: Option<Shape>,
    pub(crate) is_deprecated: bool,
}

#[derive(Clone)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) is_required: bool,
    /// A secret, by the review of an operation that answers with it or takes it.
    pub(crate) is_secret: bool,
    pub(crate) shape: Shape,
}

/// The alternatives of a shape, null left out.
#[derive(Clone)]
pub(crate) struct Shape {
    pub(crate) terms: Vec<Term>,
    pub(crate) is_nullable: bool,
    /// Values that stand in one text of a query, with commas between them.
    pub(crate) is_joined: bool,
}

#[derive(Clone, PartialEq)]
pub(crate) enum Term {
    Named(String),
    List(String, Option<u32>),
    /// One value, as JSON.
    Literal(String),
    /// A word such as `string`, and the bounds behind it.
    Word(String, String),
}

impl Facts {
    pub(crate) fn read(json: &str) -> Self {
        let facts: Value = serde_json::from_str(json).expect("facts are JSON");
        let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
        let operations = object(&facts["operations"]);
        let operations = operations.iter().map(|(name, operation)| (name.clone(), Operation::read(operation)));
        let types = object(&facts["types"]);
        let types = types.iter().map(|(name, fields)| (name.clone(), fields_of(&object(fields))));
        Self { operations: operations.collect(), types: types.collect() }
    }

    /// Marks the field at a place in a shape as a secret; false where there is none. Names have dots in between.
    pub(crate) fn mark_secret(&mut self, shape: &Shape, place: &str) -> bool {
        if let Some((items, _)) = shape.items() {
            return self.mark_secret(&items, place);
        }
        let (name, rest) = place.split_once('.').unwrap_or((place, ""));
        let mut found = false;
        for named in shape.named() {
            let fields = self.types.get_mut(named).expect("what is named is there");
            let Some(field) = fields.iter_mut().find(|field| field.name == name) else { continue };
            field.is_secret |= rest.is_empty();
            let inner = field.shape.clone();
            found |= rest.is_empty() || self.mark_secret(&inner, rest);
        }
        found
    }

    /// The fields of a shape's named types together, each once; none where it has none.
    pub(crate) fn fields(&self, shape: &Shape) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        for name in shape.named() {
            for field in &self.types[name] {
                match fields.iter_mut().find(|other| other.name == field.name) {
                    Some(other) => {
                        other.shape.terms.extend(field.shape.terms.clone());
                        other.shape.terms.dedup();
                        other.is_secret |= field.is_secret;
                    }
                    None => fields.push(field.clone()),
                }
            }
        }
        // What it is, first.
        fields.sort_by_key(|field| field.name != "id");
        fields
    }
}

impl Operation {
    fn read(operation: &Value) -> Self {
        let text = |name: &str| operation[name].as_str().unwrap_or_default().to_owned();
        let shape = |name: &str| operation[name].as_str().map(Shape::read);
        let call = text("call");
        let (method, path) = call.split_once(' ').expect("a call is a method and a path");
        let mut parameters = fields_of(operation["parameters"].as_object().unwrap_or(&Map::new()));
        // A page is asked for in one way everywhere.
        parameters.retain(|parameter| parameter.name != "paginated");
        Self {
            method: method.into(),
            path: path.into(),
            tags: text("tags"),
            parameters,
            body: shape("body"),
            is_multipart: operation.get("multipart").is_some(),
            answer: shape("answer"),
            is_deprecated: operation["deprecated"] == true,
        }
    }

    /// The parameters that its path names.
    pub(crate) fn in_path(&self) -> Vec<&str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
    }
}

fn fields_of(object: &Map<String, Value>) -> Vec<Field> {
    let field = |(name, shape): (&String, &Value)| Field {
        name: name.trim_end_matches('?').into(),
        is_required: !name.ends_with('?'),
        is_secret: false,
        shape: Shape::read(shape.as_str().expect("a shape is a text")),
    };
    object.iter().map(field).collect()
}

impl Shape {
    fn read(text: &str) -> Self {
        let mut terms: Vec<Term> = Vec::new();
        let mut is_nullable = false;
        let (text, is_joined) = text.strip_suffix(" joined").map_or((text, false), |text| (text, true));
        for part in split(text) {
            match part {
                "null" => is_nullable = true,
                _ => terms.push(Term::read(part)),
            }
        }
        Self { terms, is_nullable, is_joined }
    }

    /// The names of the types that it is one of.
    pub(crate) fn named(&self) -> Vec<&str> {
        let named = |term: &'_ Term| matches!(term, Term::Named(_));
        self.terms
            .iter()
            .filter(|term| named(term))
            .filter_map(|term| if let Term::Named(name) = term { Some(name.as_str()) } else { None })
            .collect()
    }

    /// The values that it is one of, where there are only these.
    pub(crate) fn literals(&self) -> Option<Vec<&str>> {
        let literal = |term: &'_ Term| matches!(term, Term::Literal(_));
        let all = !self.terms.is_empty() && self.terms.iter().all(literal);
        all.then(|| {
            self.terms
                .iter()
                .filter_map(|term| if let Term::Literal(text) = term { Some(text.as_str()) } else { None })
                .collect()
        })
    }

    /// The shape of its items, where it is a list.
    pub(crate) fn items(&self) -> Option<(Self, Option<u32>)> {
        self.terms.iter().find_map(|term| match term {
            Term::List(of, most) => Some((Self::read(of), *most)),
            _ => None,
        })
    }

    /// The word for a value that is neither an object of ours nor a list, with its bounds.
    pub(crate) fn word(&self) -> (&str, &str) {
        let words = self.terms.iter().find_map(|term| match term {
            Term::Word(word, bounds) => Some((word.as_str(), bounds.as_str())),
            _ => None,
        });
        words.unwrap_or(("any", ""))
    }
}

impl Term {
    fn read(text: &str) -> Self {
        if let Some(name) = text.strip_prefix('@') {
            return Self::Named(name.into());
        }
        if let Some(rest) = text.strip_prefix('[') {
            let (of, bounds) = rest.rsplit_once(']').expect("a list ends");
            return Self::List(of.into(), bounds.split("..").nth(1).and_then(|most| most.parse().ok()));
        }
        if text.starts_with('/') {
            return Self::Word("string".into(), String::new());
        }
        if text.starts_with('"') || text == "true" || text == "false" {
            return Self::Literal(text.into());
        }
        let (word, bounds) = text.split_once(' ').unwrap_or((text, ""));
        Self::Word(word.into(), bounds.into())
    }
}

/// The alternatives of a shape: apart by ` | ` outside of brackets.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    let bytes = text.as_bytes();
    for place in 0..bytes.len() {
        match bytes[place] {
            b'[' if bytes[start] != b'/' => depth += 1,
            b']' if bytes[start] != b'/' => depth -= 1,
            b'|' if depth == 0 && text[..place].ends_with(' ') && text[place + 1..].starts_with(' ') => {
                parts.push(text[start..place].trim());
                start = place + 2;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
}
