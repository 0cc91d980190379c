//! The instance itself.

use serde_json::{Value, json};

use crate::endpoint::{Answer, Call, answer};
use crate::ids;
use crate::state::World;

pub(crate) fn get(world: &mut World, _: &mut Call) -> Answer {
    let set = world.store.all("instance").first().and_then(|set| set.get("allowed_origins")).cloned();
    answer(&json!({
        "object": "instance",
        "id": ids::id("ins", "sample"),
        "environment_type": if world.is_production { "production" } else { "development" },
        "allowed_origins": set.unwrap_or_else(|| Value::from(vec!["http://localhost:3000"])),
        "workspace_id": ids::id("org", "the workspace that owns the application"),
    }))
}
