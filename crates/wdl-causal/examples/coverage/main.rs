//! How often intervals of 95 % hold the truth, in designs of the literature: `coverage [--draws N] [--first SEED] [--part NAME]… [--write FILE]`.
//!
//! Every draw has its own seed, so that the answer is the same for any number of threads; every choice of an estimator sees the same draws.
//! A rate over a thousand draws is itself uncertain by 0.7 points; one whose truth is 95 % falls outside 93.5 to 96.5 once in thirty times.

mod clusters;
mod discontinuity;
mod double;
mod staggered;

use std::fmt::Write as _;
use std::ops::{Range, RangeInclusive};

use rayon::prelude::*;

/// What one interval of one draw did.
#[derive(Clone, Copy)]
pub(crate) struct Seen {
    holds: bool,
    width: f64,
    error: f64,
}

impl Seen {
    /// An interval beside the truth, with its estimate.
    pub(crate) fn of(low: f64, high: f64, estimate: f64, truth: f64) -> Seen {
        Seen {
            holds: low <= truth && truth <= high,
            width: high - low,
            error: estimate - truth,
        }
    }
}

/// A choice of an estimator in a design: what was counted over the draws.
pub(crate) struct Line {
    design: String,
    rows: usize,
    choice: String,
    seen: Vec<Seen>,
    draws: u64,
}

/// The lines of one question.
pub(crate) struct Part {
    title: &'static str,
    designs: &'static str,
    lines: Vec<Line>,
}

/// Counts the choices of one design over its draws; `try_all` answers with one interval for each choice, or nothing where there is none.
pub(crate) fn count(
    design: &str,
    rows: usize,
    choices: &[String],
    draws: &Range<u64>,
    try_all: impl Fn(u64) -> Vec<Option<Seen>> + Send + Sync,
) -> Vec<Line> {
    let all: Vec<Vec<Option<Seen>>> = draws.clone().into_par_iter().map(try_all).collect();
    let line = |(at, choice): (usize, &String)| Line {
        design: design.to_owned(),
        rows,
        choice: choice.clone(),
        seen: all.iter().filter_map(|own| own[at]).collect(),
        draws: draws.end - draws.start,
    };
    choices.iter().enumerate().map(line).collect()
}

/// The rates, in tenths of a point, that are called right for 95 %.
const NOMINAL: RangeInclusive<u32> = 935..=965;

/// The choices over all their designs.
fn summary(lines: &[Line]) -> Vec<String> {
    let mut choices: Vec<&str> = Vec::new();
    for line in lines {
        if !choices.contains(&line.choice.as_str()) {
            choices.push(&line.choice);
        }
    }
    let written = |choice: &&str| {
        let own = lines.iter().filter(|line| line.choice == **choice);
        let rates: Vec<u32> = own.map(Line::tenths).collect();
        let of = |rate: Option<&u32>| rate.map_or(0.0, |own| f64::from(*own) / 10.0);
        let right = rates.iter().filter(|own| NOMINAL.contains(own)).count();
        format!(
            "| {choice} | {:.1} to {:.1} % | {right} of {} |",
            of(rates.iter().min()),
            of(rates.iter().max()),
            rates.len()
        )
    };
    choices.iter().map(written).collect()
}

impl Line {
    /// The rate in tenths of a point.
    fn tenths(&self) -> u32 {
        let held = self.seen.iter().filter(|own| own.holds).count();
        (1000.0 * held as f64 / self.seen.len().max(1) as f64).round() as u32
    }

    fn written(&self) -> String {
        let count = self.seen.len().max(1) as f64;
        let mean = |value: fn(&Seen) -> f64| self.seen.iter().map(value).sum::<f64>() / count;
        let bias = mean(|own| own.error);
        let spread = (mean(|own| own.error * own.error) - bias * bias)
            .max(0.0)
            .sqrt();
        let tenths = self.tenths();
        let is_nominal = match NOMINAL.contains(&tenths) {
            true => "yes",
            false => "no",
        };
        let tenth = f64::from(tenths) / 10.0;
        let finite: Vec<f64> = self
            .seen
            .iter()
            .map(|own| own.width)
            .filter(|own| own.is_finite())
            .collect();
        let width = finite.iter().sum::<f64>() / finite.len().max(1) as f64;
        let shift = match spread > 0.0 {
            true => format!("{:.2}", bias / spread),
            false => String::new(),
        };
        let none = self.draws as usize - self.seen.len();
        format!(
            "| {} | {} | {} | {tenth:.1} % | {is_nominal} | {width:.3} | {shift} | {none} |",
            self.design, self.rows, self.choice
        )
    }
}

fn page(draws: u64, parts: &[Part]) -> String {
    let uncertain = 100.0 * (0.95 * 0.05 / draws.max(1) as f64).sqrt();
    let mut page = format!(
        "# How often intervals hold the truth\n\n\
         {draws} draws of each design, fixed seeds, intervals of 95 %; `make coverage` counts a thousand of every design again and writes its page, `make coverage-long` ten thousand of some.\n\
         A rate over so many draws is itself uncertain by {uncertain:.1} points.\n\
         `bias` is the mean error of the estimate over its spread between draws: beyond about a third, an interval of the right width misses the truth too often.\n\
         `width` is the mean width of the intervals; `none` counts draws without an answer (too few rows beside the cut-off, a score that does not exist).\n"
    );
    for part in parts {
        let _ = write!(
            page,
            "\n## {}\n\n{}\n\n| choice | covers, least to most over designs | designs within 93.5 to 96.5 |\n|---|---|---|\n",
            part.title, part.designs
        );
        for line in summary(&part.lines) {
            let _ = writeln!(page, "{line}");
        }
        let _ = write!(
            page,
            "\n| design | rows | choice | covers | 93.5 to 96.5 | width | bias | none |\n|---|---|---|---|---|---|---|---|\n"
        );
        for line in &part.lines {
            let _ = writeln!(page, "{}", line.written());
        }
    }
    page
}

/// A question: its name, and what answers it with a number of draws.
type Question = (&'static str, fn(&Range<u64>) -> Part);

const PARTS: [Question; 5] = [
    ("staggered", staggered::part),
    ("discontinuity", discontinuity::part),
    ("discontinuity-clusters", discontinuity::clustered),
    ("double", double::part),
    ("clusters", clusters::part),
];

fn main() {
    let (mut draws, mut first, mut file, mut wanted) = (1_000, 0, None, Vec::new());
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match (word.as_str(), words.next()) {
            ("--draws", Some(own)) => draws = own.parse().expect("a number of draws"),
            ("--write", Some(own)) => file = Some(own),
            ("--first", Some(own)) => first = own.parse().expect("the first seed"),
            ("--part", Some(own)) => wanted.push(own),
            _ => panic!("coverage [--draws N] [--first SEED] [--part NAME]… [--write FILE]"),
        }
    }
    let named = PARTS
        .iter()
        .filter(|(name, _)| wanted.is_empty() || wanted.iter().any(|own| own == name));
    let parts: Vec<Part> = named
        .map(|(_, part)| part(&(first..first + draws)))
        .collect();
    let page = page(draws, &parts);
    match file {
        Some(file) => std::fs::write(file, page).expect("the page can be written"),
        None => print!("{page}"),
    }
}
