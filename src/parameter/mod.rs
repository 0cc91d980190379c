//! The types that tools' parameters are made of: each says in its schema what it takes and refuses everything else.

mod date;
mod integer;
mod many;
mod metadata;
mod text;

pub(crate) use date::{Date, Rfc3339, from_milliseconds};
pub(crate) use integer::{Integer, Limit, Offset, default_limit, on};
pub(crate) use many::Many;
pub(crate) use metadata::Metadata;
pub(crate) use text::{
    Filled, InvitationId, OrderBy, Organization, OrganizationId, Resource, SessionId, Signed, Slug, SortKeys, Text,
    User, UserId,
};
