//! Weighted quantiles, after the two rules in use for income statistics.

use crate::sample::Sample;
use crate::undefined::{Measured, Undefined};

/// What happens when the cumulated weight meets `p` times the total exactly.
///
/// Below and above an exact hit both rules give the first value whose cumulated weight exceeds `p` times the total.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QuantileRule {
    /// Eurostat, EU-SILC 131-rev/04: the mean of the value and the next one.
    #[default]
    Eurostat,
    /// What the code of the R package laeken does from 0.5.0 to 0.5.3: the next value.
    Laeken05,
}

/// Cumulated weights count as equal to `p` times the total within this part of the total.
///
/// Weights such as a third do not add up exactly in binary, and an exact hit must not depend on their scale or order.
const TIE: f64 = 1e-12;

/// The weighted `p`-quantile (0 ≤ p ≤ 1).
///
/// # Errors
/// [`Undefined::NoRows`] without rows.
pub fn quantile(sample: &Sample, p: f64, rule: QuantileRule) -> Measured {
    let rows = sample.len();
    quantile_of_first(sample, rows, p, rule)
}

/// The quantile of the first `rows` rows: those with the smallest values.
pub(crate) fn quantile_of_first(
    sample: &Sample,
    rows: usize,
    p: f64,
    rule: QuantileRule,
) -> Measured {
    let values = &sample.values()[..rows];
    let cumulated = &sample.cumulated()[..rows];
    let total = *cumulated.last().ok_or(Undefined::NoRows)?;
    let (aim, slack) = (p * total, TIE * total);
    let place = cumulated.partition_point(|weight| *weight < aim - slack);
    let place = place.min(rows - 1);
    let is_hit = (cumulated[place] - aim).abs() <= slack;
    Ok(match (is_hit, rule, values.get(place + 1)) {
        (false, _, _) | (true, _, None) => values[place],
        (true, QuantileRule::Eurostat, Some(next)) => f64::midpoint(values[place], *next),
        (true, QuantileRule::Laeken05, Some(next)) => *next,
    })
}
