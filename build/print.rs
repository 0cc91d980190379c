//! Prints the operations as statics of the component.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::kinds::{self, Place};
use crate::review::Review;
use crate::shape::{Facts, Field, Operation, Shape};
use crate::targets;

/// The statics that are printed, each once by its name.
pub(crate) struct Printer<'a> {
    pub(crate) facts: &'a Facts,
    statics: BTreeMap<String, String>,
}

/// All operations in the order of their names.
pub(crate) fn all(facts: &Facts, reviews: &BTreeMap<String, Review>) -> String {
    let mut printer = Printer { facts, statics: BTreeMap::new() };
    let (mut rows, mut rows_of_names) = (String::new(), String::new());
    for (name, review) in reviews {
        rows += &printer.operation(name, &facts.operations[name], review);
    }
    for (list, callers) in [
        ("ALL", &["clerk_api_read", "clerk_api_write", "clerk_api_delete"][..]),
        ("READS", &["clerk_api_read"]),
        ("WRITES", &["clerk_api_write"]),
        ("REMOVES", &["clerk_api_delete"]),
    ] {
        let names: Vec<&String> =
            reviews.iter().filter(|(_, review)| callers.contains(&review.caller())).map(|(name, _)| name).collect();
        let _ = writeln!(rows_of_names, "pub(super) const {list}: &[&str] = &{names:?};");
    }
    let statics: String = printer.statics.into_values().collect();
    format!("{statics}{rows_of_names}pub(crate) static OPERATIONS: &[Operation] = &[\n{rows}];\n")
}

impl Printer<'_> {
    fn operation(&mut self, name: &str, operation: &Operation, review: &Review) -> String {
        let Review { effect, danger, title, curated, words, is_only_for_secrets, .. } = review;
        let endpoint = self.endpoint(operation);
        let answer = self.answer(operation);
        let parameters = self.parameters(operation);
        let target = targets::of(self, operation, review);
        let obstacle = match (operation.is_multipart, &operation.answer, operation.method.as_str()) {
            _ if name == "createM2MToken" => "is taken by Clerk only with a machine's own secret key",
            (true, ..) => "takes a file, and a conversation has none: use Clerk's dashboard",
            (_, None, "GET") => "answers with a web page",
            _ => "",
        };
        let (caller, group, is_deprecated) = (review.caller(), &operation.tags, operation.is_deprecated);
        format!(
            "Operation {{ name: {name:?}, title: {title:?}, endpoint: {endpoint}, parameters: &[{parameters}], \
             answer: {answer}, effect: Effect::{effect}, danger: Danger::{danger}, target: {target}, \
             is_only_for_secrets: {is_only_for_secrets}, \
             caller: {caller:?}, group: {group:?}, words: {words:?}, curated: {curated:?}, \
             is_deprecated: {is_deprecated}, obstacle: {obstacle:?} }},\n"
        )
    }

    pub(crate) fn endpoint(&mut self, operation: &Operation) -> String {
        let method = operation.method[..1].to_owned() + &operation.method[1..].to_lowercase();
        let object = self.object(operation);
        format!("Endpoint {{ method: Method::{method}, path: {:?}, object: {object} }}", operation.path)
    }

    /// The object that its answer is about, and the places where that carries what was asked for by.
    fn object(&mut self, operation: &Operation) -> String {
        let answer = operation.answer.as_ref();
        let item = answer.map(|answer| item(self.facts, answer).unwrap_or_else(|| answer.clone()));
        let fields = item.map(|item| self.facts.fields(&item)).unwrap_or_default();
        let kind = fields.iter().find(|field| field.name == "object").and_then(|field| field.shape.literals());
        let kind = kind.filter(|values| values.len() == 1).map_or_else(|| "\"\"".into(), |values| values[0].to_owned());
        let mut carried = Vec::new();
        for parameter in operation.parameters.iter().map(|parameter| parameter.name.as_str()) {
            if let Some(place) = targets::place(self.facts, operation, parameter, &fields) {
                let by = match parameter {
                    "status" => "Filter",
                    name if name.ends_with("_key_or_id") => "IdOrKey",
                    _ => "Ids",
                };
                carried.push(format!("carried({parameter:?}, {place:?}, By::{by})"));
            }
        }
        let carried = carried.join(", ");
        if kind == "\"\"" && carried.is_empty() {
            return "&NO_OBJECT".into();
        }
        let body = format!("Object = Object {{ name: {kind}, id: None, carried: &[{carried}], needed: None }};\n");
        self.shared("OBJECT", &body)
    }

    /// A static with this body, which others may share.
    pub(crate) fn shared(&mut self, prefix: &str, body: &str) -> String {
        let taken = self.statics.iter().find(|(_, printed)| printed.ends_with(&format!(": {body}")));
        if let Some((name, _)) = taken {
            return format!("&{name}");
        }
        let name = format!("{prefix}_{}", self.statics.len());
        self.statics.insert(name.clone(), format!("static {name}: {body}"));
        format!("&{name}")
    }

    fn answer(&mut self, operation: &Operation) -> String {
        let Some(answer) = &operation.answer else { return "Answer::One(&View(&[]))".into() };
        if answer.named().is_empty() && answer.items().is_none() {
            // What the document says no more of is shown as it is.
            return "Answer::One(&View(&[made_untrusted(\"answer\", Value::clone)]))".into();
        }
        let is_bare = answer.items().is_some();
        let Some(item) = item(self.facts, answer) else { return format!("Answer::One({})", self.view(answer)) };
        let has = |name: &str| operation.parameters.iter().any(|parameter| parameter.name == name);
        let view = self.view(&item);
        let (page, paging) = match (has("limit"), is_bare) {
            (false, _) => ("page", "Whole"),
            (true, true) if has("starting_after") => ("page_with_cursor", "Cursor"),
            (true, true) => ("page", "Probe"),
            (true, false) => ("page", "Total"),
        };
        format!("Answer::Page(&View(&{page}({view})), Paging::{paging})")
    }

    /// The view of the named types of a shape.
    pub(crate) fn view(&mut self, shape: &Shape) -> String {
        let name = format!("VIEW_{}", kinds::identifier(&shape.named().join("_OR_")));
        if !self.statics.contains_key(&name) {
            // Before its fields, which may lead back to it.
            self.statics.insert(name.clone(), String::new());
            let fields: Vec<String> = self.facts.fields(shape).iter().map(|field| self.field(field)).collect();
            let body = format!("static {name}: View = View(&[{}]);\n", fields.join(", "));
            self.statics.insert(name.clone(), body);
        }
        format!("&{name}")
    }

    /// A field of a view.
    fn field(&mut self, field: &Field) -> String {
        let Field { name, shape, .. } = field;
        if field.is_secret {
            return format!("secret({name:?})");
        }
        if let Some((items, _)) = shape.items() {
            return match items.word().0 {
                _ if !items.named().is_empty() => format!("many({name:?}, {})", self.view(&items)),
                "string" | "uri" | "email" => kinds::untrusted(name, "texts"),
                _ => format!("json({name:?})"),
            };
        }
        if !shape.named().is_empty() {
            return format!("one({name:?}, {})", self.view(shape));
        }
        if let Some(values) = shape.literals() {
            let is_flag = values.iter().all(|value| !value.starts_with('"'));
            return format!("{}({name:?})", if is_flag { "flag" } else { "text" });
        }
        match shape.word().0 {
            "boolean" => format!("flag({name:?})"),
            "integer" | "number" if name.ends_with("_at") => format!("time({name:?})"),
            "integer" | "number" => format!("number({name:?})"),
            "object" if name == "private_metadata" => format!("private({name:?})"),
            "object" => format!("metadata({name:?})"),
            "any" => format!("json({name:?})"),
            _ => kinds::untrusted(name, "text"),
        }
    }

    fn parameters(&mut self, operation: &Operation) -> String {
        let mut printed = String::new();
        let in_path = operation.in_path();
        for parameter in &operation.parameters {
            let is_in_path = in_path.contains(&parameter.name.as_str());
            let place = if is_in_path { Place::Path(&operation.path) } else { Place::Query };
            let _ = write!(printed, "{}, ", self.parameter(parameter, place));
        }
        match &operation.body {
            Some(body) if body.items().is_some() => {
                let whole = Field { name: "body".into(), is_required: true, is_secret: false, shape: body.clone() };
                printed += &self.parameter(&whole, Place::Body);
            }
            Some(body) => {
                for field in self.facts.fields(body) {
                    let _ = write!(printed, "{}, ", self.parameter(&field, Place::Body));
                }
            }
            None => {}
        }
        printed
    }

    pub(crate) fn parameter(&mut self, field: &Field, place: Place<'_>) -> String {
        let kind = kinds::of(self, field, place);
        let Field { name, is_required, is_secret, .. } = field;
        let is_nullable = field.shape.is_nullable && matches!(place, Place::Body | Place::Inside);
        format!(
            "Given {{ name: {name:?}, kind: {kind}, is_required: {is_required}, is_nullable: {is_nullable}, \
             is_secret: {is_secret} }}"
        )
    }
}

/// The shape of the items of a list, bare or in an envelope.
pub(crate) fn item(facts: &Facts, answer: &Shape) -> Option<Shape> {
    if let Some((items, _)) = answer.items() {
        return Some(items);
    }
    let fields = facts.fields(answer);
    let data = fields.iter().find(|field| field.name == "data")?;
    data.shape.items().map(|(items, _)| items).filter(|items| !items.named().is_empty())
}
