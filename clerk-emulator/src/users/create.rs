//! Creating a user.

use super::profile::Profile;
use super::{EmailAddress, PhoneNumber, User, Verification, Web3Wallet};
use crate::body::{Fields, is_email};
use crate::clock;
use crate::endpoint::{Answer, Call, answer};
use crate::errors::{Fault, Refusal};
use crate::state::World;

/// What the new user signs in with; the flags say what is only reserved, so not proven to belong to the user.
struct Identifiers {
    email_addresses: Vec<(String, bool)>,
    phone_numbers: Vec<(String, bool)>,
    web3_wallets: Vec<String>,
}

/// The rules for one kind of identifier.
pub(crate) struct Kind {
    pub(crate) parameter: &'static str,
    rule: &'static str,
    is_valid: fn(&str) -> bool,
    is_taken: fn(&User, &str) -> bool,
}

pub(crate) const EMAIL_ADDRESS: Kind = Kind {
    parameter: "email_address",
    rule: "must be a valid email address",
    is_valid: is_email,
    is_taken: User::has_email,
};

pub(crate) const PHONE_NUMBER: Kind = Kind {
    parameter: "phone_number",
    rule: "must be a valid phone number according to E.164 international standard",
    is_valid: is_phone_number,
    is_taken: |user, number| user.phone_numbers.iter().any(|phone| phone.phone_number == number),
};

const WEB3_WALLET: Kind = Kind {
    parameter: "web3_wallet",
    rule: "must be a valid web3 wallet address that starts with 0x and contains 40 hexadecimal characters",
    is_valid: is_wallet_address,
    is_taken: |user, address| user.web3_wallets.iter().any(|wallet| wallet.web3_wallet == address),
};

fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_wallet_address(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or_default();
    digits.len() == 40 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Kind {
    /// In lower case, as Clerk keeps all of them.
    fn read(&self, fields: &mut Fields, world: &World) -> Vec<String> {
        let given = fields.texts(self.parameter);
        let values: Vec<String> = given.iter().map(|value| value.trim().to_lowercase()).collect();
        for (position, value) in values.iter().enumerate() {
            let is_twice = || values[..position].contains(value).then(|| Fault::taken(self.parameter));
            if let Some(fault) = self.fault(world, value).or_else(is_twice) {
                fields.refuse_once(self.parameter, fault);
            }
        }
        values
    }

    /// Why nobody can get this identifier, if that is so.
    pub(crate) fn fault(&self, world: &World, value: &str) -> Option<Fault> {
        if !(self.is_valid)(value) {
            return Some(Fault::format(self.parameter, self.rule));
        }
        world.users.values().any(|user| (self.is_taken)(user, value)).then(|| Fault::taken(self.parameter))
    }
}

impl Identifiers {
    fn read(fields: &mut Fields, world: &World) -> Self {
        let email_addresses = EMAIL_ADDRESS.read(fields, world);
        let phone_numbers = PHONE_NUMBER.read(fields, world);
        Self {
            email_addresses: with_status(fields, email_addresses, "email_address_identification_status"),
            phone_numbers: with_status(fields, phone_numbers, "phone_number_identification_status"),
            web3_wallets: WEB3_WALLET.read(fields, world),
        }
    }

    fn is_empty(&self) -> bool {
        self.email_addresses.is_empty() && self.phone_numbers.is_empty() && self.web3_wallets.is_empty()
    }

    fn add_to(self, user: &mut User, world: &mut World) {
        let now = user.updated_at;
        let verification = |is_reserved: bool| (!is_reserved).then(Verification::by_admin);
        for (address, is_reserved) in self.email_addresses {
            user.add_email(EmailAddress::new(world.new_id("idn"), &address, verification(is_reserved), now));
        }
        for (number, is_reserved) in self.phone_numbers {
            user.add_phone(PhoneNumber::new(world.new_id("idn"), &number, verification(is_reserved), now));
        }
        for address in self.web3_wallets {
            user.add_wallet(Web3Wallet::new(world.new_id("idn"), &address, Verification::by_admin(), now));
        }
    }
}

/// Reads the list that runs beside a list of identifiers; without it all are verified.
fn with_status(fields: &mut Fields, values: Vec<String>, parameter: &str) -> Vec<(String, bool)> {
    let statuses = fields.texts(parameter);
    if statuses.iter().any(|status| status != "verified" && status != "reserved") {
        fields.refuse(Fault::value(parameter, "must hold nothing but verified and reserved"));
    } else if !statuses.is_empty() && statuses.len() != values.len() {
        fields.refuse(Fault::value(parameter, "must hold exactly one status for each identifier"));
    }
    let is_reserved = |position: usize| statuses.get(position).is_some_and(|status| status == "reserved");
    values.into_iter().enumerate().map(|(position, value)| (value, is_reserved(position))).collect()
}

pub(crate) fn create(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let identifiers = Identifiers::read(&mut fields, world);
    let profile = Profile::read(&mut fields, world, None);
    let (public_metadata, private_metadata) = (fields.metadata("public_metadata"), fields.metadata("private_metadata"));
    let unsafe_metadata = fields.metadata("unsafe_metadata");
    let (is_banned, is_locked) = (fields.flag("banned"), fields.flag("locked"));
    fields.flag("skip_password_requirement");
    fields.flag("skip_user_requirement");
    fields.finish()?;
    if identifiers.is_empty() && !profile.names_the_user() {
        return Err(Refusal::missing_data(&["email_address", "phone_number", "username", "web3_wallet"]));
    }

    let now = clock::now();
    let id = world.new_id("user");
    let mut user = User { public_metadata, private_metadata, unsafe_metadata, ..User::new(id.clone(), now) };
    identifiers.add_to(&mut user, world);
    profile.apply(&mut user, now);
    user.banned = is_banned.unwrap_or_default();
    if is_locked.unwrap_or_default() {
        user.lock();
    }
    answer(world.users.entry(id).or_insert(user))
}
