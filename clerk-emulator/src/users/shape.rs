//! A user in the shape that Clerk serves, with everything that can sign them in.

#![expect(clippy::struct_excessive_bools, clippy::struct_field_names, reason = "Clerk's own fields")]

use serde::Serialize;
use serde_json::Value;

use crate::metadata::Metadata;

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
    pub(crate) passkeys: [Value; 0],
    pub(crate) password_enabled: bool,
    pub(crate) two_factor_enabled: bool,
    pub(crate) totp_enabled: bool,
    pub(crate) backup_code_enabled: bool,
    pub(crate) mfa_enabled_at: Option<i64>,
    pub(crate) mfa_disabled_at: Option<i64>,
    pub(crate) password_last_updated_at: Option<i64>,
    pub(crate) external_accounts: Vec<ExternalAccount>,
    pub(crate) saml_accounts: [Value; 0],
    pub(crate) enterprise_accounts: [Value; 0],
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

/// How it was proven that an identifier belongs to its user.
#[derive(Serialize)]
pub(crate) struct Verification {
    pub(crate) object: &'static str,
    pub(crate) status: &'static str,
    pub(crate) strategy: &'static str,
    pub(crate) attempts: Option<i64>,
    pub(crate) expire_at: Option<i64>,
}

/// An account elsewhere that an email address came from.
#[derive(Serialize)]
pub(crate) struct Link {
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    pub(crate) id: String,
}

#[derive(Serialize)]
pub(crate) struct EmailAddress {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) email_address: String,
    pub(crate) reserved: bool,
    pub(crate) verification: Verification,
    pub(crate) linked_to: Vec<Link>,
    pub(crate) matches_sso_connection: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Serialize)]
pub(crate) struct PhoneNumber {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) phone_number: String,
    pub(crate) reserved_for_second_factor: bool,
    pub(crate) default_second_factor: bool,
    pub(crate) reserved: bool,
    pub(crate) verification: Verification,
    pub(crate) linked_to: [Value; 0],
    pub(crate) backup_codes: Option<Vec<String>>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Serialize)]
pub(crate) struct Web3Wallet {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) web3_wallet: String,
    pub(crate) verification: Verification,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

#[derive(Serialize)]
pub(crate) struct ExternalAccount {
    pub(crate) object: &'static str,
    pub(crate) id: String,
    pub(crate) provider: &'static str,
    pub(crate) identification_id: String,
    pub(crate) provider_user_id: String,
    pub(crate) approved_scopes: &'static str,
    pub(crate) email_address: String,
    pub(crate) email_address_verified: bool,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) image_url: String,
    pub(crate) username: Option<String>,
    pub(crate) public_metadata: Metadata,
    pub(crate) label: Option<String>,
    pub(crate) verification: Verification,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl User {
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
