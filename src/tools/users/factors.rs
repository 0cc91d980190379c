//! Changes the ways in which somebody signs in: an address more, or second factors reset.

use serde_json::Value;

use super::sign_in;
use super::user::WRITE;
use crate::api::Api;
use crate::arguments::Arguments;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::kind::{Fallback, Kind, parameter};
use crate::object::{By, Object, carried};
use crate::request::{Endpoint, delete, post};
use crate::target::{Fact, Look, Target};
use crate::tool::{Answer, Tool};
use crate::tools::objects::GET_USER;
use crate::tools::parameters::USER_ID;
use crate::tools::targets::{self, USER_SUMMARY};
use crate::view::read::Reading;
use crate::view::{FAILED_STEP, View, flag, many, one, text};

static EMAIL_ADDRESS: Object = Object {
    name: "email_address",
    id: None,
    carried: &[carried("email_address", "email_address", By::Words)],
    needed: None,
};

pub(super) static ADD_EMAIL_ADDRESS: Tool = Tool {
    name: "clerk_add_email_address",
    title: "Add an email address",
    description: "Add an email address to a user, who can sign in with it once it is verified. Their other addresses stay.",
    is_listed: false,
    endpoint: post("/email_addresses", &EMAIL_ADDRESS),
    parameters: &[
        USER_ID.required(),
        parameter("email_address", Kind::EmailAddress, "The address to add.").required(),
        parameter("verified", Kind::Flag, "Count it as verified: whoever reads it can sign in at once.")
            .or(Fallback::Flag(false)),
        parameter("primary", Kind::Flag, "Make it the primary one.").or(Fallback::Flag(false)),
        parameter("notify_primary_email_address_changed", Kind::Flag, "Tell the former primary address of the change."),
    ],
    answer: Answer::One(&sign_in::EMAIL_ADDRESS),
    effect: Effect::Creates,
    danger: Danger::Access,
    target: Some(&targets::USER),
    sentence: "Add {arguments.email_address} to {user} (counts as verified at once: {arguments.verified}; becomes the \
               primary address in the place of {user.email_address}: {arguments.primary})",
    lasting: "What whoever reads it does as this user cannot be taken back; DeleteEmailAddress (clerk_api_delete) \
              deletes the address.",
    example: r#"{"user_id":"user_2abc","email_address":"ada@home.example"}"#,
    ..WRITE
};

/// The answer to a change of factors names its user, and is about no object.
static FACTORS_OF: Object =
    Object { name: "", id: None, carried: &[carried("user_id", "user_id", By::Ids)], needed: None };

/// The second factors of a user.
static FACTORS: View = View(&[
    flag("two_factor_enabled"),
    flag("totp_enabled"),
    flag("backup_code_enabled"),
    many("phone_numbers", &PHONE_NUMBER),
]);
static PHONE_NUMBER: View = View(&[text("phone_number"), flag("reserved_for_second_factor")]);

/// The user, and what is left of their second factors.
static RESET: View = View(&[text("user_id"), one("second_factors", &FACTORS), many("failed", &FAILED_STEP)]);

const DISABLE: Endpoint = delete("/users/{user_id}/mfa", &FACTORS_OF);

static USER_WITH_FACTORS: Target = Target {
    look: Look::at(GET_USER),
    facts: &[Fact::Part("user", "", &USER_SUMMARY), Fact::Part("second_factors", "", &FACTORS)],
    typed: targets::USER.typed,
};

pub(super) static RESET_SECOND_FACTORS: Tool = Tool {
    name: "clerk_reset_second_factors",
    title: "Reset a user's second factors",
    description: "Remove all of a user's second factors, for somebody who has lost them: authenticator app, codes by SMS, \
                  backup codes; the answer says what is left. The first factor alone signs in then, so make sure by other \
                  means that this person asks. Sessions stay (clerk_revoke_all_user_sessions).",
    is_listed: false,
    endpoint: DISABLE,
    parameters: &[USER_ID.required()],
    answer: Answer::One(&RESET),
    effect: Effect::Removes,
    danger: Danger::Irreversible,
    target: Some(&USER_WITH_FACTORS),
    sentence: "Remove all second factors of {user}",
    lasting: "Their authenticator app, backup codes and codes by SMS are gone, and until they set up new ones the first \
              factor alone signs in.",
    run: Some(reset),
    example: r#"{"user_id":"user_2abc"}"#,
    ..WRITE
};

/// Clerk confirms the reset with the user's id only: what is left is looked up. Where that fails, the reset is done all the same.
fn reset(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let user = arguments.only([USER_ID.name]);
    api.fetch(&DISABLE.request(user.clone()))?;
    let left = api.fetch(&GET_USER.request(user.clone()));
    let left = left.map(|user| (Reading::default().object(&FACTORS, user), Vec::new()));
    Ok(Reading::default().report(user, vec![("second_factors", left)]))
}

#[cfg(test)]
mod tests {
    use pins::Pins;

    use super::*;
    use crate::api::tests::Told;
    use crate::call::Call;
    use serde_json::json;

    fn reset_of(left: Option<Value>) -> Value {
        let arguments = serde_json::from_value(json!({ "user_id": "user_1" })).expect("an object");
        let Ok(call) = Call::new(&RESET_SECOND_FACTORS, arguments, Pins::default()) else { panic!("a user is named") };
        let mut api = json!({ "/users/user_1/mfa": { "user_id": "user_1" } });
        if let Some(left) = left {
            api["/users/user_1"] = left;
        }
        call.run(&Told::by_path(api)).expect("the reset is done")
    }

    #[test]
    fn a_reset_tells_what_is_left_or_that_it_is_not_known() {
        let left = json!({ "id": "user_1", "two_factor_enabled": false, "backup_code_enabled": true, "banned": false });
        assert_eq!(
            reset_of(Some(left)),
            json!({
                "user_id": "user_1",
                "second_factors": { "two_factor_enabled": false, "backup_code_enabled": true },
                "failed": [],
            })
        );
        let unknown = reset_of(None);
        assert_eq!((&unknown["user_id"], &unknown["second_factors"]), (&json!("user_1"), &Value::Null));
        assert_eq!(unknown["failed"][0]["of"], "second_factors");
    }
}
