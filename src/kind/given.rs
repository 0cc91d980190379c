//! Parameters of operations, of which little is said but what they take.

use super::{Kind, Parameter, parameter};

/// A parameter that is described by its name, or a field of an object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Given {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    pub(crate) is_nullable: bool,
    pub(crate) is_secret: bool,
}

/// Names that do not say what Clerk takes, and what it is.
const DESCRIPTIONS: [(&str, &str); 10] = [
    ("amount", "In cents, or the smallest unit of another currency."),
    ("subject", "An id `user_…`, `org_…` or `mch_…`; of an email, its subject."),
    ("order_by", "A field, with `-` before it for descending order: `-created_at`."),
    ("actor", r#"Who acts: `{"sub":"user_…"}`."#),
    ("allowed_origins", "The whole list."),
    ("blocked_country_codes", "The whole list, of codes such as `US`."),
    ("enrollment_mode", "automatic_invitation, automatic_suggestion, manual_invitation or enterprise_sso."),
    ("key", "Of a role or permission, it begins with `org:`."),
    ("phone_number", "With its country code: `+15551234567`."),
    ("reassignment_mappings", "For the key of each role that goes, that of another."),
];

impl Given {
    pub(crate) fn parameter(&self) -> Parameter {
        let Self { name, kind, is_required, is_nullable, is_secret } = *self;
        let described = DESCRIPTIONS.iter().find(|(other, _)| *other == name);
        let description = described.map_or("", |(_, description)| description);
        Parameter { is_required, is_nullable, is_secret, ..parameter(name, kind, description) }
    }
}
