//! Ids in Clerk's form: a prefix, an underscore and 27 ASCII letters and digits; the same seed gives the same id.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The id of what `seed` names, for example `user_2…` for the prefix `user`.
pub(crate) fn id(prefix: &str, seed: &str) -> String {
    // Clerk's ids start with a time, which makes all of today's begin alike.
    format!("{prefix}_3{}", letters(&format!("{prefix}:{seed}"), 26))
}

/// `count` letters and digits that follow from `seed`.
pub(crate) fn letters(seed: &str, count: usize) -> String {
    let mut state = fingerprint(seed);
    (0..count)
        .map(|_| {
            state = next(state);
            char::from(ALPHABET[usize::try_from(scramble(state) % 62).unwrap_or_default()])
        })
        .collect()
}

/// `count` lowercase hexadecimal digits that follow from `seed`, at most 32.
pub(crate) fn hexadecimal(seed: &str, count: usize) -> String {
    let mut digits = trace_id(fingerprint(seed));
    digits.truncate(count);
    digits
}

/// A number that follows from `seed` (FNV-1a).
pub(crate) fn fingerprint(seed: &str) -> u64 {
    seed.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// 32 lowercase hexadecimal digits for the `count`th request, as Clerk's trace ids have.
pub(crate) fn trace_id(count: u64) -> String {
    let first = next(count);
    format!("{:016x}{:016x}", scramble(first), scramble(next(first)))
}

/// The two halves of the splitmix64 generator.
fn next(state: u64) -> u64 {
    state.wrapping_add(0x9e37_79b9_7f4a_7c15)
}

fn scramble(state: u64) -> u64 {
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_prefix_and_27_letters_and_digits() {
        let id = id("user", "ada");
        let tail = id.strip_prefix("user_").unwrap();
        assert_eq!(tail.len(), 27);
        assert!(tail.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }

    #[test]
    fn ids_follow_from_their_seed_alone() {
        assert_eq!(id("user", "ada"), id("user", "ada"));
        assert_ne!(id("user", "ada"), id("user", "grace"));
        assert_ne!(id("user", "ada")["user_".len()..], id("org", "ada")["org_".len()..]);
    }

    #[test]
    fn a_trace_id_has_32_hexadecimal_digits() {
        assert_eq!(trace_id(7).len(), 32);
        assert_ne!(trace_id(7), trace_id(8));
    }
}
