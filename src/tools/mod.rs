//! Every tool there is: start reading here, for example with `members.rs`. Each file in the list of toolsets is one Clerk
//! resource; what several of them share is in `objects.rs`, `parameters.rs` and `targets.rs`.

mod instance;
mod invitations;
mod members;
mod organizations;
mod sessions;
mod users;

mod objects;
mod parameters;
pub(crate) mod targets;

use crate::tool::Toolset;
use crate::tool::check::check_all;

/// The toolsets, in the order in which their tools are listed.
pub(crate) const TOOLSETS: &[Toolset] = &[
    organizations::TOOLSET,
    members::TOOLSET,
    invitations::TOOLSET,
    users::TOOLSET,
    sessions::TOOLSET,
    instance::TOOLSET,
];

const _: () = check_all(TOOLSETS);
