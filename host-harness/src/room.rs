//! The memory that messages may take while they are in work.
//!
//! A message is measured by its text before it is parsed: its bytes, and the values in it, because a small value takes far
//! more as a part of a tree than as text.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The largest message accepted where nobody says otherwise, in bytes: some ten times the largest arguments that a tool
/// takes.
pub(crate) const LARGEST_MESSAGE: usize = 256 * 1024;
/// The most values that a message may have: objects, arrays, texts, numbers and names.
pub(crate) const MOST_VALUES: usize = 16 * 1024;
/// The longest id or progress token of a request, in bytes: they are repeated to the client and kept meanwhile.
pub(crate) const LONGEST_ID: usize = 512;

/// The room for all messages in work, in bytes.
pub(crate) const FOR_MESSAGES: usize = 96 * 1024 * 1024;
/// The room for bodies that have not arrived whole, in bytes.
pub(crate) const FOR_BODIES: usize = 48 * 1024 * 1024;
/// The room for answers that their clients have not read, in bytes.
pub(crate) const FOR_ANSWERS: usize = 48 * 1024 * 1024;

/// What needs no room of its own, in bytes and in values, so that ordinary calls are served when the room is taken.
pub(crate) const SMALL: usize = 16 * 1024;
const FEW_VALUES: usize = 256;

/// The memory that a value takes at most, in bytes: an object with one member, in two trees while rmcp reads it.
const PER_VALUE: usize = 1024;
/// The times that the text of a message is held while it is parsed.
const COPIES: usize = 4;

/// A message as its text measures it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    bytes: usize,
    pub(crate) values: usize,
}

impl Size {
    pub(crate) fn of(text: &[u8]) -> Self {
        let (mut values, mut is_text, mut is_escaped) = (1, false, false);
        for byte in text {
            match byte {
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = is_text,
                b'"' => is_text = !is_text,
                b',' | b':' | b'[' | b'{' if !is_text => values += 1,
                _ => {}
            }
        }
        Self { bytes: text.len(), values }
    }

    pub(crate) fn has_too_many_values(self) -> bool {
        self.values > MOST_VALUES
    }
}

/// Room for things that take memory. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Room(Arc<Semaphore>);

/// A part of the room, free again when this is dropped.
pub(crate) type Share = OwnedSemaphorePermit;

impl Room {
    pub(crate) fn new(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes)))
    }

    /// The share that a message takes while it is in work, if it needs one.
    ///
    /// # Errors
    ///
    /// There is not enough room now.
    pub(crate) fn take_for(&self, size: Size) -> Result<Option<Share>, Full> {
        if size.bytes <= SMALL && size.values <= FEW_VALUES {
            return Ok(None);
        }
        self.take(size.bytes * COPIES + size.values.saturating_mul(PER_VALUE)).map(Some)
    }

    /// A share of so many bytes.
    ///
    /// # Errors
    ///
    /// There is not enough room now.
    pub(crate) fn take(&self, bytes: usize) -> Result<Share, Full> {
        let bytes = u32::try_from(bytes).map_err(|_| Full)?;
        Arc::clone(&self.0).try_acquire_many_owned(bytes).map_err(|_| Full)
    }
}

/// There is not enough room now.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Full;

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> usize {
        Size::of(text.as_bytes()).values
    }

    #[test]
    fn values_are_counted_outside_of_texts() {
        assert_eq!(values("1"), 1);
        assert_eq!(values("[1,2,3]"), 4);
        assert_eq!(values(r#"{"a":{},"b":[[]]}"#), 8);
        assert_eq!(values(r#""[,:{\"[,:{\\""#), 1);
        assert_eq!(values(r#"["\\",{}]"#), 4);
    }

    #[test]
    fn a_message_of_many_values_takes_more_than_its_text() {
        let room = Room::new(1024 * 1024);
        let many = Size::of("[],".repeat(400).as_bytes());
        let (first, second) = (room.take_for(many), room.take_for(many));
        assert!(first.is_ok_and(|share| share.is_some()) && second.is_err());
        assert!(room.take_for(many).is_ok_and(|share| share.is_some()), "what was dropped is free again");
    }

    #[test]
    fn small_messages_need_no_room() {
        assert!(Room::new(0).take_for(Size::of(br#"{"jsonrpc":"2.0"}"#)).is_ok_and(|share| share.is_none()));
    }
}
