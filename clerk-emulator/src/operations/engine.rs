//! Answers an operation by its facts: keeps what is created, finds it, changes it and removes it.

use serde_json::{Map, Value, json};

use super::check::Request;
use super::collections::{self, Collection};
use super::effects::{self, LIFETIMES};
use super::examples::{complete, example, filled, hide, is_secret, secret, shaped};
use super::given::{check_given, has_repeated, same};
use super::{FACTS, Operation, Shape, single};
use crate::clock;
use crate::endpoint::{Answer, Call, answer as written};
use crate::errors::{Fault, Refusal};
use crate::operations::listing;
use crate::state::World;
use crate::store::{Thing, has, touch};

/// Where somebody is put who is there already, what is there is answered.
const WAITLIST: &str = "waitlist_entries";

/// Collections of things that cannot be revoked a second time.
const REVOKED_ONCE: [&str; 3] = ["actor_tokens", "invitations", "sign_in_tokens"];

pub(crate) fn answer(operation: &'static Operation, world: &mut World, call: &mut Call) -> Answer {
    let request = Request::read(operation, call)?;
    let value = match effects::find(operation) {
        Some(effect) => effect(world, &request)?,
        None => by_rule(world, &request)?,
    };
    let Some(shape) = &operation.answer else { return Ok(effects::text_of(operation)) };
    written(&shaped(shape, "answer", &value, &operation.path).unwrap_or(value))
}

/// By the form of the path: `/things`, `/things/{id}`, `/things/{id}/verb`.
fn by_rule(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let operation = request.operation;
    let literals = operation.literals();
    if single::has(literals[0]) {
        return single::set(world, request);
    }
    let path = literals.join("/");
    check_parents(world, request)?;
    if let Some(collection) = collections::find(&path) {
        return match (operation.method.as_str(), operation.is_about_one()) {
            ("GET", false) => listing::list(world, request, collection),
            ("POST", false) => create(world, request, collection, &request.bodies[0]),
            ("GET", true) => {
                let thing = find(world, request, collection)?.clone();
                Ok(hide(collection.type_name, thing).into())
            }
            ("DELETE", _) => delete(world, request, collection),
            _ => update(world, request, collection, &request.bodies[0]),
        };
    }
    let (collection, verb) = split_verb(&literals);
    match operation.method.as_str() {
        "GET" => find(world, request, collection).map(|thing| Value::from(thing.clone())),
        _ if verb == "bulk" => create_all(world, request, collection),
        _ => act(world, request, collection, &verb),
    }
}

/// The collection at the longest start of the path, and what is behind it.
fn split_verb(literals: &[&str]) -> (&'static Collection, String) {
    let at = |length: usize| collections::find(&literals[..length].join("/")).map(|found| (found, length));
    let (collection, length) = (1..literals.len()).rev().find_map(at).expect("a test walks all operations");
    (collection, literals[length..].join("_"))
}

/// The path's parameters but for the one that names the thing itself.
pub(crate) fn parents(request: &Request) -> &[(String, String)] {
    let path = request.operation.literals().join("/");
    let names_itself = request.operation.is_about_one() || collections::find(&path).is_none();
    &request.path[..request.path.len() - usize::from(names_itself && !request.path.is_empty())]
}

/// 404 unless everything is there that the thing belongs to.
pub(crate) fn check_parents(world: &World, request: &Request) -> Result<(), Refusal> {
    check_parents_of(world, request, parents(request))
}

pub(crate) fn check_parents_of(world: &World, request: &Request, named: &[(String, String)]) -> Result<(), Refusal> {
    for (name, id) in named {
        let is_there = match name.as_str() {
            "organization_id" => world.organizations.contains_key(id),
            "user_id" => world.users.contains_key(id),
            // Names a kind, which was checked.
            "template_type" => true,
            _ => {
                let start = request.operation.path.split(&format!("/{{{name}}}")).next().unwrap_or_default();
                let collection = collections::find(start.trim_start_matches('/')).expect("a test walks all operations");
                world.store.find(collection.path, collection.keys, id).is_some()
            }
        };
        if !is_there {
            return Err(request.not_found(format!("Nothing has the {name} {id}.")));
        }
    }
    Ok(())
}

fn position(world: &World, request: &Request, collection: &Collection) -> Result<usize, Refusal> {
    let (name, id) = request.path.last().expect("the path names a thing");
    let in_scope = |thing: &Thing| parents(request).iter().all(|(name, value)| has(thing, name, value));
    let is_it = |thing: &Thing| collection.keys.iter().any(|key| has(thing, key, id)) && in_scope(thing);
    let missing = || request.not_found(format!("Nothing has the {name} {id}."));
    world.store.all(collection.path).iter().position(is_it).ok_or_else(missing)
}

/// The thing that the path names.
pub(crate) fn find<'a>(
    world: &'a mut World,
    request: &Request,
    collection: &Collection,
) -> Result<&'a mut Thing, Refusal> {
    let position = position(world, request, collection)?;
    Ok(&mut world.store.all_mut(collection.path)[position])
}

pub(crate) fn delete(world: &mut World, request: &Request, collection: &Collection) -> Result<Value, Refusal> {
    let position = position(world, request, collection)?;
    let mut thing = world.store.all_mut(collection.path).remove(position);
    // Some answer with the thing as it was last, others with what was deleted.
    thing.extend([("status".to_owned(), "removed".into()), ("deleted".to_owned(), true.into())]);
    Ok(thing.into())
}

/// The body with the names that the thing has for its fields.
fn renamed(collection: &Collection, body: &Map<String, Value>) -> Thing {
    let name = |name: &String| collection.renamed.iter().find(|(given, _)| given == name).map(|(_, kept)| *kept);
    body.iter().map(|(key, value)| (name(key).unwrap_or(key).to_owned(), value.clone())).collect()
}

pub(crate) fn create(
    world: &mut World,
    request: &Request,
    collection: &Collection,
    body: &Map<String, Value>,
) -> Result<Value, Refusal> {
    let mut given = renamed(collection, body);
    if let (WAITLIST, Some(entry)) = (collection.path, same(world, collection, &given, None)) {
        return Ok(entry.clone().into());
    }
    check_given(world, request, collection, &given, None)?;
    given.extend(parents(request).iter().map(|(name, value)| (name.clone(), value.as_str().into())));
    let seed = world.new_id(collection.prefix);
    let thing = made(collection, given, &seed);
    world.store.all_mut(collection.path).push(thing.clone());
    Ok(thing.into())
}

/// Makes all or, if one of them cannot be made, none.
fn create_all(world: &mut World, request: &Request, collection: &Collection) -> Result<Value, Refusal> {
    if collection.path == WAITLIST && has_repeated(collection, &request.bodies) {
        return Err(request.refuse(Fault::taken(collection.unique)));
    }
    let before = world.store.all(collection.path).len();
    let bodies = request.bodies.iter();
    let made = bodies.map(|body| create(world, request, collection, body)).collect::<Result<Vec<_>, _>>();
    if made.is_err() {
        world.store.all_mut(collection.path).truncate(before);
    }
    made.map(Value::from)
}

/// A new thing, with the fields that its type requires.
pub(crate) fn made(collection: &Collection, given: Thing, seed: &str) -> Thing {
    let key = collection.keys[0];
    let shape = FACTS.fields(collection.type_name).iter().find(|field| field.name == key).map(|field| &field.shape);
    let id: Value = match shape {
        Some(shape @ Shape::Pattern(_)) => example(shape, key, seed),
        _ => seed.into(),
    };
    let id = given.get(key).cloned().unwrap_or(id);
    let new = serde_json::from_str(collection.new).expect("the table holds JSON");
    let Value::Object(mut thing) = filled(&new, "new", id.as_str().unwrap_or_default(), seed) else {
        panic!("the table holds JSON objects")
    };
    thing.extend(given.into_iter().filter(|(_, value)| !value.is_null()));
    thing.insert(key.to_owned(), id);
    thing.entry("id").or_insert_with(|| seed.into());
    for (name, milliseconds) in LIFETIMES {
        if let Some(count) = thing.get(*name).and_then(Value::as_i64) {
            let end: Value = (made_at(&thing) + count * milliseconds).into();
            thing.extend([("expires_at".to_owned(), end.clone()), ("expiration".to_owned(), end)]);
        }
    }
    effects::before_creation(collection.path, &mut thing);
    thing.extend(complete(collection.type_name, &thing, seed, true));
    thing
}

/// When a thing was made that may have been made just now.
pub(crate) fn made_at(thing: &Thing) -> i64 {
    thing.get("created_at").and_then(Value::as_i64).unwrap_or_else(clock::now)
}

pub(crate) fn update(
    world: &mut World,
    request: &Request,
    collection: &Collection,
    body: &Map<String, Value>,
) -> Result<Value, Refusal> {
    let given = renamed(collection, body);
    let own = find(world, request, collection)?.get(collection.keys[0]).cloned();
    check_given(world, request, collection, &given, own.as_ref())?;
    let thing = find(world, request, collection)?;
    set(collection, thing, given);
    touch(thing);
    Ok(hide(collection.type_name, thing.clone()).into())
}

/// Sets the fields that have the type's shape, and keeps the ones that the type does not have.
pub(crate) fn set(collection: &Collection, thing: &mut Thing, given: Thing) {
    for (name, mut value) in given {
        let field = FACTS.fields(collection.type_name).iter().find(|field| field.name == name);
        if let (Some(Value::Object(kept)), Value::Object(changes)) = (thing.get(&name), &value)
            && field.is_some_and(|field| field.shape.type_name().is_some())
        {
            value = kept.clone().into_iter().chain(changes.clone()).collect();
        }
        match field {
            Some(field) => thing.extend(shaped(&field.shape, &name, &value, "").map(|value| (name, value))),
            None => thing.extend([(name, value)]),
        }
    }
}

/// Does what the verb says: a status and a flag that begin as the verb does are set, and `rotate` makes credentials anew.
pub(crate) fn act(world: &mut World, request: &Request, collection: &Collection, verb: &str) -> Result<Value, Refusal> {
    let seed = world.new_id("seed");
    let thing = find(world, request, collection)?;
    if verb == "revoke" && REVOKED_ONCE.contains(&collection.path) && has(thing, "status", "revoked") {
        return Err(Refusal::bad_request("already_revoked", "already revoked", "It is revoked already."));
    }
    let stem = verb.trim_end_matches('e');
    let mut changes = request.bodies[0].clone();
    for field in FACTS.fields(collection.type_name) {
        let begins = |value: &&Value| value.as_str().is_some_and(|value| value.starts_with(stem));
        if let Some(value) = field.shape.values().into_iter().flatten().find(begins) {
            changes.insert(field.name.clone(), value.clone());
        }
        if field.shape == Shape::Flag && field.name.starts_with(stem) {
            changes.insert(field.name.clone(), true.into());
        }
        if verb.contains("rotate") && is_secret(&field.name) {
            changes.insert(field.name.clone(), secret(&field.name, &seed).into());
        }
    }
    set(collection, thing, changes);
    touch(thing);
    Ok(thing.clone().into())
}

/// What most operations that remove something answer.
pub(crate) fn deleted(object: &str, id: &str) -> Value {
    json!({ "object": object, "id": id, "deleted": true })
}
