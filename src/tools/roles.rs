//! Roles: what members of organizations may do.

use crate::kind::{Kind, parameter};
use crate::object::Object;
use crate::paging::{LIMIT, OFFSET, Paging};
use crate::request::get;
use crate::tool::{self, Answer, Tool};
use crate::view::{View, many, page, text};

static OBJECT: Object = Object { name: "role", id: None, carried: &[], needed: None };

static ROLE: View = View(&[text("key"), text("name"), text("description"), many("permissions", &PERMISSION)]);
static PERMISSION: View = View(&[text("key"), text("name"), text("description")]);
static ROLES: View = View(&page(&ROLE));

pub(super) static LIST_ROLES: Tool = Tool {
    name: "clerk_list_roles",
    toolset: "members",
    title: "List roles",
    description: "List the roles that members of organizations can have, with their permissions. Other tools take a role \
                  by its key, for example `org:admin`.",
    endpoint: get("/organization_roles", &OBJECT),
    parameters: &[
        parameter("query", Kind::Text, "Text to search for in names and keys, or an exact id."),
        parameter(
            "order_by",
            Kind::SortKey(&["created_at", "name", "key"]),
            "Sort key, `-` before it for descending. Default `-created_at`.",
        )
        .shaping(),
        LIMIT,
        OFFSET,
    ],
    answer: Answer::Page(&ROLES, Paging::Total),
    example: r#"{"query":"admin"}"#,
    ..tool::READ
};
