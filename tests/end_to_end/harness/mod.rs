//! What the tests stand on: the program as a process, the ways to talk to it, and stand-ins for Clerk.

pub(crate) mod answer;
pub(crate) mod canary;
pub(crate) mod clerk;
pub(crate) mod client;
pub(crate) mod collector;
pub(crate) mod event_stream;
pub(crate) mod examples;
pub(crate) mod fixtures;
pub(crate) mod http;
pub(crate) mod http_server;
pub(crate) mod issuer;
pub(crate) mod mutation;
pub(crate) mod patience;
pub(crate) mod program;
pub(crate) mod proxy;
pub(crate) mod reply;
pub(crate) mod signing;
pub(crate) mod stdio_session;
pub(crate) mod tls;
pub(crate) mod transcript;
pub(crate) mod upstream;
pub(crate) mod wire;

pub(crate) use answer::Answer;
pub(crate) use canary::KEY;
pub(crate) use clerk::Clerk;
pub(crate) use client::Client;
pub(crate) use collector::Collector;
pub(crate) use event_stream::EventStream;
pub(crate) use http_server::HttpServer;
pub(crate) use program::Program;
pub(crate) use reply::Reply;
pub(crate) use stdio_session::StdioSession;
pub(crate) use upstream::Upstream;
pub(crate) use wire::Wire;
