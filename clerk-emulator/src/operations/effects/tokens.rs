//! Credentials and what they stand for: API keys, machines, sessions and clients.

use serde_json::{Map, Value, json};

use super::super::check::Request;
use super::super::examples::secret;
use super::super::{collections, engine, listing};
use crate::clock::{self, DAY};
use crate::errors::Refusal;
use crate::ids;
use crate::sessions::{Activity, Session, Status};
use crate::state::World;
use crate::store::{Thing, has};

/// The thing whose credential the body has.
pub(super) fn verify(world: &mut World, request: &Request, path: &str, field: &str) -> Result<Value, Refusal> {
    let given = request.text(field).unwrap_or_default();
    let found = world.store.find(path, &[field], given).filter(|thing| thing.get("revoked") != Some(&true.into()));
    found.map(|thing| thing.clone().into()).ok_or_else(|| request.not_found("Nothing has this credential."))
}

pub(super) fn verify_access_token(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let given = request.text("access_token").or(request.text("secret")).unwrap_or_default();
    let found = world.store.find("oauth_applications/access_tokens", &["token"], given);
    found.map(|thing| thing.clone().into()).ok_or_else(|| request.not_found("There is no such access token."))
}

pub(super) fn revoke_access_token(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    engine::find(world, request, collections::find("oauth_applications").expect("it is in the table"))?;
    let given = request.text("token").unwrap_or_default();
    if let Some(token) = world.store.find_mut("oauth_applications/access_tokens", &["token"], given) {
        token.insert("revoked".to_owned(), true.into());
    }
    Ok(Value::Null)
}

pub(super) fn set_application_logo(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let application =
        engine::find(world, request, collections::find("oauth_applications").expect("it is in the table"))?;
    application.insert("client_image_url".to_owned(), "https://images.clerk.example/application.png".into());
    Ok(application.clone().into())
}

/// Clerk knows the machine by its own key; here it is the first one.
pub(super) fn create_for_machine(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let machine = world.store.all("machines").first().and_then(|machine| machine.get("id")).cloned();
    let subject = machine.ok_or_else(|| request.not_found("There is no machine."))?;
    let mut body = request.bodies[0].clone();
    body.insert("subject".to_owned(), subject);
    engine::create(world, request, collections::find("m2m_tokens").expect("it is in the table"), &body)
}

fn machine<'a>(world: &'a mut World, request: &Request, id: &str) -> Result<&'a mut Thing, Refusal> {
    let missing = || request.not_found(format!("No machine has the id {id}."));
    world.store.find_mut("machines", &["id"], id).ok_or_else(missing)
}

pub(super) fn create_machine(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mut body = request.bodies[0].clone();
    let mut scoped = Vec::new();
    for id in request.field("scoped_machines").and_then(Value::as_array).into_iter().flatten() {
        scoped.push(Value::from(machine(world, request, id.as_str().unwrap_or_default())?.clone()));
    }
    body.insert("scoped_machines".to_owned(), scoped.into());
    engine::create(world, request, collections::find("machines").expect("it is in the table"), &body)
}

pub(super) fn machine_secret(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let machine = machine(world, request, request.parameter("machine_id"))?;
    Ok(json!({ "object": "machine_secret_key", "secret": machine["secret_key"] }))
}

pub(super) fn rotate_machine_secret(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let seed = world.new_id("seed");
    let machine = machine(world, request, request.parameter("machine_id"))?;
    machine.insert("secret_key".to_owned(), secret("secret_key", &seed).into());
    machine_secret(world, request)
}

fn scope(request: &Request, to: &str) -> Value {
    let (from, now) = (request.parameter("machine_id"), clock::now());
    let ends = json!({ "from_machine_id": from, "to_machine_id": to });
    let mut scope = json!({ "object": "machine_scope", "created_at": now, "deleted": true });
    scope.as_object_mut().expect("it is one").extend(ends.as_object().cloned().unwrap_or_default());
    scope
}

fn scoped_machines(machine: &mut Thing) -> &mut Vec<Value> {
    let place = machine.entry("scoped_machines").or_insert_with(|| json!([]));
    place.as_array_mut().expect("scoped machines are a list")
}

pub(super) fn add_scope(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let to = request.text("to_machine_id").unwrap_or_default();
    let other = machine(world, request, to)?.clone();
    scoped_machines(machine(world, request, request.parameter("machine_id"))?).push(other.into());
    Ok(scope(request, to))
}

pub(super) fn remove_scope(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let to = request.parameter("other_machine_id");
    let scoped = scoped_machines(machine(world, request, request.parameter("machine_id"))?);
    let position = scoped.iter().position(|other| other["id"] == to);
    scoped.remove(position.ok_or_else(|| request.not_found(format!("There is no scope to {to}.")))?);
    Ok(scope(request, to))
}

pub(super) fn create_session(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let user_id = request.text("user_id").unwrap_or_default().to_owned();
    if !world.users.contains_key(&user_id) {
        return Err(request.not_found(format!("No user has the id {user_id}.")));
    }
    let (id, now) = (world.new_id("sess"), clock::now());
    world.sessions.push(Session {
        object: "session",
        client_id: ids::id("client", &id),
        latest_activity: Activity::unknown(&id),
        id,
        user_id,
        actor: None,
        status: Status::Active,
        last_active_organization_id: request.text("active_organization_id").map(str::to_owned),
        last_active_at: now,
        expire_at: now + 7 * DAY,
        abandon_at: now + 30 * DAY,
        updated_at: now,
        created_at: now,
        tasks: None,
    });
    Ok(json!(world.sessions.last()))
}

pub(super) fn session_token(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let id = request.parameter("session_id");
    let is_open = |session: &&Session| session.id == id && session.status == Status::Active;
    if !world.sessions.iter().any(|session| is_open(&session)) {
        return Err(request.not_found(format!("No active session has the id {id}.")));
    }
    let template = request.parameter("template_name");
    if !template.is_empty() && !world.store.all("jwt_templates").iter().any(|known| has(known, "name", template)) {
        return Err(request.not_found(format!("No JWT template has the name {template}.")));
    }
    let seed = world.new_id("seed");
    let cookies = [format!("__session={}", secret("jwt", &seed))];
    Ok(match request.text("format") {
        Some("cookie") => json!({ "object": "cookies", "cookies": cookies }),
        _ => json!({ "object": "token", "jwt": secret("jwt", &seed) }),
    })
}

/// The client of a session, with all of its sessions.
fn client_of(world: &World, id: &str) -> Option<Thing> {
    let sessions: Vec<&Session> = world.sessions.iter().filter(|session| session.client_id == id).collect();
    let first = sessions.first()?;
    let open = sessions.iter().find(|session| session.status == Status::Active);
    let client = json!({
        "object": "client",
        "id": id,
        "session_ids": sessions.iter().map(|session| &session.id).collect::<Vec<_>>(),
        "sessions": sessions,
        "sign_in_id": null,
        "sign_up_id": null,
        "last_active_session_id": open.map(|session| &session.id),
        "last_authentication_strategy": "email_code",
        "created_at": first.created_at,
        "updated_at": first.updated_at,
    });
    client.as_object().cloned()
}

pub(super) fn client(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let id = request.parameter("client_id");
    client_of(world, id).map(Value::from).ok_or_else(|| request.not_found(format!("No client has the id {id}.")))
}

pub(super) fn clients(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let mut ids: Vec<&String> = world.sessions.iter().map(|session| &session.client_id).collect();
    ids.sort();
    ids.dedup();
    let clients: Vec<Thing> = ids.into_iter().filter_map(|id| client_of(world, id)).collect();
    listing::page(request, clients.iter().collect())
}

/// A client's token is its id here, with `fake_client_` in front.
pub(super) fn verify_client(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let id = request.text("token").and_then(|token| token.strip_prefix("fake_client_"));
    let found = id.and_then(|id| client_of(world, id)).map(Value::from);
    found.ok_or_else(|| request.not_found("No client has this token."))
}

pub(super) fn provider_tokens(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let id = request.parameter("user_id");
    let user = world.users.get(id).ok_or_else(|| request.not_found(format!("No user has the id {id}.")))?;
    let provider = format!("oauth_{}", request.parameter("provider").trim_start_matches("oauth_"));
    let of_provider = user.external_accounts.iter().filter(|account| account.provider == provider);
    let tokens: Vec<Map<String, Value>> = of_provider
        .filter_map(|account| {
            let token = json!({
                "object": "oauth_access_token",
                "external_account_id": account.id,
                "provider_user_id": account.provider_user_id,
                "provider": provider,
                "token": secret("token", &account.id),
                "expires_at": null,
                "label": null,
                "public_metadata": {},
                "scopes": account.approved_scopes.split(' ').collect::<Vec<_>>(),
            });
            token.as_object().cloned()
        })
        .collect();
    listing::page(request, tokens.iter().collect())
}
