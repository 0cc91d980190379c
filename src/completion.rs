//! Values that the beginning of an argument may mean, looked up in the instance.

use pins::Pins;
use serde_json::{Map, Value};

use crate::policy::Policy;
use crate::request::Request;
use crate::tool::Tool;
use crate::tools::targets::primary_email_address;
use crate::{catalogue, exit};

/// The most values that are offered.
const MOST: usize = 20;

/// The kinds of values that an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Values {
    /// Anything: nothing is offered.
    Any,
    /// Slugs, or ids where somebody has typed one (Clerk finds whole ids only) or where there is no slug.
    Organizations,
    UserIds,
    /// Primary email addresses, or ids where somebody has begun to type one.
    EmailAddresses,
    /// Keys of organization roles.
    Roles,
}

/// Values to choose from, the likeliest first.
#[derive(Default)]
pub(crate) struct Offer {
    pub(crate) values: Vec<String>,
    /// The number of values there are, if that is known.
    pub(crate) total: Option<u32>,
    pub(crate) has_more: bool,
}

impl Values {
    /// The only value there is for a call that is kept to it.
    pub(crate) fn pinned(self, pins: Pins<'_>) -> Option<&str> {
        match self {
            Self::Organizations => pins.organization,
            Self::UserIds | Self::EmailAddresses => pins.user,
            Self::Any | Self::Roles => None,
        }
    }

    /// The request that finds those which `typed` may mean; none where nothing is offered or allowed.
    pub(crate) fn request(self, typed: &str, policy: &Policy) -> Option<Request> {
        let tool = self.source()?;
        policy.check(tool.subject()).ok()?;
        let mut search = Map::new();
        if !typed.is_empty() {
            search.insert("query".into(), typed.into());
        }
        // One more than offered tells whether there are more.
        search.insert("limit".into(), (MOST + 1).into());
        Some(tool.endpoint.request(search))
    }

    /// The tool that lists these values too.
    fn source(self) -> Option<&'static Tool> {
        let name = match self {
            Self::Any => return None,
            Self::Organizations => "clerk_list_organizations",
            Self::UserIds | Self::EmailAddresses => "clerk_list_users",
            Self::Roles => "clerk_list_roles",
        };
        catalogue::find(name).ok()
    }

    /// The values in an answer: a list, or one in an envelope.
    pub(crate) fn offer(self, typed: &str, answer: &Value) -> Offer {
        let list = answer.get("data").unwrap_or(answer).as_array().map(Vec::as_slice).unwrap_or_default();
        let values = list.iter().take(MOST).filter_map(|item| self.value(typed, item)).map(|value| exit::shown(&value));
        Offer {
            values: values.collect(),
            total: answer["total_count"].as_u64().and_then(|total| u32::try_from(total).ok()),
            has_more: list.len() > MOST,
        }
    }

    fn value(self, typed: &str, item: &Value) -> Option<String> {
        let field = |name: &str| item[name].as_str().filter(|text| !text.is_empty()).map(Into::into);
        match self {
            Self::Any => None,
            Self::UserIds => field("id"),
            Self::Roles => field("key"),
            Self::Organizations if typed.starts_with("org_") => field("id"),
            Self::Organizations => field("slug").or_else(|| field("id")),
            Self::EmailAddresses if typed.starts_with("user_") => field("id"),
            Self::EmailAddresses => {
                let address = primary_email_address(item);
                address.as_str().filter(|text| !text.is_empty()).map(Into::into).or_else(|| field("id"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Mode;
    use crate::policy::tests::STANDARD;
    use serde_json::json;

    fn offered(values: Values, typed: &str, answer: &Value) -> Vec<String> {
        values.offer(typed, answer).values
    }

    #[test]
    fn what_was_typed_is_searched_for() {
        let request = Values::Organizations.request("ac me", &STANDARD).expect("organizations are looked up");
        assert_eq!(request.path_and_query, "/organizations?limit=21&query=ac%20me");
        let request = Values::Roles.request("", &STANDARD).expect("roles are looked up");
        assert_eq!(request.path_and_query, "/organization_roles?limit=21");
    }

    #[test]
    fn nothing_is_looked_up_for_free_text_or_against_the_policy() {
        assert_eq!(Values::Any.request("a", &STANDARD), None);
        let toolsets = ["users".to_owned()];
        let users = Policy { mode: Mode::ReadOnly, toolsets: &toolsets, ..STANDARD };
        assert_eq!(Values::Organizations.request("a", &users), None);
        assert!(Values::UserIds.request("a", &users).is_some());
    }

    #[test]
    fn organizations_are_offered_by_slug_unless_an_id_was_begun() {
        let answer =
            json!({"data": [{"id": "org_1", "slug": "acme"}, {"id": "org_2", "slug": null}], "total_count": 2});
        assert_eq!(offered(Values::Organizations, "ac", &answer), ["acme", "org_2"]);
        assert_eq!(offered(Values::Organizations, "org_", &answer), ["org_1", "org_2"]);
        assert_eq!(Values::Organizations.offer("", &answer).total, Some(2));
    }

    #[test]
    fn people_are_offered_by_their_primary_email_address() {
        let addresses =
            json!([{"id": "idn_1", "email_address": "old@a.example"}, {"id": "idn_2", "email_address": "a@a.example"}]);
        let answer = json!([{"id": "user_1", "primary_email_address_id": "idn_2", "email_addresses": addresses}, {"id": "user_2"}]);
        assert_eq!(offered(Values::EmailAddresses, "a", &answer), ["a@a.example", "user_2"]);
        assert_eq!(offered(Values::EmailAddresses, "user_", &answer), ["user_1", "user_2"]);
        assert_eq!(offered(Values::UserIds, "a", &answer), ["user_1", "user_2"]);
    }

    #[test]
    fn more_than_are_offered_are_announced() {
        let many: Vec<Value> = (0..=MOST).map(|number| json!({"key": format!("org:role_{number}")})).collect();
        let offer = Values::Roles.offer("org:", &json!({"data": many, "total_count": 40}));
        assert_eq!((offer.values.len(), offer.total, offer.has_more), (MOST, Some(40), true));
    }

    #[test]
    fn what_opens_a_door_is_not_offered() {
        let answer = json!([{"id": "sk_live_abc"}, {"id": "a\u{200b}b"}]);
        assert_eq!(offered(Values::UserIds, "", &answer), ["sk_live_(not shown)", "ab"]);
    }

    #[test]
    fn what_was_not_expected_offers_nothing() {
        for answer in [json!(null), json!({}), json!({"data": "none"}), json!([1, null, {"id": 7}, {"id": ""}])] {
            assert_eq!(offered(Values::UserIds, "", &answer), [""; 0], "{answer}");
        }
    }
}
