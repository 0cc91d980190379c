//! The ways in for people of a company: an organization's email domains and its single sign-on.

use serde_json::Value;

use super::first_pages;
use super::parameters::ORGANIZATION_ID;
use crate::api::Api;
use crate::arguments::Arguments;
use crate::error::Failure;
use crate::object::{By, Object, carried};
use crate::request::{Endpoint, get};
use crate::tool::{self, Answer, Tool};
use crate::view::{FAILED_STEP, View, count, flag, many, one, page, text, time, untrusted, untrusted_texts};

/// The most of each list that is shown.
const MOST: usize = 100;

static DOMAIN: Object = Object {
    name: "organization_domain",
    id: None,
    carried: &[carried("organization_id", "organization_id", By::Ids)],
    needed: None,
};

static CONNECTION: Object = Object {
    name: "enterprise_connection",
    id: None,
    carried: &[carried("organization_id", "organization_id", By::Ids)],
    needed: Some("organization_id"),
};

const DOMAINS: Endpoint = get("/organizations/{organization_id}/domains", &DOMAIN);
const CONNECTIONS: Endpoint = get("/enterprise_connections", &CONNECTION);

static DOMAIN_VIEW: View = View(&[
    text("id"),
    untrusted("name"),
    text("enrollment_mode"),
    one("verification", &VERIFICATION),
    one("ownership_verification", &VERIFICATION),
    untrusted("affiliation_email_address"),
    count("total_pending_invitations"),
    count("total_pending_suggestions"),
    time("created_at"),
]);
static VERIFICATION: View = View(&[text("status"), text("strategy")]);

static CONNECTION_VIEW: View = View(&[
    text("id"),
    untrusted("name"),
    text("provider"),
    flag("active"),
    untrusted_texts("domains"),
    flag("sync_user_attributes"),
    flag("disable_additional_identifications"),
    flag("allow_organization_account_linking"),
    time("created_at"),
]);

static DOMAIN_PAGE: View = View(&page(&DOMAIN_VIEW));
static CONNECTION_PAGE: View = View(&page(&CONNECTION_VIEW));
static FOUND: View = View(&[
    one("domains", &DOMAIN_PAGE),
    one("enterprise_connections", &CONNECTION_PAGE),
    many("failed", &FAILED_STEP),
]);

pub(super) static LIST_ORGANIZATION_DOMAINS: Tool = Tool {
    name: "clerk_list_organization_domains",
    title: "List an organization's domains and single sign-on",
    description: "List an organization's email domains, with how their people join, and its enterprise connections (SAML \
                  or OIDC single sign-on). At most 100 of each.",
    toolset: "organizations",
    is_listed: false,
    endpoint: DOMAINS,
    parameters: &[ORGANIZATION_ID.required()],
    answer: Answer::One(&FOUND),
    run: Some(list),
    example: r#"{"organization_id":"org_2abc"}"#,
    ..tool::READ
};

#[expect(clippy::unnecessary_wraps, reason = "other tools' steps can fail as a whole")]
fn list(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let lists =
        [("domains", DOMAINS, &DOMAIN_VIEW, MOST), ("enterprise_connections", CONNECTIONS, &CONNECTION_VIEW, MOST)];
    Ok(first_pages(arguments.sent(), &lists, api))
}
