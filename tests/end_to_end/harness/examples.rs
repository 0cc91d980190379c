//! The example calls of `tests/example-calls.json`, one of each tool.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct File {
    places: BTreeMap<String, String>,
    calls: Vec<Example>,
}

/// An example call.
#[derive(Deserialize)]
pub(crate) struct Example {
    pub(crate) tool: String,
    /// Listed also where no toolset is chosen; if absent, it is.
    #[serde(default = "yes")]
    is_listed: bool,
    pub(crate) arguments: Value,
    /// The requests that it makes of the sample, as `METHOD target` below the API's URL.
    pub(crate) requests: Vec<String>,
    /// Parts of its output by their JSON pointers.
    output: BTreeMap<String, Value>,
}

/// The example calls of all tools.
pub(crate) fn examples() -> &'static [Example] {
    static EXAMPLES: OnceLock<Vec<Example>> = OnceLock::new();
    EXAMPLES.get_or_init(|| {
        let text = include_str!("../../example-calls.json");
        let places = serde_json::from_str::<File>(text).expect("the file is as described").places;
        let with_id = |text: String, (name, id): (&String, &String)| text.replace(&format!("{{{name}}}"), id);
        let filled = places.iter().fold(text.to_owned(), with_id);
        serde_json::from_str::<File>(&filled).expect("ids change nothing about it").calls
    })
}

fn yes() -> bool {
    true
}

/// The number of tools that are listed where no toolset is chosen.
pub(crate) fn count_listed() -> usize {
    examples().iter().filter(|example| example.is_listed).count()
}

/// Those of the tools that write.
pub(crate) fn writes() -> impl Iterator<Item = &'static Example> {
    examples().iter().filter(|example| !example.reads())
}

/// The example call of the tool of this name.
pub(crate) fn example(tool: &str) -> &'static Example {
    examples().iter().find(|example| example.tool == tool).unwrap_or_else(|| panic!("no example call of {tool}"))
}

impl Example {
    pub(crate) fn reads(&self) -> bool {
        self.requests.iter().all(|request| request.starts_with("GET "))
    }

    /// The arguments with which nothing is changed.
    pub(crate) fn dry_run_if_write(&self) -> Value {
        if self.reads() { self.arguments.clone() } else { self.dry_run() }
    }

    /// The arguments with which it is only previewed.
    pub(crate) fn dry_run(&self) -> Value {
        let mut arguments = self.arguments.clone();
        arguments["dry_run"] = json!(true);
        arguments
    }

    /// A `*` at the end of an expected request stands for any text. Reads that leave beside each other come in any order, and so do
    /// writes; none comes among those of the other kind.
    pub(crate) fn assert_requests(&self, sent: &[String]) {
        let is_read = |request: &String| request.starts_with("GET ");
        let mut others = sent.to_vec();
        let groups = self.requests.chunk_by(|one, next| is_read(one) == is_read(next));
        let all_fit = groups.fold(sent.len() == self.requests.len(), |all_fit, expected| {
            let rest = others.split_off(expected.len().min(others.len()));
            let group = std::mem::replace(&mut others, rest);
            all_fit && fit(group, expected)
        });
        assert!(all_fit, "{}: {sent:#?}, and not {:#?}", self.tool, self.requests);
    }

    pub(crate) fn assert_output(&self, output: &Value) {
        for (pointer, part) in &self.output {
            assert_eq!(output.pointer(pointer), Some(part), "{}: {output}", self.tool);
        }
    }
}

/// Tells whether these are the requests that are expected, in whatever order.
fn fit(mut sent: Vec<String>, expected: &[String]) -> bool {
    let fits = |sent: &String, expected: &str| match expected.strip_suffix('*') {
        Some(beginning) => sent.starts_with(beginning),
        None => sent == expected,
    };
    expected.iter().all(|expected| {
        let place = sent.iter().position(|sent| fits(sent, expected));
        place.map(|place| sent.remove(place)).is_some()
    })
}
