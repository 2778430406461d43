//! Survival curves by the product limit, and the log-rank test.
//!
//! Kaplan and Meier (1958), Greenwood (1926), Mantel (1966); Klein and Moeschberger, "Survival Analysis" (2003), chapters 4 and 7.

use nalgebra::{DMatrix, DVector};

use super::Spells;
use crate::dense;
use crate::distribution::{chi_squared_upper, normal_quantile};

/// A survival curve at one time at which somebody leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// The time.
    pub time: f64,
    /// Rows under risk just before.
    pub at_risk: usize,
    /// Events at it.
    pub events: usize,
    /// Rows that leave at it without the event.
    pub censored: usize,
    /// The probability of no event up to and with it.
    pub survival: f64,
    /// Its standard error by Greenwood's formula; not a number once the curve is at zero.
    pub standard_error: f64,
    /// The interval of confidence on the scale of the log of minus the log; nothing where the curve is at one or zero.
    pub interval: Option<[f64; 2]>,
}

/// A survival curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// Its points.
    pub points: Vec<Point>,
    /// The time by which half have had the event; nothing when the curve stays above one half.
    pub median: Option<f64>,
    /// The ends of its interval (Brookmeyer and Crowley 1982): where the limits of the curve cross one half.
    pub median_interval: [Option<f64>; 2],
}

/// The mean time without event up to a horizon.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Restricted {
    /// The area under the curve.
    pub mean: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// The horizon.
    pub horizon: f64,
}

/// The product-limit curve of all rows, with intervals of a level.
///
/// A curve that reaches zero while later entrants are still to come stays there: `points` shows the numbers under risk, by which such an early end is seen.
pub fn kaplan_meier(spells: &Spells, level: f64) -> Curve {
    let rows: Vec<usize> = (0..spells.rows()).collect();
    of_rows(spells, &rows, level)
}

pub(super) fn of_rows(spells: &Spells, rows: &[usize], level: f64) -> Curve {
    let times = spells.times(rows);
    let at_risk = spells.at_risk(rows, &times);
    let (events, censored) = leaving(spells, rows, &times);
    let z = normal_quantile(0.5 + level / 2.0);
    let (mut survival, mut greenwood) = (1.0, 0.0);
    let mut points = Vec::with_capacity(times.len());
    for (at, time) in times.iter().enumerate() {
        let (n, d) = (at_risk[at] as f64, events[at] as f64);
        if events[at] > 0 {
            survival *= (n - d) / n;
            greenwood += d / (n * (n - d));
        }
        points.push(Point {
            time: *time,
            at_risk: at_risk[at],
            events: events[at],
            censored: censored[at],
            survival,
            standard_error: if survival > 0.0 {
                survival * greenwood.sqrt()
            } else {
                f64::NAN
            },
            interval: log_log(survival, greenwood, z),
        });
    }
    let crossing = |of: &dyn Fn(&Point) -> Option<f64>| first_at_half(&points, of);
    Curve {
        median: crossing(&|own| Some(own.survival)),
        median_interval: [
            crossing(&|own| own.interval.map(|own| own[0])),
            crossing(&|own| own.interval.map(|own| own[1])),
        ],
        points,
    }
}

/// `S^exp(±z se(log(-log S)))`.
fn log_log(survival: f64, greenwood: f64, z: f64) -> Option<[f64; 2]> {
    if survival <= 0.0 || survival >= 1.0 {
        return None;
    }
    let spread = (z * greenwood.sqrt() / survival.ln()).abs();
    Some([survival.powf(spread.exp()), survival.powf((-spread).exp())])
}

/// The first time at which a curve is at one half or below; where it is exactly one half for a while, the middle of that while.
fn first_at_half(points: &[Point], of: &dyn Fn(&Point) -> Option<f64>) -> Option<f64> {
    let is_low = |own: &Point| of(own).is_some_and(|value| value <= 0.5 + 1e-12);
    let at = points.iter().position(is_low)?;
    let is_below = |own: &Point| own.events > 0 && of(own).is_none_or(|value| value < 0.5 - 1e-12);
    let is_half = of(&points[at]).is_some_and(|value| value >= 0.5 - 1e-12);
    let next = points[at + 1..].iter().find(|own| is_below(own));
    match (is_half, next) {
        (true, Some(next)) => Some(0.5 * (points[at].time + next.time)),
        (true, None) | (false, _) => Some(points[at].time),
    }
}

/// Events and other exits at each time.
fn leaving(spells: &Spells, rows: &[usize], times: &[f64]) -> (Vec<usize>, Vec<usize>) {
    let mut events = vec![0; times.len()];
    let mut censored = vec![0; times.len()];
    for row in rows {
        let at = times.partition_point(|time| *time < spells.exit[*row]);
        if at == times.len() {
            continue;
        }
        match spells.event[*row] {
            true => events[at] += 1,
            false => censored[at] += 1,
        }
    }
    (events, censored)
}

impl Curve {
    /// The mean time without event up to a horizon (Klein and Moeschberger 2003, 4.5); nothing when the last row leaves before it without the event.
    pub fn restricted_mean(&self, horizon: f64) -> Option<Restricted> {
        let last = self.points.last()?;
        if horizon.is_nan() || horizon <= 0.0 || (last.time < horizon && last.survival > 0.0) {
            return None;
        }
        let (mut time, mut survival, mut mean) = (0.0, 1.0, 0.0);
        let mut steps: Vec<(f64, f64, f64)> = Vec::new();
        for point in self.points.iter().filter(|own| own.time < horizon) {
            mean += survival * (point.time - time);
            (time, survival) = (point.time, point.survival);
            let (n, d) = (point.at_risk as f64, point.events as f64);
            steps.push((mean, d, n * (n - d)));
        }
        mean += survival * (horizon - time);
        // Σ (area beyond)² d / (n (n - d)); a step to zero has no area beyond.
        let terms = steps
            .iter()
            .filter(|(_, d, scale)| *d > 0.0 && *scale > 0.0);
        let variance: f64 = terms
            .map(|(so_far, d, scale)| (mean - so_far).powi(2) * d / scale)
            .sum();
        Some(Restricted {
            mean,
            standard_error: variance.sqrt(),
            horizon,
        })
    }

    /// The probability of no event up to a time.
    pub fn at(&self, time: f64) -> f64 {
        let after = self.points.partition_point(|own| own.time <= time);
        after
            .checked_sub(1)
            .map_or(1.0, |last| self.points[last].survival)
    }
}

/// Why groups cannot be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoComparison {
    /// Another number of groups or strata than of rows.
    #[error("the columns have unlike lengths")]
    Ragged,
    /// One group only.
    #[error("there is one group only")]
    OneGroup,
    /// At no event are two groups under risk.
    #[error("at no event are two groups under risk at once")]
    NeverTogether,
}

/// A log-rank test.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRank {
    /// Events of each group.
    pub observed: Vec<usize>,
    /// The events each would have at the same hazard.
    pub expected: Vec<f64>,
    /// Chi-squared.
    pub statistic: f64,
    /// Degrees of freedom.
    pub degrees: usize,
    /// Its probability.
    pub p_value: f64,
}

/// The log-rank test of groups, summed over strata when given; groups are numbered from zero without gaps.
///
/// # Errors
/// [`NoComparison`].
pub fn log_rank(
    spells: &Spells,
    group: &[usize],
    strata: Option<&[usize]>,
) -> Result<LogRank, NoComparison> {
    if group.len() != spells.rows() || strata.is_some_and(|own| own.len() != group.len()) {
        return Err(NoComparison::Ragged);
    }
    let groups = group.iter().max().map_or(0, |most| most + 1);
    let occurring = (0..groups).filter(|own| group.contains(own)).count();
    if occurring < 2 {
        return Err(NoComparison::OneGroup);
    }
    let mut observed = vec![0; groups];
    let mut expected = vec![0.0; groups];
    let mut variance = DMatrix::zeros(groups, groups);
    let stratum = |row: usize| strata.map_or(0, |own| own[row]);
    for own in 0..=strata
        .and_then(|own| own.iter().max())
        .copied()
        .unwrap_or(0)
    {
        let rows: Vec<usize> = (0..group.len())
            .filter(|row| stratum(*row) == own)
            .collect();
        let by_group: Vec<Vec<usize>> = (0..groups)
            .map(|own| {
                rows.iter()
                    .copied()
                    .filter(|row| group[*row] == own)
                    .collect()
            })
            .collect();
        let times = spells.times(&rows);
        let at_risk: Vec<Vec<usize>> = by_group
            .iter()
            .map(|rows| spells.at_risk(rows, &times))
            .collect();
        let events: Vec<Vec<usize>> = by_group
            .iter()
            .map(|rows| leaving(spells, rows, &times).0)
            .collect();
        for at in 0..times.len() {
            let d: usize = events.iter().map(|own| own[at]).sum();
            let n: usize = at_risk.iter().map(|own| own[at]).sum();
            if d == 0 {
                continue;
            }
            let (d, n) = (d as f64, n as f64);
            let share = |own: usize| at_risk[own][at] as f64 / n;
            let scale = if n > 1.0 {
                d * (n - d) / (n - 1.0)
            } else {
                0.0
            };
            for one in 0..groups {
                observed[one] += events[one][at];
                expected[one] += d * share(one);
                for other in 0..groups {
                    let same = f64::from(u8::from(one == other));
                    variance[(one, other)] += scale * share(one) * (same - share(other));
                }
            }
        }
    }
    tested(observed, expected, &variance)
}

fn tested(
    observed: Vec<usize>,
    expected: Vec<f64>,
    variance: &DMatrix<f64>,
) -> Result<LogRank, NoComparison> {
    // One group too many: the differences sum to zero. Groups never under risk beside another have no variance.
    let counted: Vec<usize> = (0..observed.len())
        .filter(|own| variance[(*own, *own)] > 0.0)
        .collect();
    let Some((_, kept)) = counted.split_last() else {
        return Err(NoComparison::NeverTogether);
    };
    let kept: Vec<usize> = kept.to_vec();
    let part = DMatrix::from_fn(kept.len(), kept.len(), |row, column| {
        variance[(kept[row], kept[column])]
    });
    let Some(inverse) = dense::inverse(&part).filter(|_| !kept.is_empty()) else {
        return Err(NoComparison::NeverTogether);
    };
    let beyond = DVector::from_fn(kept.len(), |at, _| {
        observed[kept[at]] as f64 - expected[kept[at]]
    });
    let statistic = beyond.dot(&(inverse * &beyond));
    Ok(LogRank {
        observed,
        expected,
        statistic,
        degrees: kept.len(),
        p_value: chi_squared_upper(statistic, kept.len() as f64),
    })
}
