//! Reads the body of a request, of limited size and in limited time.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody as _};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use super::refusal::Refusal;

/// The whole body, or why it is not read.
pub(super) async fn read(mut body: Body, most: usize, within: Duration) -> Result<Bytes, Refusal> {
    let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if announced > most {
        discard(body, within);
        return Err(Refusal::too_large(most));
    }
    match timeout(within, Limited::new(&mut body, most).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            discard(body, within);
            Err(Refusal::too_large(most))
        }
        Ok(Err(_)) => Err(Refusal::broken_off()),
        Err(_) => Err(Refusal::too_slow(within)),
    }
}

/// Goes on reading in the background: a client that is still sending when the connection closes may never see why it
/// was refused.
fn discard(mut body: Body, within: Duration) {
    let rest = async move { while let Some(Ok(_)) = body.frame().await {} };
    tokio::spawn(timeout(within, rest));
}
