//! Every tool there is: start reading here. Each file is one Clerk resource.

mod instance;
mod invitations;
mod members;
mod objects;
mod organizations;
mod parameters;
mod roles;
mod sessions;
mod targets;
mod users;

pub(crate) use targets::primary_email_address;

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
