//! A call under measurement: rounds of it, each between two of the floor.

use std::time::{Duration, Instant};

use crate::api::Api;
use crate::calls::Call;
use crate::floor::Floor;
use crate::http::Http;
use crate::process::Program;
use crate::stdio::Stdio;

/// An MCP client that checks each answer.
pub(crate) trait Client {
    /// Asks once for the tools.
    fn list(&mut self);

    /// Keeps `in_flight` calls under way for a while, one each at least; how long each took.
    fn run(&mut self, call: &Call, in_flight: usize, time: Duration) -> Vec<Duration>;
}

#[derive(Clone, Copy)]
pub(crate) enum Transport {
    Stdio,
    Http,
    /// HTTP, where callers bring keys.
    Hosted,
}

impl Transport {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stdio => "stdio",
            Self::Http => "HTTP",
            Self::Hosted => "HTTP with callers' keys",
        }
    }

    /// A program with its client, which has seen the tools.
    pub(crate) fn start(self, api: &Api) -> Server {
        let arguments: &[&str] =
            if matches!(self, Self::Stdio) { &["stdio"] } else { &["http", "--listen", "127.0.0.1:0"] };
        let program = Program::start(arguments, api, !matches!(self, Self::Hosted));
        let mut client: Box<dyn Client> = match self {
            Self::Stdio => Box::new(Stdio::start(&program)),
            Self::Http => Box::new(Http::start(&program, false)),
            Self::Hosted => Box::new(Http::start(&program, true)),
        };
        client.list();
        Server { program, client }
    }
}

/// A running program, and the client of it.
pub(crate) struct Server {
    pub(crate) program: Program,
    pub(crate) client: Box<dyn Client>,
}

/// The rounds of one call.
#[derive(Default)]
pub(crate) struct Figures {
    /// Processor time of a call, in ms.
    cpu: Vec<f64>,
    /// Processor time of a call as a multiple of the floor's.
    ratios: Vec<f64>,
    latencies: Vec<Duration>,
    elapsed: Duration,
}

impl Figures {
    /// Adds a round of this length.
    pub(crate) fn measure(
        &mut self,
        server: &mut Server,
        floor: &mut Floor,
        call: &Call,
        in_flight: usize,
        time: Duration,
    ) {
        let floor_before = floor.measure();
        let (before, begin) = (server.program.processor_time(), Instant::now());
        let latencies = server.client.run(call, in_flight, time);
        let elapsed = begin.elapsed();
        let cpu = server.program.processor_time().saturating_sub(before).as_secs_f64() / count(&latencies);
        let floor = (floor_before + floor.measure()).as_secs_f64() / 2.0;
        self.cpu.push(cpu * 1e3);
        self.ratios.push(cpu / floor);
        self.elapsed += elapsed;
        self.latencies.extend(latencies);
    }

    /// Processor time of a call in ms: the median of the rounds.
    pub(crate) fn cpu(&self) -> f64 {
        median(&self.cpu)
    }

    /// Processor time of a call as a multiple of the floor's: the median of the rounds.
    pub(crate) fn ratio(&self) -> f64 {
        median(&self.ratios)
    }

    pub(crate) fn calls_per_second(&self) -> f64 {
        count(&self.latencies) / self.elapsed.as_secs_f64()
    }

    /// The time in ms that this share of the calls took at most, in percent.
    pub(crate) fn percentile(&self, share: usize) -> f64 {
        let mut latencies = self.latencies.clone();
        latencies.sort_unstable();
        latencies[(latencies.len() - 1) * share / 100].as_secs_f64() * 1e3
    }
}

#[expect(clippy::cast_precision_loss, reason = "far fewer calls than a double counts exactly")]
fn count(latencies: &[Duration]) -> f64 {
    latencies.len() as f64
}

pub(crate) fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}
