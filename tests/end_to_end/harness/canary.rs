//! Secret keys that can be recognized wherever they should not be.

/// A part of every key in these tests, and of every secret that Clerk answers with. No output may hold it.
pub(crate) const CANARY: &str = "CANARY7f3a";

/// The operator's key.
pub(crate) const KEY: &str = "sk_test_CANARY7f3aOperator000000000000000000";
/// A caller's key, for the mode in which requests bring theirs.
pub(crate) const KEY_OF_A_CALLER: &str = "sk_test_CANARY7f3aCaller00000000000000000000";

/// Panics if a key shows in `output`.
pub(crate) fn assert_absent(output: &str) {
    if let Some(position) = output.find(CANARY) {
        let start = output.floor_char_boundary(position.saturating_sub(300));
        let end = output.ceil_char_boundary((position + 100).min(output.len()));
        panic!("a secret key shows in the output: {}", &output[start..end]);
    }
}
