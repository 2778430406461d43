//! How long measuring takes, told apart from reading: a million invented persons in fifty groups, and the bootstrap on a file of incomes when one is named.
//!
//! Of each the median of several runs, in CPU seconds (where the system tells them) and on the clock.
//! `cargo run -p wdl-indicators --example measure_speed [FILE INCOME WEIGHT HOUSEHOLD]`

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use wdl_indicators::plain::{Errors, Measure, Options, RESAMPLING, evaluate};
use wdl_plain::PlainTable;

const PERSONS: u64 = 1_000_000;
const GROUPS: u64 = 50;
const RUNS: usize = 7;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("persons.csv");
    std::fs::write(&file, persons())?;
    let options = Options {
        weight: Some("weight".into()),
        household: Some("household".into()),
        by: vec!["zone".into()],
        errors: Errors::None,
        ..Options::new("income")
    };
    let columns = ["household", "income", "weight", "zone"];
    let measures = Measure::usual().len();
    told("a million persons, points", &file, &columns, &options)?;
    let linearised = Options {
        errors: Errors::Linearised,
        ..options
    };
    told("with linearised errors", &file, &columns, &linearised)?;
    println!("{PERSONS} persons, {measures} measures, {GROUPS} groups");
    let named: Vec<String> = std::env::args().skip(1).collect();
    if let [file, income, weight, household] = &named[..] {
        let options = Options {
            weight: Some(weight.clone()),
            household: Some(household.clone()),
            errors: Errors::Bootstrap(RESAMPLING),
            measures: ["arpr", "qsr", "rmpg", "gini"]
                .iter()
                .filter_map(|name| name.parse().ok())
                .collect(),
            ..Options::new(income)
        };
        let columns = [income.as_str(), weight, household];
        told(
            "1000 draws of four measures",
            Path::new(file),
            &columns,
            &options,
        )?;
    }
    Ok(())
}

fn told(
    what: &str,
    file: &Path,
    columns: &[&str],
    options: &Options,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut reading = Vec::new();
    let mut all = Vec::new();
    for _ in 0..RUNS {
        let before = Spent::so_far();
        drop(PlainTable::read(file, columns)?);
        reading.push(before.since());
        let before = Spent::so_far();
        evaluate(file, options)?;
        all.push(before.since());
    }
    let (reading, all) = (median(&reading), median(&all));
    println!(
        "{what}: reading {:.3} CPU s, {:.3} s; measuring {:.3} CPU s, {:.3} s",
        reading.0,
        reading.1,
        all.0 - reading.0,
        all.1 - reading.1
    );
    Ok(())
}

/// CPU seconds of all threads, and the clock.
struct Spent {
    cpu: f64,
    clock: Instant,
}

impl Spent {
    fn so_far() -> Spent {
        let of_thread = |thread: std::io::Result<std::fs::DirEntry>| -> Option<f64> {
            let told = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            told.split(' ').next()?.parse().ok()
        };
        let threads = std::fs::read_dir("/proc/self/task");
        let nanoseconds = threads.map(|threads| threads.filter_map(of_thread).sum::<f64>());
        Spent {
            cpu: nanoseconds.unwrap_or(f64::NAN) / 1e9,
            clock: Instant::now(),
        }
    }

    fn since(&self) -> (f64, f64) {
        let now = Spent::so_far();
        (now.cpu - self.cpu, self.clock.elapsed().as_secs_f64())
    }
}

/// Of each of the two by itself.
fn median(runs: &[(f64, f64)]) -> (f64, f64) {
    let middle = |of: fn(&(f64, f64)) -> f64| {
        let mut sorted: Vec<f64> = runs.iter().map(of).collect();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    };
    (middle(|run| run.0), middle(|run| run.1))
}

/// Incomes of a skewed distribution, households of two, from a fixed sequence.
fn persons() -> String {
    let mut text = "household,income,weight,zone\n".to_owned();
    let mut state = 1_u64;
    for person in 0..PERSONS {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let part = (state >> 11) as f64 / (1_u64 << 53) as f64;
        let income = 18_000.0 * (-(1.0 - part).ln()).powf(0.6);
        let weight = 1.0 + (person / 2 % 7) as f64 / 10.0;
        let _ = writeln!(
            text,
            "{},{income:.2},{weight},zone {}",
            person / 2,
            person / 2 % GROUPS
        );
    }
    text
}
