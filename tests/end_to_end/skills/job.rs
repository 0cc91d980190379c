//! A job that is done by a skill: the script reads it as a client does, and calls no tool that it does not name.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{listed, read};
use crate::harness::{Clerk, Client as _, HttpServer};

/// A job in progress.
pub(super) struct Job {
    pub(super) clerk: Clerk,
    pub(super) server: HttpServer,
    /// SKILL.md, and what it refers to.
    texts: Vec<String>,
    called: RefCell<BTreeSet<String>>,
}

impl Job {
    pub(super) fn new(skill: &str) -> Self {
        let clerk = Clerk::sample();
        let server = clerk.server();
        Self::with(skill, clerk, server)
    }

    pub(super) fn with(skill: &str, clerk: Clerk, server: HttpServer) -> Self {
        let skills = listed(&server);
        let entry = skills.iter().find(|entry| entry["frontmatter"]["name"] == skill).expect("there is such a skill");
        let files = entry["resources"].as_array().expect("a list of files");
        let texts = files.iter().map(|file| read(&server, file["uri"].as_str().expect("a URI"))).collect();
        Self { clerk, server, texts, called: RefCell::default() }
    }

    fn count(&self, tool: &str) {
        let is_named = |text: &String| names(text).contains(tool);
        assert!(self.texts.iter().any(is_named), "the skill does not name {tool}");
        self.called.borrow_mut().insert(tool.to_owned());
    }

    /// The answer of a tool that the skill names.
    pub(super) fn call(&self, tool: &str, arguments: Value) -> Value {
        self.count(tool);
        self.server.call(tool, arguments).output()
    }

    /// The failure of a tool that the skill names.
    pub(super) fn failure(&self, tool: &str, arguments: Value) -> Value {
        self.count(tool);
        self.server.call(tool, arguments).failure()
    }

    /// The answer of a tool that asks first: it is made by the token of its preview, whose summary says this.
    pub(super) fn agree(&self, tool: &str, mut arguments: Value, summary: &str) -> Value {
        let asked = self.call(tool, arguments.clone());
        let said = asked["preview"]["summary"].as_str().unwrap_or_default();
        assert!(said.contains(summary) && asked["preview"]["cannot_be_undone"].is_string(), "{asked}");
        arguments["confirmation_token"] = asked["confirmation_token"].clone();
        self.call(tool, arguments)
    }

    /// The call in `undo` of an answer.
    pub(super) fn undo(&self, answer: &Value) -> Value {
        let tool = answer["undo"]["tool"].as_str().expect("it can be taken back");
        self.call(tool, answer["undo"]["arguments"].clone())
    }

    /// Makes what the job is about, or what others do meanwhile.
    pub(super) fn meanwhile(&self, tool: &str, arguments: Value) -> Value {
        self.server.call(tool, arguments).output()
    }

    /// The id of whom this finds exactly.
    pub(super) fn find(&self, query: &str) -> String {
        let found = self.call("clerk_find_user", json!({ "query": query }));
        assert_eq!(found["is_exact"], true, "{found}");
        text(&found["data"][0]["id"])
    }

    /// The end of the job: every tool of SKILL.md was used, but for those that are for another case.
    pub(super) fn finish(self, for_other_cases: &[&str]) {
        let mut left = names(&self.texts[0]);
        left.retain(|tool| !self.called.borrow().contains(*tool));
        assert_eq!(left, for_other_cases.iter().copied().collect(), "tools that the script did not use");
    }
}

/// The tools that a text names.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("clerk_")).collect()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// The items of a list.
pub(super) fn data(answer: &Value) -> &Vec<Value> {
    answer["data"].as_array().unwrap_or_else(|| panic!("no list: {answer}"))
}

/// The item of a list with this address, member or not.
pub(super) fn of_address<'a>(answer: &'a Value, address: &str) -> Option<&'a Value> {
    data(answer).iter().find(|item| {
        [&item["email_address"], &item["public_user_data"]["identifier"]].into_iter().any(|found| found == address)
    })
}
