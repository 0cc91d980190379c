//! The roles that a member of an organization can have.

use serde::Serialize;
use serde_json::json;

use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::errors::{Fault, Refusal};
use crate::ids;
use crate::state::World;

/// When the instance was set up, in milliseconds since 1970; each further role came a second later.
const SET_UP: i64 = 1_704_067_200_000;

pub(crate) const ADMIN: &str = "org:admin";
pub(crate) const MANAGE_MEMBERSHIPS: &str = "org:sys_memberships:manage";

/// A role, as memberships show it.
pub(crate) struct Role {
    pub(crate) key: &'static str,
    pub(crate) name: &'static str,
    pub(crate) permissions: &'static [&'static str],
}

const ROLES: &[Role] = &[
    Role {
        key: ADMIN,
        name: "Admin",
        permissions: &[
            "org:sys_profile:manage",
            "org:sys_profile:delete",
            "org:sys_memberships:read",
            MANAGE_MEMBERSHIPS,
            "org:sys_domains:read",
            "org:sys_domains:manage",
            "org:sys_billing:read",
            "org:sys_billing:manage",
        ],
    },
    Role { key: "org:member", name: "Member", permissions: &["org:sys_memberships:read"] },
    Role {
        key: "org:billing_manager",
        name: "Billing manager",
        permissions: &["org:sys_memberships:read", "org:sys_billing:read", "org:sys_billing:manage"],
    },
];

/// A role, as its own list shows it.
#[derive(Serialize)]
struct View {
    object: &'static str,
    id: String,
    name: &'static str,
    key: &'static str,
    description: Option<&'static str>,
    is_creator_eligible: bool,
    permissions: Vec<Permission>,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
struct Permission {
    object: &'static str,
    id: String,
    name: &'static str,
    key: &'static str,
    description: &'static str,
    r#type: &'static str,
    created_at: i64,
    updated_at: i64,
}

impl View {
    fn new(role: &'static Role, created_at: i64) -> Self {
        let permission = |key: &&'static str| Permission {
            object: "permission",
            id: ids::id("perm", key),
            name: key,
            key,
            description: "",
            r#type: "system",
            created_at: SET_UP,
            updated_at: SET_UP,
        };
        Self {
            object: "role",
            id: ids::id("role", role.key),
            name: role.name,
            key: role.key,
            description: None,
            is_creator_eligible: role.key == ADMIN,
            permissions: role.permissions.iter().map(permission).collect(),
            created_at,
            updated_at: created_at,
        }
    }

    fn matches(&self, query: &str) -> bool {
        self.id.to_lowercase() == query || self.name.to_lowercase().contains(query) || self.key.contains(query)
    }
}

pub(crate) fn list(_: &mut World, call: &mut Call) -> Answer {
    let text = call.query.folded("query");
    let order = call.query.order(&["created_at", "name", "key"]);
    let page = call.query.page();
    call.query.finish()?;
    let dated = ROLES.iter().zip(0..).map(|(role, number)| View::new(role, SET_UP + 1000 * number));
    let mut found: Vec<View> = dated.filter(|role| text.as_ref().is_none_or(|text| role.matches(text))).collect();
    found.sort_by(|left, right| {
        order.apply(match order.field {
            "name" => left.name.cmp(right.name),
            "key" => left.key.cmp(right.key),
            _ => left.created_at.cmp(&right.created_at),
        })
    });
    let total_count = found.len();
    answer(&Envelope { data: page.of(found).collect(), total_count })
}

/// The role that a request names; 404 if there is none.
pub(crate) fn find(key: &str) -> Result<&'static Role, Refusal> {
    ROLES.iter().find(|role| role.key == key).ok_or_else(|| {
        let fault = Fault::new("resource_not_found", "not found", format!("There is no organization role {key}."));
        Refusal::new(axum::http::StatusCode::NOT_FOUND, fault.with_meta(json!({ "param_name": "role" })))
    })
}
