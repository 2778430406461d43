//! Poverty and inequality measures of a weighted sample; where a measure is not defined it says why.
//!
//! Shares and ratios are fractions: a percent is a way of showing.
//! Definitions: Eurostat, EU-SILC 131-rev/04; Alfons and Templ, *Journal of Statistical Software* 54(15), 2013.

mod decomposition;
mod inequality;
mod pareto;
mod poverty;

pub use decomposition::{OfGroups, OfSource, entropy_of_groups, gini_of_sources};
pub use inequality::{
    Lorenz, LorenzPoint, Share, atkinson, entropy, gini, palma, qsr, quantile_share, share_ratio,
};
pub(crate) use inequality::{PALMA, QUINTILES, Tails};
pub use pareto::{hill, tail_begin};
pub use poverty::{POVERTY_LINE, arpr, arpt, fgt, is_below, poor, rmpg, sen, sst, watts};
pub(crate) use poverty::{PoorRanks, poor_median};

use crate::sample::Sample;
use crate::sum::sum;
use crate::undefined::{Measured, Undefined};

/// The weighted sum of the values, under the weights as they came.
pub fn total(sample: &Sample) -> f64 {
    sample.as_it_came(amount(sample))
}

/// The weighted sum of the values, under the weights as the sample keeps them.
pub(crate) fn amount(sample: &Sample) -> f64 {
    sum(sample.pairs().map(|(value, weight)| value * weight))
}

/// The weighted mean.
///
/// # Errors
/// [`Undefined::NoRows`] without rows.
pub fn mean(sample: &Sample) -> Measured {
    match sample.is_empty() {
        true => Err(Undefined::NoRows),
        false => Ok(amount(sample) / sample.total_weight()),
    }
}

/// The weighted mean of a function of the values.
pub(crate) fn mean_of(sample: &Sample, function: impl Fn(f64) -> f64) -> f64 {
    let terms = sample.pairs();
    sum(terms.map(|(value, weight)| weight * function(value))) / sample.total_weight()
}

/// The mean, where it and every value are positive.
pub(crate) fn mean_of_positive(sample: &Sample) -> Measured {
    match sample.values().first() {
        None => Err(Undefined::NoRows),
        Some(smallest) if *smallest <= 0.0 => Err(Undefined::ValueNotPositive),
        Some(_) => mean(sample),
    }
}
