//! Prints the tables of `docs/benchmarks.md` in Markdown.

use std::time::{Duration, Instant};

use crate::api::Api;
use crate::calls::{CALLS, Call, GET_USER};
use crate::floor::Floor;
use crate::measured::{Figures, Server, Transport, median};
use crate::others::Others;

const WARM_UP: Duration = Duration::from_millis(500);
const ROUND: Duration = Duration::from_secs(1);
const ROUNDS: usize = 3;
const COLD_STARTS: usize = 15;

pub(crate) fn print() {
    let (api, others) = (Api::fast(), Others::new());
    let mut floor = Floor::new();
    println!("\n| transport | in flight | calls/s | p50 ms | p99 ms | CPU ms a call | × floor | most memory MB |");
    println!("|---|---|---|---|---|---|---|---|");
    let at_rest = [Transport::Stdio, Transport::Http].map(|transport| transports(transport, &api, &mut floor));
    println!("\n| transport | start to the first tools/list answer, ms | memory at rest, MB |");
    println!("|---|---|---|");
    for (transport, memory) in [Transport::Stdio, Transport::Http].into_iter().zip(at_rest) {
        println!("| {} | {:.1} | {memory:.0} |", transport.name(), cold_start(transport, &api));
    }
    println!("\n| call (HTTP, 16 in flight) | CPU ms a call | × floor | requests | round trips | most memory MB |");
    println!("|---|---|---|---|---|---|");
    let waves = Api::in_waves();
    for call in &CALLS {
        row_of_call(call, &api, &waves, &mut floor);
    }
    println!("\nfloor: {:.3} ms of CPU for a call straight at the API", floor.measure().as_secs_f64() * 1e3);
    println!("others: {:.1} processors busy meanwhile; above 0.2, distrust times and calls/s", others.processors());
}

/// Rows of one transport; the memory at rest.
fn transports(transport: Transport, api: &Api, floor: &mut Floor) -> f64 {
    let mut server = transport.start(api);
    let at_rest = server.program.memory();
    for in_flight in [1, 16, 64] {
        let figures = measured(&mut server, floor, &GET_USER, in_flight);
        println!(
            "| {} | {in_flight} | {:.0} | {:.2} | {:.2} | {:.3} | {:.1} | {:.0} |",
            transport.name(),
            figures.calls_per_second(),
            figures.percentile(50),
            figures.percentile(99),
            figures.cpu(),
            figures.ratio(),
            server.program.most_memory(),
        );
    }
    at_rest
}

fn row_of_call(call: &Call, api: &Api, waves: &Api, floor: &mut Floor) {
    let mut server = Transport::Hosted.start(api);
    let figures = measured(&mut server, floor, call, 16);
    let (requests, round_trips) = waited_for(call, waves);
    println!(
        "| {} | {:.3} | {:.1} | {requests} | {round_trips} | {:.0} |",
        call.label,
        figures.cpu(),
        figures.ratio(),
        server.program.most_memory(),
    );
}

fn measured(server: &mut Server, floor: &mut Floor, call: &Call, in_flight: usize) -> Figures {
    server.client.run(call, in_flight, WARM_UP);
    let mut figures = Figures::default();
    for _ in 0..ROUNDS {
        figures.measure(server, floor, call, in_flight, ROUND);
    }
    figures
}

/// The requests of one call, and how often it waits for answers.
fn waited_for(call: &Call, waves: &Api) -> (u32, u32) {
    let before = waves.counts();
    Transport::Stdio.start(waves).client.run(call, 1, Duration::ZERO);
    let after = waves.counts();
    (after.0 - before.0, after.1 - before.1)
}

/// The median in ms.
fn cold_start(transport: Transport, api: &Api) -> f64 {
    let times: Vec<f64> = (0..COLD_STARTS)
        .map(|_| {
            let begin = Instant::now();
            let _server = transport.start(api);
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    median(&times)
}
