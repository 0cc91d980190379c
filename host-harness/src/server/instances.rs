//! The instances of Clerk that a server serves, and the one of them that a call is for.

use std::collections::HashSet;
use std::sync::Arc;

use rmcp::model::JsonObject;
use serde_json::Value;

use super::merging::{reads, reports_policy};
use super::mode::Mode;
use super::named_text::INSTANCE;
use super::redemption::Redemptions;
use crate::component::{Component, Policy, Problem, Tool};

/// An instance of Clerk with what is kept apart for it: the way out to it, its key, what is allowed there, what was agreed to.
pub(crate) struct ServedInstance {
    /// Its name among several; none where it is the only one.
    pub(crate) name: Option<Arc<str>>,
    /// The tools, with the way out to this instance.
    pub(crate) component: Component,
    pub(crate) mode: Mode,
    pub(crate) policy: Policy,
    pub(super) redemptions: Arc<Redemptions>,
}

impl ServedInstance {
    pub(crate) fn new(name: Option<Arc<str>>, component: Component, mode: Mode, policy: Policy) -> Self {
        Self { name, component, mode, policy, redemptions: Arc::default() }
    }

    /// The same instance with connections of its own, for another thread.
    fn with_own_connections(&self) -> Self {
        let Self { name, component, mode, policy, redemptions } = self;
        Self {
            name: name.clone(),
            component: component.with_own_connections(),
            mode: mode.clone(),
            policy: policy.clone(),
            redemptions: Arc::clone(redemptions),
        }
    }

    /// Tells whether the key is known to be of a production instance.
    pub(crate) fn is_production(&self) -> bool {
        matches!(&self.mode, Mode::Hosted(key) if key.is_live())
    }

    /// The kind of the instance in a word, by its key.
    pub(crate) fn kind(&self) -> &'static str {
        match &self.mode {
            Mode::Hosted(key) if key.is_live() => "production",
            Mode::Hosted(_) => "development",
            Mode::WithoutKey(_) | Mode::Public => "unknown",
        }
    }
}

/// One instance, or several by name.
pub(crate) struct Instances {
    all: Vec<ServedInstance>,
    /// The place of the one that reading takes where none is named; of one alone, that.
    default: Option<usize>,
    /// Of several, the names of the tools that may write.
    writing: Arc<HashSet<String>>,
    /// Of several, the name of the tool that reports on all.
    reporting: Option<Arc<str>>,
}

impl Instances {
    /// One or several, in their order. `default` is the place of the one of several that reading takes where none is named; `tools`
    /// are all that there are, whatever policies allow.
    pub(crate) fn new(all: Vec<ServedInstance>, default: Option<usize>, tools: &[Tool]) -> Self {
        if all.len() == 1 {
            return Self { all, default: Some(0), writing: Arc::default(), reporting: None };
        }
        let writing = tools.iter().filter(|tool| !reads(tool)).map(|tool| tool.name.clone()).collect();
        let reporting = tools.iter().find(|tool| reports_policy(tool)).map(|tool| tool.name.as_str().into());
        Self { all, default, writing: Arc::new(writing), reporting }
    }

    pub(super) fn with_own_connections(&self) -> Self {
        let Self { all, default, writing, reporting } = self;
        Self {
            all: all.iter().map(ServedInstance::with_own_connections).collect(),
            default: *default,
            writing: Arc::clone(writing),
            reporting: reporting.clone(),
        }
    }

    pub(super) fn all(&self) -> &[ServedInstance] {
        &self.all
    }

    pub(super) fn are_several(&self) -> bool {
        self.all.len() > 1
    }

    /// The one that is read where none is named, if there is such.
    pub(super) fn default(&self) -> Option<&ServedInstance> {
        self.default.map(|place| &self.all[place])
    }

    /// The default, or else the first: what is the same for all is asked of it.
    pub(super) fn home(&self) -> &ServedInstance {
        self.default().unwrap_or(&self.all[0])
    }

    /// Whether a tool reports on all of several.
    pub(super) fn are_reported_by(&self, tool: &str) -> bool {
        self.reporting.as_deref() == Some(tool)
    }

    pub(super) fn is_default(&self, instance: &ServedInstance) -> bool {
        self.default().is_some_and(|default| std::ptr::eq(default, instance))
    }

    pub(super) fn place(&self, instance: &ServedInstance) -> usize {
        self.all.iter().position(|other| std::ptr::eq(other, instance)).unwrap_or_default()
    }

    /// The instance that a call of a tool is for. Takes its name out of the arguments, where there are several.
    ///
    /// # Errors
    ///
    /// There is none of that name, or none is named for a call that may write.
    pub(super) fn choose(&self, tool: &str, arguments: &mut Option<JsonObject>) -> Result<&ServedInstance, Problem> {
        if let [only] = &*self.all {
            return Ok(only);
        }
        let mut given = take_names(arguments).into_iter();
        match given.next() {
            Some(first) if given.any(|other| other != first) => Err(self.problem("it is given twice")),
            Some(Value::String(name)) => {
                self.named(name.trim()).ok_or_else(|| self.problem("there is no such instance"))
            }
            Some(_) => Err(self.problem("it takes the name of an instance")),
            None if self.writing.contains(tool) => {
                Err(self.problem("a tool that may write needs the name of the instance"))
            }
            None => self.default().ok_or_else(|| self.problem("name the instance, for none of them is the default")),
        }
    }

    fn named(&self, name: &str) -> Option<&ServedInstance> {
        self.all.iter().find(|instance| instance.name.as_deref() == Some(name))
    }

    fn problem(&self, what: &str) -> Problem {
        Problem { pointer: format!("/{INSTANCE}"), message: format!("{what}; there are: {}", self.names()) }
    }

    /// All names, as a part of a sentence.
    pub(super) fn names(&self) -> String {
        self.all.iter().filter_map(|instance| instance.name.as_deref()).collect::<Vec<_>>().join(", ")
    }
}

/// Takes out of the arguments what names an instance: clients send names in any case.
fn take_names(arguments: &mut Option<JsonObject>) -> Vec<Value> {
    let Some(arguments) = arguments else { return Vec::new() };
    let names: Vec<String> = arguments.keys().filter(|name| name.eq_ignore_ascii_case(INSTANCE)).cloned().collect();
    names.iter().filter_map(|name| arguments.remove(name)).filter(|given| !given.is_null()).collect()
}
