//! Questions as the page shows them: which call asks, since when and until when. What is asked stays out of it.

use std::time::{Duration, SystemTime};

use super::call::{Call, Ended};
use super::consent::Purpose;
use super::conversation::ANSWER_WITHIN;
use super::redemption::GOOD_FOR;
use super::state::Server;
use super::stopped::Stopped;
use crate::page::recent::{Question, Waiting};

impl Server {
    /// Shows, until this is dropped, that a call waits for an answer.
    pub(super) fn waiting(&self, call: &Call<'_>) -> Option<Waiting> {
        self.shared.telemetry.recent().map(|recent| recent.ask(self.question(call, ANSWER_WITHIN)))
    }

    /// Shows that a call has ended with a question or a token, until it is made again or that is good no more.
    pub(super) fn asked<T>(&self, purpose: &Purpose<'_>, ended: &Result<Ended<T>, Stopped>) {
        let (Some(recent), Ok(Ended::InputRequired(_) | Ended::ConsentRequired(_))) =
            (self.shared.telemetry.recent(), ended)
        else {
            return;
        };
        recent.give_out(purpose.name(), self.question(purpose.call, GOOD_FOR));
    }

    /// Shows no longer what a call was given out that brings it back.
    pub(super) fn answered(&self, purpose: &Purpose<'_>) {
        let Call { token, round, .. } = purpose.call;
        if (token.is_some() || round.state.is_some())
            && let Some(recent) = self.shared.telemetry.recent()
        {
            recent.take_back(purpose.name());
        }
    }

    fn question(&self, call: &Call<'_>, within: Duration) -> Question {
        let since = SystemTime::now();
        Question {
            name: self.shared.telemetry.known(call.name),
            instance: call.instance.name.clone(),
            who: call.caller.who.clone(),
            since,
            until: since + within,
        }
    }
}
