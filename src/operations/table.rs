//! The operations, made by `build.rs`.

#![expect(clippy::unreadable_literal, reason = "nobody reads what is made")]

use serde_json::Value;

use super::Operation;
use crate::danger::{Danger, Effect};
use crate::ids::Resource;
use crate::kind::{Given, Kind, Sent};
use crate::object::{By, NO_OBJECT, Object, carried};
use crate::paging::Paging;
use crate::request::{Endpoint, Method};
use crate::target::{Fact, Look, Target};
use crate::tool::Answer;
use crate::tools::targets;
use crate::view::{
    View, flag, json, made_untrusted, many, metadata, number, one, page, page_with_cursor, private, secret, text,
    texts, time, untrusted, untrusted_texts,
};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
