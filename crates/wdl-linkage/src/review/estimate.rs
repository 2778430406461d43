//! From answers in strata to precision and recall, each with its interval.

use super::NORMAL_95;
use super::design::Stratum;

/// The answers of one stratum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StratumAnswers {
    /// The stratum.
    pub stratum: Stratum,
    /// Pairs with a verdict.
    pub judged: u64,
    /// Those judged a match.
    pub matches: u64,
    /// Pairs that were asked and have no verdict.
    pub open: u64,
}

/// A share with its uncertainty.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub error: f64,
    /// An interval of 95 % (Wilson's, with the sample size that has this error).
    pub interval: (f64, f64),
    /// What it would be if every pair without a verdict spoke against it, and if every one spoke for it.
    pub bounds: (f64, f64),
}

/// A sum of shares over strata with its variance.
#[derive(Clone, Copy, Default)]
struct Sum {
    matches: f64,
    /// As `matches`, with strata where all answers are the same pulled off the edge.
    off_edge: f64,
    variance: f64,
    least: f64,
    most: f64,
}

impl Sum {
    /// Expected matches of the strata on one side; nothing when one of them has no verdict.
    fn of(answers: &[StratumAnswers], is_link: bool) -> Option<Sum> {
        let mut sum = Sum::default();
        for answer in answers
            .iter()
            .filter(|answer| answer.stratum.is_link == is_link)
        {
            sum.add(answer)?;
        }
        Some(sum)
    }

    fn add(&mut self, answer: &StratumAnswers) -> Option<()> {
        let (pairs, judged) = (answer.stratum.pairs as f64, answer.judged as f64);
        if answer.judged == 0 {
            return None;
        }
        let share = answer.matches as f64 / judged;
        let rest = 1.0 - judged / pairs;
        let is_edge = answer.matches == 0 || answer.matches == answer.judged;
        // Where all say the same the sample shows no variance: Agresti and Coull's share stands in (The American Statistician 52, 1998).
        let (off_edge, variance) = if rest <= 0.0 {
            (share, 0.0)
        } else if is_edge || answer.judged == 1 {
            let size = judged + NORMAL_95.powi(2);
            let share = (answer.matches as f64 + NORMAL_95.powi(2) / 2.0) / size;
            (share, share * (1.0 - share) * rest / size)
        } else {
            (share, share * (1.0 - share) * rest / (judged - 1.0))
        };
        self.matches += pairs * share;
        self.off_edge += pairs * off_edge;
        self.variance += pairs.powi(2) * variance;
        let asked = judged + answer.open as f64;
        self.least += pairs * answer.matches as f64 / asked;
        self.most += pairs * (answer.matches + answer.open) as f64 / asked;
        Some(())
    }
}

/// The share of links that are matches: `Σ N p / Σ N` over the strata of links.
pub(super) fn precision(answers: &[StratumAnswers]) -> Option<Interval> {
    let links: u64 = answers
        .iter()
        .filter(|answer| answer.stratum.is_link)
        .map(|answer| answer.stratum.pairs)
        .sum();
    let (sum, links) = (Sum::of(answers, true)?, links as f64);
    (links > 0.0).then(|| {
        Interval::of(
            sum.matches / links,
            sum.off_edge / links,
            sum.variance / links.powi(2),
            (sum.least / links, sum.most / links),
        )
    })
}

/// The share of matches among the compared pairs that are linked: `A / (A + B)` with `A` the matches among links and `B` those among the others, its variance by the first terms of Taylor's series.
pub(super) fn recall(answers: &[StratumAnswers]) -> Option<Interval> {
    let (linked, others) = (Sum::of(answers, true)?, Sum::of(answers, false)?);
    let share = |a: f64, b: f64| if a + b > 0.0 { a / (a + b) } else { 0.0 };
    let (a, b) = (linked.off_edge, others.off_edge);
    if a + b <= 0.0 {
        return None;
    }
    let variance = (b.powi(2) * linked.variance + a.powi(2) * others.variance) / (a + b).powi(4);
    Some(Interval::of(
        share(linked.matches, others.matches),
        share(a, b),
        variance,
        (
            share(linked.least, others.most),
            share(linked.most, others.least),
        ),
    ))
}

impl Interval {
    fn of(estimate: f64, off_edge: f64, variance: f64, bounds: (f64, f64)) -> Interval {
        Interval {
            estimate,
            error: variance.sqrt(),
            interval: wilson(estimate, off_edge * (1.0 - off_edge) / variance),
            bounds,
        }
    }
}

/// Wilson's interval for a share seen in a sample of a size, which need not be whole (*JASA* 22, 1927).
pub(crate) fn wilson(share: f64, size: f64) -> (f64, f64) {
    if !size.is_finite() || size <= 0.0 {
        return (share, share);
    }
    let z = NORMAL_95.powi(2) / size;
    let centre = (share + z / 2.0) / (1.0 + z);
    let half = (z * (share * (1.0 - share) + z / 4.0)).sqrt() / (1.0 + z);
    ((centre - half).max(0.0), (centre + half).min(1.0))
}
