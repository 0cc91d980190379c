//! What was reviewed by hand of each operation: `src/operations/reviewed.txt`, which explains its columns.

use std::collections::BTreeMap;

use crate::shape::Facts;

#[derive(Default)]
pub(crate) struct Review {
    pub(crate) effect: &'static str,
    pub(crate) danger: &'static str,
    pub(crate) title: String,
    /// The fields of the answer that are secrets: names with dots in between.
    pub(crate) secrets: Vec<String>,
    /// True where the secret is all that the operation is for.
    pub(crate) is_only_for_secrets: bool,
    /// The arguments that are secrets.
    pub(crate) given_secrets: Vec<String>,
    pub(crate) curated: String,
    pub(crate) words: String,
}

impl Review {
    /// The tool that calls it. What reveals a credential does not pass as a mere read.
    pub(crate) fn caller(&self) -> &'static str {
        match (self.effect, self.danger) {
            ("Reads", "Read") => "clerk_api_read",
            ("Removes", _) => "clerk_api_delete",
            _ => "clerk_api_write",
        }
    }
}

/// The words of the columns, and the variants that they stand for.
const EFFECTS: [(&str, &str); 4] =
    [("reads", "Reads"), ("creates", "Creates"), ("overwrites", "Overwrites"), ("removes", "Removes")];
const DANGERS: [(&str, &str); 5] = [
    ("read", "Read"),
    ("reversible", "Reversible"),
    ("access", "Access"),
    ("irreversible", "Irreversible"),
    ("critical", "Critical"),
];

/// Marks in the facts what the reviews call a secret.
pub(crate) fn mark_secrets(reviews: &BTreeMap<String, Review>, facts: &mut Facts) {
    for (name, review) in reviews {
        let operation = &facts.operations[name];
        let (answer, body) = (operation.answer.clone(), operation.body.clone());
        for (shape, secrets) in [(answer, &review.secrets), (body, &review.given_secrets)] {
            for secret in secrets {
                let found = shape.as_ref().is_some_and(|shape| facts.mark_secret(shape, secret));
                assert!(found, "{name}: there is no {secret} to be a secret");
            }
        }
    }
}

/// The review of each operation.
pub(crate) fn read(text: &str, facts: &Facts) -> BTreeMap<String, Review> {
    let mut reviews = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let columns: Vec<&str> = line.split('|').map(str::trim).collect();
        let (name, review) = (columns[0], row(&columns));
        assert!(facts.operations.contains_key(name), "{name}: Clerk has no such operation");
        assert!(reviews.insert(name.to_owned(), review).is_none(), "{name}: reviewed twice");
    }
    for name in facts.operations.keys() {
        assert!(reviews.contains_key(name), "{name}: not reviewed; give it a row in {}", crate::REVIEWED);
    }
    reviews
}

fn row(columns: &[&str]) -> Review {
    let name = columns[0];
    let column = |index: usize| columns.get(index).copied().unwrap_or_default();
    let variant = |index: usize, variants: &[(&str, &'static str)]| {
        let found = variants.iter().find(|(word, _)| *word == column(index));
        found.unwrap_or_else(|| panic!("{name}: `{}` is no such word", column(index))).1
    };
    let mut review = Review {
        effect: variant(1, &EFFECTS),
        danger: variant(2, &DANGERS),
        title: column(3).into(),
        curated: column(5).into(),
        words: column(6).into(),
        ..Review::default()
    };
    assert!((1..=70).contains(&review.title.len()), "{name}: a title has 1 to 70 characters");
    let fits = match review.effect {
        "Reads" => matches!(review.danger, "Read" | "Critical"),
        _ => review.danger != "Read",
    };
    assert!(fits, "{name}: what reads is `read` or `critical`, and nothing else is `read`");
    let names =
        |list: &str| list.split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    for part in column(4).split(';').map(str::trim).filter(|part| !part.is_empty()) {
        if let Some(given) = part.strip_prefix("given ") {
            review.given_secrets = names(given);
        } else {
            let only = part.strip_prefix("only ");
            review.is_only_for_secrets = only.is_some();
            review.secrets = names(only.unwrap_or(part));
        }
    }
    assert!(
        review.secrets.is_empty() || review.danger == "Critical" || !review.is_only_for_secrets,
        "{name}: a secret is critical"
    );
    review
}
