//! The processor time of everything else on the machine (Linux).

use std::fs;
use std::time::Instant;

/// A span of time, up to now.
pub(crate) struct Others {
    begin: Instant,
    used: f64,
}

/// The fields of `/proc/stat` that count no work: what waits (idle, iowait), and what is counted elsewhere (guests).
const NO_WORK: [usize; 4] = [3, 4, 8, 9];

impl Others {
    pub(crate) fn new() -> Self {
        Self { begin: Instant::now(), used: used() }
    }

    /// The number of processors that others have kept busy since.
    pub(crate) fn processors(&self) -> f64 {
        (used() - self.used) / 100.0 / self.begin.elapsed().as_secs_f64()
    }
}

/// Ticks of 10 ms of all processes but this one and the programs that it has ended.
fn used() -> f64 {
    let machine = fs::read_to_string("/proc/stat").expect("the kernel keeps account of processor time");
    let fields = numbers(machine.lines().next().unwrap_or_default());
    let work = fields.iter().enumerate().filter(|(place, _)| !NO_WORK.contains(place)).map(|(_, ticks)| ticks);
    let own = fs::read_to_string("/proc/self/stat").expect("the kernel keeps account of processor time");
    // From the state on: user, system, and those of children.
    let own = numbers(own.rsplit(')').next().unwrap_or_default());
    work.sum::<f64>() - own[10..14].iter().sum::<f64>()
}

fn numbers(line: &str) -> Vec<f64> {
    line.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}
