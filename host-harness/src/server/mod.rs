//! MCP, served from the component.

mod answers;
mod apps;
mod asking;
mod call;
mod caller;
mod consent;
mod conversation;
mod convert;
mod decided;
mod failure;
mod handler;
mod instances;
mod introduction;
mod keeping;
mod listing;
mod merging;
mod mode;
mod named_call;
mod named_text;
mod naming;
mod panics;
mod questions;
mod recording;
mod redemption;
mod rounds;
mod seal;
mod shown_questions;
mod state;
mod stopped;
mod subscriptions;
#[path = "../../../adapters/guarded-tools/src/token_words.rs"]
mod token_words;
mod waiting;

pub(crate) use convert::tool as to_mcp;
pub(crate) use instances::{Instances, ServedInstance};
pub(crate) use introduction::shorten;
pub(crate) use merging::{list_of_several, reports_policy};
pub(crate) use mode::{MissingKey, Mode, Narrowed, OnlyJson, RequestKey, Sessionless, Unasked};
pub(crate) use recording::{Recorder, is_final, name_of};
pub(crate) use state::Server;
pub(crate) use subscriptions::MOST_SUBSCRIPTIONS;
