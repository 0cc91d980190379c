//! Organization invitations: emails that ask somebody to join an organization.

use serde_json::Value;

use super::parameters::{ORGANIZATION_ID, PRIVATE_METADATA, PUBLIC_METADATA};
use super::{objects, targets};
use crate::api::Api;
use crate::arguments::Arguments;
use crate::danger::{Danger, Effect};
use crate::error::Failure;
use crate::ids::Resource;
use crate::kind::{Fallback, Kind, Parameter, parameter};
use crate::paging::{INCLUDE_PRIVATE_METADATA, LIMIT, OFFSET, Paging};
use crate::request::{Endpoint, post};
use crate::steps::{Step, Steps};
use crate::tool::{self, Answer, Tool, Toolset, Undo};
use crate::view::read::Reading;
use crate::view::{View, many, metadata, page, private, secret, steps, text, time, untrusted};

const READ: Tool = Tool { toolset: "invitations", ..tool::READ };
const WRITE: Tool = Tool { toolset: "invitations", ..tool::WRITE };

pub(crate) const TOOLSET: Toolset = Toolset {
    name: "invitations",
    tools: &[
        &LIST_ORGANIZATION_INVITATIONS,
        &GET_ORGANIZATION_INVITATION,
        &CREATE_INVITATION,
        &CREATE_INVITATIONS_BULK,
        &REVOKE_ORGANIZATION_INVITATION,
    ],
};

/// An invitation to an organization, less its URL: who has the URL can accept the invitation.
pub(super) static INVITATION: View = View(&[
    text("id"),
    untrusted("email_address"),
    text("organization_id"),
    text("role"),
    text("role_name"),
    text("status"),
    text("inviter_id"),
    time("created_at"),
    time("updated_at"),
    time("expires_at"),
    metadata("public_metadata"),
    private("private_metadata"),
]);
static INVITATIONS: View = View(&page(&INVITATION));
/// An invitation that was just made: the operator may want to hand over its URL.
static NEW_INVITATION: View = View(&[
    text("id"),
    untrusted("email_address"),
    text("organization_id"),
    text("role"),
    text("role_name"),
    text("status"),
    secret("url"),
    text("inviter_id"),
    time("created_at"),
    time("updated_at"),
    time("expires_at"),
    metadata("public_metadata"),
    private("private_metadata"),
]);
static INVITED: View = View(&steps(many("done", &NEW_INVITATION)));

const CREATE: Endpoint = post("/organizations/{organization_id}/invitations", &objects::INVITATION);

const INVITATION_ID: Parameter =
    parameter("invitation_id", Kind::Id(Resource::Invitation), "The invitation's id, `orginv_…`.").required();
const EMAIL_ADDRESS: Parameter =
    parameter("email_address", Kind::EmailAddress, "The email address of the person to invite.");
const ROLE: Parameter =
    parameter("role", Kind::Word, "Their role once they accept, for example `org:member`.").required();
const INVITER_USER_ID: Parameter = parameter(
    "inviter_user_id",
    Kind::Id(Resource::User),
    "The inviting user, `user_…`: an administrator of the organization.",
);
const REDIRECT_URL: Parameter =
    parameter("redirect_url", Kind::Text, "The URL that they are sent to once they accept.");
const EXPIRES_IN_DAYS: Parameter = parameter(
    "expires_in_days",
    Kind::Integer { min: 1, max: 365 },
    "How many days the invitation stays valid. Default 30.",
);
const NOTIFY: Parameter = parameter("notify", Kind::Flag, "Whether Clerk sends the email.").or(Fallback::Flag(true));

static LIST_ORGANIZATION_INVITATIONS: Tool = Tool {
    name: "clerk_list_organization_invitations",
    title: "List an organization's invitations",
    description: "List an organization's invitations, newest first, for example the pending ones.",
    endpoint: objects::LIST_INVITATIONS,
    parameters: &[
        ORGANIZATION_ID.required(),
        parameter(
            "status",
            Kind::Many(&Kind::OneOf(&["pending", "accepted", "revoked", "expired"]), 100),
            "Only invitations in one of these states.",
        ),
        EMAIL_ADDRESS.described("Only invitations of this exact email address."),
        parameter(
            "order_by",
            Kind::SortKey(&["created_at", "email_address"]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        INCLUDE_PRIVATE_METADATA,
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&INVITATIONS, Paging::Total),
    example: r#"{"organization_id":"org_2abc","status":["pending"]}"#,
    ..READ
};

static GET_ORGANIZATION_INVITATION: Tool = Tool {
    name: "clerk_get_organization_invitation",
    title: "Get an invitation",
    is_listed: false,
    description: "Get one invitation by its id, with all its metadata.",
    endpoint: objects::GET_INVITATION,
    parameters: &[ORGANIZATION_ID.required(), INVITATION_ID],
    answer: Answer::One(&INVITATION),
    example: r#"{"organization_id":"org_2abc","invitation_id":"orginv_2abc"}"#,
    ..READ
};

static CREATE_INVITATION: Tool = Tool {
    name: "clerk_create_invitation",
    title: "Invite to an organization",
    description: "Invite somebody to an organization. Clerk emails them a link to accept, unless `notify` is false. The \
                  link itself is never shown; where the operator keeps secrets, it goes to a file.",
    endpoint: CREATE,
    parameters: &[
        ORGANIZATION_ID.required(),
        EMAIL_ADDRESS.required(),
        ROLE,
        INVITER_USER_ID,
        REDIRECT_URL,
        EXPIRES_IN_DAYS,
        NOTIFY,
        PUBLIC_METADATA.described("Metadata that the frontend can read; becomes the membership's."),
        PRIVATE_METADATA.described("Metadata that only the backend may see; becomes the membership's."),
    ],
    answer: Answer::One(&NEW_INVITATION),
    effect: Effect::Creates,
    danger: Danger::Access,
    target: Some(&targets::ORGANIZATION),
    undo: Undo::With(&REVOKE_ORGANIZATION_INVITATION),
    sentence: "Invite {arguments.email_address} to {organization} as {arguments.role}",
    lasting: "The email that Clerk sends cannot be taken back.",
    example: r#"{"organization_id":"org_2abc","email_address":"grace@example.com","role":"org:member"}"#,
    ..WRITE
};

static CREATE_INVITATIONS_BULK: Tool = Tool {
    name: "clerk_create_invitations_bulk",
    title: "Invite several people to an organization",
    description: "Invite up to 10 people to an organization in the same role. Each one is tried by itself: the answer \
                  says who was invited, who was not and why, and who is left to try.",
    endpoint: CREATE,
    parameters: &[
        ORGANIZATION_ID.required(),
        parameter("email_address", Kind::Many(&Kind::EmailAddress, 10), "The email addresses of the people to invite.")
            .required(),
        ROLE,
        INVITER_USER_ID,
        REDIRECT_URL,
        EXPIRES_IN_DAYS.described("How many days the invitations stay valid. Default 30."),
        NOTIFY.described("Whether Clerk sends the emails."),
    ],
    answer: Answer::One(&INVITED),
    effect: Effect::Creates,
    danger: Danger::Access,
    target: Some(&targets::ORGANIZATION),
    sentence: "Invite {arguments.email_address} to {organization} as {arguments.role}",
    lasting: "The emails that Clerk sends cannot be taken back; the invitations can be revoked one by one.",
    example: r#"{"organization_id":"org_2abc","email_address":["grace@example.com"],"role":"org:member"}"#,
    run: Some(invite_each),
    ..WRITE
};

/// One request for each, so that one that Clerk refuses does not keep it from the others.
#[expect(clippy::unnecessary_wraps, reason = "other tools' steps can fail as a whole")]
fn invite_each(arguments: &Arguments, api: &dyn Api) -> Result<Value, Failure> {
    let invite = |address: String| {
        let mut sent = arguments.sent().clone();
        sent.insert(EMAIL_ADDRESS.name.into(), address.as_str().into());
        Step { of: address, request: CREATE.request(sent) }
    };
    let steps = arguments.texts(&EMAIL_ADDRESS).into_iter().map(invite).collect();
    let mut done = 0;
    let [steps] = Steps::run([Ok(steps)], api, &mut |_, invitation| {
        let mut reading = Reading::of_list("done");
        let invited = reading.item(&NEW_INVITATION, done, invitation);
        done += 1;
        let (invited, secrets) = reading.take_secrets(invited);
        api.keep(secrets);
        invited
    });
    Ok(steps.into())
}

static REVOKE_ORGANIZATION_INVITATION: Tool = Tool {
    name: "clerk_revoke_organization_invitation",
    title: "Revoke an invitation",
    description: "Revoke a pending invitation, so that its link stops working.",
    endpoint: post("/organizations/{organization_id}/invitations/{invitation_id}/revoke", &objects::INVITATION),
    parameters: &[
        ORGANIZATION_ID.required(),
        INVITATION_ID,
        parameter(
            "requesting_user_id",
            Kind::Id(Resource::User),
            "The revoking user, `user_…`: an administrator of the organization.",
        ),
    ],
    answer: Answer::One(&INVITATION),
    effect: Effect::Removes,
    danger: Danger::Access,
    target: Some(&targets::INVITATION),
    sentence: "Revoke the invitation of {invitation} to {organization}",
    lasting: "Its link stops working for good; the person can be invited anew.",
    example: r#"{"organization_id":"org_2abc","invitation_id":"orginv_2abc"}"#,
    ..WRITE
};
