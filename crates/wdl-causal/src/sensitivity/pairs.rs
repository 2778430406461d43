//! Rosenbaum's bounds for matched pairs ("Observational Studies", 2nd edition, 2002, sections 4.3.3 to 4.3.5): Wilcoxon's signed rank test and the estimate of Hodges and Lehmann when, within a pair, one was up to `Γ` times as likely to be treated as the other.

use crate::distribution;

/// The differences within pairs, treated less control.
#[derive(Clone, Debug)]
pub struct Pairs {
    // INVARIANT: finite and sorted.
    differences: Vec<f64>,
    ranks: Ranks,
}

#[derive(Clone, Debug)]
struct Ranks {
    /// The sum of the ranks of the positive differences.
    positive: f64,
    /// The sum of the ranks, and of their squares.
    sum: f64,
    squares: f64,
    zeros: usize,
}

/// Why there are no bounds.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum NoBounds {
    /// The pair has no finite difference.
    #[error("pair {0} has no finite difference")]
    NotFinite(usize),
    /// Fewer than two pairs differ.
    #[error("fewer than two pairs differ")]
    TooFew,
    /// Gamma is below one.
    #[error("{0} is not a gamma of one or more")]
    Gamma(f64),
}

/// What holds if hidden bias is no larger than gamma.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The bound on hidden bias.
    pub gamma: f64,
    /// The least and the largest one-sided p-value, of an effect above zero.
    pub p_value: (f64, f64),
    /// The least and the largest estimate of Hodges and Lehmann.
    pub estimate: (f64, f64),
    /// The interval of confidence that holds whatever the bias.
    pub interval: (f64, f64),
}

impl Pairs {
    /// Pairs by their differences; pairs without a difference count in estimates and not in the test, as is usual.
    ///
    /// # Errors
    /// [`NoBounds`] when a difference is not finite, or fewer than two pairs differ.
    pub fn new(differences: &[f64]) -> Result<Pairs, NoBounds> {
        if let Some(at) = differences.iter().position(|own| !own.is_finite()) {
            return Err(NoBounds::NotFinite(at));
        }
        let mut differences = differences.to_vec();
        differences.sort_by(f64::total_cmp);
        let ranks = Ranks::of(&differences);
        match differences.len() - ranks.zeros < 2 {
            true => Err(NoBounds::TooFew),
            false => Ok(Pairs { differences, ranks }),
        }
    }

    /// How many pairs do not differ.
    pub fn zeros(&self) -> usize {
        self.ranks.zeros
    }

    /// Wilcoxon's statistic: the sum of the ranks of the positive differences.
    pub fn statistic(&self) -> f64 {
        self.ranks.positive
    }

    /// The bounds under a gamma, with an interval of coverage `1 - alpha`; normal approximation with average ranks for ties, no correction for continuity.
    ///
    /// # Errors
    /// [`NoBounds::Gamma`].
    pub fn bounds(&self, gamma: f64, alpha: f64) -> Result<Bounds, NoBounds> {
        if !(gamma >= 1.0 && gamma.is_finite()) {
            return Err(NoBounds::Gamma(gamma));
        }
        let likely = gamma / (1.0 + gamma);
        let count = self.differences.len() as f64;
        let all = count * (count + 1.0) / 2.0;
        let deviation = (likely * (1.0 - likely) * all * (2.0 * count + 1.0) / 3.0).sqrt();
        let reach = distribution::normal_quantile(1.0 - alpha / 2.0) * deviation;
        let least = self.crossing(likely * all);
        let largest = self.crossing((1.0 - likely) * all);
        let low = self.walsh((likely * all + reach).floor() + 1.0);
        let high = self.walsh(((1.0 - likely) * all - reach).ceil());
        Ok(Bounds {
            gamma,
            p_value: (self.p_value(1.0 - likely), self.p_value(likely)),
            estimate: (least, largest),
            interval: (
                low.unwrap_or(f64::NEG_INFINITY),
                high.unwrap_or(f64::INFINITY),
            ),
        })
    }

    /// The largest gamma at which the effect above zero is still significant at `alpha`, one-sided; nothing when it is not so even without bias.
    pub fn critical_gamma(&self, alpha: f64) -> Option<f64> {
        let is_significant = |gamma: f64| self.p_value(gamma / (1.0 + gamma)) <= alpha;
        if !is_significant(1.0) {
            return None;
        }
        let (mut low, mut high) = (1.0, 2.0);
        while is_significant(high) {
            (low, high) = (high, 2.0 * high);
            if high > 1e9 {
                return Some(f64::INFINITY);
            }
        }
        while high - low > 1e-12 * high {
            let middle = 0.5 * (low + high);
            match is_significant(middle) {
                true => low = middle,
                false => high = middle,
            }
        }
        Some(low)
    }

    /// `P(W ≥ observed)` when each difference is positive with the given probability.
    fn p_value(&self, positive: f64) -> f64 {
        let ranks = &self.ranks;
        let deviation = (positive * (1.0 - positive) * ranks.squares).sqrt();
        distribution::normal(-(ranks.positive - positive * ranks.sum) / deviation)
    }

    /// Where the statistic of the differences less a constant crosses an expectation: the mean of the ends of the stretch.
    fn crossing(&self, expected: f64) -> f64 {
        let above = self.walsh(expected.floor() + 1.0);
        let below = self.walsh(expected.ceil());
        match (above, below) {
            (Some(above), Some(below)) => 0.5 * (above + below),
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => f64::NAN,
        }
    }

    /// The Walsh average (mean of two differences, one with itself too) of a rank from the top; nothing outside the ranks.
    fn walsh(&self, rank: f64) -> Option<f64> {
        let count = self.differences.len() as f64;
        if rank < 1.0 || rank > count * (count + 1.0) / 2.0 {
            return None;
        }
        // The smallest value with fewer than `rank` averages above it, by bisection over all floating-point numbers in their order.
        let (mut low, mut high) = (order(self.differences[0]), order(*self.differences.last()?));
        while low < high {
            let middle = low + (high - low) / 2;
            match self.averages_above(number(middle)) < rank {
                true => high = middle,
                false => low = middle + 1,
            }
        }
        Some(number(low))
    }

    fn averages_above(&self, value: f64) -> f64 {
        let sorted = &self.differences;
        let mut total = 0.0;
        let mut partner = sorted.len();
        for (at, own) in sorted.iter().enumerate() {
            while partner > 0 && 0.5 * own + 0.5 * sorted[partner - 1] > value {
                partner -= 1;
            }
            total += (sorted.len() - partner.max(at)) as f64;
        }
        total
    }
}

impl Ranks {
    fn of(differences: &[f64]) -> Ranks {
        let mut sizes: Vec<(f64, bool)> = differences
            .iter()
            .filter(|own| **own != 0.0)
            .map(|own| (own.abs(), *own > 0.0))
            .collect();
        sizes.sort_by(|left, right| left.0.total_cmp(&right.0));
        let mut ranks = Ranks {
            positive: 0.0,
            sum: 0.0,
            squares: 0.0,
            zeros: differences.len() - sizes.len(),
        };
        let mut known = 0;
        for tied in sizes.chunk_by(|left, right| left.0 == right.0) {
            let rank = known as f64 + 0.5 * (tied.len() as f64 + 1.0);
            known += tied.len();
            let positive = tied.iter().filter(|own| own.1).count() as f64;
            ranks.positive += positive * rank;
            ranks.sum += tied.len() as f64 * rank;
            ranks.squares += tied.len() as f64 * rank * rank;
        }
        ranks
    }
}

/// A whole number that orders finite numbers as they are.
fn order(value: f64) -> i128 {
    let bits = i128::from((value + 0.0).to_bits() & !(1 << 63));
    if value < 0.0 { -bits } else { bits }
}

fn number(order: i128) -> f64 {
    let bits = u64::try_from(order.unsigned_abs()).expect("it came from 63 bits");
    if order < 0 {
        -f64::from_bits(bits)
    } else {
        f64::from_bits(bits)
    }
}
