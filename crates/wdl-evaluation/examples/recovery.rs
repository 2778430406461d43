//! How often the 95 % intervals of the catalog cover what was planted in the synthetic city, and that the naive comparisons do not.
//!
//! Run with the number of cities and their residents as arguments: `cargo run --release -p wdl-evaluation --example recovery 100 20000`.
//! City number `n` has the seed `n`: the same arguments give the same lines, whatever the number of threads.

#[path = "../tests/it/recovery/studies.rs"]
mod studies;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

fn main() {
    let argument = |place: usize, usual: u64| {
        let given = std::env::args().nth(place);
        given.and_then(|own| own.parse().ok()).unwrap_or(usual)
    };
    let (cities, residents) = (argument(1, 100), argument(2, 20_000));
    let residents = u32::try_from(residents).expect("a city has fewer residents");
    let (next, found) = (AtomicU64::new(1), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed > cities {
                        break;
                    }
                    let shots = studies::city(residents, seed);
                    found
                        .lock()
                        .expect("no thread stops halfway")
                        .push((seed, shots));
                }
            });
        }
    });
    let mut found = found.into_inner().expect("no thread stops halfway");
    found.sort_by_key(|(seed, _)| *seed);
    let shots: Vec<_> = found.into_iter().map(|(_, shots)| shots).collect();
    println!("{cities} cities of {residents} residents, seeds 1 to {cities}; intervals of 95 %");
    let mut study = "";
    for own in studies::gather(&shots) {
        if own.study != study {
            study = own.study;
            println!("\n{study}: true effect {:.4}", own.truth);
        }
        let (coverage, error) = own.coverage();
        println!(
            "  {:<48} {} {:5.1} % ± {:.1}  mean {:.4} ({:+.1} Monte Carlo errors)  spread {:.4}  stated {:.4}",
            own.way,
            if own.is_naive {
                "not to cover:"
            } else {
                "covers:      "
            },
            100.0 * coverage,
            100.0 * error,
            own.mean,
            own.bias_in_errors(),
            own.spread,
            own.stated,
        );
    }
}
