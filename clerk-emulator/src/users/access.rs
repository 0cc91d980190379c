//! Letting users in or keeping them out: ban and unban, lock and unlock.

use super::User;
use crate::clock;
use crate::endpoint::{Answer, Call, answer};
use crate::state::World;

/// Signs the user out everywhere, too.
pub(crate) fn ban(world: &mut World, call: &mut Call) -> Answer {
    world.revoke_active_sessions_of(&call.parameter("user_id"));
    change(world, call, |user| user.banned = true)
}

/// Sessions that the ban revoked stay revoked.
pub(crate) fn unban(world: &mut World, call: &mut Call) -> Answer {
    change(world, call, |user| user.banned = false)
}

pub(crate) fn lock(world: &mut World, call: &mut Call) -> Answer {
    change(world, call, User::lock)
}

pub(crate) fn unlock(world: &mut World, call: &mut Call) -> Answer {
    change(world, call, User::unlock)
}

fn change(world: &mut World, call: &Call, change: fn(&mut User)) -> Answer {
    let user = world.user_mut(&call.parameter("user_id"))?;
    change(user);
    user.updated_at = clock::after(user.updated_at);
    answer(user)
}
