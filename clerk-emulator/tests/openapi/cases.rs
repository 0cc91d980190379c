//! A good request and bad ones for every endpoint.

mod organizations;
mod users;

use axum::http::Method;
use clerk_emulator::Emulator;
use serde_json::Value;

use crate::client::{Clerk, text};

/// A request, and the status that it must be answered with.
pub(crate) struct Case {
    pub(crate) method: &'static str,
    /// The path as the document writes it.
    pub(crate) path: &'static str,
    /// What takes the place of the path's parameters, in order.
    parameters: Vec<String>,
    query: String,
    pub(crate) body: Option<Value>,
    pub(crate) status: u16,
}

fn case(method: &'static str, path: &'static str, parameters: &[&str], body: Option<Value>, status: u16) -> Case {
    let parameters = parameters.iter().map(|&parameter| parameter.to_owned()).collect();
    Case { method, path, parameters, query: String::new(), body, status }
}

fn listing(path: &'static str, parameters: &[&str], query: &str, status: u16) -> Case {
    Case { query: query.to_owned(), ..case("GET", path, parameters, None, status) }
}

impl Case {
    pub(crate) fn target(&self) -> String {
        let mut target = self.path.to_owned();
        for parameter in &self.parameters {
            let (start, end) = (target.find('{').unwrap(), target.find('}').unwrap());
            target.replace_range(start..=end, parameter);
        }
        format!("{target}{}", self.query)
    }
}

/// What concerns no organization and no user. To have a bad request without parameters, one asks for an unknown version.
fn instance_cases() -> Vec<Case> {
    vec![
        listing("/instance", &[], "", 200),
        listing("/instance", &[], "?__clerk_api_version=1", 400),
        listing("/organization_roles", &[], "?query=org&order_by=name", 200),
        listing("/organization_roles", &[], "?order_by=permissions", 422),
    ]
}

/// What has one answer, whatever it is asked, has no case of its own: it is asked as it is, and with an unknown version.
fn fixed_cases() -> Vec<Case> {
    let fixed = Emulator::routes().filter(|(method, path)| Emulator::is_fixed(method, path));
    let both = |(method, path): (&'static Method, &'static str)| {
        let parameters = vec!["x".to_owned(); path.matches('{').count()];
        let case = |query: &str, status| Case {
            method: method.as_str(),
            path,
            parameters: parameters.clone(),
            query: query.to_owned(),
            body: None,
            status,
        };
        [case("", 200), case("?__clerk_api_version=1", 400)]
    };
    fixed.flat_map(both).collect()
}

/// Every endpoint with a good request and its bad ones; to be sent in this order.
pub(crate) async fn cases(clerk: &Clerk) -> Vec<Case> {
    let (acme, papaya) = (clerk.organization("acme").await, clerk.organization("papaya-studio").await);
    let ada = clerk.user("ada@acme.example").await;
    let (alan, maya) = (clerk.user("alan@acme.example").await, clerk.user("maya@papaya.example").await);
    let intern = clerk.user("intern@acme.example").await;
    let session = text(&clerk.get(&format!("/sessions?user_id={ada}")).await.ok()[0]["id"]);
    let invitations = clerk.get(&format!("/organizations/{acme}/invitations?status=pending")).await.ok();
    let invitation = text(&invitations["data"][0]["id"]);
    let people = [ada.as_str(), &alan, &maya];
    let mut cases = instance_cases();
    cases.extend(users::session_cases(&session, &ada));
    cases.extend(users::user_cases(&ada));
    cases.extend(users::access_cases(&ada));
    cases.extend(organizations::invitation_cases(&acme, &papaya, people));
    cases.extend(organizations::one_invitation_cases(&acme, &invitation, people));
    cases.extend(organizations::membership_cases(&acme, &papaya, people));
    cases.extend(users::organization_cases(&ada, &intern));
    cases.extend(organizations::organization_cases(&acme, &ada));
    cases.extend(users::deletion_cases(&ada));
    cases.extend(fixed_cases());
    cases
}
