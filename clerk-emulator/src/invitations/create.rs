//! Inviting: one person, or several in one request.

use super::check_admin;
use super::shape::{Invitation, Status, view};
use crate::body::Fields;
use crate::clock::{self, DAY};
use crate::endpoint::{Answer, Call, Envelope, answer};
use crate::errors::{Fault, Refusal};
use crate::metadata::Metadata;
use crate::roles;
use crate::state::World;

const DEFAULT_LIFETIME_DAYS: i64 = 30;
/// How many invitations one request makes at most.
const BULK_LIMIT: usize = 10;

/// What a request says about an invitation.
struct Draft {
    email_address: String,
    role: String,
    inviter_id: Option<String>,
    public_metadata: Metadata,
    private_metadata: Metadata,
    lifetime: i64,
}

impl Draft {
    fn read(fields: &mut Fields) -> Self {
        let draft = Self {
            email_address: fields.required_email("email_address"),
            role: fields.required_text("role"),
            inviter_id: fields.text("inviter_user_id"),
            public_metadata: fields.metadata("public_metadata"),
            private_metadata: fields.metadata("private_metadata"),
            lifetime: {
                check_redirect_url(fields);
                read_lifetime(fields)
            },
        };
        fields.flag("notify");
        draft
    }
}

pub(crate) fn one(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let draft = Draft::read(&mut fields);
    fields.finish()?;
    let organization_id = call.parameter("organization_id");
    world.organization(&organization_id)?;
    invite(world, &organization_id, draft)?;
    answer(&view(world, &world.invitations[world.invitations.len() - 1]))
}

/// Makes all invitations or, if one of them cannot be made, none.
pub(crate) fn all(world: &mut World, call: &mut Call) -> Answer {
    let mut list = call.list_of_fields(BULK_LIMIT)?;
    let drafts: Vec<Draft> = list.iter_mut().map(Draft::read).collect();
    Fields::finish_all(list)?;
    let organization_id = call.parameter("organization_id");
    world.organization(&organization_id)?;

    let before = world.invitations.len();
    let invited = drafts.into_iter().try_for_each(|draft| invite(world, &organization_id, draft));
    if let Err(refusal) = invited {
        world.invitations.truncate(before);
        return Err(refusal);
    }
    let data: Vec<_> = world.invitations[before..].iter().map(|invitation| view(world, invitation)).collect();
    answer(&Envelope { total_count: data.len(), data })
}

fn invite(world: &mut World, organization_id: &str, draft: Draft) -> Result<(), Refusal> {
    let role = roles::find(world, &draft.role)?;
    if let Some(inviter_id) = &draft.inviter_id {
        check_admin(world, organization_id, inviter_id, "cannot invite to it")?;
    }
    check_invitee(world, organization_id, &draft.email_address)?;
    let now = clock::now();
    let invitation = Invitation {
        id: world.new_id("orginv"),
        organization_id: organization_id.to_owned(),
        email_address: draft.email_address,
        role,
        inviter_id: draft.inviter_id,
        status: Status::Pending,
        public_metadata: draft.public_metadata,
        private_metadata: draft.private_metadata,
        expires_at: now + draft.lifetime * DAY,
        created_at: now,
        updated_at: now,
    };
    world.invitations.push(invitation);
    Ok(())
}

fn check_redirect_url(fields: &mut Fields) {
    let url = fields.text("redirect_url");
    if url.is_some_and(|url| !url.starts_with("https://") && !url.starts_with("http://")) {
        fields.refuse(Fault::format("redirect_url", "must be a valid URL"));
    }
}

/// After how many days the invitation expires.
fn read_lifetime(fields: &mut Fields) -> i64 {
    let days = fields.integer("expires_in_days").unwrap_or(DEFAULT_LIFETIME_DAYS);
    if !(1..=365).contains(&days) {
        fields.refuse(Fault::value("expires_in_days", "must be between 1 and 365"));
    }
    days
}

fn check_invitee(world: &World, organization_id: &str, email_address: &str) -> Result<(), Refusal> {
    let mut members = world.members_of(organization_id).filter_map(|membership| world.users.get(&membership.user_id));
    if members.any(|user| user.has_email(email_address)) {
        return Err(Refusal::already_a_member(email_address));
    }
    if world.pending_invitations_of(organization_id).any(|invitation| invitation.email_address == email_address) {
        let detail = "There is a pending invitation to the organization for this email address already.";
        let message = "organization invitation not unique";
        return Err(Refusal::bad_request("organization_invitation_not_unique", message, detail));
    }
    world.check_room_in(world.organization(organization_id)?)
}
