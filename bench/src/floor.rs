//! The floor: the processor time of a call straight at the API, without MCP, in the same run as the program's.
//!
//! One thread asks for the user, answers as the API, parses the answer and prints it, as every server has to. It waits for
//! nobody, so that this is as steady as the processor: the program's time goes up and down with it, and the ratio stays.

use std::hint::black_box;
use std::io::{self, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use serde_json::Value;

use crate::{answers, api, http};

/// The calls of one measurement.
const CALLS: u32 = 2000;

pub(crate) struct Floor {
    client: BufReader<TcpStream>,
    api: BufReader<TcpStream>,
}

impl Floor {
    pub(crate) fn new() -> Self {
        Self::connect().expect("a connection to itself")
    }

    fn connect() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let client = TcpStream::connect(listener.local_addr()?)?;
        let api = listener.accept()?.0;
        client.set_nodelay(true)?;
        api.set_nodelay(true)?;
        Ok(Self { client: BufReader::new(client), api: BufReader::new(api) })
    }

    /// Processor time of one call.
    pub(crate) fn measure(&mut self) -> Duration {
        let before = own_time();
        for _ in 0..CALLS {
            let user = self.call().expect("the user");
            assert!(user.contains("user_2bench"));
            black_box(user);
        }
        own_time().saturating_sub(before) / CALLS
    }

    fn call(&mut self) -> io::Result<String> {
        let key = format!("authorization: Bearer {}\r\n", api::key(0));
        http::send(self.client.get_mut(), "GET /v1/users/user_2bench", &key, "")?;
        let (line, body) = api::receive(&mut self.api)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        api::send(self.api.get_mut(), &answers::answer(&line, &body))?;
        let user: Value = serde_json::from_str(&http::receive(&mut self.client)?)?;
        Ok(user.to_string())
    }
}

/// Processor time of this thread so far.
fn own_time() -> Duration {
    // The kernel counts it when the thread stops running.
    thread::sleep(Duration::from_nanos(1));
    crate::process::schedstat(Path::new("/proc/thread-self")).expect("the kernel keeps account of processor time")
}
