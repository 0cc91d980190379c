//! Email addresses and phone numbers of users, found by their own ids.

use serde_json::{Value, json};

use super::super::check::Request;
use super::super::engine::deleted;
use super::in_ten_minutes;
use crate::clock;
use crate::errors::{Fault, Refusal};
use crate::ids;
use crate::state::World;
use crate::users::create::{EMAIL_ADDRESS, Kind, PHONE_NUMBER};
use crate::users::{EmailAddress, PhoneNumber, User, Verification};

/// The code that proves an address; Clerk has the same one for its test addresses.
pub(super) const CODE: &str = "424242";

pub(super) fn create_email(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let user_id = request.text("user_id").unwrap_or_default().to_owned();
    let id = add(world, request, &user_id, &EMAIL_ADDRESS)?;
    finish(world, request, &user_id, &id)
}

pub(super) fn create_phone(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let user_id = request.text("user_id").unwrap_or_default().to_owned();
    let id = add(world, request, &user_id, &PHONE_NUMBER)?;
    finish(world, request, &user_id, &id)
}

/// The new address is the user's only one then.
pub(super) fn replace_email(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let user_id = request.parameter("user_id").to_owned();
    let id = add(world, request, &user_id, &EMAIL_ADDRESS)?;
    let user = user_mut(world, request, &user_id)?;
    user.email_addresses.retain(|email| email.id == id);
    user.primary_email_address_id = Some(id.clone());
    finish(world, request, &user_id, &id)
}

pub(super) fn replace_phone(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let user_id = request.parameter("user_id").to_owned();
    let id = add(world, request, &user_id, &PHONE_NUMBER)?;
    let user = user_mut(world, request, &user_id)?;
    user.phone_numbers.retain(|phone| phone.id == id);
    user.primary_phone_number_id = Some(id.clone());
    finish(world, request, &user_id, &id)
}

fn user_mut<'a>(world: &'a mut World, request: &Request, id: &str) -> Result<&'a mut User, Refusal> {
    world.users.get_mut(id).ok_or_else(|| request.not_found(format!("No user has the id {id}.")))
}

/// Adds what the body has to the user, unproven unless the body says otherwise; gives its id.
fn add(world: &mut World, request: &Request, user_id: &str, kind: &Kind) -> Result<String, Refusal> {
    let value = request.text(kind.parameter).unwrap_or_default().trim().to_lowercase();
    user_mut(world, request, user_id)?;
    if let Some(fault) = kind.fault(world, &value) {
        return Err(request.refuse(fault));
    }
    let (id, now) = (world.new_id("idn"), clock::now());
    let verification = match request.text("identification_status") {
        Some("reserved") => None,
        Some("unverified") => Some(unproven(kind.parameter)),
        None if !request.is_set("verified") && request.operation.method == "POST" => Some(unproven(kind.parameter)),
        _ => Some(Verification::by_admin()),
    };
    let user = user_mut(world, request, user_id)?;
    if kind.parameter == EMAIL_ADDRESS.parameter {
        user.add_email(EmailAddress::new(id.clone(), &value, verification, now));
    } else {
        user.add_phone(PhoneNumber::new(id.clone(), &value, verification, now));
    }
    Ok(id)
}

fn unproven(parameter: &str) -> Verification {
    let strategy = if parameter == EMAIL_ADDRESS.parameter { "email_code" } else { "phone_code" };
    let (attempts, expire_at) = (Some(0), Some(in_ten_minutes()));
    Verification { object: "verification_otp", status: "unverified", strategy, attempts, expire_at }
}

/// Applies what a body says of an address that is there, and answers with it.
fn finish(world: &mut World, request: &Request, user_id: &str, id: &str) -> Result<Value, Refusal> {
    let user = user_mut(world, request, user_id)?;
    if request.is_set("primary") {
        let is_email = user.email_addresses.iter().any(|email| email.id == id);
        let primary = if is_email { &mut user.primary_email_address_id } else { &mut user.primary_phone_number_id };
        *primary = Some(id.to_owned());
    }
    if let Some(is_reserved) = request.field("reserved_for_second_factor").and_then(Value::as_bool)
        && let Some(phone) = user.phone_numbers.iter_mut().find(|phone| phone.id == id)
    {
        phone.reserved_for_second_factor = is_reserved;
        user.two_factor_enabled |= is_reserved;
    }
    user.updated_at = clock::after(user.updated_at);
    Ok(shown(user, id))
}

fn shown(user: &User, id: &str) -> Value {
    let email = user.email_addresses.iter().find(|email| email.id == id).map(|email| json!(email));
    email.unwrap_or_else(|| json!(user.phone_numbers.iter().find(|phone| phone.id == id)))
}

/// The user who has the address that the path names, by id, and the address' own id.
fn owner(world: &World, request: &Request) -> Result<(String, String), Refusal> {
    let id = request.path[0].1.clone();
    // An email address is not found as a phone number, nor the other way round.
    let is_email = request.operation.path.starts_with("/email");
    let has = |user: &&User| {
        let has_email = user.email_addresses.iter().any(|email| email.id == id);
        if is_email { has_email } else { user.phone_numbers.iter().any(|phone| phone.id == id) }
    };
    let user_id = world.users.values().find(has).map(|user| user.id.clone());
    Ok((user_id.ok_or_else(|| request.not_found(format!("Nothing has the id {id}.")))?, id))
}

pub(super) fn get(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (user_id, id) = owner(world, request)?;
    Ok(shown(user_mut(world, request, &user_id)?, &id))
}

pub(super) fn update(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (user_id, id) = owner(world, request)?;
    if let Some(is_verified) = request.field("verified").and_then(Value::as_bool) {
        let kind = if request.operation.path.starts_with("/email") { "email_address" } else { "phone_number" };
        let verification = if is_verified { Verification::by_admin() } else { unproven(kind) };
        set_verification(user_mut(world, request, &user_id)?, &id, verification);
    }
    finish(world, request, &user_id, &id)
}

fn set_verification(user: &mut User, id: &str, verification: Verification) {
    let now = clock::now();
    if let Some(email) = user.email_addresses.iter_mut().find(|email| email.id == id) {
        (email.verification, email.reserved, email.updated_at) = (Some(verification), false, now);
    } else if let Some(phone) = user.phone_numbers.iter_mut().find(|phone| phone.id == id) {
        (phone.verification, phone.reserved, phone.updated_at) = (Some(verification), false, now);
    }
}

/// The next one becomes the primary one.
pub(super) fn delete(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (user_id, id) = owner(world, request)?;
    let user = user_mut(world, request, &user_id)?;
    user.email_addresses.retain(|email| email.id != id);
    user.phone_numbers.retain(|phone| phone.id != id);
    if user.primary_email_address_id.as_ref() == Some(&id) {
        user.primary_email_address_id = user.email_addresses.first().map(|email| email.id.clone());
    }
    if user.primary_phone_number_id.as_ref() == Some(&id) {
        user.primary_phone_number_id = user.phone_numbers.first().map(|phone| phone.id.clone());
    }
    user.updated_at = clock::after(user.updated_at);
    let object = if request.operation.path.starts_with("/email") { "email_address" } else { "phone_number" };
    Ok(deleted(object, &id))
}

fn verification(request: &Request, id: &str, status: &str) -> Value {
    let strategy = if request.operation.path.starts_with("/email") { "email_code" } else { "phone_code" };
    json!({
        "object": "verification_otp",
        "id": ids::id("ver", id),
        "status": status,
        "strategy": strategy,
        "attempts": 0,
        "expire_at": in_ten_minutes(),
        "channel": null,
    })
}

/// Nothing is sent: the code is always the same.
pub(super) fn prepare(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (_, id) = owner(world, request)?;
    Ok(verification(request, &id, "unverified"))
}

pub(super) fn attempt(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (user_id, id) = owner(world, request)?;
    if request.text("verification_id") != Some(&ids::id("ver", &id)) {
        return Err(request.not_found("This address has no such verification."));
    }
    if request.text("code") != Some(CODE) {
        return Err(request.refuse(Fault::incorrect("code")));
    }
    let strategy = if request.operation.path.starts_with("/email") { "email_code" } else { "phone_code" };
    let (attempts, expire_at) = (Some(1), Some(in_ten_minutes()));
    let proven = Verification { object: "verification_otp", status: "verified", strategy, attempts, expire_at };
    set_verification(user_mut(world, request, &user_id)?, &id, proven);
    Ok(verification(request, &id, "verified"))
}
