//! The waitlist: people who have asked to be let into the application.

use super::{READ, WRITE};
use crate::danger::{Danger, Effect};
use crate::kind::{Kind, Parameter, parameter};
use crate::object::{By, Object, carried};
use crate::paging::{LIMIT, OFFSET, Paging};
use crate::request::{Endpoint, get, post};
use crate::target::{Fact, Look, Target};
use crate::tool::{Answer, Tool};
use crate::view::{View, flag, one, page, secret, text, time, untrusted};

static WAITLIST_ENTRY: Object = Object {
    name: "waitlist_entry",
    id: None,
    carried: &[carried("waitlist_entry_id", "id", By::Ids), carried("status", "status", By::Filter)],
    needed: None,
};

const LIST: Endpoint = get("/waitlist_entries", &WAITLIST_ENTRY);

/// A person on the waitlist, less the URL of their invitation: who has it can sign up with it.
static ENTRY: View = View(&[
    text("id"),
    untrusted("email_address"),
    text("status"),
    flag("is_locked"),
    one("invitation", &INVITATION),
    time("created_at"),
    time("updated_at"),
]);
static INVITATION: View = View(&[text("id"), text("status"), time("created_at"), time("expires_at")]);
/// One that was just invited, with the URL of the invitation.
static INVITED_ENTRY: View =
    View(&[text("id"), untrusted("email_address"), text("status"), one("invitation", &NEW_INVITATION)]);
static NEW_INVITATION: View = View(&[text("id"), secret("url"), time("expires_at")]);
static ENTRIES: View = View(&page(&ENTRY));

static SUMMARY: View = View(&[text("id"), untrusted("email_address"), text("status"), time("created_at")]);

const WAITLIST_ENTRY_ID: Parameter =
    parameter("waitlist_entry_id", Kind::Key, "The entry's id, from clerk_list_waitlist_entries.").required();

/// There is no endpoint that gets one entry.
static TARGET: Target = Target {
    look: Look::searched(
        LIST,
        WAITLIST_ENTRY_ID.name,
        (
            "there is no waitlist entry of this id",
            "Those that there are: clerk_list_waitlist_entries; nothing was changed.",
        ),
    ),
    facts: &[Fact::Part("entry", "", &SUMMARY)],
    typed: &[],
};

pub(super) static LIST_WAITLIST_ENTRIES: Tool = Tool {
    name: "clerk_list_waitlist_entries",
    title: "List the waitlist",
    description: "List who has asked to be let into the application, newest first, for example those who are pending.",
    endpoint: LIST,
    parameters: &[
        parameter(
            "status",
            Kind::OneOf(&["pending", "invited", "completed", "rejected"]),
            "Only entries in this state.",
        ),
        parameter("query", Kind::Contact, "Part of an email address, or an exact id."),
        parameter(
            "order_by",
            Kind::SortKey(&["created_at", "email_address", "invited_at"]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&ENTRIES, Paging::Total),
    example: r#"{"status":"pending"}"#,
    ..READ
};

pub(super) static INVITE_WAITLIST_ENTRY: Tool = Tool {
    name: "clerk_invite_waitlist_entry",
    title: "Invite somebody from the waitlist",
    description: "Let somebody on the waitlist in: Clerk emails them an invitation to sign up.",
    endpoint: post("/waitlist_entries/{waitlist_entry_id}/invite", &WAITLIST_ENTRY),
    parameters: &[
        WAITLIST_ENTRY_ID,
        parameter("ignore_existing", Kind::Flag, "Invite also who was invited before or has an account."),
    ],
    answer: Answer::One(&INVITED_ENTRY),
    effect: Effect::Creates,
    danger: Danger::Access,
    target: Some(&TARGET),
    sentence: "Invite {entry.email_address} from the waitlist to the application",
    lasting: "The email that Clerk sends cannot be taken back; the invitation can be revoked.",
    example: r#"{"waitlist_entry_id":"wle_2abc"}"#,
    ..WRITE
};

pub(super) static REJECT_WAITLIST_ENTRY: Tool = Tool {
    name: "clerk_reject_waitlist_entry",
    title: "Reject somebody on the waitlist",
    description: "Turn somebody on the waitlist down. Clerk has no way back to pending.",
    endpoint: post("/waitlist_entries/{waitlist_entry_id}/reject", &WAITLIST_ENTRY),
    parameters: &[WAITLIST_ENTRY_ID],
    answer: Answer::One(&ENTRY),
    effect: Effect::Overwrites,
    danger: Danger::Irreversible,
    target: Some(&TARGET),
    sentence: "Reject {entry.email_address}, who is on the waitlist",
    lasting: "Clerk has no way back from rejected to pending. The link of an invitation that they have already stays \
              valid (clerk_revoke_app_invitation).",
    example: r#"{"waitlist_entry_id":"wle_2abc"}"#,
    ..WRITE
};
