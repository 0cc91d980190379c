//! State before and after a call, shortened where a line has no room for it: names of what changed stay as long as they can.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// The most bytes of JSON that stay of a value whose line is too large.
const MOST_OF_VALUE: usize = 256;
const LEFT_OUT: &str = "not recorded";

/// Replaces large values of both states.
pub(super) fn leave_out_large_values(before: &mut Option<Value>, after: &mut Option<Value>) {
    for state in [before, after].into_iter().flatten() {
        match state {
            Value::Object(values) => values.values_mut().for_each(leave_out_large),
            other => leave_out_large(other),
        }
    }
}

fn leave_out_large(value: &mut Value) {
    let bytes = value.to_string().len();
    if bytes > MOST_OF_VALUE {
        *value = format!("too large to be recorded: {bytes} bytes").into();
    }
}

/// Leaves only the names, once.
pub(super) fn leave_out_values(before: &mut Option<Value>, after: &mut Option<Value>) {
    let names = names_of([before.as_ref(), after.as_ref()]);
    *after = Some(names.into_iter().map(|name| (name, LEFT_OUT.into())).collect::<Map<_, _>>().into());
    *before = None;
}

/// Leaves only the outermost names, with how many there are below each.
pub(super) fn leave_out_names(before: &mut Option<Value>, after: &mut Option<Value>) {
    let mut outermost: BTreeMap<String, u64> = BTreeMap::new();
    for name in names_of([before.as_ref(), after.as_ref()]) {
        let end = name.char_indices().skip(1).find(|(_, letter)| *letter == '/').map_or(name.len(), |(end, _)| end);
        *outermost.entry(name[..end].to_owned()).or_default() += 1;
    }
    let counted = outermost.into_iter().map(|(name, count)| (name, format!("{LEFT_OUT}: {count} changes").into()));
    *after = Some(counted.collect::<Map<_, _>>().into());
    *before = None;
}

/// The names that either state has. A state that is no object has none.
fn names_of(states: [Option<&Value>; 2]) -> Vec<String> {
    let objects = states.into_iter().flatten().filter_map(Value::as_object);
    let mut names: Vec<String> = objects.flat_map(|values| values.keys().cloned()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
