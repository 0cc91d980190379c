//! Organizations with their memberships and invitations.

use serde_json::json;

use super::{Case, case, listing};

const ORGANIZATION: &str = "/organizations/{organization_id}";
const METADATA: &str = "/organizations/{organization_id}/metadata";
const MEMBERSHIPS: &str = "/organizations/{organization_id}/memberships";
const MEMBERSHIP: &str = "/organizations/{organization_id}/memberships/{user_id}";
const MEMBERSHIP_METADATA: &str = "/organizations/{organization_id}/memberships/{user_id}/metadata";
const INVITATIONS: &str = "/organizations/{organization_id}/invitations";
const INVITATION: &str = "/organizations/{organization_id}/invitations/{invitation_id}";
const REVOCATION: &str = "/organizations/{organization_id}/invitations/{invitation_id}/revoke";
const BULK: &str = "/organizations/{organization_id}/invitations/bulk";

pub(super) fn organization_cases(acme: &str, ada: &str) -> Vec<Case> {
    let counts = "?include_members_count=true&include_missing_member_with_elevated_permissions=true";
    let new =
        json!({ "name": "New", "created_by": ada, "max_allowed_memberships": 9, "role_set_key": "role_set:default" });
    let metadata = || Some(json!({ "public_metadata": { "a": { "b": 1 } } }));
    vec![
        listing("/organizations", &[], "?limit=500", 200),
        listing("/organizations", &[], counts, 200),
        listing("/organizations", &[], "?limit=0&offset=x", 422),
        listing(ORGANIZATION, &["acme"], counts, 200),
        listing(ORGANIZATION, &["nobody"], "", 404),
        case("POST", "/organizations", &[], Some(new), 200),
        case("POST", "/organizations", &[], Some(json!({ "name": "Bare" })), 200),
        case("POST", "/organizations", &[], Some(json!({ "name": "New", "created_by": "user_x" })), 400),
        case("POST", "/organizations", &[], Some(json!({ "slug": "acme" })), 422),
        case("PATCH", ORGANIZATION, &[acme], Some(json!({ "name": "Acme", "max_allowed_memberships": 0 })), 200),
        case("PATCH", ORGANIZATION, &["org_x"], Some(json!({ "name": "Acme" })), 404),
        case("PATCH", ORGANIZATION, &[acme], metadata(), 422),
        case("PATCH", METADATA, &[acme], metadata(), 200),
        case("PATCH", METADATA, &[acme], Some(json!([])), 400),
        case("PATCH", METADATA, &["org_x"], metadata(), 404),
        case("PATCH", METADATA, &[acme], Some(json!({ "public_metadata": 1, "other": 2 })), 422),
        case("DELETE", ORGANIZATION, &["org_x"], None, 404),
        // Last, because the others need it.
        case("DELETE", ORGANIZATION, &[acme], None, 200),
    ]
}

pub(super) fn membership_cases(acme: &str, papaya: &str, [ada, alan, maya]: [&str; 3]) -> Vec<Case> {
    let member = |user: &str| Some(json!({ "user_id": user, "role": "org:member", "private_metadata": { "a": 1 } }));
    let role = |role: &str| Some(json!({ "role": role }));
    vec![
        listing(MEMBERSHIPS, &[acme], "?limit=500", 200),
        listing(MEMBERSHIPS, &[acme], "?order_by=role&limit=501", 422),
        listing(MEMBERSHIPS, &["org_x"], "", 404),
        case("POST", MEMBERSHIPS, &[acme], member(maya), 200),
        case("POST", MEMBERSHIPS, &[acme], member(ada), 400),
        case("POST", MEMBERSHIPS, &[papaya], member(ada), 403),
        case("POST", MEMBERSHIPS, &[acme], member("user_x"), 404),
        case("POST", MEMBERSHIPS, &[acme], Some(json!({})), 422),
        case("PATCH", MEMBERSHIP, &[acme, alan], role("org:admin"), 200),
        case("PATCH", MEMBERSHIP, &[papaya, maya], role("org:member"), 400),
        case("PATCH", MEMBERSHIP, &[acme, alan], role("org:owner"), 404),
        case("PATCH", MEMBERSHIP, &[acme, alan], Some(json!({})), 422),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, alan], Some(json!({ "public_metadata": { "a": 1 } })), 200),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, alan], Some(json!("text")), 400),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, "user_x"], None, 404),
        case("PATCH", MEMBERSHIP_METADATA, &[acme, alan], Some(json!({ "unsafe_metadata": {} })), 422),
        case("DELETE", MEMBERSHIP, &[papaya, maya], None, 400),
        case("DELETE", MEMBERSHIP, &[acme, "user_x"], None, 404),
        case("DELETE", MEMBERSHIP, &[acme, alan], None, 200),
    ]
}

pub(super) fn invitation_cases(acme: &str, papaya: &str, [ada, alan, _]: [&str; 3]) -> Vec<Case> {
    let invite = |address: &str, inviter: Option<&str>| {
        Some(json!({ "email_address": address, "role": "org:member", "inviter_user_id": inviter }))
    };
    vec![
        listing(INVITATIONS, &[acme], "?limit=500", 200),
        listing(INVITATIONS, &[acme], "?status=lost", 422),
        listing(INVITATIONS, &["org_x"], "", 404),
        case("POST", INVITATIONS, &[acme], invite("one@acme.example", Some(ada)), 200),
        case("POST", INVITATIONS, &[acme], invite("two@acme.example", None), 200),
        case("POST", INVITATIONS, &[acme], invite("one@acme.example", None), 400),
        case("POST", INVITATIONS, &[acme], invite("three@acme.example", Some(alan)), 403),
        case("POST", INVITATIONS, &[papaya], invite("four@acme.example", None), 403),
        case("POST", INVITATIONS, &["org_x"], invite("five@acme.example", None), 404),
        case("POST", INVITATIONS, &[acme], Some(json!({ "expires_in_days": 0 })), 422),
    ]
}

/// One that is there, and several that are not there yet.
pub(super) fn one_invitation_cases(acme: &str, invitation: &str, [ada, alan, _]: [&str; 3]) -> Vec<Case> {
    let invite = |number: usize| json!({ "email_address": format!("bulk{number}@acme.example"), "role": "org:member" });
    let bulk = |count: usize| Some((0..count).map(invite).collect());
    let revoker = |id: &str| Some(json!({ "requesting_user_id": id }));
    vec![
        listing(INVITATION, &[acme, invitation], "", 200),
        listing(INVITATION, &[acme, "orginv_x"], "", 404),
        case("POST", REVOCATION, &[acme, invitation], revoker(alan), 403),
        case("POST", REVOCATION, &[acme, invitation], revoker(ada), 200),
        case("POST", REVOCATION, &[acme, invitation], None, 404),
        case("POST", BULK, &[acme], bulk(11), 400),
        case("POST", BULK, &["org_x"], bulk(1), 404),
        case("POST", BULK, &[acme], Some(json!([{ "role": "org:member" }])), 422),
        case("POST", BULK, &[acme], bulk(10), 200),
    ]
}
