//! Estimates of areas made to add up to the total of the whole.

use crate::sum::sum;
use crate::undefined::{Measured, Undefined};

/// How the difference to the total is shared out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Benchmark {
    /// Every estimate is multiplied by the same factor.
    Ratio,
    /// The same amount is added to every estimate.
    Difference,
}

/// What to multiply with and what to add, so that the estimates, each times its share, add up to `total`.
///
/// Shares are parts of a population for means and rates, and ones for amounts that add up.
///
/// # Errors
/// [`Undefined::NoRows`] when no share is positive; [`Undefined::SumNotPositive`] when a ratio is asked for and the estimates add up to zero or less.
///
/// # Panics
/// When there is not one share per estimate.
pub fn benchmark(
    estimates: &[f64],
    shares: &[f64],
    total: f64,
    how: Benchmark,
) -> Result<(f64, f64), Undefined> {
    assert_eq!(estimates.len(), shares.len(), "one share per estimate");
    let all = sum(shares.iter().copied());
    if all <= 0.0 {
        return Err(Undefined::NoRows);
    }
    let own = sum(estimates.iter().zip(shares).map(|(one, share)| one * share));
    match how {
        Benchmark::Ratio => factor(own, total).map(|factor| (factor, 0.0)),
        Benchmark::Difference => Ok((1.0, (total - own) / all)),
    }
}

fn factor(own: f64, total: f64) -> Measured {
    match own > 0.0 {
        true => Ok(total / own),
        false => Err(Undefined::SumNotPositive),
    }
}
