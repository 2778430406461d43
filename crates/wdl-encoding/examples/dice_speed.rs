//! Comparisons of filters a second on one core: CPU time of every kernel of this machine at several fills and sizes.
//!
//! `--format json` prints a line of JSON a case; `--quick` leaves the large size out; `--kernel best` takes the fastest kernel alone.
//! Half of the second set are copies of the first with 4 % of the bits turned, so that there is something to find.

use std::time::Instant;

use rand::seq::SliceRandom as _;
use rand::{RngCore as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use wdl_encoding::CLK_BYTES;
use wdl_encoding::dice::{Filters, Kernel, Ratio, best_of_with, search_with};

const FILLS: [f64; 3] = [0.4, 0.5, 0.68];
const FILTERS_PORTABLE_MAX: usize = 10_000;
const SEED: u64 = 1;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let sizes: &[usize] = if has("--quick") {
        &[10_000]
    } else {
        &[10_000, 50_000]
    };
    // One thread: its CPU time is that of one core.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    pool.expect("a thread").install(|| {
        for size in sizes {
            for fill in FILLS {
                let (a, b) = planted(*size, fill);
                for kernel in kernels(has("best"), *size) {
                    Case {
                        kernel,
                        fill,
                        a: &a,
                        b: &b,
                    }
                    .run(has("json"));
                }
            }
        }
    });
}

/// The kernels to measure: the portable one is too slow for the large size.
fn kernels(best: bool, size: usize) -> Vec<Kernel> {
    if best {
        return vec![Kernel::best()];
    }
    let mut kernels = Kernel::available();
    kernels.retain(|kernel| size <= FILTERS_PORTABLE_MAX || kernel.name() != "portable");
    kernels
}

struct Case<'a> {
    kernel: Kernel,
    fill: f64,
    a: &'a Filters,
    b: &'a Filters,
}

impl Case<'_> {
    fn run(&self, json: bool) {
        let threshold = Ratio::new(4, 5).expect("a ratio");
        let (found, seconds) = timed(|| {
            search_with(self.kernel, self.a, self.b, threshold, 10_000_000)
                .expect("few pairs are so near")
                .len()
        });
        self.print("search", found, seconds, json);
        let (found, seconds) = timed(|| best_of_with(self.kernel, self.a, self.b, false).len());
        self.print("best_of", found, seconds, json);
    }

    fn print(&self, task: &str, found: usize, seconds: f64, json: bool) {
        let (kernel, fill, n) = (self.kernel.name(), self.fill, self.a.len());
        let rate = (n * self.b.len()) as f64 / seconds / 1e6;
        if json {
            println!(
                r#"{{"tool":"wdl","task":"{task}","kernel":"{kernel}","n":{n},"bits":1024,"fill":{fill},"threshold":0.8,"found":{found},"cpu_seconds":{seconds:.4},"million_comparisons_per_cpu_s":{rate:.1}}}"#
            );
        } else {
            println!(
                "{task:8} {kernel:9} {n:6} x {n:<6} fill {fill:<4} found {found:6}  {seconds:8.3} CPU s  {rate:7.1} M/s"
            );
        }
    }
}

/// The CPU seconds of this process, user and system; where the system does not say, those of the clock.
fn cpu_seconds(start: Instant) -> f64 {
    let Ok(stat) = std::fs::read_to_string("/proc/self/stat") else {
        return start.elapsed().as_secs_f64();
    };
    // Fields 14 and 15 of proc(5), in ticks of a hundredth of a second on every Linux.
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Runs until at least half a CPU second has gone by, so that ticks are fine enough.
fn timed(run: impl Fn() -> usize) -> (usize, f64) {
    let clock = Instant::now();
    let start = cpu_seconds(clock);
    let mut times = 0;
    loop {
        let found = run();
        times += 1;
        let seconds = cpu_seconds(clock) - start;
        if seconds >= 0.5 {
            return (found, seconds / f64::from(times));
        }
    }
}

/// A filter each of whose bits is one with a probability in 1/65,536.
fn random_filter(random: &mut ChaCha8Rng, fill: f64) -> [u8; CLK_BYTES] {
    let bound = (fill * 65_536.0) as u16;
    std::array::from_fn(|_| {
        let mut draws = [0; 16];
        random.fill_bytes(&mut draws);
        let (draws, _) = draws.as_chunks::<2>();
        let bits = draws
            .iter()
            .map(|draw| u8::from(u16::from_le_bytes(*draw) < bound));
        bits.fold(0, |byte, bit| byte << 1 | bit)
    })
}

fn planted(size: usize, fill: f64) -> (Filters, Filters) {
    let mut random = ChaCha8Rng::seed_from_u64(SEED);
    let a: Vec<_> = (0..size)
        .map(|_| random_filter(&mut random, fill))
        .collect();
    let mut b: Vec<_> = (0..size)
        .map(|_| random_filter(&mut random, fill))
        .collect();
    let mut copied: Vec<usize> = (0..size).collect();
    copied.shuffle(&mut random);
    for (b, copied) in b[..size / 2].iter_mut().zip(copied) {
        let noise = random_filter(&mut random, 0.04);
        *b = std::array::from_fn(|place| a[copied][place] ^ noise[place]);
    }
    let filters = |bytes: &[[u8; CLK_BYTES]]| Filters::collect(bytes).expect("few filters");
    (filters(&a), filters(&b))
}
