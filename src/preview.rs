//! What a write would do, before it does it: for whoever has to agree, and for whoever only wants to know.

use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::changes::{self, Change};
use crate::error::Failure;
use crate::policy::PrivateMetadata;
use crate::request::names_in;
use crate::tool::{Call, Danger, Effect, Undo};
use crate::{tools, view, wording};

/// A write that has not been made.
pub(crate) struct Preview {
    /// What is shown, as it leaves.
    pub(crate) json: String,
    /// The same to be looked into.
    pub(crate) shown: Value,
    /// What a person types to agree, where what goes is gone for good.
    pub(crate) name: Option<String>,
}

/// The thing that a write is about as it was before: as Clerk gave it, and as the tool shows it.
pub(crate) struct Before {
    pub(crate) object: Value,
    /// Null where the tool shows something else.
    pub(crate) view: Value,
}

impl Before {
    /// Looks at what the call is about.
    ///
    /// # Errors
    ///
    /// It is not there, or could not be had.
    pub(crate) fn look(call: &Call, api: &dyn Api) -> Result<Self, Failure> {
        let object = call.about.target.fetch(&call.parameters(), api)?;
        let is_overwritten = call.about.effect == Effect::Overwrites && !object.is_null();
        let view = if is_overwritten { call.read_answer(object.to_string().as_bytes())? } else { "null".into() };
        let mut view = serde_json::from_str(&view).unwrap_or_default();
        view::hide_private_metadata(&mut view, api.policy().private_metadata);
        Ok(Self { object, view })
    }

    /// The changes that the call makes, as far as its parameters tell. What is compared is what is stored, not what is shown of
    /// it, but for private metadata that is hidden.
    pub(crate) fn expected(&self, call: &Call, shown: PrivateMetadata) -> Vec<Change> {
        let (mut before, mut after, mut private) = (Map::new(), Map::new(), Vec::new());
        let parameters = call.parameters();
        for (name, value) in parameters.beside(call.about.endpoint.path) {
            let stored = &self.object[name];
            if name == view::PRIVATE_METADATA {
                private = changes::of_private(stored, value, shown);
                continue;
            }
            let value = if name.ends_with("_metadata") { changes::merged(stored, value) } else { value.clone() };
            after.insert(name.clone(), value);
            match stored.as_i64().filter(|_| name.ends_with("_at")) {
                Some(milliseconds) => drop(before.insert(name.clone(), view::time(milliseconds))),
                None if stored.is_null() => {}
                None => drop(before.insert(name.clone(), stored.clone())),
            }
        }
        let mut changes = changes::between(&before.into(), &after.into());
        changes.append(&mut private);
        changes
    }

    /// The call that takes this one back: a tool and its arguments. `after` is what the tool has answered.
    pub(crate) fn undo(&self, call: &Call, after: &Value, api: &dyn Api) -> Option<Value> {
        let parameters = call.parameters();
        let (name, arguments) = match call.about.undo {
            Undo::None => return None,
            Undo::Again => (call.about.name, self.values_back(call, api.policy().private_metadata)?),
            Undo::With(name) => {
                let (_, tool) = tools::find(name).ok()?;
                let id = |name: &str| parameters.get(name).or_else(|| after.get("id")).cloned();
                let argument = |name: &str| Some((name.to_owned(), id(name)?));
                (name, names_in(tool.about.endpoint.path).map(argument).collect::<Option<_>>()?)
            }
        };
        let (toolset, tool) = tools::find(name).ok()?;
        api.policy().check(toolset, tool).ok()?;
        let undo = json!({ "tool": name, "arguments": arguments });
        // What does not leave as it is stored would not bring back what was there.
        (serde_json::from_str(&view::write(&undo)).ok().as_ref() == Some(&undo)).then_some(undo)
    }

    /// The same parameters with what was there before; none where nothing changes, or it cannot be said that way.
    fn values_back(&self, call: &Call, shown: PrivateMetadata) -> Option<Map<String, Value>> {
        let parameters = call.parameters();
        let path = call.about.endpoint.path;
        let mut back = Map::new();
        for (name, value) in parameters.beside(path) {
            let before = self.object.get(name).filter(|before| !before.is_null());
            if name.ends_with("_metadata") {
                if name.starts_with("private") && shown != PrivateMetadata::Show {
                    return None;
                }
                let inverse = changes::inverse(before.unwrap_or(&json!({})), value)?;
                if inverse != json!({}) {
                    back.insert(name.clone(), inverse);
                }
            } else if before? != value {
                back.insert(name.clone(), before?.clone());
            }
        }
        let ids = names_in(path).filter_map(|name| Some((name.to_owned(), parameters.get(name)?.clone())));
        (!back.is_empty()).then(|| ids.chain(back.clone()).collect())
    }
}

impl Preview {
    /// # Errors
    ///
    /// Something that has to be shown could not be had.
    pub(crate) fn of(call: &Call, before: &Before, api: &dyn Api) -> Result<Self, Failure> {
        let about = &call.about;
        let parameters = call.parameters();
        let shown = api.policy().private_metadata;
        let facts = about.target.facts(&before.object, &parameters, api)?;
        let mut preview =
            Map::from_iter([("action".to_owned(), about.title.into()), ("tool".to_owned(), about.name.into())]);
        preview.extend(facts.clone());
        let given: Map<_, _> =
            parameters.beside(about.endpoint.path).map(|(name, value)| (name.clone(), value.clone())).collect();
        match about.effect {
            _ if given.is_empty() => {}
            Effect::Overwrites => {
                changes::add_to(&mut preview, &before.expected(call, shown));
            }
            _ => {
                preview.insert("arguments".into(), given.into());
            }
        }
        let is_final = about.danger == Danger::Irreversible;
        let lasting = if about.lasting.is_empty() && is_final { "This cannot be undone." } else { about.lasting };
        if !lasting.is_empty() {
            preview.insert("cannot_be_undone".into(), lasting.into());
        }
        if let Some(undo) = before.undo(call, &Value::Null, api) {
            preview.insert("undo".into(), undo);
        }
        // The words are made of what is shown, not of what was read.
        let mut shown: Value = serde_json::from_str(&view::write(&preview)).unwrap_or_default();
        let summary = wording::summary(about.sentence, &shown);
        // First, as it is all that some clients show.
        let json = format!("{{\"summary\":{},{}", json!(summary), view::write(&shown).trim_start_matches('{'));
        shown["summary"] = summary.into();
        let name = if is_final && about.effect == Effect::Removes {
            about.target.name(shown.as_object().unwrap_or(&facts))
        } else {
            None
        };
        Ok(Self { json, shown, name })
    }

    /// The preview in lines, for a person.
    pub(crate) fn in_words(&self) -> String {
        wording::lines(&self.shown)
    }
}
