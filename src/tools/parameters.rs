//! Parameters that several tools share.

use crate::ids::Resource;
use crate::kind::{Kind, Parameter, Sent, parameter};

pub(super) const USER_ID: Parameter = parameter("user_id", Kind::Id(Resource::User), "The user's id, `user_…`.");
pub(super) const ORGANIZATION_ID: Parameter =
    parameter("organization_id", Kind::Id(Resource::Organization), "The organization's id, `org_…`.");
pub(super) const PUBLIC_METADATA: Parameter =
    parameter("public_metadata", Kind::Metadata, "Metadata that the frontend can read.");
pub(super) const PRIVATE_METADATA: Parameter =
    parameter("private_metadata", Kind::PrivateMetadata, "Metadata that only the backend may see.");
pub(super) const UNSAFE_METADATA: Parameter =
    parameter("unsafe_metadata", Kind::Metadata, "Metadata that the user can write from the frontend.");

/// Metadata as changes to what is stored.
pub(super) const PUBLIC_CHANGES: Parameter =
    PUBLIC_METADATA.described("Changes to the metadata that the frontend can read.");
pub(super) const PRIVATE_CHANGES: Parameter =
    PRIVATE_METADATA.described("Changes to the metadata that only the backend may see.");
pub(super) const UNSAFE_CHANGES: Parameter =
    UNSAFE_METADATA.described("Changes to the metadata that the user can write from the frontend.");

const SENT: Kind = Kind::Time(Sent::Milliseconds);

pub(super) const QUERY: Parameter =
    parameter("query", Kind::Contact, "Text in email addresses, phone numbers, usernames, wallets, user ids or names.");
pub(super) const EMAIL_ADDRESSES: Parameter =
    parameter("email_address", Kind::Many(&Kind::EmailAddress, 100), "Exact email addresses.");
pub(super) const PHONE_NUMBERS: Parameter =
    parameter("phone_number", Kind::Many(&Kind::PhoneNumber, 100), "Exact phone numbers (E.164).");
pub(super) const USERNAMES: Parameter = parameter("username", Kind::Many(&Kind::Word, 100), "Exact usernames.");
pub(super) const WEB3_WALLETS: Parameter =
    parameter("web3_wallet", Kind::Many(&Kind::Word, 100), "Exact wallet addresses.");
pub(super) const EMAIL_ADDRESS_QUERY: Parameter =
    parameter("email_address_query", Kind::Contact, "Part of an email address.");
pub(super) const PHONE_NUMBER_QUERY: Parameter =
    parameter("phone_number_query", Kind::Contact, "Part of a phone number.");
pub(super) const USERNAME_QUERY: Parameter = parameter("username_query", Kind::Text, "Part of a username.");
pub(super) const NAME_QUERY: Parameter = parameter("name_query", Kind::Text, "Part of a first or last name.");
pub(super) const LAST_ACTIVE_AT_BEFORE: Parameter = parameter("last_active_at_before", SENT, "Last active before.");
pub(super) const LAST_ACTIVE_AT_AFTER: Parameter = parameter("last_active_at_after", SENT, "Last active after.");
pub(super) const CREATED_AT_BEFORE: Parameter = parameter("created_at_before", SENT, "User created before.");
pub(super) const CREATED_AT_AFTER: Parameter = parameter("created_at_after", SENT, "User created after.");
pub(super) const LAST_SIGN_IN_AT_BEFORE: Parameter =
    parameter("last_sign_in_at_before", SENT, "Last signed in before.");
pub(super) const LAST_SIGN_IN_AT_AFTER: Parameter = parameter("last_sign_in_at_after", SENT, "Last signed in after.");
