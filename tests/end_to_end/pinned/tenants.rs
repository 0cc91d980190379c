//! Two customers of one instance: ours, which connections are kept to, and another one.

use serde_json::{Value, json};

use crate::harness::{Answer, Clerk, Program};

/// The names by which the other customer is recognized, and its ids.
pub(super) struct Theirs {
    pub(super) organization: String,
    pub(super) user: String,
    pub(super) session: String,
    pub(super) invitation: String,
    pub(super) email_address: String,
}

/// Ours is `acme`, and the other one has no member in common with it.
pub(super) struct Tenants {
    pub(super) clerk: Clerk,
    pub(super) ours: String,
    pub(super) theirs: Theirs,
    /// Texts that stand in nothing but what belongs to them.
    marks: Vec<String>,
    before: Vec<Value>,
}

pub(super) const SLUG: &str = "maison-dubois";

impl Tenants {
    pub(super) fn new() -> Self {
        let clerk = Clerk::sample();
        let (ours, organization) = (clerk.organization("acme"), clerk.organization(SLUG));
        let members = clerk.get(&format!("/organizations/{organization}/memberships?limit=100"));
        let invitations = clerk.get(&format!("/organizations/{organization}/invitations?limit=100"));
        let users: Vec<String> = texts(&members["data"], "/public_user_data/user_id");
        let sessions: Vec<String> =
            users.iter().flat_map(|user| texts(&clerk.get(&format!("/sessions?user_id={user}")), "/id")).collect();
        let theirs = Theirs {
            user: text(&clerk.get(&format!("/sessions/{}", sessions[0]))["user_id"]),
            session: sessions[0].clone(),
            invitation: texts(&invitations["data"], "/id")[0].clone(),
            email_address: texts(&members["data"], "/public_user_data/identifier")[0].clone(),
            organization: organization.clone(),
        };
        let mut marks = vec![organization, SLUG.into(), "Maison Dubois".into()];
        marks.extend(texts(&members["data"], "/public_user_data/identifier"));
        marks.extend(
            texts(&invitations["data"], "/id").into_iter().chain(texts(&invitations["data"], "/email_address")),
        );
        marks.extend(users.into_iter().chain(sessions));
        let tenants = Self { clerk, ours, theirs, marks, before: Vec::new() };
        Self { before: tenants.state(), ..tenants }
    }

    /// The program, kept to our organization, which may do everything and asks nobody.
    pub(super) fn program(&self) -> Program {
        let pinned = ["--organization", &self.ours, "--mode", "full", "--confirm", "off"];
        self.clerk.program().arguments(&pinned)
    }

    /// The program, kept to nobody, which asks nobody.
    pub(super) fn program_without_pins(&self) -> Program {
        self.clerk.program().arguments(&["--confirm", "off"])
    }

    /// Everything that the API has of them.
    fn state(&self) -> Vec<Value> {
        let Theirs { organization, user, session, .. } = &self.theirs;
        let targets = [
            format!("/organizations/{organization}?include_members_count=true"),
            format!("/organizations/{organization}/memberships?limit=100"),
            format!("/organizations/{organization}/invitations?limit=100"),
            format!("/organizations/{organization}/domains"),
            format!("/users/{user}"),
            format!("/sessions/{session}"),
            format!("/sessions?user_id={user}"),
        ];
        targets.iter().map(|target| self.clerk.get(target)).collect()
    }

    /// Panics if anything of theirs is not as it was.
    pub(super) fn assert_untouched(&self) {
        assert_eq!(self.state(), self.before);
    }

    /// Panics if an answer tells something of them that its call did not say, or if one of its requests is about them: all that is
    /// asked is whether a user, a session or an invitation is ours.
    pub(super) fn assert_nothing_crosses(&self, call: &str, answer: &Answer) {
        let said = answer.0.to_string();
        if let Some(mark) = self.marks.iter().find(|mark| said.contains(*mark) && !call.contains(*mark)) {
            panic!("{call} tells {mark}: {said}");
        }
        for request in self.clerk.requests() {
            let sent = format!("{} {} {:?}", request.method, request.target, request.json());
            // An address may be invited to any organization, and searched for among our members.
            let sent = sent.replace("%40maison-dubois.example", "").replace("@maison-dubois.example", "");
            let is_ours =
                [format!("GET /v1/organizations/{}/", self.ours), format!("GET /v1/sessions/{} ", self.theirs.session)];
            let is_list_of_ours = ["users?", "users/count?", "organizations?"]
                .iter()
                .any(|list| sent.starts_with(&format!("GET /v1/{list}")))
                && sent.contains(&format!("organization_id={}", self.ours));
            let is_ours = is_list_of_ours || is_ours.iter().any(|beginning| sent.starts_with(beginning));
            let about = self.marks.iter().find(|mark| sent.contains(*mark));
            assert!(is_ours || about.is_none(), "{call} sends {sent}");
        }
    }
}

fn is_address(text: &str) -> bool {
    text.contains('@')
}

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn texts(list: &Value, pointer: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    items.iter().filter_map(|item| Some(item.pointer(pointer)?.as_str()?.to_owned())).collect()
}

/// Arguments in which each id, slug or address is theirs, whatever it was before.
pub(super) fn theirs(value: &Value, theirs: &Theirs) -> Value {
    match value {
        Value::String(text) => {
            let kinds = [
                ("org_", &theirs.organization),
                ("user_", &theirs.user),
                ("sess_", &theirs.session),
                ("orginv_", &theirs.invitation),
            ];
            let of_kind = kinds.into_iter().find_map(|(prefix, id)| text.starts_with(prefix).then_some(id));
            let other = if is_address(text) { &theirs.email_address } else { text };
            json!(of_kind.unwrap_or(other))
        }
        Value::Array(items) => items.iter().map(|item| self::theirs(item, theirs)).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), self::theirs(value, theirs))).collect()
        }
        other => other.clone(),
    }
}

/// The same ids with another end: of nobody and nothing.
pub(super) fn nobodys(theirs: &Theirs) -> Theirs {
    let other = |id: &String| format!("{}zz", &id[..id.len() - 2]);
    Theirs {
        organization: other(&theirs.organization),
        user: other(&theirs.user),
        session: other(&theirs.session),
        invitation: other(&theirs.invitation),
        email_address: "nobody.at.all@maison.example".into(),
    }
}
