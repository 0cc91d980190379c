//! An in-memory stand-in for Clerk's Backend API, for demonstrations and tests: one process, no account, no network.
//!
//! Serve it, and point a client at `http://<address>/v1` with the secret key [`DEMO_SECRET_KEY`]:
//!
//! ```no_run
//! # async fn run() -> std::io::Result<()> {
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:4000").await?;
//! clerk_emulator::Emulator::sample().serve(listener).await
//! # }
//! ```
//!
//! It departs from Clerk on purpose in these ways:
//!
//! - One instance with one secret key. Everything lives in memory and is gone when the process ends.
//! - Nothing is sent: inviting somebody writes no email, and an invitation's ticket opens nothing.
//! - Nobody signs in: there are no sessions but those of the sample and those that a request creates.
//! - Time changes nothing: an invitation stays pending and a session active after they expire, a lock does not run out.
//! - Settings, restrictions and lists of who is allowed or blocked are kept and shown, and keep nobody out.
//! - Every group of operations is there, whether an instance would have it or not.
//! - There is no rate limit unless [`Emulator::rate_limit`] sets one, and then it is one limit for all requests.
//! - New ids come from a counter: the same requests in the same order give the same ids.
//! - Both API versions get the endpoints of 2026-05-12: users and organizations take metadata only at `/metadata`.
//! - Metadata is checked and stored, but no plan, feature or setting of an instance ever refuses a request.
//! - A new user needs an identifier, but never a password. Of passwords nothing but the length is checked and nothing
//!   kept; of second factors it is kept only that they exist. A password of eight characters is the right one of whoever has
//!   one, and 424242 is every code.
//! - Credentials in answers begin with `fake_` and open nothing.
//! - Where a new organization's slug is left out and its name's slug is taken, a number is added to it.
//!
//! It answers all operations of Clerk's `OpenAPI` document. Users, organizations, memberships, invitations to them, sessions
//! and roles have handlers of their own. For the others the table of facts that the operations of the tools are made of says
//! what is valid and what an answer looks like: what is created is kept, and is found, changed and removed then; what a
//! request does not say is made up. What is looked up elsewhere is not: templates are not rendered, domains are verified
//! when they are asked for, an identity provider is never called, a subscription costs nothing.

mod body;
mod clock;
mod emulator;
mod endpoint;
mod errors;
mod gate;
mod ids;
mod instance;
mod invitations;
mod memberships;
mod metadata;
mod operations;
mod organizations;
mod query;
mod requests;
mod roles;
mod routes;
mod sample;
mod sessions;
mod state;
mod store;
mod users;

pub use emulator::{DEMO_SECRET_KEY, Emulator};
pub use gate::RateLimit;
pub use requests::{RequestLog, SeenRequest};
