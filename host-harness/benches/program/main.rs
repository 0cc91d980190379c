//! What the whole program costs, driven from outside over stdio and HTTP, against the emulator in a process of its own
//! thread. Prints one Markdown table. Every answer is checked.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod client;
mod process;

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use clerk_emulator::{DEMO_SECRET_KEY, Emulator};
use client::{Client, Http, Stdio};
use process::Program;

const IN_FLIGHT: [usize; 3] = [1, 16, 64];
const WARM_UP: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(3);

fn main() {
    // `cargo test --benches` builds and starts this too; there is nothing to test here.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let api = start_emulator();
    println!("\n| transport | in flight | calls/s | p50 ms | p99 ms | CPU ms a call | most memory MB |");
    println!("|---|---|---|---|---|---|---|");
    measure("stdio", &api, Stdio::start);
    measure("HTTP", &api, Http::start);
    println!("\ncold start to the first tools/list answer: {:.1} ms over stdio (median of 15)", cold_start(&api));
}

fn start_emulator() -> String {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.set_nonblocking(true).expect("a non-blocking listener");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
            Emulator::sample().secret_key(DEMO_SECRET_KEY).serve(listener).await
        })
    });
    url
}

fn measure<C: Client>(transport: &str, api: &str, start: impl Fn(&Program) -> C) {
    let program = Program::start(C::ARGUMENTS, api, DEMO_SECRET_KEY);
    let mut client = start(&program);
    for in_flight in IN_FLIGHT {
        client.run(in_flight, WARM_UP);
        let (cpu, begin) = (program.cpu(), Instant::now());
        let mut latencies = client.run(in_flight, MEASURED);
        let (cpu, elapsed) = (program.cpu().saturating_sub(cpu), begin.elapsed());
        latencies.sort_unstable();
        let calls = latencies.len();
        let percentile = |share: usize| latencies[(calls - 1) * share / 100].as_secs_f64() * 1e3;
        #[expect(clippy::cast_precision_loss, reason = "far fewer calls than a double counts exactly")]
        let calls = calls as f64;
        println!(
            "| {transport} | {in_flight} | {:.0} | {:.2} | {:.2} | {:.3} | {:.0} |",
            calls / elapsed.as_secs_f64(),
            percentile(50),
            percentile(99),
            cpu.as_secs_f64() * 1e3 / calls,
            program.most_memory_mb(),
        );
    }
}

fn cold_start(api: &str) -> f64 {
    let mut times: Vec<Duration> = (0..15)
        .map(|_| {
            let begin = Instant::now();
            let program = Program::start(Stdio::ARGUMENTS, api, DEMO_SECRET_KEY);
            Stdio::start(&program).list();
            begin.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e3
}
