//! The entry by which a client starts this program, as the client writes it.

use serde_json::{Value, json};

/// A value in an entry. Fields are in the order in which they are written.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Field {
    Text(String),
    Flag(bool),
    Number(u32),
    Texts(Vec<String>),
    List(Vec<Field>),
    Fields(Vec<(String, Field)>),
}

impl Field {
    /// A value that was read; none where no field says the same.
    pub(crate) fn of_json(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Bool(flag) => Some(Self::Flag(*flag)),
            Value::Number(number) => u32::try_from(number.as_u64()?).ok().map(Self::Number),
            Value::Array(values) => values.iter().map(Self::of_json).collect::<Option<_>>().map(Self::List),
            Value::Object(fields) => {
                let pair = |(name, value): (&String, &Value)| Some((name.clone(), Self::of_json(value)?));
                fields.iter().map(pair).collect::<Option<_>>().map(Self::Fields)
            }
            Value::Null => None,
        }
    }

    pub(crate) fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => json!(number),
            Self::Texts(texts) => json!(texts),
            Self::List(fields) => fields.iter().map(Self::to_json).collect(),
            Self::Fields(fields) => {
                Value::Object(fields.iter().map(|(name, field)| (name.clone(), field.to_json())).collect())
            }
        }
    }
}

/// A value that is the same in each entry of a client.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fixed {
    Text(&'static str),
    Flag(bool),
    Number(u32),
    Texts(&'static [&'static str]),
    /// The name of the entry.
    Name,
}

/// The way in which a client names the command that starts a server.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CommandField {
    /// In a field of its own; the arguments are in `args`.
    Apart(&'static str),
    /// With its arguments in one list, in `command`.
    Together,
}

/// The shape of a client's entries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) first: &'static [(&'static str, Fixed)],
    pub(crate) command: CommandField,
    pub(crate) environment: &'static str,
    pub(crate) last: &'static [(&'static str, Fixed)],
}

/// The shape of a client's entries for servers that run already and speak HTTP.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HttpShape {
    pub(crate) first: &'static [(&'static str, Fixed)],
    pub(crate) url: &'static str,
    pub(crate) last: &'static [(&'static str, Fixed)],
}

/// A command with what it is started with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Launch {
    pub(crate) command: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
}

impl Launch {
    /// Tells whether a word is among the arguments; one may be a whole line for a shell.
    pub(crate) fn has_word(&self, word: &str) -> bool {
        self.arguments.iter().any(|argument| argument.split_whitespace().any(|one| one == word))
    }

    /// Tells whether a text is part of an argument.
    pub(crate) fn has_part(&self, text: &str) -> bool {
        self.arguments.iter().any(|argument| argument.contains(text))
    }
}

impl Shape {
    pub(crate) fn entry(&self, name: &str, launch: &Launch) -> Field {
        let mut fields = fixed(self.first, name);
        match self.command {
            CommandField::Apart(field) => {
                fields.push((field.into(), Field::Text(launch.command.clone())));
                fields.push(("args".into(), Field::Texts(launch.arguments.clone())));
            }
            CommandField::Together => {
                let all = std::iter::once(&launch.command).chain(&launch.arguments).cloned().collect();
                fields.push(("command".into(), Field::Texts(all)));
            }
        }
        if !launch.environment.is_empty() {
            let text = |(name, value): &(String, String)| (name.clone(), Field::Text(value.clone()));
            fields.push((self.environment.into(), Field::Fields(launch.environment.iter().map(text).collect())));
        }
        fields.extend(fixed(self.last, name));
        Field::Fields(fields)
    }

    /// The command of an entry that somebody may have written by hand, as far as it can be read.
    pub(crate) fn launch(&self, entry: &Value) -> Option<Launch> {
        let texts = |field: &str| -> Vec<String> {
            let texts = entry[field].as_array().into_iter().flatten();
            texts.filter_map(argument).collect()
        };
        let (command, arguments) = match self.command {
            CommandField::Apart(field) => (entry[field].as_str()?.to_owned(), texts("args")),
            CommandField::Together => {
                let mut all = texts("command").into_iter();
                (all.next()?, all.collect())
            }
        };
        let environment = entry[self.environment].as_object().into_iter().flatten();
        let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        Some(Launch { command, arguments, environment: environment.filter_map(text).collect() })
    }
}

/// An argument, which may be written as a number.
fn argument(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).or_else(|| value.as_number().map(ToString::to_string))
}

impl HttpShape {
    pub(crate) fn entry(&self, name: &str, url: &str) -> Field {
        let mut fields = fixed(self.first, name);
        fields.push((self.url.into(), Field::Text(url.into())));
        fields.extend(fixed(self.last, name));
        Field::Fields(fields)
    }
}

fn fixed(fields: &[(&str, Fixed)], name: &str) -> Vec<(String, Field)> {
    let value = |value: Fixed| match value {
        Fixed::Text(text) => Field::Text(text.into()),
        Fixed::Flag(flag) => Field::Flag(flag),
        Fixed::Number(number) => Field::Number(number),
        Fixed::Texts(texts) => Field::Texts(texts.iter().map(|&text| text.into()).collect()),
        Fixed::Name => Field::Text(name.into()),
    };
    fields.iter().map(|&(field, fixed)| (field.to_owned(), value(fixed))).collect()
}
