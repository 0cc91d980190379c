//! The roles that a member of an organization can have.

use serde_json::json;

use crate::errors::{Fault, Refusal};

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

/// The role that a request names; 404 if there is none.
pub(crate) fn find(key: &str) -> Result<&'static Role, Refusal> {
    ROLES.iter().find(|role| role.key == key).ok_or_else(|| {
        let fault = Fault::new("resource_not_found", "not found", format!("There is no organization role {key}."));
        Refusal::new(axum::http::StatusCode::NOT_FOUND, fault.with_meta(json!({ "param_name": "role" })))
    })
}
