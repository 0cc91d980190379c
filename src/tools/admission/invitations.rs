//! Invitations to the application, to no organization.

use super::{READ, WRITE};
use crate::danger::{Danger, Effect};
use crate::ids::Resource;
use crate::kind::{Fallback, Kind, parameter};
use crate::paging::{LIMIT, OFFSET, Paging};
use crate::request::post;
use crate::target::{Fact, Look, Target};
use crate::tool::{Answer, Tool, Undo};
use crate::tools::objects::{self, LIST_APP_INVITATIONS};
use crate::tools::parameters::PUBLIC_METADATA;
use crate::tools::targets::INVITATION_SUMMARY;
use crate::view::{View, metadata, page, secret, text, time, untrusted};

/// An invitation to the application, less its URL: who has the URL can sign up with it.
static INVITATION: View = View(&[
    text("id"),
    untrusted("email_address"),
    text("status"),
    time("created_at"),
    time("updated_at"),
    time("expires_at"),
    metadata("public_metadata"),
]);
static INVITATIONS: View = View(&page(&INVITATION));

/// One that was just made, with its URL.
static NEW_INVITATION: View =
    View(&[text("id"), untrusted("email_address"), text("status"), secret("url"), time("expires_at")]);

pub(super) static LIST_INVITATIONS: Tool = Tool {
    name: "clerk_list_invitations",
    title: "List invitations to the application",
    description: "List invitations to the application itself, newest first, less revoked ones. Those to an organization \
                  are in clerk_list_organization_invitations.",
    endpoint: LIST_APP_INVITATIONS,
    parameters: &[
        parameter(
            "status",
            Kind::OneOf(&["pending", "accepted", "revoked", "expired"]),
            "Only invitations in this state.",
        ),
        parameter("query", Kind::Contact, "Part of an email address, or an exact id."),
        parameter(
            "order_by",
            Kind::SortKey(&["created_at", "email_address", "expires_at"]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&INVITATIONS, Paging::Probe),
    example: r#"{"status":"pending"}"#,
    ..READ
};

pub(super) static CREATE_APP_INVITATION: Tool = Tool {
    name: "clerk_create_app_invitation",
    title: "Invite to the application",
    description: "Invite somebody to sign up, to no organization (for that, clerk_create_invitation). Clerk emails them a \
                  link, unless `notify` is false. The link is never shown, and goes to a file where the operator keeps secrets.",
    endpoint: post("/invitations", &objects::APP_INVITATION),
    parameters: &[
        parameter("email_address", Kind::EmailAddress, "The email address of the person to invite.").required(),
        parameter("redirect_url", Kind::Text, "The URL that the link leads to."),
        parameter(
            "expires_in_days",
            Kind::Integer { min: 1, max: 365 },
            "How many days the invitation stays valid. Default 30.",
        ),
        parameter("notify", Kind::Flag, "Whether Clerk sends the email.").or(Fallback::Flag(true)),
        parameter("ignore_existing", Kind::Flag, "Invite also who was invited before or has an account."),
        parameter(
            "template_slug",
            Kind::OneOf(&["invitation", "waitlist_invitation"]),
            "The template of the email. Default `invitation`.",
        ),
        PUBLIC_METADATA.described("Metadata that the frontend can read; becomes the user's."),
    ],
    answer: Answer::One(&NEW_INVITATION),
    effect: Effect::Creates,
    danger: Danger::Access,
    undo: Undo::With(&REVOKE_APP_INVITATION),
    sentence: "Invite {arguments.email_address} to the application",
    lasting: "The email that Clerk sends cannot be taken back.",
    example: r#"{"email_address":"grace@example.com"}"#,
    ..WRITE
};

/// There is no endpoint that gets one invitation.
static TARGET: Target = Target {
    look: Look::searched(
        LIST_APP_INVITATIONS,
        "invitation_id",
        (
            "there is no invitation of this id, or it is revoked already",
            "Those that there are: clerk_list_invitations; nothing was changed.",
        ),
    ),
    facts: &[Fact::Part("invitation", "", &INVITATION_SUMMARY)],
    typed: &[],
};

pub(super) static REVOKE_APP_INVITATION: Tool = Tool {
    name: "clerk_revoke_app_invitation",
    title: "Revoke an invitation to the application",
    description: "Revoke an invitation to the application, so that its link stops working. Where anybody may sign up, they \
                  still can without it.",
    endpoint: post("/invitations/{invitation_id}/revoke", &objects::APP_INVITATION),
    parameters: &[
        parameter("invitation_id", Kind::Id(Resource::AppInvitation), "The invitation's id, `inv_…`.").required()
    ],
    answer: Answer::One(&INVITATION),
    effect: Effect::Removes,
    danger: Danger::Access,
    target: Some(&TARGET),
    sentence: "Revoke the invitation of {invitation} to the application",
    lasting: "Its link stops working for good; the person can be invited anew.",
    example: r#"{"invitation_id":"inv_2abc"}"#,
    ..WRITE
};
