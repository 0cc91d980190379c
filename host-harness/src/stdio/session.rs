//! Which requests a client may send at which time, where one process serves both eras of the protocol.

use std::collections::HashSet;

use rmcp::model::{
    ClientJsonRpcMessage, ClientRequest, ErrorCode, GetMeta as _, JsonRpcMessage, ProtocolVersion, RequestId,
    ServerJsonRpcMessage,
};
use serde_json::Value;

use super::message::refusal;
use crate::room::LONGEST_ID;
use crate::server::shorten;

/// What is to be remembered of a client.
#[derive(Default)]
pub(crate) struct Session {
    is_initialized: bool,
    /// Those of cancelled requests stay, as no id may be used again: an answer could still be on its way.
    unanswered: HashSet<RequestId>,
}

impl Session {
    /// Lets a message through to the server, or says with which error response it is refused.
    pub(crate) fn admit(&mut self, message: &mut ClientJsonRpcMessage) -> Result<(), Value> {
        match message {
            JsonRpcMessage::Request(message) => {
                let refuse = |code, reason: &str| refusal(Some(message.id.clone()), code, reason);
                // rmcp would take the answer of either for that of the other, and cancel the other.
                if self.unanswered.contains(&message.id) {
                    let reason = "a request with this `id` has no answer yet: give each request an `id` of its own";
                    return Err(refuse(ErrorCode::INVALID_REQUEST, reason));
                }
                let token = message.request.get_meta().get_progress_token().map(|token| token.0);
                let is_long = |id: &RequestId| matches!(id, RequestId::String(text) if text.len() > LONGEST_ID);
                if is_long(&message.id) || token.as_ref().is_some_and(is_long) {
                    let reason = format!("the `id` or the `progressToken` is longer than {LONGEST_ID} bytes");
                    return Err(refuse(ErrorCode::INVALID_PARAMS, &reason));
                }
                let admitted = self.admit_request(&mut message.request);
                admitted.map_err(|reason| refuse(ErrorCode::INVALID_PARAMS, &reason))?;
                self.unanswered.insert(message.id.clone());
            }
            JsonRpcMessage::Notification(_) | JsonRpcMessage::Response(_) | JsonRpcMessage::Error(_) => {}
        }
        Ok(())
    }

    /// Takes note of what the server sends.
    pub(crate) fn note(&mut self, message: &ServerJsonRpcMessage) {
        let id = match message {
            JsonRpcMessage::Response(response) => Some(&response.id),
            JsonRpcMessage::Error(error) => error.id.as_ref(),
            JsonRpcMessage::Request(_) | JsonRpcMessage::Notification(_) => None,
        };
        if let Some(id) = id {
            self.unanswered.remove(id);
        }
    }

    /// Requests wait until the client has said, once or in the request itself, which version it speaks.
    fn admit_request(&mut self, request: &mut ClientRequest) -> Result<(), String> {
        match request {
            ClientRequest::InitializeRequest(hello) => {
                self.is_initialized = true;
                shorten(&mut hello.params);
                // rmcp would take the version that is asked for as the one agreed on, also where its answer is another.
                if !hello.params.protocol_version.has_initialize() {
                    hello.params.protocol_version = ProtocolVersion::LATEST_WITH_INITIALIZE;
                }
                Ok(())
            }
            ClientRequest::PingRequest(_) | ClientRequest::DiscoverRequest(_) | ClientRequest::CustomRequest(_) => {
                Ok(())
            }
            _ if self.is_initialized || request.get_meta().protocol_version().is_some() => Ok(()),
            _ => Err(format!(
                "{} came before `initialize`: initialize a session first, or name the protocol version and the \
                 client's capabilities in `_meta` of each request, as version 2026-07-28 has it",
                request.method()
            )),
        }
    }
}
