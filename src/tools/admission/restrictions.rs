//! The allow-list and the block-list: identifiers that may sign up, and those that are kept out.

use serde_json::{Map, Value};

use super::{READ, WRITE};
use crate::api::Api;
use crate::arguments::Arguments;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::kind::{Kind, Parameter, parameter};
use crate::object::Object;
use crate::paging::{self, List};
use crate::request::{Endpoint, Request, get, post};
use crate::target::{Fact, Listed, Look, Search, Target};
use crate::tool::{Answer, Tool};
use crate::tools::first_pages;
use crate::tools::objects::LIST_USERS;
use crate::tools::targets::USER_SUMMARY;
use crate::view::{FAILED_STEP, View, many, one, page, text, time, untrusted};

static ALLOWED: Object = Object { name: "allowlist_identifier", id: None, carried: &[], needed: None };
/// Clerk may write an identifier in its own way.
static BLOCKED: Object = Object { name: "blocklist_identifier", id: None, carried: &[], needed: None };

const LIST_ALLOWED: Endpoint = get("/allowlist_identifiers", &ALLOWED);
const LIST_BLOCKED: Endpoint = get("/blocklist_identifiers", &BLOCKED);

/// The most that is looked through of the list that Clerk pages, and of the users who have an identifier.
const MOST: usize = 500;

static ENTRY: View = View(&[text("id"), untrusted("identifier"), text("identifier_type"), time("created_at")]);
static ENTRIES: View = View(&page(&ENTRY));
static RESTRICTIONS: View = View(&[one("allowed", &ENTRIES), one("blocked", &ENTRIES), many("failed", &FAILED_STEP)]);

pub(super) static LIST_RESTRICTIONS: Tool = Tool {
    name: "clerk_list_restrictions",
    title: "List who is allowed and who is blocked",
    description: "List the allow-list and the block-list: email addresses, domains (`*@example.com`), phone numbers and \
                  wallets. Whether a list is switched on, Clerk's API does not tell.",
    endpoint: LIST_ALLOWED,
    answer: Answer::One(&RESTRICTIONS),
    run: Some(list),
    ..READ
};

#[expect(clippy::unnecessary_wraps, reason = "other tools' steps can fail as a whole")]
fn list(_: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    // Clerk pages only the one.
    let lists = [("allowed", LIST_ALLOWED, &ENTRY, MOST), ("blocked", LIST_BLOCKED, &ENTRY, 0)];
    Ok(first_pages(&Map::new(), &lists, api))
}

const IDENTIFIER: Parameter = parameter(
    "identifier",
    Kind::Identifier,
    "An email address, a domain as `*@example.com`, a phone number or a wallet.",
)
.required();

/// The block-list, and who is locked out by an identifier.
static LOCKED_OUT: Target = Target {
    look: Look::at(LIST_BLOCKED),
    facts: &[Fact::Found("users_count", &HAVE_IDENTIFIER, "users", &USER_SUMMARY)],
    typed: &[],
};

pub(super) static BLOCK_IDENTIFIER: Tool = Tool {
    name: "clerk_block_identifier",
    title: "Block an identifier",
    description: "Put an identifier on the block-list, so that whoever has it can neither sign up nor sign in. `dry_run` \
                  tells which users that locks out. It counts only while the block-list is switched on.",
    endpoint: post("/blocklist_identifiers", &BLOCKED),
    parameters: &[IDENTIFIER],
    answer: Answer::One(&ENTRY),
    effect: Effect::Creates,
    danger: Danger::Access,
    target: Some(&LOCKED_OUT),
    sentence: "Block {arguments.identifier} (users who have it: {users_count})",
    lasting: "Who is turned away meanwhile stays turned away; DeleteBlocklistIdentifier (clerk_api_delete) \
              deletes the entry.",
    example: r#"{"identifier":"*@spam.example"}"#,
    ..WRITE
};

/// The users who have the identifier of a call.
static HAVE_IDENTIFIER: Search = Search { request: search, read: who_have_identifier };

fn search(arguments: &Arguments) -> Request {
    let mut query = Map::new();
    query.insert("query".into(), identifier(arguments).into());
    query.insert("limit".into(), MOST.into());
    LIST_USERS.request(query)
}

fn who_have_identifier(arguments: &Arguments, answer: Value) -> Result<Listed, Failure> {
    let List { mut items, .. } = paging::list(answer)?;
    let is_full = items.len() >= MOST;
    items.retain(|user| IDENTIFIERS.iter().any(|(list, name)| is_among(identifier(arguments), &user[*list], name)));
    Ok(Listed { items, is_full, total: None })
}

fn identifier(arguments: &Arguments) -> &str {
    arguments.text(&IDENTIFIER).unwrap_or_default().trim_start_matches('*')
}

/// The lists of a user's identifiers, and the field of each that holds one.
const IDENTIFIERS: [(&str, &str); 3] =
    [("email_addresses", "email_address"), ("phone_numbers", "phone_number"), ("web3_wallets", "web3_wallet")];

/// Tells whether an identifier, or an address of its domain, is one of a list. The search finds parts of them.
fn is_among(identifier: &str, list: &Value, name: &str) -> bool {
    let theirs = list.as_array().map(Vec::as_slice).unwrap_or_default();
    theirs.iter().filter_map(|one| one[name].as_str()).any(|theirs| {
        let domain = theirs.find('@').map_or("", |start| &theirs[start..]);
        [theirs, domain].iter().any(|part| part.eq_ignore_ascii_case(identifier))
    })
}

#[cfg(test)]
mod tests {
    use pins::Pins;

    use super::*;
    use crate::api::tests::Told;
    use crate::call::Call;
    use serde_json::json;

    /// The number of these users that a block locks out, and the ids of the first ones.
    fn locked_out(identifier: &str, users: &Value) -> (Value, Vec<String>) {
        let arguments = serde_json::from_value(json!({ "identifier": identifier })).expect("an object");
        let Ok(call) = Call::new(&BLOCK_IDENTIFIER, arguments, Pins::default()) else { panic!("{identifier} is one") };
        let api = Told::by_path(json!({ "/users": users }));
        let facts = LOCKED_OUT.facts(&Value::Null, &call.arguments, &api).expect("users can be listed");
        let users = facts["users"].as_array().into_iter().flatten();
        (facts["users_count"].clone(), users.map(|user| user["id"].as_str().unwrap_or_default().to_owned()).collect())
    }

    #[test]
    fn who_is_locked_out_has_the_identifier_itself_or_an_address_of_its_domain() {
        let users = json!([
            { "id": "user_1", "email_addresses": [{ "email_address": "Ada@Spam.example" }] },
            { "id": "user_2", "email_addresses": [{ "email_address": "xada@spam.example" }] },
            { "id": "user_3", "email_addresses": [{ "email_address": "ada@notspam.example" }] },
            { "id": "user_4", "phone_numbers": [{ "phone_number": "+15551234567" }] },
            { "id": "user_5", "web3_wallets": [{ "web3_wallet": "0xABC" }], "username": "spam.example" },
        ]);
        for (identifier, ids) in [
            ("ada@spam.example", &["user_1"][..]),
            ("*@spam.example", &["user_1", "user_2"]),
            ("+15551234567", &["user_4"]),
            ("+1-555-123-4567", &["user_4"]),
            ("0xabc", &["user_5"]),
            ("*@nobody.example", &[]),
        ] {
            assert_eq!(
                locked_out(identifier, &users),
                (ids.len().into(), ids.iter().map(ToString::to_string).collect()),
                "{identifier}"
            );
        }
    }

    #[test]
    fn more_than_one_look_finds_are_told_as_more() {
        let user = json!({ "email_addresses": [{ "email_address": "a@spam.example" }] });
        let users: Value = core::iter::repeat_n(user, MOST).collect();
        assert_eq!(locked_out("*@spam.example", &users).0, "500 or more");
        assert_eq!(locked_out("*@spam.example", &json!({ "oops": 1 })).0, "not known (unexpected_response)");
    }
}
