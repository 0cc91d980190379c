//! MCP over Streamable HTTP, and the health of it.

#[path = "../../../adapters/mcp-http/src/accept.rs"]
mod accept;
#[path = "../../../adapters/mcp-http/src/address.rs"]
mod address;
mod addressing;
mod body;
mod connections;
mod endpoint;
mod expiry;
mod given;
mod idle;
mod key;
mod message;
mod narrow;
mod negotiation;
mod refusal;
mod routes;
mod sessions;
mod shared;
mod threads;
mod tied;

pub(crate) use shared::{Settings, bind, own_origins};
pub(crate) use threads::serve;
