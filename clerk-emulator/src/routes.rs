//! The operations with a handler of their own: one line each. All others are answered by the table of facts.

use axum::http::Method;

use crate::endpoint::{Endpoint, Handler};
use crate::{instance, invitations, memberships, organizations, roles, sessions, users};

/// One endpoint, with its path as Clerk's `OpenAPI` document writes it.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) endpoint: Endpoint,
}

/// Public, so no secret; nothing is signed with its other half.
const SIGNING_KEYS: &str =
    r#"{"keys":[{"use":"sig","kty":"RSA","kid":"ins_sample","alg":"RS256","n":"c2FtcGxl","e":"AQAB"}]}"#;

/// The routes. An endpoint that only has to be there has a fixed answer.
pub(crate) const ROUTES: &[Route] = &[
    get("/instance", instance::get),
    fixed(Method::GET, "/jwks", SIGNING_KEYS),
    get("/organizations", organizations::list),
    post("/organizations", organizations::write::create),
    get("/organizations/{organization_id}", organizations::get),
    patch("/organizations/{organization_id}", organizations::write::update),
    delete("/organizations/{organization_id}", organizations::delete),
    patch("/organizations/{organization_id}/metadata", organizations::merge_metadata),
    get("/organizations/{organization_id}/memberships", memberships::list),
    post("/organizations/{organization_id}/memberships", memberships::create),
    patch("/organizations/{organization_id}/memberships/{user_id}", memberships::update),
    delete("/organizations/{organization_id}/memberships/{user_id}", memberships::delete),
    patch("/organizations/{organization_id}/memberships/{user_id}/metadata", memberships::merge_metadata),
    get("/users/{user_id}/organization_memberships", memberships::list_of_user),
    get("/organizations/{organization_id}/invitations", invitations::list),
    post("/organizations/{organization_id}/invitations", invitations::create::one),
    post("/organizations/{organization_id}/invitations/bulk", invitations::create::all),
    get("/organizations/{organization_id}/invitations/{invitation_id}", invitations::get),
    post("/organizations/{organization_id}/invitations/{invitation_id}/revoke", invitations::revoke),
    get("/users/{user_id}/organization_invitations", invitations::list_of_user),
    get("/organization_roles", roles::list),
    get("/users", users::list),
    post("/users", users::create::create),
    get("/users/count", users::count),
    get("/users/{user_id}", users::get),
    patch("/users/{user_id}", users::update::update),
    delete("/users/{user_id}", users::delete),
    patch("/users/{user_id}/metadata", users::merge_metadata),
    post("/users/{user_id}/ban", users::access::ban),
    post("/users/{user_id}/unban", users::access::unban),
    post("/users/{user_id}/lock", users::access::lock),
    post("/users/{user_id}/unlock", users::access::unlock),
    get("/sessions", sessions::list),
    get("/sessions/{session_id}", sessions::get),
    post("/sessions/{session_id}/revoke", sessions::revoke),
];

const fn get(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::GET, path, endpoint: Endpoint::Handler(handler) }
}

const fn post(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::POST, path, endpoint: Endpoint::Handler(handler) }
}

const fn patch(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::PATCH, path, endpoint: Endpoint::Handler(handler) }
}

const fn delete(path: &'static str, handler: Handler) -> Route {
    Route { method: Method::DELETE, path, endpoint: Endpoint::Handler(handler) }
}

/// A route whose answer is this JSON.
const fn fixed(method: Method, path: &'static str, json: &'static str) -> Route {
    Route { method, path, endpoint: Endpoint::Fixed(json) }
}
