//! The regular expressions that Clerk's document has for texts: ids, and a few others.

use crate::ids;

/// An id's pattern, `^(one|other)_class{count}$`, taken apart.
struct IdPattern<'a> {
    prefixes: Vec<&'a str>,
    is_hexadecimal: bool,
    count: usize,
}

fn id_pattern(pattern: &str) -> Option<IdPattern<'_>> {
    let inner = pattern.strip_prefix('^')?.strip_suffix("}$")?;
    let (start, count) = inner.rsplit_once('{')?;
    let (prefix, is_hexadecimal) = match start.strip_suffix(r"_\w") {
        Some(prefix) => (prefix, false),
        None => (start.strip_suffix("_[0-9A-Fa-f]")?, true),
    };
    let prefixes = prefix.trim_matches(['(', ')']).split('|').collect();
    Some(IdPattern { prefixes, is_hexadecimal, count: count.parse().ok()? })
}

pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if let Some(id) = id_pattern(pattern) {
        let tail = |prefix: &&str| text.strip_prefix(prefix)?.strip_prefix('_');
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        let allowed = |byte: u8| if id.is_hexadecimal { byte.is_ascii_hexdigit() } else { is_word(byte) };
        return id.prefixes.iter().filter_map(tail).any(|tail| tail.len() == id.count && tail.bytes().all(allowed));
    }
    match pattern {
        "^[A-Z]{2}$" => text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()),
        r"^(\S(.*\S)?)?$" => text.trim() == text && !text.contains('\n'),
        "^[^_][A-Za-z0-9_-]*$" => {
            let in_tail = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
            text.chars().next().is_some_and(|first| first != '_') && text.chars().skip(1).all(in_tail)
        }
        "^oauth_[a-z]+$" => text.strip_prefix("oauth_").is_some_and(is_lowercase),
        r"^oauth_(?:(?:token_)|(?:custom_))?[a-z]+$" => text.strip_prefix("oauth_").is_some_and(is_provider),
        r"^from_oauth_(?:(?:token_)|(?:custom_))?[a-z]+$" => text.strip_prefix("from_oauth_").is_some_and(is_provider),
        _ => unreachable!("the document has a new pattern: {pattern}"),
    }
}

fn is_lowercase(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_provider(text: &str) -> bool {
    is_lowercase(text.strip_prefix("token_").or_else(|| text.strip_prefix("custom_")).unwrap_or(text))
}

/// A text that matches, and follows from `seed`.
pub(super) fn example(pattern: &str, seed: &str) -> String {
    match id_pattern(pattern) {
        Some(id) if id.is_hexadecimal => format!("{}_{}", id.prefixes[0], ids::hexadecimal(seed, id.count)),
        Some(id) => ids::id(id.prefixes[0], seed),
        None if pattern.starts_with("^from_oauth") => "from_oauth_google".to_owned(),
        None if pattern.starts_with("^oauth") => "oauth_google".to_owned(),
        None if pattern == "^[A-Z]{2}$" => "US".to_owned(),
        None => "sample".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::TEXT;

    /// Every pattern in the table of facts.
    fn patterns() -> Vec<String> {
        let shapes = TEXT.split('"').filter(|text| text.contains("/^"));
        let inner = |text: &str| text.split_once('/').unwrap().1.split_once('/').unwrap().0.replace(r"\\", r"\");
        shapes.map(inner).collect()
    }

    #[test]
    fn every_pattern_of_the_table_has_an_example_that_matches_and_refuses_another_text() {
        assert!(patterns().len() > 50);
        for pattern in patterns() {
            assert!(matches(&pattern, &example(&pattern, "seed")), "{pattern}");
            assert!(!matches(&pattern, "_ no "), "{pattern}");
        }
    }

    #[test]
    fn an_id_is_taken_with_any_of_its_prefixes_and_its_whole_length_only() {
        let pattern = "^(ak|api_key)_[0-9A-Fa-f]{32}$";
        let digits = "0123456789abcdef0123456789ABCDEF";
        assert!(matches(pattern, &format!("ak_{digits}")) && matches(pattern, &format!("api_key_{digits}")));
        assert!(!matches(pattern, &format!("ak_{digits}0")) && !matches(pattern, &format!("ak_g{}", &digits[1..])));
    }
}
