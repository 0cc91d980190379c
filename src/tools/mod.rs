//! Every tool there is: start reading here, for example with `members.rs`. Each file in the list of toolsets is one Clerk
//! resource; what several of them share is in `objects.rs`, `parameters.rs` and `targets.rs`.

mod admission;
mod domains;
mod instance;
mod invitations;
mod members;
mod organizations;
mod review;
mod sessions;
mod users;

pub(crate) mod objects;
mod parameters;
pub(crate) mod targets;

use serde_json::{Map, Value};

use crate::api::{self, Api};
use crate::paging;
use crate::request::Endpoint;
use crate::tool::Toolset;
use crate::tool::check::check_all;
use crate::view::View;
use crate::view::read::Reading;

/// The toolsets, in the order in which their tools are listed.
pub(crate) const TOOLSETS: &[Toolset] = &[
    organizations::TOOLSET,
    members::TOOLSET,
    invitations::TOOLSET,
    users::TOOLSET,
    sessions::TOOLSET,
    admission::TOOLSET,
    instance::TOOLSET,
];

const _: () = check_all(TOOLSETS);

/// A report of the first pages of two lists, each by its name, with its view and the most that is asked for of it: nothing where
/// Clerk does not page it. One that cannot be had, for example because of the plan, does not keep the other away.
fn first_pages(sent: &Map<String, Value>, lists: &[(&'static str, Endpoint, &View, usize); 2], api: &dyn Api) -> Value {
    let requests = lists.map(|(_, endpoint, _, most)| {
        let mut query = sent.clone();
        if most > 0 {
            query.insert("limit".into(), most.into());
        }
        endpoint.request(query)
    });
    let (mut answers, mut parts) = (api.fetch_all(&requests), Vec::new());
    for (name, _, view, most) in lists {
        let asked = if *most > 0 { *most } else { usize::MAX };
        let bytes = api.policy().page_bytes() / lists.len();
        let answer = api::next(&mut answers);
        parts.push((*name, answer.and_then(|answer| paging::first(view, answer, (asked, asked), bytes))));
    }
    Reading::default().report(Map::new(), parts)
}
