//! Protects the state of a call while the client carries it: nobody can change it, keep it for long, or bring it along
//! with another call, other arguments, another key or as somebody else. Any replica with the same key can open it.

use std::time::Duration;

use rmcp::ErrorData;
use rmcp::model::{InputRequiredResult, RequestStateCodec, SealOptions};
use sha2::{Digest as _, Sha256};

use super::rounds::Call;
use super::{convert, failure};
use crate::component::{InputRequired, Round};

/// How long a client may take between two rounds.
const GOOD_FOR: Duration = Duration::from_mins(10);

/// What seals the state of one call. Most calls have none, so nothing is computed before there is one.
pub(super) struct Seal<'a> {
    pub(super) call: &'a Call<'a>,
    pub(super) method: &'static str,
}

impl Seal<'_> {
    /// The call that the state belongs to.
    fn belonging(&self) -> [u8; 32] {
        let mut digest = Sha256::new();
        let holder = self.call.caller.holder.as_deref().unwrap_or_default();
        for part in [self.method, self.call.name, &self.call.arguments, holder] {
            digest.update(part.len().to_le_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }

    fn codec(&self) -> Result<RequestStateCodec, ErrorData> {
        let secret = self.call.caller.key.derive("request state");
        RequestStateCodec::try_new(secret).map_err(|error| failure::internal(&error.to_string()))
    }

    /// The round with its state as the component gave it out.
    ///
    /// # Errors
    ///
    /// The state is not one that was given out for this call, or was given out too long ago.
    pub(super) fn open(&self, round: &Round) -> Result<Round, ErrorData> {
        let Some(sealed) = &round.state else { return Ok(round.clone()) };
        let opened = self.codec()?.open_with(sealed, &self.belonging()).map_err(|error| {
            let message = format!("{error}: make the call again, without a requestState");
            ErrorData::invalid_params(message, None)
        })?;
        let state = String::from_utf8(opened).map_err(|error| failure::internal(&error.to_string()))?;
        Ok(Round { state: Some(state), ..round.clone() })
    }

    /// What the client has to answer, with the state sealed.
    pub(super) fn input_required(&self, required: InputRequired) -> Result<InputRequiredResult, ErrorData> {
        let InputRequired { requests, state } = required;
        let seal = |state: String| {
            let belonging = self.belonging();
            let options = SealOptions::new().associated_data(&belonging).ttl(GOOD_FOR);
            self.codec().map(|codec| codec.seal_with(state.as_bytes(), &options))
        };
        let state = state.map(seal).transpose()?;
        let requests = requests.into_iter().map(|request| Ok((request.id.clone(), convert::input_request(&request)?)));
        let requests = requests.collect::<Result<_, ErrorData>>()?;
        Ok(InputRequiredResult::new(Some(requests), state))
    }
}
