//! The memory of answers, until their clients have read them.

use super::conversation::Conversation;
use crate::component::{Aborted, CallResult, ContentBlock};
use crate::room::{FOR_ANSWERS, Room, Size};

/// The text of an answer that needs no room of its own, in bytes: more than usual answers have.
const SMALL: usize = 128 * 1024;
/// The times that the text of an answer is held: by itself, and as a part of the message.
const COPIES: usize = 2;
/// The memory that a value of structured content takes, in bytes.
const PER_VALUE: usize = 160;

/// Takes the memory of an answer for as long as its request is in flight.
///
/// # Errors
///
/// Too many answers wait for their clients to read them.
pub(super) fn make_room(room: &Room, answer: &CallResult, conversation: &Conversation) -> Result<(), Aborted> {
    let text = |block: &ContentBlock| if let ContentBlock::Text(text) = block { text.len() } else { 0 };
    let structured = answer.structured_content.as_deref().unwrap_or_default();
    let bytes = structured.len() + answer.content.iter().map(text).sum::<usize>();
    let Some(in_flight) = conversation.in_flight().filter(|_| bytes > SMALL) else { return Ok(()) };
    let takes = bytes * COPIES + Size::of(structured.as_bytes()).values * PER_VALUE;
    // One that is larger than all the room has it to itself.
    in_flight.keep(room.take(takes.min(FOR_ANSWERS)).map_err(|_| Aborted::NoRoom)?);
    Ok(())
}
