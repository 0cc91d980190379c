//! Words as a search compares them: their stems, and other words for the same.

use crate::danger::Effect;

/// The most words of a query that are looked at.
const MOST: usize = 16;

/// Words that stand in names and titles, and say nothing of what is looked for.
const EMPTY: &str = "a again all an and are as at away back be been by can clerk did do does for from had has have \
                     how i if in into is it its let need not now of off on one or out so somebody still that the \
                     their them then there they this those to until up use used was way what when where which who \
                     whose why with you";
/// Of these, those that make another verb of the one that they follow.
const PARTICLES: &str = "in out on off up away back as";
/// Verbs that their particle may be far from: `turn it off`.
const PARTED: &str = "turn switch log sign kick take bring let give boot";

/// Other words for the same, a set in each line.
const SAME: &str = "list show see view display find read get how-many
create add new generate register issue mint define set-up connect
invite invitation
change update edit modify set customize adjust different
delete remove drop erase wipe take-away take-off get-rid deprovision archive
revoke cancel kill withdraw invalidate terminate end undo
enable turn-on switch-on activate
disable turn-off switch-off deactivate
unban unblock reinstate bring-back give-back let-back
replace swap
rotate regenerate renew roll
verify confirm validate check introspect valid good
count how-many number-of total
organization organisation org team company workspace tenant
user person people guy employee account he she him
picture logo avatar photo image icon
mfa 2fa two-factor multi-factor second-factor
log-out sign-out kick-out boot-out
sign-in login log-in
sign-up signing-up registration
impersonate act-as log-in-as sign-in-as he-sees she-sees they-see user-sees
recent today yesterday lately history
email mail
phone mobile cell
sms text
sso single-sign-on sign-on
allowlist whitelist allow-list
blocklist blacklist denylist block-list
discount coupon promo rebate off percent
machine m2m service-account
price cost pricing rate fee
plan tier
metadata custom-data custom-attributes note attribute
scim provision provisioning
waitlist waiting-list queue";

/// The effects that words ask for: one word of a set stands for all.
const ASKED: [(Effect, &str); 4] = [
    (Effect::Reads, "list find get count export"),
    (Effect::Creates, "create invite"),
    (Effect::Overwrites, "change make enable disable replace rotate ban lock rename mark promote"),
    (Effect::Removes, "delete revoke stop offboard"),
];
/// Words at the beginning of a question.
const QUESTIONS: &str = "which who what when where is are does did has have was";

/// A word that is looked for: all that may stand for it, the one that was said first.
pub(super) struct Wanted(pub(super) Vec<String>);

/// The words that a query looks for, then each two that stand together; how many the former are, and the effect asked for.
pub(super) fn wanted(query: &str) -> (Vec<Wanted>, usize, Option<Effect>) {
    let mut spoken = words(query);
    spoken.truncate(MOST);
    spoken.retain(|word| !word.as_bytes().iter().all(u8::is_ascii_digit));
    let mut pairs = Vec::new();
    for at in 1..spoken.len() {
        let (one, other) = (&spoken[at - 1], &spoken[at]);
        if !has(EMPTY, one) && (has(PARTICLES, other) || !has(EMPTY, other)) {
            pairs.push(Wanted(vec![[one.as_str(), other].concat()]));
        }
    }
    let mut asked = spoken.first().filter(|first| has(QUESTIONS, first)).map(|_| Effect::Reads);
    join_verbs(&mut spoken);
    let mut wanted: Vec<Wanted> = Vec::new();
    let mut at = 0;
    while at < spoken.len() {
        let (count, alike) = longest(&spoken[at..]);
        at += count;
        asked = asked.or_else(|| effect(&alike));
        if alike.len() > 1 || !alike[0].is_empty() {
            wanted.push(Wanted(alike));
        }
    }
    let single = wanted.len();
    wanted.append(&mut pairs);
    (wanted, single, asked)
}

/// The effect that one of these verbs asks for.
pub(super) fn effect(verbs: &[String]) -> Option<Effect> {
    let is_asked = |(_, list): &&(Effect, &str)| verbs.iter().any(|verb| has(list, verb));
    ASKED.iter().find(is_asked).map(|(effect, _)| *effect)
}

/// Puts a particle behind its verb: `turn it off`.
fn join_verbs(words: &mut [String]) {
    for verb in 0..words.len() {
        if !has(PARTED, &words[verb]) {
            continue;
        }
        for at in verb + 1..words.len().min(verb + 6) {
            if has(PARTICLES, &words[at]) {
                for place in (verb + 2..=at).rev() {
                    words.swap(place - 1, place);
                }
                break;
            }
        }
    }
}

/// As many words at the beginning as belong together, and all that may stand for them.
fn longest(words: &[String]) -> (usize, Vec<String>) {
    let mut count = words.len().min(3);
    loop {
        let mut said = String::new();
        for word in &words[..count] {
            said.push_str(word);
        }
        let mut alike = vec![said];
        for row in split(SAME, '\n') {
            if has(row, &alike[0]) {
                for other in split(row, ' ') {
                    let other = stems(other);
                    if other != alike[0] && !has(EMPTY, &other) {
                        alike.push(other);
                    }
                }
            }
        }
        if alike.len() > 1 || count == 1 {
            if has(EMPTY, &alike[0]) {
                alike[0].clear();
            }
            return (count, alike);
        }
        count -= 1;
    }
}

/// Tells whether a word, or words that are joined, is in a list.
fn has(list: &str, word: &str) -> bool {
    // A stem begins as its word does; most are told apart by that.
    split(list, ' ').iter().any(|other| other.as_bytes().first() == word.as_bytes().first() && stems(other) == word)
}

fn split(text: &str, separator: char) -> Vec<&str> {
    text.split(separator).collect()
}

/// The stems of words with hyphens in between, joined.
fn stems(words: &str) -> String {
    let mut joined = String::new();
    for word in split(words, '-') {
        joined.push_str(stem(word));
    }
    joined
}

/// The stems of a text's words, in lowercase: `ListRedirectURLs` has `list`, `redirect` and `url`.
pub(super) fn words(text: &str) -> Vec<String> {
    let (mut words, mut word, mut before) = (Vec::new(), String::new(), ' ');
    for (place, letter) in text.char_indices().chain([(text.len(), ' ')]) {
        let is_lowercase = |after: usize| text.as_bytes().get(place + after).is_some_and(u8::is_ascii_lowercase);
        let is_plural = || text[place..].get(1..2) == Some("s") && !is_lowercase(2);
        let starts = letter.is_ascii_uppercase() && (before.is_ascii_lowercase() || (is_lowercase(1) && !is_plural()));
        before = letter;
        let is_letter = letter.is_ascii_alphanumeric() || !letter.is_ascii();
        if (starts || !(is_letter || letter == '\'')) && !word.is_empty() {
            word.truncate(stem(&word).len());
            words.push(core::mem::take(&mut word));
        }
        if is_letter {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words
}

/// The part of a word that its forms have in common: `ban` of `bans`, `banned` and `banning`.
fn stem(word: &str) -> &str {
    let singular = match word.strip_suffix('s') {
        Some(rest) if rest.len() > 2 && !rest.ends_with('s') && !rest.ends_with('u') => rest,
        _ => word,
    };
    let stem = without(singular, &["ing", "ed"]);
    if stem.len() == singular.len() {
        return without(stem, &["ion", "ie", "i", "e", "y"]);
    }
    // A doubled consonant: `banned`.
    match stem.as_bytes() {
        [.., one, other @ (b'g' | b'm' | b'n' | b'p')] if one == other => &stem[..stem.len() - 1],
        _ => without(stem, &["i", "e", "y"]),
    }
}

/// A word without the first of these endings that leaves at least three letters.
fn without<'a>(word: &'a str, endings: &[&str]) -> &'a str {
    for ending in endings {
        match word.strip_suffix(ending) {
            Some(rest) if rest.len() > 2 => return rest,
            _ => {}
        }
    }
    word
}
