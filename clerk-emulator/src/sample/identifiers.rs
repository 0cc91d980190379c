//! What the users of the sample sign in with: email addresses, phone numbers, wallets, Google accounts.

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
    let id = ids::id("idn", address);
    user.primary_email_address_id.get_or_insert_with(|| id.clone());
    user.email_addresses.push(EmailAddress {
        object: "email_address",
        id,
        email_address: address.to_owned(),
        reserved: false,
        verification: by_code("email_code", user.created_at),
        linked_to: Vec::new(),
        matches_sso_connection: false,
        created_at: user.created_at,
        updated_at: user.created_at,
    });
}

pub(super) fn add_phone(user: &mut User, number: &str) {
    let id = ids::id("idn", number);
    user.primary_phone_number_id.get_or_insert_with(|| id.clone());
    user.phone_numbers.push(PhoneNumber {
        object: "phone_number",
        id,
        phone_number: number.to_owned(),
        reserved_for_second_factor: false,
        default_second_factor: false,
        reserved: false,
        verification: by_code("phone_code", user.created_at),
        linked_to: [],
        backup_codes: None,
        created_at: user.created_at,
        updated_at: user.created_at,
    });
}

pub(super) fn add_wallet(user: &mut User, address: &str) {
    let id = ids::id("idn", address);
    user.primary_web3_wallet_id.get_or_insert_with(|| id.clone());
    user.web3_wallets.push(Web3Wallet {
        object: "web3_wallet",
        id,
        web3_wallet: address.to_owned(),
        verification: Verification {
            object: "verification_web3",
            strategy: "web3_metamask_signature",
            ..by_code("", user.created_at)
        },
        created_at: user.created_at,
        updated_at: user.created_at,
    });
}

/// Signed up with Google, so that the email address was proven there.
pub(super) fn add_google_account(user: &mut User, provider_user_id: &str) {
    let identification_id = ids::id("idn", provider_user_id);
    for email in &mut user.email_addresses {
        email.linked_to.push(Link { kind: "oauth_google", id: identification_id.clone() });
        email.verification = Verification {
            object: "verification_from_oauth",
            status: "verified",
            strategy: "from_oauth_google",
            attempts: None,
            expire_at: None,
        };
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
