//! Admission: who is let into the application itself, by invitation, from the waitlist, or by its lists of identifiers.

mod invitations;
mod restrictions;
mod waitlist;

use crate::tool::{self, Tool, Toolset};

const READ: Tool = Tool { toolset: "admission", is_listed: false, ..tool::READ };
const WRITE: Tool = Tool { toolset: "admission", is_listed: false, ..tool::WRITE };

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "admission",
    tools: &[
        &invitations::LIST_INVITATIONS,
        &invitations::CREATE_APP_INVITATION,
        &invitations::REVOKE_APP_INVITATION,
        &waitlist::LIST_WAITLIST_ENTRIES,
        &waitlist::INVITE_WAITLIST_ENTRY,
        &waitlist::REJECT_WAITLIST_ENTRY,
        &restrictions::LIST_RESTRICTIONS,
        &restrictions::BLOCK_IDENTIFIER,
    ],
};
