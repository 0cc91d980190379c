//! Words for what a kind takes.

use super::Kind;

impl Kind {
    /// The end of "expected …".
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Id(resource) => format!("an id of the form `{}_…` with letters and digits only", resource.prefix()),
            Self::SignedId(resource) => {
                format!("{}, after an optional `+` or `-`", Self::Id(*resource).expected())
            }
            Self::Slug => "a slug of lowercase letters, digits and `-`".into(),
            Self::Key => "letters, digits and `_.:-`, beginning with a letter or a digit".into(),
            Self::Number => "a number".into(),
            Self::Json => "any JSON value".into(),
            Self::Object(fields) => {
                let names: Vec<&str> = fields.iter().map(|field| field.name).collect();
                format!("an object of {}", list(&names))
            }
            Self::List(_) => "an array".into(),
            Self::Text | Self::Contact => "a text that is not empty (leave the parameter out instead)".into(),
            Self::Token => "a token".into(),
            Self::Word => "one text without white space, commas, quotes and brackets".into(),
            Self::EmailAddress => "one email address, without white space, commas, quotes and brackets".into(),
            Self::PhoneNumber => "a telephone number with its country code, such as `+15551234567`".into(),
            Self::Identifier => {
                "an email address, `*@example.com`, a number such as `+15551234567`, or a wallet as `0x…`".into()
            }
            Self::Flag => "true or false".into(),
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::OneOf(values) => format!("one of {}", list(values)),
            Self::SortKey(keys) => format!("one of {}, with `-` before it for descending order", list(keys)),
            Self::Time(_) => "a date such as `2026-01-31` or `2026-01-31T12:00:00Z`, or milliseconds since 1970".into(),
            Self::Open | Self::Metadata | Self::PrivateMetadata => "a JSON object".into(),
            Self::Many(_, most) => format!("an array of 1 to {most} values (leave the parameter out for none)"),
        }
    }

    /// The sentence that a schema adds to a parameter's description, for clients that drop patterns and bounds; empty where
    /// the description says it already.
    pub(super) fn remark(&self) -> String {
        match self {
            Self::SignedId(resource) => format!(" Ids: `{}_…`.", resource.prefix()),
            Self::Many(each @ Self::SignedId(_), 100) => each.remark(),
            Self::SortKey(keys) => format!(" One of {}.", list(keys)),
            Self::Time(_) => " As `2026-01-31T12:00:00Z`.".into(),
            Self::Integer { min, max } if *max < u32::MAX => format!(" {min} to {max}."),
            Self::Slug => " Lowercase letters, digits and `-`.".into(),
            Self::Metadata => r#" Such as `{"plan":"pro"}`."#.into(),
            Self::Many(_, most) if *most < 100 => format!(" At most {most}."),
            _ => String::new(),
        }
    }
}

fn list(values: &[&str]) -> String {
    values.join(", ")
}
