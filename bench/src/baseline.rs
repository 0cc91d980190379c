//! Compares the processor time of calls with what it was: as multiples of the floor, which depend little on the machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use crate::api::Api;
use crate::calls::{CALLS, Call, GET_USER};
use crate::floor::Floor;
use crate::measured::{Figures, Server, Transport};

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.json");
/// The growth that fails, as a factor.
const TOLERATED: f64 = 1.2;
/// Short rounds, one of each call in turn: what else the machine does falls on all of them.
const ROUND: Duration = Duration::from_millis(200);
const ROUNDS: usize = 9;

/// Ratios by the calls' names.
type Ratios = BTreeMap<String, f64>;

pub(crate) fn write() {
    let text = serde_json::to_string_pretty(&measure()).expect("numbers are JSON");
    fs::write(BASELINE, text + "\n").expect("the baseline can be written");
    println!("written: {}", Path::new(BASELINE).display());
}

/// Fails where a call takes more than it may.
pub(crate) fn check() -> ExitCode {
    let text = fs::read_to_string(BASELINE).expect("there is a baseline: make bench-baseline");
    let baseline: Ratios = serde_json::from_str(&text).expect("the baseline maps names to numbers");
    let mut failed = false;
    println!("| CPU of a call, × floor | baseline | now | |\n|---|---|---|---|");
    let measured = measure();
    assert!(baseline.keys().eq(measured.keys()), "the baseline has other calls: make bench-baseline");
    for (name, now) in measured {
        let before = baseline[&name];
        let has_grown = now.is_nan() || now > before * TOLERATED;
        failed |= has_grown;
        let verdict = if has_grown { "FAILED" } else { "" };
        println!("| {name} | {before:.2} | {now:.2} ({:+.0} %) | {verdict} |", (now / before - 1.0) * 100.0);
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

struct Row {
    call: &'static Call,
    transport: Transport,
    in_flight: usize,
    server: Server,
    figures: Figures,
}

fn measure() -> Ratios {
    let api = Api::fast();
    let mut floor = Floor::new();
    let transports = [(Transport::Stdio, 16), (Transport::Http, 16), (Transport::Http, 64)];
    let of_user = transports.map(|(transport, in_flight)| (&GET_USER, transport, in_flight));
    let others = CALLS[1..].iter().map(|call| (call, Transport::Hosted, 16));
    let mut rows: Vec<Row> = of_user.into_iter().chain(others).map(|parts| Row::new(parts, &api)).collect();
    for _ in 0..ROUNDS {
        for Row { call, in_flight, server, figures, .. } in &mut rows {
            figures.measure(server, &mut floor, call, *in_flight, ROUND);
        }
    }
    rows.iter().map(|row| (row.name(), (row.figures.ratio() * 100.0).round() / 100.0)).collect()
}

impl Row {
    fn new((call, transport, in_flight): (&'static Call, Transport, usize), api: &Api) -> Self {
        let mut server = transport.start(api);
        server.client.run(call, in_flight, ROUND);
        Self { call, transport, in_flight, server, figures: Figures::default() }
    }

    fn name(&self) -> String {
        format!("{}, {}, {} in flight", self.call.label.replace('`', ""), self.transport.name(), self.in_flight)
    }
}
