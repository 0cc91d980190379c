//! MCP on standard input and output: one message a line, and an answer to every line that is none.

mod message;
mod session;

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use anyhow::Context as _;
use rmcp::model::{ClientJsonRpcMessage, ErrorCode, GetExtensions as _, RequestId, ServerJsonRpcMessage};
use rmcp::service::{RoleServer, serve_directly};
use rmcp::transport::{StdioReader, StdioWriter, Transport, stdio_pipes};
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::{Mutex, Notify, Semaphore};
use tokio::task::JoinHandle;

use crate::pipes;
use crate::room::{self, LARGEST_MESSAGE, Room, Size};
use crate::server::Server;
use message::{Line, refusal};
use session::Session;

/// The longest line that is read, in bytes.
const LONGEST_LINE: usize = LARGEST_MESSAGE;
/// How much of a line is kept in memory while the rest of it is passed over, and how much after a long one.
const KEPT: usize = 64 * 1024;
/// How many bytes of answers may wait for a client that does not read them, before nothing more is read from it.
const MOST_WAITING: u32 = 16 * 1024 * 1024;

/// Serves until the input ends, the client no longer takes answers, or `stop` resolves; calls in flight get a few
/// seconds to finish.
pub(crate) async fn serve(server: Server, stop: impl Future<Output = ()> + Send + 'static) -> anyhow::Result<()> {
    let (input, output) = stdio_pipes();
    let streams = StandardStreams {
        input: Input::new(input),
        output: Arc::new(Output {
            writer: Mutex::new(output),
            room: Semaphore::new(MOST_WAITING as usize),
            closed: Notify::new(),
        }),
        stop: Box::pin(stop),
    };
    // rmcp's other way of serving ends when a session begins with a notification, and keeps to one era of the protocol
    // for good. `Session` does what this one leaves out.
    serve_directly(server, streams, None).waiting().await.context("serving standard input failed")?;
    Ok(())
}

struct StandardStreams {
    input: Input,
    output: Arc<Output>,
    stop: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Transport<RoleServer> for StandardStreams {
    type Error = io::Error;

    fn send(
        &mut self,
        message: ServerJsonRpcMessage,
    ) -> impl Future<Output = Result<(), Self::Error>> + Send + 'static {
        self.input.session.note(&message);
        let output = Arc::clone(&self.output);
        let line = serde_json::to_vec(&message);
        async move { output.write(line?).await }
    }

    /// rmcp drops this whenever something else happens, so nothing that it did may get lost.
    async fn receive(&mut self) -> Option<ClientJsonRpcMessage> {
        tokio::select! {
            () = &mut self.stop => None,
            () = self.output.closed.notified() => None,
            message = self.input.next(&self.output) => message,
        }
    }

    async fn close(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

struct Output {
    writer: Mutex<StdioWriter>,
    room: Semaphore,
    closed: Notify,
}

impl Output {
    /// Writes one line whole, after those that came before it.
    async fn write(&self, mut line: Vec<u8>) -> io::Result<()> {
        line.push(b'\n');
        let share = u32::try_from(line.len()).map_or(MOST_WAITING, |length| length.min(MOST_WAITING));
        let _share = self.room.acquire_many(share).await;
        let mut writer = self.writer.lock().await;
        let written = async {
            writer.write_all(&line).await?;
            writer.flush().await
        };
        match written.await {
            Ok(()) => Ok(()),
            Err(error) => {
                self.closed.notify_one();
                if pipes::is_closed(&error) { Ok(()) } else { Err(error) }
            }
        }
    }

    /// Waits while too many answers wait to be read.
    async fn has_room(&self) {
        let _ = self.room.acquire().await;
    }
}

struct Input {
    reader: BufReader<StdioReader>,
    line: Vec<u8>,
    /// The rest of a line that was refused for its length is still to come.
    is_passing_over: bool,
    session: Session,
    for_messages: Room,
    /// An error response on its way out, on a task of its own: it must not be cut off half-way.
    refusing: Option<JoinHandle<()>>,
}

/// What reading came upon.
enum Read {
    Line(Line),
    End,
}

impl Input {
    fn new(input: StdioReader) -> Self {
        let reader = BufReader::new(input);
        let for_messages = Room::new(room::FOR_MESSAGES);
        Self {
            reader,
            line: Vec::new(),
            is_passing_over: false,
            session: Session::default(),
            for_messages,
            refusing: None,
        }
    }

    /// The next message that the server can take; everything before it is answered here.
    async fn next(&mut self, output: &Arc<Output>) -> Option<ClientJsonRpcMessage> {
        loop {
            if let Some(refusing) = &mut self.refusing {
                let _ = refusing.await;
                self.refusing = None;
            }
            output.has_room().await;
            let line = match self.read().await {
                Ok(Read::Line(line)) => line,
                Ok(Read::End) => return None,
                Err(error) => {
                    tracing::warn!("standard input cannot be read: {error}");
                    return None;
                }
            };
            let refused = match line {
                Line::Message(mut message, size) => match self.admit(&mut message, size) {
                    Ok(()) => return Some(*message),
                    Err(refused) => refused,
                },
                Line::Refused(refused) => refused,
                Line::Ignored => continue,
            };
            let output = Arc::clone(output);
            self.refusing = Some(tokio::spawn(async move {
                if let Err(error) = output.write(refused.to_string().into_bytes()).await {
                    tracing::warn!("standard output cannot be written: {error}");
                }
            }));
        }
    }

    /// Lets a message through to the server, with the memory that it takes while it is in work, or says with which error
    /// response it is refused.
    fn admit(&mut self, message: &mut ClientJsonRpcMessage, size: Size) -> Result<(), Value> {
        if let ClientJsonRpcMessage::Request(request) = message {
            let share = self.for_messages.take_for(size).map_err(|_| no_room(&request.id))?;
            request.request.extensions_mut().insert(Arc::new(share));
        }
        self.session.admit(message)
    }

    /// Reads a line, also one that the end of the input ends. Where this is dropped half-way, the next one goes on.
    async fn read(&mut self) -> io::Result<Read> {
        loop {
            let most = if self.is_passing_over { KEPT } else { LONGEST_LINE + 1 };
            let mut reader = (&mut self.reader).take((most - self.line.len()) as u64);
            reader.read_until(b'\n', &mut self.line).await?;
            let is_cut_off = self.line.len() == most && !self.line.ends_with(b"\n");
            let read = if self.is_passing_over {
                None
            } else if is_cut_off {
                Some(Read::Line(Line::Refused(too_long())))
            } else if self.line.is_empty() {
                Some(Read::End)
            } else {
                Some(Read::Line(message::read(&self.line)))
            };
            self.is_passing_over = is_cut_off;
            self.line.clear();
            self.line.shrink_to(KEPT);
            if let Some(read) = read {
                return Ok(read);
            }
        }
    }
}

fn no_room(id: &RequestId) -> Value {
    let message = "this server is busy with as many large messages as it takes at once; try again";
    refusal(Some(id.clone()), ErrorCode::INTERNAL_ERROR, message)
}

fn too_long() -> Value {
    let message =
        format!("the line is longer than the {} KiB that a message may have; it was passed over", LONGEST_LINE >> 10);
    refusal(None, ErrorCode::INVALID_REQUEST, &message)
}
