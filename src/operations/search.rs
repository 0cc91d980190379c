//! Finds operations by words: those of their names, titles, groups, paths and fields, and others that people have for them.

use serde_json::{Value, json};

use super::{OPERATIONS, Operation};
use crate::api::Named;
use crate::danger::{Danger, Effect};
use crate::policy::Policy;

/// The most operations that a search answers with, and the most bytes of them.
const MOST: usize = 8;
const MOST_BYTES: usize = 1_900;
/// The most words of a query that are looked at.
const MOST_WORDS: usize = 16;
/// Words that say nothing of what is looked for.
const EMPTY_WORDS: [&str; 22] = [
    "a", "all", "an", "and", "by", "can", "clerk", "do", "for", "from", "how", "i", "in", "is", "my", "of", "on",
    "the", "their", "to", "we", "with",
];
/// What a word that stands in each of these places is worth.
const IN_TITLE: f32 = 6.0;
const IN_NAME: f32 = 6.0;
const IN_GROUP: f32 = 3.0;
const IN_FIELDS: f32 = 1.0;

/// The operations that fit best, the best first: `{operations, has_more}`. Among them stand `tools` that do more than one.
pub(crate) fn search(query: &str, tools: impl Iterator<Item = Named>, policy: &Policy<'_>) -> Value {
    let mut spoken = words(query);
    spoken.truncate(MOST_WORDS);
    let mut wanted = spoken.clone();
    wanted.retain(|word| !EMPTY_WORDS.contains(&word.as_str()));
    if wanted.is_empty() {
        spoken.clear();
    }
    for pair in pairs(&wanted).into_iter().chain(pairs(&spoken)) {
        if !wanted.contains(&pair) {
            wanted.push(pair);
        }
    }
    let entries: Vec<Entry> = OPERATIONS.iter().map(Entry::Operation).chain(tools.map(Entry::Tool)).collect();
    let table: Vec<Vec<f32>> = entries.iter().map(|entry| entry.worth(&wanted)).collect();
    // A word that stands in many entries tells little.
    let rarity = |word: usize| 1.0 / (1.0 + number(table.iter().filter(|row| row[word] > 0.0).count()) / 8.0);
    let rarity: Vec<f32> = (0..wanted.len()).map(rarity).collect();
    let mut found: Vec<(f32, &Entry)> = Vec::new();
    for (row, entry) in table.iter().zip(&entries) {
        let having = number(row.iter().filter(|worth| **worth > 0.0).count()) / number(wanted.len().max(1));
        let score: f32 = row.iter().zip(&rarity).map(|(worth, rarity)| worth * rarity).sum();
        // What has all words is more than what has one of them; and what Clerk gives up comes last.
        let score = score * (0.5 + having) * if entry.is_deprecated() { 0.25 } else { 1.0 };
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
    json!({ "has_more": rows.len() < count, "operations": rows })
}

/// Something that can be found.
enum Entry {
    Operation(&'static Operation),
    /// A tool that does more than one operation.
    Tool(Named),
}

impl Entry {
    fn is_deprecated(&self) -> bool {
        matches!(self, Self::Operation(Operation { is_deprecated: true, .. }))
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
    fn worth(&self, wanted: &[String]) -> Vec<f32> {
        let mut worth = vec![0.0; wanted.len()];
        let mut count = |text: &str, value: f32| {
            let words = words(text);
            for word in pairs(&words).iter().chain(&words) {
                for (worth, wanted) in worth.iter_mut().zip(wanted) {
                    *worth = f32::max(*worth, value * likeness(wanted, word));
                }
            }
        };
        match self {
            Self::Operation(operation) => {
                count(operation.title, IN_TITLE);
                count(operation.words, IN_TITLE);
                count(operation.name, IN_NAME);
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
            }
        }
        worth
    }
}

/// 1 for the same word, less for one that begins alike: `rotate` and `rotation`.
fn likeness(wanted: &str, word: &str) -> f32 {
    if wanted == word {
        return 1.0;
    }
    let alike = wanted.bytes().zip(word.bytes()).take_while(|(one, other)| one == other).count();
    let (shorter, longer) = (wanted.len().min(word.len()), wanted.len().max(word.len()));
    let is_alike = alike + 1 >= shorter
        && match alike {
            ..=2 => false,
            3 | 4 => longer <= alike + 3,
            _ => longer <= alike + 7,
        };
    if is_alike { 0.8 } else { 0.0 }
}

/// The words of a text in lowercase and singular: `CreateAPIKeys` has `create`, `api` and `key`.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, letters) = (String::new(), text.chars().collect::<Vec<_>>());
    for (place, letter) in letters.iter().enumerate() {
        let before = place.checked_sub(1).map(|before| letters[before]);
        let starts = letter.is_ascii_uppercase()
            && (before.is_some_and(|before| before.is_ascii_lowercase())
                || letters.get(place + 1).is_some_and(char::is_ascii_lowercase));
        if starts || !letter.is_alphanumeric() {
            words.push(core::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words.into_iter().map(singular).collect()
}

fn singular(mut word: String) -> String {
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if word.len() > 3 && word.ends_with('s') && !word.ends_with("ss") {
        word.pop();
    }
    word
}

/// Two words that stand together are one too: `sign-in`, `SignIn`, `email address`.
fn pairs(words: &[String]) -> Vec<String> {
    words.windows(2).map(<[String]>::concat).collect()
}

fn number(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
