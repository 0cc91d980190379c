//! A user in the shape that Clerk serves.

#![expect(clippy::struct_excessive_bools, reason = "Clerk's own fields")]

use serde::Serialize;
use serde_json::Value;

use super::{EmailAddress, ExternalAccount, PhoneNumber, Web3Wallet};
use crate::metadata::Metadata;

/// How many wrong codes or passwords lock a user.
const ATTEMPTS: i64 = 100;
/// For how long: Clerk's own default.
const LOCKOUT_SECONDS: i64 = 60 * 60;

#[derive(Default, Serialize)]
pub(crate) struct User {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) external_id: Option<String>,
    pub(crate) primary_email_address_id: Option<String>,
    pub(crate) primary_phone_number_id: Option<String>,
    pub(crate) primary_web3_wallet_id: Option<String>,
    pub(crate) username: Option<String>,
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) locale: Option<String>,
    pub(crate) profile_image_url: String,
    pub(crate) image_url: String,
    pub(crate) has_image: bool,
    pub(crate) public_metadata: Metadata,
    pub(crate) private_metadata: Metadata,
    pub(crate) unsafe_metadata: Metadata,
    pub(crate) email_addresses: Vec<EmailAddress>,
    pub(crate) phone_numbers: Vec<PhoneNumber>,
    pub(crate) web3_wallets: Vec<Web3Wallet>,
    pub(crate) passkeys: Vec<Value>,
    pub(crate) password_enabled: bool,
    pub(crate) two_factor_enabled: bool,
    pub(crate) totp_enabled: bool,
    pub(crate) backup_code_enabled: bool,
    pub(crate) mfa_enabled_at: Option<i64>,
    pub(crate) mfa_disabled_at: Option<i64>,
    pub(crate) password_last_updated_at: Option<i64>,
    pub(crate) external_accounts: Vec<ExternalAccount>,
    pub(crate) saml_accounts: Vec<Value>,
    pub(crate) enterprise_accounts: Vec<Value>,
    pub(crate) last_sign_in_at: Option<i64>,
    pub(crate) banned: bool,
    pub(crate) locked: bool,
    pub(crate) deprovisioned: bool,
    pub(crate) lockout_expires_in_seconds: Option<i64>,
    pub(crate) verification_attempts_remaining: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) delete_self_enabled: bool,
    pub(crate) bypass_client_trust: bool,
    pub(crate) create_organization_enabled: bool,
    pub(crate) create_organizations_limit: Option<i64>,
    pub(crate) last_active_at: Option<i64>,
    pub(crate) legal_accepted_at: Option<i64>,
}

impl User {
    /// Somebody without a name and without anything to sign in with.
    pub(crate) fn new(id: String, created_at: i64) -> Self {
        let image_url = format!("https://images.clerk.example/{id}.png");
        Self {
            object: "user",
            id,
            profile_image_url: image_url.clone(),
            image_url,
            verification_attempts_remaining: Some(ATTEMPTS),
            created_at,
            updated_at: created_at,
            delete_self_enabled: true,
            create_organization_enabled: true,
            ..Self::default()
        }
    }

    /// The first one that is added becomes the primary one, as with phone numbers and wallets.
    pub(crate) fn add_email(&mut self, email: EmailAddress) {
        self.primary_email_address_id.get_or_insert_with(|| email.id.clone());
        self.email_addresses.push(email);
    }

    pub(crate) fn add_phone(&mut self, phone: PhoneNumber) {
        self.primary_phone_number_id.get_or_insert_with(|| phone.id.clone());
        self.phone_numbers.push(phone);
    }

    pub(crate) fn add_wallet(&mut self, wallet: Web3Wallet) {
        self.primary_web3_wallet_id.get_or_insert_with(|| wallet.id.clone());
        self.web3_wallets.push(wallet);
    }

    pub(crate) fn lock(&mut self) {
        self.locked = true;
        self.lockout_expires_in_seconds = Some(LOCKOUT_SECONDS);
    }

    pub(crate) fn unlock(&mut self) {
        self.locked = false;
        self.lockout_expires_in_seconds = None;
        self.verification_attempts_remaining = Some(ATTEMPTS);
    }

    pub(crate) fn primary_email(&self) -> Option<&str> {
        let id = self.primary_email_address_id.as_ref()?;
        self.email_addresses.iter().find(|email| email.id == *id).map(|email| email.email_address.as_str())
    }

    pub(crate) fn primary_phone(&self) -> Option<&str> {
        let id = self.primary_phone_number_id.as_ref()?;
        self.phone_numbers.iter().find(|phone| phone.id == *id).map(|phone| phone.phone_number.as_str())
    }

    pub(crate) fn primary_wallet(&self) -> Option<&str> {
        let id = self.primary_web3_wallet_id.as_ref()?;
        self.web3_wallets.iter().find(|wallet| wallet.id == *id).map(|wallet| wallet.web3_wallet.as_str())
    }

    /// What others see of how the user signs in: the first there is of email address, phone number, username, wallet.
    pub(crate) fn identifier(&self) -> Option<&str> {
        let username = self.username.as_deref();
        self.primary_email().or_else(|| self.primary_phone()).or(username).or_else(|| self.primary_wallet())
    }

    pub(crate) fn has_email(&self, address: &str) -> bool {
        self.email_addresses.iter().any(|email| email.email_address == address)
    }
}
