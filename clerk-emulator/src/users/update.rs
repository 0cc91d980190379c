//! Changing a user, but not the metadata, which has an endpoint of its own.

use super::profile::Profile;
use super::{User, Verification};
use crate::body::{Fields, replace};
use crate::clock;
use crate::endpoint::{Answer, Call, answer};
use crate::errors::Fault;
use crate::state::World;

/// The ids of the identifiers that become the primary ones.
struct Primaries {
    email_address: Option<String>,
    phone_number: Option<String>,
    web3_wallet: Option<String>,
}

pub(crate) fn update(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let id = call.parameter("user_id");
    let primaries = Primaries::read(&mut fields, world.users.get(&id));
    let profile = Profile::read(&mut fields, world, Some(&id));
    let signs_out = fields.flag("sign_out_of_other_sessions").unwrap_or_default();
    if signs_out && !profile.sets_a_password() {
        fields.refuse(Fault::requires("password", "sign_out_of_other_sessions"));
    }
    fields.flag("notify_primary_email_address_changed");
    // Images cannot be uploaded here, so there is none that an id could name.
    if fields.text("profile_image_id").is_some() {
        fields.refuse(Fault::no_such_resource("profile_image_id"));
    }
    fields.finish()?;

    let user = world.user_mut(&id)?;
    let now = clock::after(user.updated_at);
    primaries.apply(user);
    profile.apply(user, now);
    user.updated_at = now;
    if signs_out {
        world.revoke_active_sessions_of(&id);
    }
    answer(world.user(&id)?)
}

impl Primaries {
    fn read(fields: &mut Fields, user: Option<&User>) -> Self {
        Self {
            email_address: read_primary(fields, "primary_email_address_id", user, |user, id| {
                let found = user.email_addresses.iter().find(|email| email.id == id)?;
                Some(found.verification.as_ref().is_some_and(Verification::is_complete))
            }),
            phone_number: read_primary(fields, "primary_phone_number_id", user, |user, id| {
                let found = user.phone_numbers.iter().find(|phone| phone.id == id)?;
                Some(found.verification.as_ref().is_some_and(Verification::is_complete))
            }),
            web3_wallet: read_primary(fields, "primary_web3_wallet_id", user, |user, id| {
                let found = user.web3_wallets.iter().find(|wallet| wallet.id == id)?;
                Some(found.verification.is_complete())
            }),
        }
    }

    fn apply(self, user: &mut User) {
        replace(&mut user.primary_email_address_id, self.email_address.map(Some));
        replace(&mut user.primary_phone_number_id, self.phone_number.map(Some));
        replace(&mut user.primary_web3_wallet_id, self.web3_wallet.map(Some));
    }
}

/// The id of an identifier of the user; `is_verified` is nothing if the user has none with this id.
fn read_primary(
    fields: &mut Fields,
    parameter: &str,
    user: Option<&User>,
    is_verified: fn(&User, &str) -> Option<bool>,
) -> Option<String> {
    let id = fields.text(parameter)?;
    // Whether there is such a user at all is said later, with 404.
    match is_verified(user?, &id) {
        Some(true) => {}
        Some(false) => fields.refuse(Fault::value(parameter, "must be the id of something verified")),
        None => fields.refuse(Fault::no_such_resource(parameter)),
    }
    Some(id)
}
