//! The instance itself.

use axum::http::Method;
use serde_json::json;

use crate::endpoint::{Answer, Call, Route, answer};
use crate::ids;
use crate::state::World;

pub(crate) const ROUTES: &[Route] = &[Route { method: Method::GET, path: "/instance", endpoint: get }];

fn get(world: &mut World, _: &mut Call) -> Answer {
    answer(&json!({
        "object": "instance",
        "id": ids::id("ins", "sample"),
        "environment_type": if world.is_production { "production" } else { "development" },
        "allowed_origins": ["http://localhost:3000"],
        "workspace_id": ids::id("org", "the workspace that owns the application"),
    }))
}
