//! What a user of `clerk-mcp` sees: the program is started as a process and talked to from outside.

mod harness;

mod access;
mod access_tokens;
mod bad_arguments;
mod broken_upstream;
mod calls_in_flight;
mod clerk_refusals;
mod command_line;
mod component_imports;
mod egress;
mod every_tool;
mod fuzz;
mod health;
mod http_limits;
mod http_messages;
mod http_sessions;
mod http_shutdown;
mod invitations;
mod issuer_keys;
mod keys;
mod members;
mod oauth;
mod organizations;
mod policy;
mod protocol;
mod retries;
mod rounds;
mod sandbox;
mod secrecy;
mod stdio_end;
mod stdio_greeting;
mod stdio_input;
mod telemetry;
mod users;
