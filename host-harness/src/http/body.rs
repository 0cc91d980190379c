//! Reads the body of a request: of limited size, in limited time, and in limited room for all that are unfinished.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use super::refusal::Refusal;
use crate::room::{Room, SMALL, Share};

/// What a body may take.
pub(super) struct Bounds<'a> {
    /// Its largest size, in bytes.
    pub(super) most: usize,
    pub(super) within: Duration,
    /// Room for what arrives of all bodies.
    pub(super) room: &'a Room,
}

/// A body that has arrived whole.
#[derive(Default)]
pub(super) struct Whole {
    pub(super) bytes: Bytes,
    _shares: Vec<Share>,
}

/// The whole body, or why it is not read.
pub(super) async fn read(mut body: Body, bounds: &Bounds<'_>) -> Result<Whole, Refusal> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    let read = if announced > bounds.most {
        Err(Refusal::too_large(bounds.most))
    } else {
        let arrives = timeout(bounds.within, arrive(&mut body, bounds)).await;
        arrives.unwrap_or_else(|_| Err(Refusal::too_slow(bounds.within)))
    };
    if read.as_ref().is_err_and(Refusal::leaves_a_rest) {
        discard(body, bounds.within);
    }
    read
}

async fn arrive(body: &mut Body, bounds: &Bounds<'_>) -> Result<Whole, Refusal> {
    let (mut bytes, mut shares, mut room) = (Vec::new(), Vec::new(), SMALL);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Refusal::broken_off())?.into_data() else { continue };
        let length = bytes.len() + data.len();
        if length > bounds.most {
            return Err(Refusal::too_large(bounds.most));
        }
        if length > room {
            // A few shares, not one for each piece.
            let more = length.next_power_of_two() - room;
            shares.push(bounds.room.take(more).map_err(|_| Refusal::no_room())?);
            room += more;
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Whole { bytes: bytes.into(), _shares: shares })
}

/// Goes on reading in the background: a client that is still sending when the connection closes may never see why it
/// was refused.
fn discard(mut body: Body, within: Duration) {
    let rest = async move { while let Some(Ok(_)) = body.frame().await {} };
    tokio::spawn(timeout(within, rest));
}
