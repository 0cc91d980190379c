//! The instance itself.

use serde_json::json;

use crate::endpoint::{Answer, Call, answer};
use crate::ids;
use crate::state::World;

pub(crate) fn get(world: &mut World, _: &mut Call) -> Answer {
    answer(&json!({
        "object": "instance",
        "id": ids::id("ins", "sample"),
        "environment_type": if world.is_production { "production" } else { "development" },
        "allowed_origins": ["http://localhost:3000"],
        "workspace_id": ids::id("org", "the workspace that owns the application"),
    }))
}
