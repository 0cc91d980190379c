//! That nothing is written to, shown or counted but what was asked for, whatever the API answers.

mod silence;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::examples::{Example, examples};
use crate::harness::upstream::Seen;
use crate::harness::{Clerk, Client as _, Reply, Upstream};

/// How an API goes wrong that stands between the program and Clerk.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// Lists hold everybody's objects, whatever was asked for.
    IgnoresFilters,
    /// The same, behind one object of what was asked for.
    AddsOthers,
    /// Reads answer with another object of the same kind.
    MixesUp,
    /// Ids are null.
    NullIds,
    /// Ids are those of another kind of object.
    ForeignIds,
    /// No object has an id.
    NoIds,
    /// Writes answer with another object of the same kind.
    MixesUpWrites,
}

const FAULTS: [Fault; 7] = [
    Fault::IgnoresFilters,
    Fault::AddsOthers,
    Fault::MixesUp,
    Fault::NullIds,
    Fault::ForeignIds,
    Fault::NoIds,
    Fault::MixesUpWrites,
];

/// A Clerk with a fault.
fn faulty(clerk: &Clerk, fault: Fault) -> Upstream {
    let (url, others) = (clerk.url.clone(), Others::of(clerk));
    Upstream::new(move |seen| {
        let is_faulty = seen.is_read() != (fault == Fault::MixesUpWrites);
        let answer = Reply::of_api(&url, seen);
        match answer.body().filter(|_| is_faulty).and_then(|body| serde_json::from_str(body).ok()) {
            Some(body) => Reply::json(200, &others.distort(fault, &seen.line, body)),
            None => answer,
        }
    })
}

/// Objects that no call is about.
struct Others {
    user: Value,
    session: Value,
    organization: Value,
    invitation: Value,
    app_invitation: Value,
    waitlist_entry: Value,
    membership: Value,
}

impl Others {
    fn of(clerk: &Clerk) -> Self {
        let (maison, user) = (clerk.organization("maison-dubois"), clerk.user("trent@mail.example"));
        let mut session =
            clerk.get(&format!("/sessions?status=active&user_id={}", clerk.user("ada@acme.example")))[1].clone();
        (session["id"], session["user_id"]) = (json!("sess_OTHER"), json!(user));
        let acme = clerk.organization("acme");
        let mut invitation = clerk.get(&format!("/organizations/{acme}/invitations?status=pending"))["data"][0].clone();
        (invitation["id"], invitation["organization_id"]) = (json!("orginv_OTHER"), json!(maison));
        invitation["email_address"] = json!("other@dubois.example");
        let mut app_invitation = clerk.get("/invitations")[0].clone();
        app_invitation["id"] = json!("inv_OTHER");
        let mut waitlist_entry = clerk.get("/waitlist_entries")["data"][0].clone();
        waitlist_entry["id"] = json!("wle_OTHER");
        let memberships = clerk.get(&format!("/organizations/{maison}/memberships?limit=50"));
        let members = memberships["data"].as_array().expect("a list");
        Self {
            user: clerk.get(&format!("/users/{user}")),
            organization: clerk.get(&format!("/organizations/{maison}")),
            membership: members.last().expect("it has members").clone(),
            session,
            invitation,
            app_invitation,
            waitlist_entry,
        }
    }

    /// One of the kind that is asked for.
    fn like(&self, line: &str) -> Value {
        let other = if line.contains("memberships") {
            &self.membership
        } else if line.contains("/waitlist_entries") {
            &self.waitlist_entry
        } else if line.contains("/v1/invitations") {
            &self.app_invitation
        } else if line.contains("invitations") {
            &self.invitation
        } else if line.contains("/sessions") {
            &self.session
        } else if line.contains("/organizations") {
            &self.organization
        } else {
            &self.user
        };
        other.clone()
    }

    fn distort(&self, fault: Fault, line: &str, mut body: Value) -> Value {
        let other = self.like(line);
        if matches!(fault, Fault::NullIds | Fault::ForeignIds | Fault::NoIds) {
            spoil(&mut body, fault);
            return body;
        }
        let is_envelope = body["data"].is_array();
        let list = if is_envelope { &mut body["data"] } else { &mut body };
        match (fault, list.as_array_mut()) {
            (Fault::AddsOthers, Some(items)) => items.push(other),
            (Fault::IgnoresFilters | Fault::MixesUp, Some(items)) => *items = vec![other],
            (Fault::MixesUp | Fault::MixesUpWrites, None) => *list = other,
            _ => {}
        }
        body
    }
}

/// Changes the ids in an answer, at any depth.
fn spoil(value: &mut Value, fault: Fault) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, fault)),
        Value::Object(fields) => {
            for name in ["id", "user_id", "organization_id"] {
                let Some(id) = fields.get_mut(name) else { continue };
                let is_user = id.as_str().is_some_and(|id| id.starts_with("user_"));
                match fault {
                    Fault::NoIds => drop(fields.remove(name)),
                    Fault::NullIds => *id = Value::Null,
                    _ => *id = json!(if is_user { "org_1" } else { "user_1" }),
                }
            }
            fields.values_mut().for_each(|inner| spoil(inner, fault));
        }
        _ => {}
    }
}

/// The ids in a text.
fn ids_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let is_id = |word: &&str| {
        ["user_", "org_", "sess_", "orginv_", "inv_", "wle_"].iter().any(|prefix| word.starts_with(prefix))
    };
    words.filter(is_id).map(str::to_owned).collect()
}

/// Everything that truly belongs to what the arguments name.
fn theirs(clerk: &Clerk, arguments: &Value) -> BTreeSet<String> {
    let mut ids = ids_in(&arguments.to_string());
    if let Some(session) = arguments["session_id"].as_str() {
        ids.extend(ids_in(&clerk.get(&format!("/sessions/{session}"))["user_id"].to_string()));
    }
    if let Some(user) = arguments["user_id"].as_str() {
        let sessions = clerk.get(&format!("/sessions?limit=500&status=active&user_id={user}"));
        ids.extend(sessions.as_array().into_iter().flatten().filter_map(|one| one["id"].as_str()).map(str::to_owned));
        let memberships = clerk.get(&format!("/users/{user}/organization_memberships?limit=500"));
        let organizations = memberships["data"].as_array().into_iter().flatten();
        ids.extend(organizations.filter_map(|one| one["organization"]["id"].as_str()).map(str::to_owned));
    }
    ids
}

#[test]
fn no_write_is_about_something_else_and_none_is_reported() {
    for fault in FAULTS {
        let clerk = Clerk::sample();
        let upstream = faulty(&clerk, fault);
        let server = upstream.program().arguments(&["--confirm", "off"]).http();
        let other = Others::of(&clerk);
        let Others { user, session, organization, invitation, app_invitation, waitlist_entry, .. } = other;
        let other = [user, session, organization, invitation, app_invitation, waitlist_entry];
        let other: BTreeSet<String> = other.iter().flat_map(|other| ids_in(&other["id"].to_string())).collect();
        for Example { tool, arguments, .. } in examples() {
            let (allowed, before) = (theirs(&clerk, arguments), upstream.count());
            let answer = server.call(tool, arguments.clone());
            let writes: Vec<Seen> = upstream.seen().into_iter().skip(before).filter(|seen| !seen.is_read()).collect();
            for seen in &writes {
                let about = ids_in(&format!("{} {}", seen.line, seen.body));
                assert!(about.is_subset(&allowed), "{fault:?} {tool} {arguments}: {seen:?}");
            }
            let is_success = answer.result()["isError"] == false;
            // Why a step failed may name them.
            let mut told = answer.result()["structuredContent"].clone();
            told.as_object_mut().map(|parts| parts.remove("failed"));
            told.as_object_mut().into_iter().flat_map(|parts| parts.values_mut()).for_each(|part| {
                part.as_object_mut().map(|steps| steps.remove("failed"));
            });
            let told = ids_in(&told.to_string());
            assert!(!is_success || writes.is_empty() || told.is_disjoint(&other), "{fault:?} {tool}: {answer:?}");
        }
    }
}

/// What somebody would agree to is about what was asked for, or there is no preview.
#[test]
fn no_preview_shows_something_else() {
    for fault in [Fault::IgnoresFilters, Fault::MixesUp, Fault::NullIds, Fault::ForeignIds, Fault::NoIds] {
        let clerk = Clerk::sample();
        let upstream = faulty(&clerk, fault);
        let server = upstream.server();
        for example in examples() {
            let (tool, allowed) = (&example.tool, theirs(&clerk, &example.arguments));
            let answer = server.call(tool, example.dry_run());
            let preview = &answer.result()["structuredContent"]["preview"];
            let about = ids_in(&preview.to_string());
            assert!(about.is_subset(&allowed), "{fault:?} {tool}: {preview}");
            let text = preview.to_string();
            assert!(!text.contains("trent@") && !text.contains("Maison"), "{fault:?} {tool}: {preview}");
        }
        assert_eq!(upstream.writes(), [""; 0], "{fault:?}");
    }
}

fn code(clerk: &Clerk, fault: Fault, tool: &str, arguments: &Value) -> Value {
    let server = faulty(clerk, fault).program().arguments(&["--confirm", "off"]).http();
    server.call(tool, arguments.clone()).failure()
}

#[test]
fn an_object_that_was_not_asked_for_is_an_error_that_says_so() {
    let clerk = Clerk::sample();
    let (ada, acme, tim) = (clerk.user("ada@acme.example"), clerk.organization("acme"), clerk.user("tim@acme.example"));
    let member = json!({ "organization_id": acme, "user_id": tim, "role": "org:admin" });
    for (fault, tool, arguments) in [
        (Fault::MixesUp, "clerk_get_user", json!({ "user_id": ada })),
        (Fault::MixesUp, "clerk_get_user", json!({ "email_address": "ada@acme.example" })),
        (Fault::MixesUp, "clerk_get_organization", json!({ "slug": "acme" })),
        (Fault::MixesUp, "clerk_get_user_access_report", json!({ "user_id": ada })),
        (Fault::IgnoresFilters, "clerk_list_sessions", json!({ "user_id": ada })),
        (
            Fault::IgnoresFilters,
            "clerk_list_organization_members",
            json!({ "organization_id": acme, "user_id": [tim] }),
        ),
        (Fault::IgnoresFilters, "clerk_list_user_organizations", json!({ "user_id": ada })),
        (Fault::IgnoresFilters, "clerk_revoke_all_user_sessions", json!({ "user_id": ada })),
        (Fault::AddsOthers, "clerk_revoke_all_user_sessions", json!({ "user_id": ada })),
        (Fault::IgnoresFilters, "clerk_update_member_role", member.clone()),
        (Fault::NullIds, "clerk_ban_user", json!({ "user_id": ada })),
        (Fault::ForeignIds, "clerk_revoke_session", json!({ "session_id": "sess_0000000000000000000000000aa" })),
    ] {
        let failure = code(&clerk, fault, tool, &arguments);
        let is_missing = failure["code"] == "resource_not_found";
        assert!(failure["code"] == "unexpected_object" || is_missing, "{fault:?} {tool}: {failure}");
        assert!(is_missing || failure["hint"].to_string().contains("Nothing was changed"), "{failure}");
    }
    let failure = code(&clerk, Fault::MixesUpWrites, "clerk_update_member_role", &member);
    assert_eq!(failure["code"], "unexpected_object", "{failure}");
    let (message, hint) = (failure["message"].to_string(), failure["hint"].to_string());
    assert!(
        message.contains("was sent") && message.contains(&acme) && hint.contains("read the current state"),
        "{failure}"
    );
}

#[test]
fn only_somebody_who_truly_has_it_is_an_exact_match() {
    let clerk = Clerk::sample();
    let (ada, trent) = (clerk.user("ada@acme.example"), clerk.user("trent@mail.example"));
    for query in [ada.as_str(), "ada@acme.example", "+12025550101"] {
        let found =
            faulty(&clerk, Fault::IgnoresFilters).server().call("clerk_find_user", json!({ "query": query })).output();
        assert_eq!((&found["is_exact"], &found["data"][0]["id"]), (&json!(false), &json!(trent)), "{found}");
        let found =
            faulty(&clerk, Fault::AddsOthers).server().call("clerk_find_user", json!({ "query": query })).output();
        assert_eq!((&found["is_exact"], &found["data"]), (&json!(true), &json!([found["data"][0]])), "{found}");
        assert_eq!(found["data"][0]["id"], ada);
    }
}

/// A list of everybody's sessions would be counted as theirs.
#[test]
fn what_cannot_be_verified_is_not_counted() {
    let clerk = Clerk::sample();
    let (ada, sandbox) = (clerk.user("ada@acme.example"), clerk.organization("sandbox"));
    let server = faulty(&clerk, Fault::AddsOthers).server();
    let preview = |tool: &str, mut arguments: Value| {
        arguments["dry_run"] = json!(true);
        server.call(tool, arguments).output()["preview"].clone()
    };
    let user = preview("clerk_delete_user", json!({ "user_id": ada }));
    for name in ["active_sessions", "organizations_count"] {
        assert_eq!(user[name], "not known (unexpected_object)", "{user}");
    }
    assert_eq!(user["organizations"], json!([]));
    let organization = preview("clerk_delete_organization", json!({ "organization_id": sandbox }));
    assert_eq!(organization["pending_invitations"], "not known (unexpected_object)", "{organization}");
}

#[test]
fn a_resource_is_the_one_that_its_uri_names() {
    let clerk = Clerk::sample();
    let server = faulty(&clerk, Fault::MixesUp).server();
    for uri in [format!("clerk://users/{}", clerk.user("ada@acme.example")), "clerk://organizations/acme".to_owned()] {
        let answer = server.request("resources/read", json!({ "uri": uri }));
        assert!(answer.0["error"].to_string().contains("unexpected_object"), "{answer:?}");
    }
}
