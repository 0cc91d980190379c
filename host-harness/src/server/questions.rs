//! Questions to people that wait for an answer in the middle of a call: how many may, and until when.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::conversation::Conversation;
use super::stopped::Stopped;
use crate::component::{Aborted, Caller, InputRequired, InputResponse};
use crate::in_flight::Lost;
use crate::key::KeyDigest;

/// The most questions of one caller that wait at once: of one key, and of one holder of access tokens where there are.
const MOST_OF_ONE: usize = 8;
/// The most questions that wait at once.
const MOST: usize = 64;

/// The questions that wait. Cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Questions(Arc<Mutex<HashMap<Asker, usize>>>);

/// The owner of calls that ask: a key, and a digest of the access token's holder.
type Asker = (KeyDigest, [u8; 32]);

/// A question that waits until this is dropped.
struct Question {
    asker: Asker,
    all: Questions,
}

impl Questions {
    fn open(&self, caller: &Caller) -> Result<Question, Aborted> {
        let holder = caller.who.subject.as_deref().unwrap_or_default();
        let asker = (caller.key.digest(), Sha256::digest(holder).into());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (of_one, of_all) = (all.get(&asker).copied().unwrap_or_default(), all.values().sum::<usize>());
        if of_one >= MOST_OF_ONE || of_all >= MOST {
            return Err(Aborted::TooManyQuestions(if of_one >= MOST_OF_ONE { MOST_OF_ONE } else { MOST }));
        }
        all.insert(asker, of_one + 1);
        Ok(Question { asker, all: self.clone() })
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        let mut all = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = all.get_mut(&self.asker) {
            *waiting -= 1;
            if *waiting == 0 {
                all.remove(&self.asker);
            }
        }
    }
}

impl Questions {
    /// Asks the client, and gives the call's place to others until the answer is there. A place is waited for as long as
    /// `within`.
    ///
    /// # Errors
    ///
    /// Nothing was asked, or there is no answer.
    pub(super) async fn ask(
        &self,
        caller: &Caller,
        conversation: &mut Conversation,
        required: InputRequired,
        within: Duration,
    ) -> Result<Vec<InputResponse>, Stopped> {
        let _question = self.open(caller).map_err(Stopped::Aborted)?;
        let answers = match conversation.in_flight() {
            Some(in_flight) => in_flight.aside(conversation.ask(required), within).await.map_err(|lost| {
                Stopped::Aborted(match lost {
                    Lost::Unattended => Aborted::Unattended,
                    Lost::NoPlace => Aborted::Busy,
                })
            })?,
            None => conversation.ask(required).await,
        };
        answers.map_err(Stopped::Unanswered)
    }
}
