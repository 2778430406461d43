//! Krippendorff's alpha with missing codes, and its interval by drawing units again.
//!
//! Krippendorff, "Content Analysis" (2019), chapter 12: `α = 1 - D_o / D_e` over the coincidences of the pairable codes.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha20Rng;

use super::{Codes, NoAgreement};

/// What the numbers of the codes mean, and so how far apart two codes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Names: two codes are the same or not.
    Nominal,
    /// Ranks: the codes in use between two codes, by how often they are used.
    Ordinal,
    /// Differences count.
    Interval,
    /// Differences count by the size of the codes; zero is nothing.
    Ratio,
}

/// Krippendorff's alpha.
#[derive(Clone, Debug, PartialEq)]
pub struct Alpha {
    /// One for perfect agreement, zero for what chance gives.
    pub alpha: f64,
    /// The observed disagreement `D_o`.
    pub disagreement_observed: f64,
    /// The disagreement expected by chance `D_e`.
    pub disagreement_expected: f64,
    /// The codes that can be compared with another of their unit.
    pub pairable_codes: usize,
    /// The units with at least two codes.
    pub pairable_units: usize,
    /// The units with fewer than two codes, which are left out.
    pub left_out: Vec<usize>,
}

/// An interval from draws of units.
#[derive(Clone, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub lower: f64,
    /// The upper end.
    pub upper: f64,
    /// The standard deviation of the draws.
    pub standard_error: f64,
    /// The draws that had a value.
    pub draws: usize,
    /// The draws in which all codes were the same, which are left out of the interval.
    pub undefined_draws: usize,
}

/// Krippendorff's alpha under a metric.
///
/// # Errors
/// [`NoAgreement`] when no unit has two codes, all comparable codes are the same, or a code of a ratio scale is negative.
pub fn krippendorff_alpha(codes: &Codes, metric: Metric) -> Result<Alpha, NoAgreement> {
    negative(codes, metric)?;
    let pairable = codes.pairable();
    if pairable.is_empty() {
        return Err(NoAgreement::NoPairableUnits);
    }
    let found = disagreements(codes, metric, &pairable);
    Ok(Alpha {
        alpha: found.alpha()?,
        disagreement_observed: found.observed,
        disagreement_expected: found.expected,
        pairable_codes: found.codes,
        pairable_units: pairable.len(),
        left_out: codes.not_pairable(),
    })
}

/// The interval of alpha from drawing the pairable units again, with their codes together: the quantiles of the draws.
///
/// # Errors
/// As [`krippendorff_alpha`], and when there is one unit only, no level, or no draw with a value.
pub fn unit_bootstrap(
    codes: &Codes,
    metric: Metric,
    level: f64,
    draws: usize,
    seed: u64,
) -> Result<Interval, NoAgreement> {
    krippendorff_alpha(codes, metric)?;
    if !(level > 0.0 && level < 1.0) || draws == 0 {
        return Err(NoAgreement::NoLevel);
    }
    let pairable = codes.pairable();
    if pairable.len() < 2 {
        return Err(NoAgreement::OneUnit);
    }
    let mut random = ChaCha20Rng::seed_from_u64(seed);
    let mut alphas = Vec::with_capacity(draws);
    let mut drawn = vec![0; pairable.len()];
    for _ in 0..draws {
        for unit in &mut drawn {
            *unit = pairable[random.random_range(0..pairable.len())];
        }
        if let Ok(alpha) = disagreements(codes, metric, &drawn).alpha() {
            alphas.push(alpha);
        }
    }
    if alphas.is_empty() {
        return Err(NoAgreement::NoVariation);
    }
    alphas.sort_by(f64::total_cmp);
    let mean = alphas.iter().sum::<f64>() / alphas.len() as f64;
    let squares: f64 = alphas.iter().map(|own| (own - mean).powi(2)).sum();
    Ok(Interval {
        lower: quantile(&alphas, (1.0 - level) / 2.0),
        upper: quantile(&alphas, (1.0 + level) / 2.0),
        standard_error: (squares / (alphas.len().max(2) - 1) as f64).sqrt(),
        draws: alphas.len(),
        undefined_draws: draws - alphas.len(),
    })
}

/// The quantile of sorted values by linear interpolation (Hyndman and Fan 1996, type 7).
fn quantile(sorted: &[f64], part: f64) -> f64 {
    let place = part * (sorted.len() - 1) as f64;
    let below = place.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

fn negative(codes: &Codes, metric: Metric) -> Result<(), NoAgreement> {
    let below_zero = codes.categories.partition_point(|code| *code < 0.0) as u32;
    let is_negative = |cell: &Option<u32>| cell.is_some_and(|place| place < below_zero);
    match (metric, codes.cells.iter().position(is_negative)) {
        (Metric::Ratio, Some(at)) => Err(NoAgreement::Negative {
            coder: at % codes.coders,
            unit: at / codes.coders,
        }),
        (Metric::Nominal | Metric::Ordinal | Metric::Interval | Metric::Ratio, _) => Ok(()),
    }
}

struct Disagreements {
    observed: f64,
    expected: f64,
    codes: usize,
}

impl Disagreements {
    fn alpha(&self) -> Result<f64, NoAgreement> {
        match self.expected > 0.0 {
            true => Ok(1.0 - self.observed / self.expected),
            false => Err(NoAgreement::NoVariation),
        }
    }
}

/// `D_o` and `D_e` over some pairable units, each as often as it stands there.
fn disagreements(codes: &Codes, metric: Metric, units: &[usize]) -> Disagreements {
    let mut counts = vec![0_u64; codes.categories.len()];
    for cell in units.iter().flat_map(|unit| codes.unit(*unit)).flatten() {
        counts[*cell as usize] += 1;
    }
    let n: u64 = counts.iter().sum();
    let scale = scale(codes, metric, &counts);
    let total: f64 = match metric {
        Metric::Nominal => within(codes, units, |left, right| f64::from(left != right)),
        Metric::Ordinal | Metric::Interval => within(codes, units, |left, right| {
            (scale[left as usize] - scale[right as usize]).powi(2)
        }),
        Metric::Ratio => within(codes, units, |left, right| {
            ratio(scale[left as usize], scale[right as usize])
        }),
    };
    let size = n as f64;
    Disagreements {
        observed: total / size,
        expected: by_chance(metric, &counts, &scale) / (size * (size - 1.0)),
        codes: n as usize,
    }
}

/// The sum of `δ²` over ordered pairs within units, each unit by one over its codes less one.
fn within(codes: &Codes, units: &[usize], distance: impl Fn(u32, u32) -> f64) -> f64 {
    let mut total = 0.0;
    let mut own: Vec<u32> = Vec::with_capacity(codes.coders);
    for unit in units {
        own.clear();
        own.extend(codes.unit(*unit).iter().flatten());
        let mut pairs = 0.0;
        for (at, left) in own.iter().enumerate() {
            for right in &own[at + 1..] {
                pairs += distance(*left, *right);
            }
        }
        total += 2.0 * pairs / (own.len() - 1) as f64;
    }
    total
}

/// The numbers whose differences count.
///
/// The ordinal metric, the sum of the counts from one code to another less half of both ends, is the difference of the mid-ranks.
fn scale(codes: &Codes, metric: Metric, counts: &[u64]) -> Vec<f64> {
    if metric != Metric::Ordinal {
        return codes.categories.clone();
    }
    let mut below = 0;
    let mid_ranks = counts.iter().map(|own| {
        let middle = below as f64 + *own as f64 / 2.0;
        below += own;
        middle
    });
    mid_ranks.collect()
}

/// The sum of `n_c n_k δ²` over ordered pairs of codes.
fn by_chance(metric: Metric, counts: &[u64], scale: &[f64]) -> f64 {
    let n: u64 = counts.iter().sum();
    match metric {
        Metric::Nominal => {
            let same: u128 = counts.iter().map(|own| u128::from(*own).pow(2)).sum();
            (u128::from(n).pow(2) - same) as f64
        }
        // Σ n_c n_k (c - k)² = 2 n Σ n_c (c - mean)².
        Metric::Ordinal | Metric::Interval => {
            let weighed = counts.iter().zip(scale);
            let mean = weighed.clone().map(|(n, own)| *n as f64 * own).sum::<f64>() / n as f64;
            if counts.iter().filter(|own| **own > 0).count() < 2 {
                return 0.0;
            }
            let squares: f64 = weighed
                .map(|(n, own)| *n as f64 * (own - mean).powi(2))
                .sum();
            2.0 * n as f64 * squares
        }
        Metric::Ratio => {
            let used: Vec<(f64, f64)> = counts
                .iter()
                .zip(scale)
                .filter(|(own, _)| **own > 0)
                .map(|(own, value)| (*own as f64, *value))
                .collect();
            let pairs = used.iter().enumerate().map(|(at, (n, own))| {
                let others = used[at + 1..].iter();
                n * others
                    .map(|(k, other)| k * ratio(*own, *other))
                    .sum::<f64>()
            });
            2.0 * pairs.sum::<f64>()
        }
    }
}

fn ratio(left: f64, right: f64) -> f64 {
    match left == right {
        true => 0.0,
        false => ((left - right) / (left + right)).powi(2),
    }
}
