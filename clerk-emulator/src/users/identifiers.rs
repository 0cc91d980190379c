//! What users sign in with, in the shapes that Clerk serves.

#![expect(clippy::struct_field_names, reason = "Clerk's own fields")]

use serde::Serialize;
use serde_json::Value;

use crate::metadata::Metadata;

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
    /// A reserved one has not been proven.
    pub(crate) verification: Option<Verification>,
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
    /// A reserved one has not been proven.
    pub(crate) verification: Option<Verification>,
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

impl Verification {
    /// Proven because whoever has the secret key says so.
    pub(crate) fn by_admin() -> Self {
        let (attempts, expire_at) = (None, None);
        Self { object: "verification_admin", status: "verified", strategy: "admin", attempts, expire_at }
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.status == "verified"
    }
}

impl EmailAddress {
    pub(crate) fn new(id: String, address: &str, verification: Option<Verification>, created_at: i64) -> Self {
        Self {
            object: "email_address",
            id,
            email_address: address.to_owned(),
            reserved: verification.is_none(),
            verification,
            linked_to: Vec::new(),
            matches_sso_connection: false,
            created_at,
            updated_at: created_at,
        }
    }
}

impl PhoneNumber {
    pub(crate) fn new(id: String, number: &str, verification: Option<Verification>, created_at: i64) -> Self {
        Self {
            object: "phone_number",
            id,
            phone_number: number.to_owned(),
            reserved_for_second_factor: false,
            default_second_factor: false,
            reserved: verification.is_none(),
            verification,
            linked_to: [],
            backup_codes: None,
            created_at,
            updated_at: created_at,
        }
    }
}

impl Web3Wallet {
    pub(crate) fn new(id: String, address: &str, verification: Verification, created_at: i64) -> Self {
        let web3_wallet = address.to_owned();
        Self { object: "web3_wallet", id, web3_wallet, verification, created_at, updated_at: created_at }
    }
}
