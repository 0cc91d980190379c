//! A review of what in the instance lets people in who should not be, or keeps out whom nobody remembers.

use serde_json::{Map, Value, json};

use super::objects::{self, LIST_APP_INVITATIONS, LIST_USERS};
use super::targets::USER_SUMMARY;
use crate::api::{self, Api};
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::paging::{self, List};
use crate::request::{Endpoint, Request, get};
use crate::tool::{self, Answer, Tool};
use crate::view::read::{Part, Reading};
use crate::view::{FAILED_STEP, View, count, flag, many, one, page, text, time, untrusted};

/// The most of each list that is looked through: its first page.
const MOST: usize = 500;
/// The most users that Clerk looks up by their ids.
const MOST_BY_ID: usize = 100;
/// The most findings of a kind that are shown.
const MOST_SHOWN: usize = 50;

const MEMBERSHIPS: Endpoint = get("/organization_memberships", &objects::MEMBERSHIP);
const INVITATIONS: Endpoint = get("/organization_invitations", &objects::INVITATION);

/// The permission, and the role of Clerk's own, that make somebody an administrator of an organization.
const MANAGES_MEMBERS: &str = "org:sys_memberships:manage";
const ADMINISTRATOR: &str = "org:admin";

const NOT_LOOKED_AT: &str = "settings of the instance, sessions, API keys and other credentials, single sign-on";

/// The kinds of findings, which share the bytes of a page.
const FINDINGS: usize = 5;

static REVIEW: View = View(&[
    one("administrators_without_second_factor", &USERS),
    one("banned_members", &MEMBERS),
    one("locks_without_end", &USERS),
    one("pending_organization_invitations", &PENDING),
    one("pending_app_invitations", &PENDING),
    many("looked_at", &LOOKED_AT),
    text("not_looked_at"),
    many("failed", &FAILED_STEP),
]);
static MEMBERS: View = View(&page(&MEMBER));
static MEMBER: View = View(&[one("public_user_data", &PERSON), one("organization", &ORGANIZATION), text("role")]);
static PERSON: View = View(&[text("user_id"), untrusted("identifier"), flag("banned")]);
static ORGANIZATION: View = View(&[text("id"), untrusted("name")]);
static USERS: View = View(&page(&USER_SUMMARY));
static PENDING: View = View(&page(&INVITATION));
static INVITATION: View = View(&[
    text("id"),
    untrusted("email_address"),
    text("organization_id"),
    text("role"),
    time("created_at"),
    time("expires_at"),
]);
/// A list, how much of it was looked through, how much there is where Clerk tells it, and whether there is more.
static LOOKED_AT: View = View(&[text("list"), count("count"), count("total_count"), flag("has_more")]);

/// A list that is looked through, and what is found in it.
struct Search {
    list: &'static str,
    endpoint: Endpoint,
    query: &'static [(&'static str, &'static str)],
    finding: &'static str,
    view: &'static View,
    holds: fn(&Value) -> bool,
}

const PENDING_ONES: &[(&str, &str)] = &[("status", "pending"), ("order_by", "created_at")];

/// The searches that are begun at once, the one for members first.
static SEARCHES: [Search; 4] = [
    Search {
        list: "organization_memberships",
        endpoint: MEMBERSHIPS,
        query: &[],
        finding: "banned_members",
        view: &MEMBER,
        holds: |membership| membership["public_user_data"]["banned"] == true,
    },
    Search {
        list: "users",
        endpoint: LIST_USERS,
        query: &[],
        finding: "locks_without_end",
        view: &USER_SUMMARY,
        holds: |user| user["locked"] == true && user["lockout_expires_in_seconds"].is_null(),
    },
    Search {
        list: "organization_invitations",
        endpoint: INVITATIONS,
        query: PENDING_ONES,
        finding: "pending_organization_invitations",
        view: &INVITATION,
        holds: Value::is_object,
    },
    Search {
        list: "invitations",
        endpoint: LIST_APP_INVITATIONS,
        query: PENDING_ONES,
        finding: "pending_app_invitations",
        view: &INVITATION,
        holds: Value::is_object,
    },
];

static ADMINISTRATORS_SEARCH: Search = Search {
    list: "administrators",
    endpoint: LIST_USERS,
    query: &[],
    finding: "administrators_without_second_factor",
    view: &USER_SUMMARY,
    holds: |user| user["two_factor_enabled"] == false,
};

pub(super) static SECURITY_REVIEW: Tool = Tool {
    name: "clerk_security_review",
    title: "Review the instance's security",
    description: "Look for what deserves attention: administrators of organizations without a second factor, banned users \
                  who are still members, locks that never end, stale invitations (pending ones, the oldest first). It \
                  looks through 500 of each list, of users the newest, and says how much it did not look at.",
    toolset: "instance",
    is_listed: false,
    endpoint: MEMBERSHIPS,
    answer: Answer::One(&REVIEW),
    run: Some(review),
    ..tool::READ
};

#[expect(clippy::unnecessary_wraps, reason = "other tools' steps can fail as a whole")]
fn review(_: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let requests = SEARCHES.each_ref().map(|search| search.request(Vec::new()));
    let mut answers = api.fetch_all(&requests);
    let mut review = Review { api, parts: Vec::new(), looked_at: Vec::new() };
    let mut administrators = None;
    for (place, search) in SEARCHES.iter().enumerate() {
        if let Some(items) = review.look(place, search, api::next(&mut answers), false) {
            if place == 0 {
                administrators = Some(self::administrators(&items));
            }
            review.find(place, search, items);
        }
    }
    // Of a list that could not be had nothing is said.
    if let Some(administrators) = administrators {
        review.find_administrators(administrators);
    }
    review.parts.push(("looked_at", Ok((review.looked_at.into(), Vec::new()))));
    review.parts.push(("not_looked_at", Ok((NOT_LOOKED_AT.into(), Vec::new()))));
    Ok(Reading::default().report(Map::new(), review.parts))
}

/// The ids of those who administer organizations, each once.
fn administrators(memberships: &[Value]) -> Vec<Value> {
    let mut ids: Vec<Value> = Vec::new();
    for membership in memberships {
        let permissions = membership["permissions"].as_array().map(Vec::as_slice).unwrap_or_default();
        let manages = permissions.iter().any(|permission| permission == MANAGES_MEMBERS);
        let id = &membership["public_user_data"]["user_id"];
        if (manages || membership["role"] == ADMINISTRATOR) && id.is_string() && !ids.contains(id) {
            ids.push(id.clone());
        }
    }
    ids
}

impl Search {
    /// The request for the first page of the list, of these users where there are some.
    fn request(&self, users: Vec<Value>) -> Request {
        let mut query = Map::new();
        query.insert("limit".into(), MOST.into());
        for (name, value) in self.query {
            query.insert((*name).into(), (*value).into());
        }
        if !users.is_empty() {
            query.insert("user_id".into(), users.into());
        }
        self.endpoint.request(query)
    }
}

/// A review in the making.
struct Review<'a> {
    api: &'a dyn Api,
    /// The findings, and the lists that could not be had.
    parts: Vec<(&'static str, Part)>,
    looked_at: Vec<Value>,
}

impl Review<'_> {
    /// Looks for those of these users who have no second factor. They are told behind the members.
    fn find_administrators(&mut self, mut users: Vec<Value>) {
        // A filter by nothing would find everybody.
        if users.is_empty() {
            return self.find(1, &ADMINISTRATORS_SEARCH, users);
        }
        let is_cut = users.len() > MOST_BY_ID;
        users.truncate(MOST_BY_ID);
        let answer = self.api.fetch(&ADMINISTRATORS_SEARCH.request(users));
        if let Some(items) = self.look(1, &ADMINISTRATORS_SEARCH, answer, is_cut) {
            self.find(1, &ADMINISTRATORS_SEARCH, items);
        }
    }

    /// The first page of a list; none where it could not be had. What is told of it has a place among the others.
    fn look(
        &mut self,
        place: usize,
        search: &Search,
        answer: Result<Value, Failure>,
        is_cut: bool,
    ) -> Option<Vec<Value>> {
        match answer.and_then(paging::list) {
            Ok(List { items, total, .. }) => {
                let count = items.len();
                let is_more = is_cut || count >= MOST || total.is_some_and(|total| total > count as u64);
                let mut looked_at = json!({ "list": search.list, "count": count, "has_more": is_more });
                if let Some(total) = total {
                    looked_at["total_count"] = total.into();
                }
                self.looked_at.insert(place.min(self.looked_at.len()), looked_at);
                Some(items)
            }
            Err(failure) => {
                self.parts.insert(place, (search.list, Err(failure)));
                None
            }
        }
    }

    /// Adds those items of a list that are meant, and how many they are.
    fn find(&mut self, place: usize, search: &Search, mut items: Vec<Value>) {
        items.retain(search.holds);
        let bytes = self.api.policy().page_bytes() / FINDINGS;
        let mut found = Map::new();
        found.insert("total_count".into(), items.len().into());
        found.insert("data".into(), items.into());
        let part = paging::first(search.view, found.into(), (MOST_SHOWN, MOST), bytes);
        self.parts.insert(place, (search.finding, part));
    }
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
