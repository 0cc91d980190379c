//! What cannot be told from an operation's path: the operations that do more than to keep, find, change and remove.

mod accounts;
mod addresses;
mod billing;
mod directories;
mod organizations;
mod roles;
mod tokens;

use axum::http::Method;
use serde_json::{Value, json};

use super::check::Request;
use super::{Operation, collections, listing};
use crate::clock;
use crate::clock::{DAY, HOUR};
use crate::errors::Refusal;
use crate::state::World;
use crate::store::Thing;

pub(crate) type Effect = fn(&mut World, &Request) -> Result<Value, Refusal>;

/// The operations with an effect of their own. All others follow from their path and their types.
const EFFECTS: &[(&str, Effect)] = &[
    ("GET /public/interstitial", |_, _| Ok(Value::Null)),
    ("POST /webhooks/svix", |world, _| Ok(webhooks(world))),
    ("POST /webhooks/svix_url", |world, _| Ok(webhooks(world))),
    ("DELETE /webhooks/svix", |_, _| Ok(Value::Null)),
    ("POST /api_keys/verify", |world, request| tokens::verify(world, request, "api_keys", "secret")),
    ("POST /m2m_tokens/verify", |world, request| tokens::verify(world, request, "m2m_tokens", "token")),
    ("POST /oauth_applications/access_tokens/verify", tokens::verify_access_token),
    ("POST /oauth_applications/{oauth_application_id}/revoke_token", tokens::revoke_access_token),
    ("PUT /oauth_applications/{oauth_application_id}/logo", tokens::set_application_logo),
    ("POST /m2m_tokens", tokens::create_for_machine),
    ("POST /machines", tokens::create_machine),
    ("GET /machines/{machine_id}/secret_key", tokens::machine_secret),
    ("POST /machines/{machine_id}/secret_key/rotate", tokens::rotate_machine_secret),
    ("POST /machines/{machine_id}/scopes", tokens::add_scope),
    ("DELETE /machines/{machine_id}/scopes/{other_machine_id}", tokens::remove_scope),
    ("POST /sessions", tokens::create_session),
    ("POST /sessions/{session_id}/refresh", tokens::session_token),
    ("POST /sessions/{session_id}/tokens", tokens::session_token),
    ("POST /sessions/{session_id}/tokens/{template_name}", tokens::session_token),
    ("GET /clients", tokens::clients),
    ("GET /clients/{client_id}", tokens::client),
    ("POST /clients/verify", tokens::verify_client),
    ("GET /users/{user_id}/oauth_access_tokens/{provider}", tokens::provider_tokens),
    ("GET /users/{user_id}/billing/credits", billing::credits),
    ("POST /users/{user_id}/billing/credits", billing::adjust_credits),
    ("GET /users/{user_id}/billing/subscription", billing::subscription),
    ("GET /organizations/{organization_id}/billing/credits", billing::credits),
    ("POST /organizations/{organization_id}/billing/credits", billing::adjust_credits),
    ("GET /organizations/{organization_id}/billing/subscription", billing::subscription),
    ("DELETE /billing/subscription_items/{subscription_item_id}", billing::cancel),
    ("POST /billing/subscription_items/{subscription_item_id}/extend_free_trial", billing::extend_free_trial),
    ("POST /billing/subscription_items/{subscription_item_id}/price_transition", billing::change_price),
    ("POST /waitlist_entries/{waitlist_entry_id}/invite", invite_from_waitlist),
    ("POST /directories/{directory_id}/group_role_mappings", directories::add_mapping),
    ("PUT /directories/{directory_id}/group_role_mappings", directories::replace_mappings),
    ("POST /scim_directories/{scim_directory_id}/group_role_mappings", directories::add_mapping),
    ("PUT /scim_directories/{scim_directory_id}/group_role_mappings", directories::replace_mappings),
    ("GET /organization_domains", |world, request| {
        listing::list(world, request, collections::find("organizations/domains").expect("it is in the table"))
    }),
    ("POST /organizations/{organization_id}/domains/{domain_id}/verify_ownership", organizations::verify_domain),
    ("PATCH /organizations/{organization_id}/domains/{domain_id}", organizations::update_domain),
    ("GET /organization_memberships", organizations::memberships),
    ("GET /organization_invitations", organizations::invitations),
    ("GET /organizations/{organization_id}/invitations/pending", organizations::pending_invitations),
    ("PUT /organizations/{organization_id}/metadata", organizations::replace_metadata),
    ("PUT /organizations/{organization_id}/logo", |world, request| organizations::set_logo(world, request, true)),
    ("DELETE /organizations/{organization_id}/logo", |world, request| organizations::set_logo(world, request, false)),
    ("POST /organization_roles", roles::create_role),
    ("PATCH /organization_roles/{organization_role_id}", roles::update_role),
    ("DELETE /organization_roles/{organization_role_id}", roles::delete_role),
    ("POST /organization_roles/{organization_role_id}/permissions/{permission_id}", |world, request| {
        roles::set_permission(world, request, true)
    }),
    ("DELETE /organization_roles/{organization_role_id}/permissions/{permission_id}", |world, request| {
        roles::set_permission(world, request, false)
    }),
    ("POST /role_sets", roles::create_role_set),
    ("PATCH /role_sets/{role_set_key_or_id}", roles::update_role_set),
    ("POST /role_sets/{role_set_key_or_id}/replace", roles::replace_role_set),
    ("POST /role_sets/{role_set_key_or_id}/roles", roles::add_roles),
    ("POST /role_sets/{role_set_key_or_id}/roles/replace", roles::replace_role),
    ("PATCH /organization_permissions/{permission_id}", roles::update_permission),
    ("DELETE /organization_permissions/{permission_id}", roles::delete_permission),
    ("DELETE /domains/{domain_id}", organizations::delete_instance_domain),
    ("POST /email_addresses", addresses::create_email),
    ("GET /email_addresses/{email_address_id}", addresses::get),
    ("PATCH /email_addresses/{email_address_id}", addresses::update),
    ("DELETE /email_addresses/{email_address_id}", addresses::delete),
    ("POST /email_addresses/{email_address_id}/prepare_verification", addresses::prepare),
    ("POST /email_addresses/{email_address_id}/attempt_verification", addresses::attempt),
    ("PUT /users/{user_id}/email_address", addresses::replace_email),
    ("POST /phone_numbers", addresses::create_phone),
    ("GET /phone_numbers/{phone_number_id}", addresses::get),
    ("PATCH /phone_numbers/{phone_number_id}", addresses::update),
    ("DELETE /phone_numbers/{phone_number_id}", addresses::delete),
    ("POST /phone_numbers/{phone_number_id}/prepare_verification", addresses::prepare),
    ("POST /phone_numbers/{phone_number_id}/attempt_verification", addresses::attempt),
    ("PUT /users/{user_id}/phone_number", addresses::replace_phone),
    ("POST /users/ban", |world, request| accounts::set_banned(world, request, true)),
    ("POST /users/unban", |world, request| accounts::set_banned(world, request, false)),
    ("PUT /users/{user_id}/metadata", accounts::replace_metadata),
    ("POST /users/{user_id}/profile_image", |world, request| accounts::set_image(world, request, true)),
    ("DELETE /users/{user_id}/profile_image", |world, request| accounts::set_image(world, request, false)),
    ("DELETE /users/{user_id}/mfa", accounts::disable_second_factors),
    ("DELETE /users/{user_id}/totp", accounts::delete_totp),
    ("DELETE /users/{user_id}/backup_code", accounts::delete_backup_codes),
    ("POST /users/{user_id}/verify_password", accounts::verify_password),
    ("POST /users/{user_id}/verify_totp", accounts::verify_totp),
    ("POST /users/{user_id}/remove_password", accounts::remove_password),
    ("POST /users/{user_id}/password/set_compromised", accounts::set_compromised),
    ("POST /users/{user_id}/password/unset_compromised", accounts::unset_compromised),
    ("DELETE /users/{user_id}/passkeys/{passkey_identification_id}", accounts::delete_account),
    ("DELETE /users/{user_id}/web3_wallets/{web3_wallet_identification_id}", accounts::delete_account),
    ("DELETE /users/{user_id}/external_accounts/{external_account_id}", accounts::delete_account),
    ("DELETE /users/{user_id}/trusted_devices/{trusted_device_id}", accounts::revoke_device),
];

/// For how long a thing is valid, by the parameter that says it, in milliseconds for each one of it.
pub(crate) const LIFETIMES: &[(&str, i64)] =
    &[("expires_in_days", DAY), ("expires_in_seconds", 1000), ("seconds_until_expiration", 1000)];

/// Fields that name another thing, which has to be there.
pub(crate) const LINKS: &[(&str, &str)] = &[
    ("user_id", "users"),
    ("organization_id", "organizations"),
    ("plan_id", "billing/plans"),
    ("enterprise_connection_id", "enterprise_connections"),
    ("role_id", "organization_roles"),
];

pub(crate) fn find(operation: &Operation) -> Option<Effect> {
    EFFECTS.iter().find(|(call, _)| operation.is(call)).map(|(_, effect)| *effect)
}

pub(crate) fn is_there(world: &World, path: &str, id: &str) -> bool {
    match path {
        "users" => world.users.contains_key(id),
        "organizations" => world.organizations.contains_key(id),
        _ => collections::find(path).is_some_and(|found| world.store.find(found.path, found.keys, id).is_some()),
    }
}

/// The answer of an operation that answers no JSON.
pub(crate) fn text_of(operation: &Operation) -> Vec<u8> {
    let is_page = operation.method == Method::GET;
    if is_page { b"<!doctype html><title>Interstitial</title>".to_vec() } else { Vec::new() }
}

/// Fills in what follows from other fields of a new thing.
pub(crate) fn before_creation(path: &str, thing: &mut Thing) {
    match path {
        "allowlist_identifiers" | "blocklist_identifiers" => {
            let identifier = thing.get("identifier").and_then(Value::as_str).unwrap_or_default();
            let kind = match identifier {
                _ if identifier.starts_with('+') => "phone_number",
                _ if identifier.starts_with("0x") => "web3_wallet",
                _ => "email_address",
            };
            thing.insert("identifier_type".to_owned(), kind.into());
        }
        "organizations/domains" => organizations::note_verification(thing),
        "invitations" | "testing_tokens" => {
            let end = super::engine::made_at(thing) + 30 * DAY;
            thing.entry("expires_at").or_insert_with(|| end.into());
        }
        _ => {}
    }
}

fn webhooks(world: &mut World) -> Value {
    let token = super::examples::secret("login", &world.new_id("svix"));
    json!({ "svix_url": format!("https://svix.sample.example/login#key={token}") })
}

/// The invited person has an invitation of the application then.
fn invite_from_waitlist(world: &mut World, request: &Request) -> Result<Value, Refusal> {
    let entries = collections::find("waitlist_entries").expect("it is in the table");
    let invitations = collections::find("invitations").expect("it is in the table");
    let address = super::engine::find(world, request, entries)?.get("email_address").cloned().unwrap_or_default();
    let mut given = request.bodies[0].clone();
    given.insert("email_address".to_owned(), address);
    super::given::check_given(world, request, invitations, &given, None)?;
    super::engine::act(world, request, entries, "invite")?;
    let seed = world.new_id("inv");
    let invitation = super::engine::made(invitations, given, &seed);
    world.store.all_mut("invitations").push(invitation.clone());
    let entry = super::engine::find(world, request, entries)?;
    entry.insert("invitation".to_owned(), invitation.into());
    Ok(entry.clone().into())
}

/// When something that was just begun is over.
pub(super) fn in_ten_minutes() -> i64 {
    clock::now() + HOUR / 6
}
