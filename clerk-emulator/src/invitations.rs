//! Invitations to an organization: list and create.

use std::cmp::Ordering;

use axum::http::Method;
use serde::{Serialize, Serializer};
use serde_json::json;

use crate::body::Fields;
use crate::clock::{self, DAY};
use crate::endpoint::{Answer, Call, Envelope, Route, answer};
use crate::errors::{Fault, Refusal};
use crate::ids;
use crate::metadata::Metadata;
use crate::query::Query;
use crate::roles::{self, Role};
use crate::state::World;

pub(crate) const ROUTES: &[Route] = &[
    Route { method: Method::GET, path: "/organizations/{organization_id}/invitations", endpoint: list },
    Route { method: Method::POST, path: "/organizations/{organization_id}/invitations", endpoint: create },
];

const DEFAULT_LIFETIME_DAYS: i64 = 30;

/// What became of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Pending,
    Accepted,
    Revoked,
    Expired,
}

impl Status {
    const ALL: [Self; 4] = [Self::Pending, Self::Accepted, Self::Revoked, Self::Expired];

    fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// An invitation, without what is known about its inviter.
pub(crate) struct Invitation {
    pub(crate) id: String,
    pub(crate) organization_id: String,
    pub(crate) email_address: String,
    pub(crate) role: &'static Role,
    pub(crate) inviter_id: Option<String>,
    pub(crate) status: Status,
    pub(crate) public_metadata: Metadata,
    pub(crate) private_metadata: Metadata,
    pub(crate) expires_at: i64,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// An invitation in the shape that Clerk serves.
#[derive(Serialize)]
struct View<'a> {
    object: &'static str,
    id: &'a str,
    email_address: &'a str,
    role: &'a str,
    role_name: &'a str,
    organization_id: &'a str,
    inviter_id: Option<&'a str>,
    public_inviter_data: Option<PublicInviterData<'a>>,
    status: Status,
    public_metadata: &'a Metadata,
    private_metadata: &'a Metadata,
    url: Option<String>,
    expires_at: i64,
    created_at: i64,
    updated_at: i64,
}

#[derive(Serialize)]
struct PublicInviterData<'a> {
    user_id: &'a str,
    first_name: Option<&'a str>,
    last_name: Option<&'a str>,
    image_url: &'a str,
    has_image: bool,
    identifier: &'a str,
}

fn view<'a>(world: &'a World, invitation: &'a Invitation) -> View<'a> {
    let inviter = invitation.inviter_id.as_ref().and_then(|id| world.users.get(id));
    View {
        object: "organization_invitation",
        id: &invitation.id,
        email_address: &invitation.email_address,
        role: invitation.role.key,
        role_name: invitation.role.name,
        organization_id: &invitation.organization_id,
        inviter_id: invitation.inviter_id.as_deref(),
        public_inviter_data: inviter.map(|user| PublicInviterData {
            user_id: &user.id,
            first_name: user.first_name.as_deref(),
            last_name: user.last_name.as_deref(),
            image_url: &user.image_url,
            has_image: user.has_image,
            identifier: user.identifier().unwrap_or_default(),
        }),
        status: invitation.status,
        public_metadata: &invitation.public_metadata,
        private_metadata: &invitation.private_metadata,
        url: (invitation.status == Status::Pending).then(|| acceptance_url(&invitation.id)),
        expires_at: invitation.expires_at,
        created_at: invitation.created_at,
        updated_at: invitation.updated_at,
    }
}

/// The link that an invited person would follow. Whoever has it can join, so it is as secret as a password.
fn acceptance_url(id: &str) -> String {
    let claims = ids::letters(&format!("claims of {id}"), 120);
    let signature = ids::letters(&format!("signature of {id}"), 342);
    format!("https://clerk.sample.example/v1/tickets/accept?ticket=eyJhbGciOiJSUzI1NiJ9.{claims}.{signature}")
}

fn list(world: &mut World, call: &mut Call) -> Answer {
    let organization_id = call.parameter("organization_id");
    let query = &mut call.query;
    let statuses = read_statuses(query);
    let email_address = query.folded("email_address");
    let order = query.order(&["created_at", "email_address"]);
    let page = query.page();
    query.finish()?;
    world.organization(&organization_id)?;

    let mut found: Vec<&Invitation> = world
        .invitations_of(&organization_id)
        .filter(|invitation| statuses.is_empty() || statuses.contains(&invitation.status))
        .filter(|invitation| email_address.as_ref().is_none_or(|address| *address == invitation.email_address))
        .collect();
    found.sort_by(|left, right| order.apply(compare(order.field, left, right)));
    let total_count = found.len();
    answer(&Envelope { data: page.of(found).map(|found| view(world, found)).collect(), total_count })
}

fn read_statuses(query: &mut Query) -> Vec<Status> {
    let names = query.texts("status");
    let statuses = names.iter().filter_map(|name| Status::ALL.into_iter().find(|status| status.name() == name));
    let statuses: Vec<Status> = statuses.collect();
    if statuses.len() < names.len() {
        query.refuse(Fault::value("status", "must be one of pending, accepted, revoked, expired"));
    }
    statuses
}

fn compare(field: &str, left: &Invitation, right: &Invitation) -> Ordering {
    let by_field = match field {
        "email_address" => left.email_address.cmp(&right.email_address),
        _ => left.created_at.cmp(&right.created_at),
    };
    by_field.then_with(|| left.id.cmp(&right.id))
}

fn create(world: &mut World, call: &mut Call) -> Answer {
    let mut fields = call.fields()?;
    let email_address = fields.required_email("email_address");
    let role = fields.required_text("role");
    let inviter_id = fields.text("inviter_user_id");
    let (public_metadata, private_metadata) = (fields.metadata("public_metadata"), fields.metadata("private_metadata"));
    check_redirect_url(&mut fields);
    let lifetime = read_lifetime(&mut fields);
    fields.flag("notify");
    fields.finish()?;

    let organization_id = call.parameter("organization_id");
    world.organization(&organization_id)?;
    let role = roles::find(&role)?;
    if let Some(inviter_id) = &inviter_id {
        check_inviter(world, &organization_id, inviter_id)?;
    }
    check_invitee(world, &organization_id, &email_address)?;

    let now = clock::now();
    let invitation = Invitation {
        id: world.new_id("orginv"),
        organization_id,
        email_address,
        role,
        inviter_id,
        status: Status::Pending,
        public_metadata,
        private_metadata,
        expires_at: now + lifetime * DAY,
        created_at: now,
        updated_at: now,
    };
    world.invitations.push(invitation);
    answer(&view(world, &world.invitations[world.invitations.len() - 1]))
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

/// Only an administrator of the organization can invite somebody to it.
fn check_inviter(world: &World, organization_id: &str, inviter_id: &str) -> Result<(), Refusal> {
    world.user(inviter_id)?;
    let Some(membership) = world.membership(organization_id, inviter_id) else {
        let detail = format!("{inviter_id} is not a member of the organization, so cannot invite to it.");
        return Err(Refusal::forbidden(Fault::new("not_a_member_in_organization", "not a member", detail)));
    };
    if membership.role.key == roles::ADMIN {
        return Ok(());
    }
    let detail = format!("{inviter_id} is not an administrator of the organization, so cannot invite to it.");
    let fault = Fault::new("missing_organization_permission", "missing permission", detail);
    Err(Refusal::forbidden(fault.with_meta(json!({ "permissions": [roles::MANAGE_MEMBERSHIPS] }))))
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
