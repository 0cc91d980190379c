//! What becomes of calls when a connection over HTTP/2 ends under them, or the API refuses them: reads are made again, and
//! of a write it is told whether it may have been made.

use std::sync::Arc;

use super::{api, read, warm, write};
use crate::harness::http2::{Fate, Http2};
use crate::harness::http2_frames::{Frames, Reaction};
use crate::harness::patience::wait_until;
use crate::harness::tls::TlsFront;
use crate::harness::{StdioSession, Upstream};

const UNKNOWN: &str = "The change may or may not have been made: read the current state before you repeat this call.";
const NOTHING_SENT: &str = "Nothing was sent, so nothing changed.";

/// An API of which the first request of a call has this fate.
fn setting(fate: Fate) -> (Upstream, TlsFront, StdioSession) {
    let api = api();
    let front = TlsFront::http2(api.address, Http2::once(1, fate));
    let session = warm(front.program());
    (api, front, session)
}

/// The same where a server of frames reacts to that request.
fn frames(reaction: Reaction) -> (Arc<Frames>, TlsFront, StdioSession) {
    let frames = Arc::new(Frames::on_first_call(reaction));
    let front = TlsFront::frames(&frames);
    let session = warm(front.program());
    (frames, front, session)
}

fn assert_not_made(session: &StdioSession) {
    let failure = write(session).failure();
    assert_eq!(failure["code"], "connection_failed", "{failure}");
    assert!(failure["hint"].as_str().is_some_and(|hint| hint.starts_with(NOTHING_SENT)), "{failure}");
    read(session).output();
}

#[test]
fn a_read_that_is_refused_is_made_again_on_the_same_connection() {
    let (api, front, session) = setting(Fate::Refused);
    read(&session).output();
    let accepted = front.accepted();
    assert_eq!((accepted.len(), accepted[0].requests.len(), api.count()), (1, 3, 2), "{accepted:?}");
}

#[test]
fn a_read_that_is_refused_each_time_is_given_up() {
    let api = api();
    let is_read = |line: &str| if line.starts_with("GET ") { Fate::Refused } else { Fate::Answered };
    let front = TlsFront::http2(api.address, Http2::deciding(move |asked| is_read(&asked.line)));
    let session = front.program().stdio();
    assert_eq!(read(&session).failure()["code"], "connection_failed");
    let requests: Vec<_> = front.accepted().into_iter().flat_map(|one| one.requests).collect();
    assert_eq!(requests.iter().filter(|line| line.starts_with("GET ")).count(), 3, "{requests:?}");
}

#[test]
fn a_write_that_is_refused_was_not_made_and_is_not_sent_again() {
    let (api, _front, session) = setting(Fate::Refused);
    assert_not_made(&session);
    assert_eq!(api.writes(), ["HEAD /v1"]);
}

#[test]
fn a_connection_that_ends_after_its_last_answer_is_followed_by_another() {
    let (api, front, session) = setting(Fate::Last);
    read(&session).output();
    wait_until("the connection ends", || !front.accepted()[0].is_open);
    assert_eq!(write(&session).output()["id"], "org_1");
    assert_eq!((front.accepted().len(), api.count()), (2, 3));
}

#[test]
fn a_read_whose_connection_is_lost_is_made_again() {
    let (api, front, session) = setting(Fate::Lost);
    read(&session).output();
    assert_eq!((front.accepted().len(), api.count()), (2, 3));
}

#[test]
fn a_write_whose_connection_is_lost_is_left_in_doubt_and_not_sent_again() {
    let (api, front, session) = setting(Fate::Lost);
    let failure = write(&session).failure();
    assert_eq!((&failure["code"], &failure["hint"]), (&"connection_error".into(), &UNKNOWN.into()), "{failure}");
    read(&session).output();
    assert_eq!((api.writes().len(), front.accepted().len()), (2, 2), "{:?}", api.writes());
}

#[test]
fn a_read_that_the_end_of_a_connection_leaves_out_is_made_again_on_another() {
    let (frames, front, session) = frames(Reaction::GoAway);
    read(&session).output();
    assert_eq!((frames.count(), front.accepted().len()), (3, 2));
}

#[test]
fn a_write_that_the_end_of_a_connection_leaves_out_was_not_made_and_is_not_sent_again() {
    let (frames, front, session) = frames(Reaction::GoAway);
    assert_not_made(&session);
    assert_eq!((frames.count(), front.accepted().len()), (3, 2));
}

/// A connection of which nothing comes any more takes one call's time in part, and no other call with it.
#[test]
fn a_connection_without_a_sign_of_life_is_given_up() {
    let (frames, front, session) = frames(Reaction::Silence);
    read(&session).output();
    assert_eq!((frames.count(), front.accepted().len()), (3, 2));
}
