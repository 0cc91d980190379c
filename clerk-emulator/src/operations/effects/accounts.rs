//! How users sign in: passwords, second factors, passkeys, accounts elsewhere; and images, metadata, bans of several.

use serde_json::{Value, json};

use super::super::check::Request;
use super::super::{collections, engine};
use super::addresses::CODE;
use crate::body::replace;
use crate::clock;
use crate::errors::{Fault, Refusal};
use crate::metadata::{self, Metadata};
use crate::state::World;
use crate::users::User;

/// Changes the user that the path names, and answers with it.
fn change(world: &mut World, request: &Request, change: impl FnOnce(&mut User)) -> Result<Value, Refusal> {
    let user = user(world, request)?;
    change(user);
    user.updated_at = clock::after(user.updated_at);
    Ok(json!(user))
}

fn user<'a>(world: &'a mut World, request: &Request) -> Result<&'a mut User, Refusal> {
    let id = request.parameter("user_id");
    world.users.get_mut(id).ok_or_else(|| request.not_found(format!("No user has the id {id}.")))
}

/// All or none: an unknown id refuses the request.
pub(super) fn set_banned(world: &mut World, request: &Request, banned: bool) -> Result<Value, Refusal> {
    let ids: Vec<String> =
        request.field("user_ids").and_then(|ids| serde_json::from_value(ids.clone()).ok()).unwrap_or_default();
    if ids.iter().any(|id| !world.users.contains_key(id)) {
        return Err(request.refuse(Fault::no_such_resource("user_ids")));
    }
    let mut users = Vec::new();
    for id in &ids {
        if banned {
            world.revoke_active_sessions_of(id);
        }
        let user = world.user_mut(id)?;
        user.banned = banned;
        user.updated_at = clock::after(user.updated_at);
        users.push(json!(user));
    }
    Ok(users.into())
}

/// Each field that is given is put in the place of what was there.
pub(super) fn replace_metadata(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let [public, private, unsafe_metadata] =
        given_metadata(request, ["public_metadata", "private_metadata", "unsafe_metadata"])?;
    change(world, request, |user| {
        replace(&mut user.public_metadata, public);
        replace(&mut user.private_metadata, private);
        replace(&mut user.unsafe_metadata, unsafe_metadata);
    })
}

pub(super) fn given_metadata<const N: usize>(
    request: &Request,
    names: [&str; N],
) -> Result<[Option<Metadata>; N], Refusal> {
    let given = names.map(|name| request.field(name).and_then(Value::as_object).cloned());
    let is_too_large =
        |metadata: &Option<Metadata>| metadata.as_ref().is_some_and(|metadata| !metadata::fits(metadata));
    match given.iter().position(is_too_large) {
        Some(position) => Err(request.refuse(Fault::too_large(names[position], metadata::LIMIT))),
        None => Ok(given),
    }
}

pub(super) fn set_image(world: &mut World, request: &Request, has_image: bool) -> Result<Value, Refusal> {
    change(world, request, |user| user.has_image = has_image)
}

/// What the operations answer that take a second factor away.
fn without(world: &mut World, request: &Request, remove: impl FnOnce(&mut User)) -> Result<Value, Refusal> {
    change(world, request, |user| {
        remove(user);
        let has_phone = user.phone_numbers.iter().any(|phone| phone.reserved_for_second_factor);
        if user.two_factor_enabled && !user.totp_enabled && !has_phone {
            user.two_factor_enabled = false;
            user.mfa_disabled_at = Some(clock::now());
        }
    })?;
    Ok(json!({ "user_id": request.parameter("user_id") }))
}

pub(super) fn disable_second_factors(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    without(world, request, |user| {
        (user.totp_enabled, user.backup_code_enabled) = (false, false);
        user.phone_numbers.iter_mut().for_each(|phone| phone.reserved_for_second_factor = false);
    })
}

pub(super) fn delete_totp(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    if !user(world, request)?.totp_enabled {
        return Err(request.not_found("The user has no authenticator app."));
    }
    without(world, request, |user| user.totp_enabled = false)
}

pub(super) fn delete_backup_codes(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    if !user(world, request)?.backup_code_enabled {
        return Err(request.not_found("The user has no backup codes."));
    }
    without(world, request, |user| user.backup_code_enabled = false)
}

/// No password is kept: one of eight characters and more is the right one.
pub(super) fn verify_password(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let has_password = user(world, request)?.password_enabled;
    let is_long = request.text("password").is_some_and(|password| password.chars().count() >= 8);
    if has_password && is_long {
        Ok(json!({ "verified": true }))
    } else {
        Err(request.refuse(Fault::incorrect("password")))
    }
}

pub(super) fn verify_totp(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let is_right = user(world, request)?.totp_enabled && request.text("code") == Some(CODE);
    let answer = json!({ "verified": true, "code_type": "totp" });
    if is_right { Ok(answer) } else { Err(request.refuse(Fault::incorrect("code"))) }
}

pub(super) fn remove_password(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    if request.is_set("sign_out_of_other_sessions") {
        world.revoke_active_sessions_of(request.parameter("user_id"));
    }
    change(world, request, |user| (user.password_enabled, user.password_last_updated_at) = (false, None))
}

/// Nothing shows it but the sessions.
pub(super) fn set_compromised(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    if request.is_set("revoke_all_sessions") {
        world.revoke_active_sessions_of(request.parameter("user_id"));
    }
    change(world, request, |_| {})
}

pub(super) fn unset_compromised(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    change(world, request, |_| {})
}

/// A passkey, a wallet or an account elsewhere.
pub(super) fn delete_account(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let (kind, id) = request.path.last().expect("the path names an account").clone();
    let mut is_there = false;
    let object = match kind.as_str() {
        "passkey_identification_id" => "passkey",
        "web3_wallet_identification_id" => "web3_wallet",
        _ => "external_account",
    };
    change(world, request, |user| {
        let before = user.passkeys.len() + user.web3_wallets.len() + user.external_accounts.len();
        match object {
            "passkey" => user.passkeys.retain(|passkey| passkey["id"] != id.as_str()),
            "web3_wallet" => user.web3_wallets.retain(|wallet| wallet.id != id),
            _ => user.external_accounts.retain(|account| account.id != id),
        }
        is_there = user.passkeys.len() + user.web3_wallets.len() + user.external_accounts.len() < before;
        if user.primary_web3_wallet_id.as_ref() == Some(&id) {
            user.primary_web3_wallet_id = user.web3_wallets.first().map(|wallet| wallet.id.clone());
        }
    })?;
    if is_there {
        Ok(engine::deleted(object, &id))
    } else {
        Err(request.not_found(format!("The user has no {kind} {id}.")))
    }
}

pub(super) fn revoke_device(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    user(world, request)?;
    let devices = collections::find("users/trusted_devices").expect("it is in the table");
    let device = engine::find(world, request, devices)?;
    let now = clock::now();
    device.extend([("status".to_owned(), "revoked".into()), ("revoked_at".to_owned(), now.into())]);
    Ok(device.clone().into())
}
