//! Everything that takes somebody out of the application, in one call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::api::Api;
use crate::arguments::Problem;
use crate::error::Failure;
use crate::parameter::{UserId, on};
use crate::request::{Parameters, Request, delete, get, post};
use crate::target::Target;
use crate::tool::{About, Danger, Effect, Tool, Undo};
use crate::tools::members::Membership;
use crate::tools::sessions;
use crate::tools::steps::Steps;
use crate::view::List;

/// How many memberships one call removes.
const MOST_REMOVED: u64 = 100;

/// Take a user out of the application: ban them, sign them out everywhere, and remove them from all organizations. Each
/// step is tried and reported. The account itself stays.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OffboardUser {
    /// The user's id, `user_…`.
    user_id: UserId,
    /// Whether to ban them first of all, so that they cannot sign in again.
    #[serde(default = "on")]
    ban: bool,
}

/// What came of each step.
#[derive(Deserialize, Serialize, JsonSchema)]
pub(super) struct Offboarded {
    user_id: String,
    /// The user's id where they were banned, or why they were not.
    ban: Steps<String>,
    /// The ids of the sessions that were revoked, those that were not, and those that are left.
    sessions: Steps<String>,
    /// The same for the organizations that they were removed from.
    memberships: Steps<String>,
    /// Whether everything is done. Otherwise look at what failed, and call again.
    is_complete: bool,
}

impl OffboardUser {
    fn remove_memberships(&self, api: &dyn Api) -> Result<(Steps<String>, bool), Failure> {
        let theirs = json!({ "user_id": self.user_id, "limit": MOST_REMOVED });
        let request = Parameters::of(&theirs).request(&get("/users/{user_id}/organization_memberships"));
        let memberships: List<Membership> = List::read(&api.fetch(&request)?, None, false)?;
        let ids = memberships.data.into_iter().filter_map(|membership| membership.organization?.id);
        let steps = Steps::run(ids, api, |id| {
            let membership = Parameters::of(&json!({ "organization_id": id, "user_id": self.user_id }));
            let endpoint = delete("/organizations/{organization_id}/memberships/{user_id}");
            api.fetch(&membership.request(&endpoint)).map(|_| id.to_owned())
        });
        Ok((steps, memberships.has_more))
    }

    /// The ban, which is never left for want of requests or time: it is the first thing that is written, and where it is not
    /// let through, nothing is.
    fn ban(&self, api: &dyn Api) -> Result<Steps<String>, Failure> {
        if !self.ban {
            return Ok(Steps::none());
        }
        let id = self.user_id.as_str().to_owned();
        let request = Parameters::of(&json!({ "user_id": id })).request(&post("/users/{user_id}/ban"));
        match api.fetch(&request) {
            Ok(_) => Ok(Steps { done: vec![id], ..Steps::none() }),
            Err(failure) if failure.is_too_many() => Err(failure),
            Err(failure) => Ok(Steps { failed: vec![failure.into_step(id)], ..Steps::none() }),
        }
    }
}

impl Tool for OffboardUser {
    type Output = Offboarded;

    const ABOUT: About = About {
        name: "clerk_offboard_user",
        title: "Off-board a user",
        sentence: "Off-board {user}",
        effect: Effect::Removes,
        danger: Danger::Irreversible,
        access_parameters: &[],
        endpoint: get("/users/{user_id}"),
        target: Target::User,
        undo: Undo::None,
        lasting: "Their sessions and memberships are gone with the memberships' roles and metadata; only the ban can be \
                  lifted.",
        example: r#"{"user_id":"user_2abc"}"#,
    };

    fn request(&self) -> Result<Request, Problem> {
        Ok(Parameters::of(self).only(["user_id"]).request(&Self::ABOUT.endpoint))
    }

    /// A part that fails as a whole, for example because organizations are switched off, is a failed step.
    fn run(&self, _: &Request, api: &dyn Api) -> Result<Self::Output, Failure> {
        let ban = self.ban(api)?;
        let (sessions, more_sessions) = Steps::found("sessions", api, || sessions::revoke_all(&self.user_id, api));
        let (memberships, more_memberships) = Steps::found("memberships", api, || self.remove_memberships(api));
        let is_complete =
            !more_sessions && !more_memberships && [&sessions, &memberships, &ban].into_iter().all(Steps::is_complete);
        Ok(Offboarded { user_id: self.user_id.as_str().to_owned(), ban, sessions, memberships, is_complete })
    }
}
