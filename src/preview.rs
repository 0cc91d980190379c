//! The preview of a write: what it would do, before it does it, for whoever has to agree, and for whoever only wants to know.

use serde_json::{Map, Value, json};

use crate::api::Api;
use crate::arguments::CLEAR;
use crate::call::Call;
use crate::changes::{self, Change};
use crate::danger::Effect;
use crate::error::Failure;
use crate::exit;
use crate::kind::{Kind, time};
use crate::policy::PrivateMetadata;
use crate::request::Method;
use crate::secret::NOT_SHOWN;
use crate::target::Target;
use crate::tool::Undo;
use crate::view::{Field, text, untrusted};
use crate::wording;

/// Stands for what a secret was before.
const NOT_KNOWN: &str = "(not known)";
const REPLACED: &str = "What was there before of what is not shown is gone for good.";
const NOT_LOOKED_AT: &str = "What it is about was not looked at: only the id is known here.";

/// A write that has not been made.
pub(crate) struct Preview {
    /// The JSON that is shown, its strings clean.
    pub(crate) shown: Value,
    /// The name that a person types to agree, where what goes is gone for good.
    pub(crate) name: Option<String>,
    target: Option<&'static Target>,
}

/// The target of a write as it was before: as Clerk gave it, and as the tool shows it.
pub(crate) struct Before {
    object: Value,
    /// Null where the tool shows something else.
    pub(crate) view: Value,
    /// True where the tool answers with the same kind of object, so that it can be told what has changed.
    pub(crate) is_comparable: bool,
}

impl Before {
    /// Looks at the target of a call.
    ///
    /// # Errors
    ///
    /// It is not there, or could not be had.
    pub(crate) fn look(call: &Call, api: &dyn Api) -> Result<Self, Failure> {
        let object = match call.tool.target {
            Some(target) => call.without_given(target.fetch(&call.arguments, api)?),
            None => Value::Null,
        };
        let endpoint = call.tool.endpoint;
        let is_same_kind = |target: &Target| {
            let shown = target.look.endpoint;
            shown.object.name == endpoint.object.name || shown.path == endpoint.path
        };
        let is_comparable =
            call.tool.effect == Effect::Overwrites && !object.is_null() && call.tool.target.is_some_and(is_same_kind);
        let (view, object) = if is_comparable { call.view(object) } else { (Value::Null, object) };
        Ok(Self { object, view, is_comparable })
    }

    /// The changes that the call makes, as far as its arguments tell. What is compared is what is stored, not what is shown of
    /// it, but for private metadata that is hidden.
    pub(crate) fn expected(&self, call: &Call, shown: PrivateMetadata) -> Vec<Change> {
        let (mut before, mut after, mut private) = (Map::new(), Map::new(), Vec::new());
        for (name, value) in call.set() {
            let stored = &self.object[name];
            let without_secrets = call.without_secrets(name, value);
            if without_secrets != *value {
                after.insert(name.clone(), without_secrets);
                before.insert(name.clone(), NOT_KNOWN.into());
                continue;
            }
            let kind = call.tool.parameter(name).map_or(Kind::Text, |parameter| parameter.kind);
            let replaced = kind.is_metadata() && call.tool.endpoint.method == Method::Put;
            let value = if replaced { &changes::replacing(stored, value) } else { value };
            if matches!(kind, Kind::PrivateMetadata) {
                private = changes::of_private(stored, value, shown);
                continue;
            }
            let value = if kind.is_metadata() { changes::merged(stored, value) } else { value.clone() };
            after.insert(name.clone(), value);
            let stored = match kind {
                Kind::Time(_) => time::rfc3339(stored).into(),
                _ => stored.clone(),
            };
            if !stored.is_null() {
                before.insert(name.clone(), stored);
            }
        }
        let mut changes = changes::between(&before.into(), &after.into(), PrivateMetadata::Show);
        changes.append(&mut private);
        changes
    }

    /// The call that takes this one back: a tool and its arguments. `after` is the answer of the tool.
    pub(crate) fn undo(&self, call: &Call, after: &Value, api: &dyn Api) -> Option<Value> {
        let (tool, arguments) = match call.tool.undo {
            Undo::None => return None,
            Undo::Again => (call.tool, self.values_back(call, api.policy().private_metadata)?),
            Undo::With(other) => {
                let mut ids = Map::new();
                for name in other.endpoint.names_in_path() {
                    let id = call.arguments.sent().get(name).or_else(|| after.get("id"))?;
                    ids.insert(name.into(), id.clone());
                }
                (other, ids)
            }
        };
        api.policy().check(tool.subject()).ok()?;
        let undo = json!({ "tool": tool.name, "arguments": arguments });
        // What does not leave as it is stored would not bring back what was there, nor what the tool refuses.
        Call::new(tool, arguments, api.policy().pins).ok()?;
        let is_whole = exit::cleaned(undo.clone()) == undo && !undo.to_string().contains(NOT_SHOWN);
        is_whole.then_some(undo)
    }

    /// The arguments with the values of before; none where nothing changes, or it cannot be said that way.
    fn values_back(&self, call: &Call, shown: PrivateMetadata) -> Option<Map<String, Value>> {
        let (mut back, mut cleared) = (Map::new(), Vec::new());
        for (name, value) in call.set() {
            // Nobody knows what a secret was before.
            if call.without_secrets(name, value) != *value {
                return None;
            }
            let kind = call.tool.parameter(name)?.kind;
            // What is not told is not known.
            let before = self.object.get(name)?;
            let in_words = Value::from(time::rfc3339(before));
            let before = if matches!(kind, Kind::Time(_)) && !in_words.is_null() { &in_words } else { before };
            let is_nothing = before.is_null() || *before == "";
            if kind.is_metadata() {
                if matches!(kind, Kind::PrivateMetadata) && shown != PrivateMetadata::Show {
                    return None;
                }
                let stored = if before.is_null() { &json!({}) } else { before };
                let inverse = changes::inverse(stored, value)?;
                if inverse != json!({}) {
                    back.insert(name.clone(), inverse);
                }
            } else if is_nothing && !value.is_null() {
                // Only what can be cleared goes back to nothing.
                cleared.push(Value::from(name.as_str()));
            } else if before != value && !is_nothing {
                back.insert(name.clone(), before.clone());
            }
        }
        if !cleared.is_empty() {
            let cleared = Value::from(cleared);
            call.tool.parameter(CLEAR)?.kind.read(&cleared).ok()?;
            back.insert(CLEAR.into(), cleared);
        }
        if back.is_empty() {
            return None;
        }
        let mut ids = call.arguments.only(call.tool.endpoint.names_in_path());
        ids.append(&mut back);
        Some(ids)
    }
}

/// Adds the ids in the path of an operation that are not those of its target.
fn about(preview: &mut Map<String, Value>, call: &Call, before: &Before) {
    let Some(operation) = call.tool.operation() else { return };
    preview.insert("operation".into(), operation.into());
    let looked_at = call.tool.target.map(|target| &target.look).filter(|_| !before.object.is_null());
    let is_shown = |name: &&str| {
        looked_at.is_some_and(|look| look.endpoint.names(name) || look.by.contains(name) || look.among == Some(*name))
    };
    let about = call.arguments.only(call.tool.endpoint.names_in_path().filter(|name| !is_shown(name)));
    if !about.is_empty() {
        preview.insert("about".into(), about.into());
    }
    let names_object = |name: &str| match name {
        "external_id" => false,
        name => name.ends_with("_id") || name.ends_with("_ids") || name == "subject",
    };
    let is_about_object = || call.set().any(|(name, _)| names_object(name));
    if looked_at.is_none() && (call.tool.endpoint.names_in_path().next().is_some() || is_about_object()) {
        preview.remove("target");
        preview.insert("not_looked_at".into(), NOT_LOOKED_AT.into());
    }
}

impl Preview {
    /// # Errors
    ///
    /// Something that has to be shown could not be had.
    pub(crate) fn of(call: &Call, before: &Before, api: &dyn Api) -> Result<Self, Failure> {
        let tool = call.tool;
        let mut preview = match tool.target {
            Some(target) => target.facts(&before.object, &call.arguments, api)?,
            None => Map::new(),
        };
        self::about(&mut preview, call, before);
        preview.insert("action".into(), tool.title.into());
        let called = if tool.called_by.is_empty() { tool.name } else { tool.called_by };
        preview.insert("tool".into(), called.into());
        let private = api.policy().private_metadata;
        let mut given = Map::new();
        for (name, value) in call.set() {
            given.insert(name.clone(), call.shown(name, value, private));
        }
        match tool.effect {
            _ if given.is_empty() => {}
            Effect::Overwrites if before.is_comparable && call.tool.endpoint.method != Method::Post => {
                changes::add_to(&mut preview, &before.expected(call, private));
            }
            _ => drop(preview.insert("arguments".into(), given.into())),
        }
        let overwrites_secret = tool.effect == Effect::Overwrites
            && call.set().any(|(name, value)| call.without_secrets(name, value) != *value);
        let lasting = match tool.lasting {
            "" if tool.is_final() => "This cannot be undone.",
            "" if overwrites_secret => REPLACED,
            _ if call.is_quiet() => "",
            lasting => lasting,
        };
        if !lasting.is_empty() {
            preview.insert("cannot_be_undone".into(), lasting.into());
        }
        if let Some(undo) = before.undo(call, &Value::Null, api) {
            preview.insert("undo".into(), undo);
        }
        // The words are made of what is shown, not of what was read.
        let mut shown = exit::cleaned(preview.into());
        // Of two keys of one name, a person has to see which it is.
        let id = before.object["id"].as_str().filter(|id| exit::is_id_of_credential(id));
        if let (Some(id), true) = (id, shown["target"]["id"].is_string()) {
            shown["target"]["id"] = id.into();
        }
        shown["summary"] = wording::summary(tool.sentence, &shown).into();
        let is_typed = tool.is_final() && tool.effect == Effect::Removes;
        // What cannot be looked at has only its id.
        let id = || shown["about"][tool.endpoint.names_in_path().last()?].as_str().map(Into::into);
        let name = tool.target.and_then(|target| target.typed(&shown)).or_else(id).filter(|_| is_typed);
        Ok(Self { shown, name, target: tool.target })
    }

    #[cfg(test)]
    pub(crate) fn made(shown: Value, name: Option<&str>) -> Self {
        Self { shown, name: name.map(Into::into), target: None }
    }

    /// The preview in lines, for a person.
    pub(crate) fn in_words(&self) -> String {
        wording::lines(&self.shown)
    }

    /// Its fields. The summary stands first, as it is all that some clients show.
    pub(crate) fn fields(&self) -> Vec<Field> {
        let mut fields = vec![untrusted("summary"), text("action"), text("tool")];
        fields.extend(self.target.into_iter().flat_map(Target::fields));
        fields
    }
}
