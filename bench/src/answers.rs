//! The API's answers, which are the same whatever was written before.

use serde_json::Value;

const USER: &str = include_str!("../answers/user.json");
const SESSION: &str = include_str!("../answers/session.json");
const ORGANIZATION: &str = include_str!("../answers/organization.json");
const MEMBERSHIP: &str = include_str!("../answers/membership.json");
const INVITATION: &str = include_str!("../answers/invitation.json");
/// The number of users in a list.
const PAGE: usize = 20;

/// The body of the answer to a request; stops at one that no call here makes.
pub(crate) fn answer(line: &str, body: &[u8]) -> String {
    let mut words = line.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let segments: Vec<&str> = path.trim_start_matches("/v1/").split('/').collect();
    match (method, segments.as_slice()) {
        ("GET", ["users"]) => users(query),
        ("GET", ["users", id]) | ("POST", ["users", id, "ban"]) | ("PATCH", ["users", id, "metadata"]) => user(id),
        ("GET", ["sessions"]) => sessions(query),
        ("POST", ["sessions", id, "revoke"]) => session(id, "user_2bench"),
        ("GET", ["organizations", _]) => ORGANIZATION.to_owned(),
        ("DELETE", ["organizations", _, "memberships", _]) => membership(),
        ("POST", ["organizations", _, "invitations"]) => invitation(body),
        ("GET", [.., "organization_memberships"]) => page(&membership(), 1),
        ("GET", [.., "organization_invitations"]) => page("", 0),
        ("GET", ["invitations"]) => "[]".to_owned(),
        _ => panic!("no call makes {line}"),
    }
}

fn user(id: &str) -> String {
    USER.replacen("ID", id, 1)
}

/// A page of users, or the one who is asked for.
fn users(query: &str) -> String {
    let ids: Vec<String> = match parameter(query, "user_id") {
        Some(id) => vec![id.to_owned()],
        None => (0..PAGE).map(|number| format!("user_2bench{number}")).collect(),
    };
    list(ids.iter().map(|id| user(id)))
}

fn sessions(query: &str) -> String {
    let user = parameter(query, "user_id").unwrap_or_default();
    let number = if user == "user_2twelve" { 12 } else { 2 };
    list((1..=number).map(|number| session(&format!("sess_2bench{number}"), user)))
}

fn session(id: &str, user: &str) -> String {
    SESSION.replacen("ID", id, 1).replacen("USER", user, 1)
}

fn membership() -> String {
    MEMBERSHIP.replacen("\"ORGANIZATION\"", ORGANIZATION, 1)
}

fn invitation(body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).expect("a body of JSON");
    INVITATION.replacen("ADDRESS", body["email_address"].as_str().expect("an address"), 1)
}

fn page(items: &str, total: usize) -> String {
    format!(r#"{{"data":[{items}],"total_count":{total}}}"#)
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(","))
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find_map(|(known, value)| (known == name).then_some(value))
}
