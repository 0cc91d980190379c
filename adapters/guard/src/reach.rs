//! Whether the API answers.

use crate::bindings::wasi::clocks::monotonic_clock::subscribe_duration;
use crate::bindings::wasi::http::outgoing_handler;
use crate::bindings::wasi::http::types::{Fields, OutgoingRequest, Scheme};
use crate::bindings::wasi::io::poll::poll;
use crate::origin::Origin;

/// In nanoseconds.
const PATIENCE: u64 = 3_000_000_000;

/// Whether anything answers at the API's base URL within three seconds, but for a server that says it is broken.
pub(crate) fn api_answers(origin: &Origin) -> bool {
    status(origin).is_some_and(|status| status < 500)
}

fn status(origin: &Origin) -> Option<u16> {
    let request = OutgoingRequest::new(Fields::new());
    let scheme = if origin.is_https { Scheme::Https } else { Scheme::Http };
    request.set_scheme(Some(&scheme)).ok()?;
    request.set_authority(Some(&origin.authority)).ok()?;
    request.set_path_with_query(Some(&origin.base_path)).ok()?;
    let response = outgoing_handler::handle(request, None).ok()?;
    poll(&[&response.subscribe(), &subscribe_duration(PATIENCE)]);
    Some(response.get()?.ok()?.ok()?.status())
}
