//! What the users of the sample sign in with: email addresses, phone numbers, wallets, Google accounts.

use serde_json::json;

use crate::clock::HOUR;
use crate::ids;
use crate::metadata::Metadata;
use crate::users::{EmailAddress, ExternalAccount, Link, PhoneNumber, User, Verification, Web3Wallet};

/// Proven with a code that was sent.
pub(super) fn by_code(strategy: &'static str, at: i64) -> Verification {
    let (attempts, expire_at) = (Some(1), Some(at + HOUR));
    Verification { object: "verification_otp", status: "verified", strategy, attempts, expire_at }
}

pub(super) fn add_email(user: &mut User, address: &str) {
    let verification = Some(by_code("email_code", user.created_at));
    user.add_email(EmailAddress::new(ids::id("idn", address), address, verification, user.created_at));
}

pub(super) fn add_phone(user: &mut User, number: &str) {
    let verification = Some(by_code("phone_code", user.created_at));
    user.add_phone(PhoneNumber::new(ids::id("idn", number), number, verification, user.created_at));
}

pub(super) fn add_wallet(user: &mut User, address: &str) {
    let verification = Verification {
        object: "verification_web3",
        strategy: "web3_metamask_signature",
        ..by_code("", user.created_at)
    };
    user.add_wallet(Web3Wallet::new(ids::id("idn", address), address, verification, user.created_at));
}

/// Signed up with Google, so that the email address was proven there.
pub(super) fn add_google_account(user: &mut User, provider_user_id: &str) {
    let identification_id = ids::id("idn", provider_user_id);
    for email in &mut user.email_addresses {
        email.linked_to.push(Link { kind: "oauth_google", id: identification_id.clone() });
        email.verification = Some(Verification {
            object: "verification_from_oauth",
            strategy: "from_oauth_google",
            ..Verification::by_admin()
        });
    }
    user.external_accounts.push(ExternalAccount {
        object: "external_account",
        id: ids::id("eac", provider_user_id),
        provider: "oauth_google",
        identification_id,
        provider_user_id: provider_user_id.to_owned(),
        approved_scopes: "email https://www.googleapis.com/auth/userinfo.email openid profile",
        email_address: user.primary_email().unwrap_or_default().to_owned(),
        email_address_verified: true,
        first_name: user.first_name.clone().unwrap_or_default(),
        last_name: user.last_name.clone().unwrap_or_default(),
        image_url: user.image_url.clone(),
        username: None,
        public_metadata: Metadata::new(),
        label: None,
        verification: Verification {
            object: "verification_oauth",
            strategy: "oauth_google",
            attempts: None,
            ..by_code("", user.created_at)
        },
        created_at: user.created_at,
        updated_at: user.created_at,
    });
}

pub(super) fn add_passkey(user: &mut User, name: &str) {
    user.passkeys.push(json!({
        "object": "passkey",
        "id": ids::id("idn", name),
        "name": name,
        "last_used_at": user.last_sign_in_at.unwrap_or(user.created_at),
        "verification": {
            "object": "verification_passkey", "status": "verified", "strategy": "passkey",
            "nonce": "nonce", "message": null, "attempts": null, "expire_at": null,
        },
    }));
}

/// The same account twice, as Clerk shows it: once in the shape that came first.
pub(super) fn add_enterprise_account(user: &mut User, provider_user_id: &str) {
    let account = json!({
        "object": "enterprise_account",
        "id": ids::id("eac", provider_user_id),
        "protocol": "saml",
        "provider": "saml_okta",
        "active": true,
        "email_address": user.primary_email(),
        "first_name": user.first_name,
        "last_name": user.last_name,
        "provider_user_id": provider_user_id,
        "public_metadata": {},
        "last_authenticated_at": user.last_sign_in_at,
        "verification": {
            "object": "verification_saml", "status": "verified", "strategy": "saml",
            "attempts": null, "expire_at": null,
        },
    });
    let mut first = account.clone();
    (first["object"], first["id"]) =
        ("saml_account".into(), ids::id("eac", &format!("{provider_user_id} by SAML")).into());
    if let Some(fields) = first.as_object_mut() {
        fields.remove("protocol");
    }
    user.saml_accounts.push(first);
    user.enterprise_accounts.push(account);
}
