//! Parameters by which lists of people are filtered.

use crate::kind::{Kind, Parameter, Sent, parameter};

const SENT: Kind = Kind::Time(Sent::Milliseconds);

pub(crate) const QUERY: Parameter = parameter(
    "query",
    Kind::Text,
    "Text to search for in email addresses, phone numbers, usernames, wallets, user ids and names.",
);
pub(crate) const EMAIL_ADDRESSES: Parameter =
    parameter("email_address", Kind::Many(&Kind::EmailAddress, 100), "One of these exact email addresses.");
pub(crate) const PHONE_NUMBERS: Parameter =
    parameter("phone_number", Kind::Many(&Kind::PhoneNumber, 100), "One of these exact phone numbers (E.164).");
pub(crate) const USERNAMES: Parameter =
    parameter("username", Kind::Many(&Kind::Word, 100), "One of these exact usernames.");
pub(crate) const WEB3_WALLETS: Parameter =
    parameter("web3_wallet", Kind::Many(&Kind::Word, 100), "One of these exact wallet addresses.");
pub(crate) const EMAIL_ADDRESS_QUERY: Parameter =
    parameter("email_address_query", Kind::Text, "Part of an email address.");
pub(crate) const PHONE_NUMBER_QUERY: Parameter = parameter("phone_number_query", Kind::Text, "Part of a phone number.");
pub(crate) const USERNAME_QUERY: Parameter = parameter("username_query", Kind::Text, "Part of a username.");
pub(crate) const NAME_QUERY: Parameter = parameter("name_query", Kind::Text, "Part of a first or last name.");
pub(crate) const LAST_ACTIVE_AT_BEFORE: Parameter =
    parameter("last_active_at_before", SENT, "Last active before this time.");
pub(crate) const LAST_ACTIVE_AT_AFTER: Parameter =
    parameter("last_active_at_after", SENT, "Last active after this time.");
pub(crate) const CREATED_AT_BEFORE: Parameter = parameter("created_at_before", SENT, "User created before this time.");
pub(crate) const CREATED_AT_AFTER: Parameter = parameter("created_at_after", SENT, "User created after this time.");
pub(crate) const LAST_SIGN_IN_AT_BEFORE: Parameter =
    parameter("last_sign_in_at_before", SENT, "Last signed in before this time.");
pub(crate) const LAST_SIGN_IN_AT_AFTER: Parameter =
    parameter("last_sign_in_at_after", SENT, "Last signed in after this time.");
