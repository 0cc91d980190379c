//! `mcp-server`: who serves.

use super::icons;
use crate::ClerkTools;
use crate::bindings::exports::clerk::mcp::mcp_server::{Guest, Policy, Server};
use crate::{catalogue, server};

impl Guest for ClerkTools {
    fn describe(policy: Policy) -> Server {
        Server {
            title: server::TITLE.into(),
            instructions: server::instructions(&(&policy).into()),
            website_url: Some(server::WEBSITE.into()),
            icons: icons(),
        }
    }

    fn check(policy: Policy) -> Vec<String> {
        catalogue::problems(&(&policy).into())
    }
}
