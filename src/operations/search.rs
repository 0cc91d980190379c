//! Finds operations by words: those of their names, titles, groups, paths and fields, and others that people have for them.

use serde_json::{Value, json};

use super::words::{self, Wanted, words};
use super::{OPERATIONS, Operation};
use crate::api::Named;
use crate::danger::{Danger, Effect};
use crate::policy::Policy;

/// The most operations that a search answers with, and the most bytes of them.
const MOST: usize = 8;
const MOST_BYTES: usize = 1_900;
/// What a word that stands in each of these places is worth.
const IN_TITLE: f32 = 6.0;
/// As the first word of a title.
const FIRST: f32 = 7.5;
const IN_NAME: f32 = 6.0;
const IN_WORDS: f32 = 5.0;
const IN_GROUP: f32 = 3.0;
const IN_FIELDS: f32 = 1.0;
/// The part of it that another word for the same is worth.
const BY_ANOTHER_WORD: f32 = 0.8;
/// Further words that people have for tools that do more than one operation.
const FURTHER_WORDS: [(&str, &str); 4] = [
    ("clerk_revoke_all_user_sessions", "log out, kick out, everywhere, all devices"),
    ("clerk_offboard_user", "left, leaves, quit, fired, phone, laptop, log out"),
    ("clerk_find_user", "look up, search, who is, by email, which user"),
    ("clerk_get_user_access_report", "permissions, what can, summary"),
];

/// The operations that fit best, the best first: `{operations, has_more}`. Among them stand `tools` that do more than one.
pub(crate) fn search(query: &str, tools: impl Iterator<Item = Named>, policy: &Policy<'_>) -> Value {
    let (wanted, single, asked) = words::wanted(query);
    let entries: Vec<Entry> = OPERATIONS.iter().map(Entry::Operation).chain(tools.map(Entry::Tool)).collect();
    let table: Vec<Vec<f32>> = entries.iter().map(|entry| entry.worth(&wanted)).collect();
    // A word that stands in many entries tells little.
    let rarity = |word: usize| match table.iter().filter(|row| row[word] > 0.0).count() {
        0 => 0.0,
        count => 1.0 / (3.0 + number(count)).sqrt(),
    };
    let rarity: Vec<f32> = (0..wanted.len()).map(rarity).collect();
    let told: f32 = rarity[..single].iter().sum();
    let mut found: Vec<(f32, &Entry)> = Vec::new();
    for (row, entry) in table.iter().zip(&entries) {
        let (mut score, mut having) = (0.0, 0.0);
        for (place, (worth, rarity)) in row.iter().zip(&rarity).enumerate() {
            score += worth * rarity;
            if place < single && *worth > 0.0 {
                having += rarity / told;
            }
        }
        // What has all words is more than what has one of them; and what Clerk gives up comes last.
        let score = score * (0.5 + having) * fit(asked, entry.effect()) * entry.favour();
        if score > 0.0 {
            found.push((score, entry));
        }
    }
    let order = |(one, first): &(f32, &Entry), (other, second): &(f32, &Entry)| {
        other.total_cmp(one).then_with(|| first.order().cmp(&second.order()))
    };
    let (mut rows, mut bytes, count) = (Vec::new(), 0, found.len());
    // Choosing the first few takes less code than sorting all, and no more time.
    while let Some((best, _)) = found.iter().enumerate().min_by(|(_, one), (_, other)| order(one, other)) {
        let row = found.swap_remove(best).1.row(policy);
        bytes += row.to_string().len() + 1;
        if bytes > MOST_BYTES || rows.len() >= MOST {
            break;
        }
        rows.push(row);
    }
    let mut answer = json!({ "has_more": rows.len() < count, "operations": rows });
    if count == 0 {
        answer["hint"] = "Nothing fits. Try other English words, such as `ban user` or `list invoices`.".into();
    }
    answer
}

/// The fit of an effect to what is asked for. Where nothing is, to look is likelier than to change.
fn fit(asked: Option<Effect>, effect: Effect) -> f32 {
    match (asked, effect) {
        (Some(asked), effect) if asked == effect => 1.3,
        (Some(Effect::Reads), _) => 0.8,
        (Some(Effect::Overwrites), Effect::Creates | Effect::Removes) | (None, Effect::Reads) => 1.15,
        (Some(Effect::Creates | Effect::Removes), Effect::Overwrites) | (None, Effect::Creates) => 1.1,
        _ => 1.0,
    }
}

/// Something that can be found.
enum Entry {
    Operation(&'static Operation),
    /// A tool that does more than one operation.
    Tool(Named),
}

impl Entry {
    fn effect(&self) -> Effect {
        match self {
            Self::Operation(operation) => operation.effect,
            Self::Tool(tool) => words::effect(&words(tool.name)).unwrap_or(Effect::Reads),
        }
    }

    /// Favours what lists, what is done better elsewhere and what has a short name, and not what Clerk gives up.
    fn favour(&self) -> f32 {
        match self {
            Self::Operation(Operation { name, title, curated, is_deprecated, .. }) => {
                let list = if title.starts_with("List ") { 1.05 } else { 1.0 };
                let better = if curated.is_empty() { 1.0 } else { 1.1 };
                list * better * (1.0 - number(name.len()) / 400.0) * if *is_deprecated { 0.45 } else { 1.0 }
            }
            Self::Tool(_) => 1.0,
        }
    }

    /// Of those that fit as well, first what harms least, and of these what says it in fewest words.
    fn order(&self) -> (Danger, bool, usize) {
        match self {
            Self::Operation(Operation { title, effect, danger, .. }) => {
                (*danger, *effect != Effect::Reads, title.len())
            }
            Self::Tool(tool) => (Danger::Read, false, tool.title.len()),
        }
    }

    fn row(&self, policy: &Policy<'_>) -> Value {
        match self {
            Self::Operation(operation) => operation.row(policy),
            Self::Tool(tool) => {
                let mut row = json!({ "better": tool.name, "title": tool.title });
                if let Some(obstacle) = &tool.obstacle {
                    row["off"] = obstacle.as_str().into();
                }
                row
            }
        }
    }

    /// What each wanted word is worth in it.
    fn worth(&self, wanted: &[Wanted]) -> Vec<f32> {
        let mut worth = vec![0.0; wanted.len()];
        let mut count = |text: &str, value: f32| {
            let mut pair = String::new();
            for word in words(text) {
                // Two words that stand together are one too: `sign-in`, `SignIn`, `email address`.
                pair.push_str(&word);
                for (worth, wanted) in worth.iter_mut().zip(wanted) {
                    if *worth < value {
                        let likeness = f32::max(wanted.likeness(&word), wanted.likeness(&pair));
                        *worth = f32::max(*worth, value * likeness);
                    }
                }
                pair = word;
            }
        };
        match self {
            Self::Operation(operation) => {
                count(operation.title.split(' ').next().unwrap_or_default(), FIRST);
                count(operation.title, IN_TITLE);
                count(operation.name, IN_NAME);
                count(operation.words, IN_WORDS);
                count(operation.group, IN_GROUP);
                count(operation.endpoint.path, IN_GROUP);
                for parameter in operation.parameters {
                    count(parameter.name, IN_FIELDS);
                }
            }
            Self::Tool(tool) => {
                count(tool.title, IN_TITLE);
                count(tool.name, IN_NAME);
                count(tool.description, IN_GROUP);
                for (_, words) in FURTHER_WORDS.iter().filter(|(name, _)| *name == tool.name) {
                    count(words, IN_WORDS);
                }
            }
        }
        worth
    }
}

impl Wanted {
    /// 1 for the word that was said, less for another one for the same and for one that is alike.
    fn likeness(&self, word: &str) -> f32 {
        let Self(words) = self;
        match words.iter().position(|wanted| wanted == word) {
            Some(0) => 1.0,
            Some(_) => BY_ANOTHER_WORD,
            None => likeness(&words[0], word),
        }
    }
}

/// The likeness of two words that begin alike, such as `invite` and `invitation`, or differ by a slip.
fn likeness(wanted: &str, word: &str) -> f32 {
    let alike = wanted.bytes().zip(word.bytes()).take_while(|(one, other)| one == other).count();
    if alike < 2 {
        return 0.0;
    }
    let (shorter, longer) = (wanted.len().min(word.len()), wanted.len().max(word.len()));
    if alike >= 5 && alike + 1 >= shorter && longer <= alike + 6 {
        return 0.8;
    }
    let (one, other) = (wanted.bytes().rev(), word.bytes().rev());
    let alike_at_the_end = one.zip(other).take_while(|(one, other)| one == other).count();
    if shorter >= 4 && longer >= 5 && alike + alike_at_the_end + 1 >= longer { 0.7 } else { 0.0 }
}

fn number(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
