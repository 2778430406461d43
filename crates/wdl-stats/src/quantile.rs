//! Weighted quantiles, after the two rules in use for income statistics.

use crate::sample::Sample;

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

/// The weighted `p`-quantile (0 ≤ p ≤ 1), or `None` without rows.
pub fn quantile(sample: &Sample, p: f64, rule: QuantileRule) -> Option<f64> {
    let total = sample.total_weight();
    let (aim, slack) = (p * total, TIE * total);
    let mut cumulated = sample.cumulated();
    let values = sample.values();
    let place = cumulated
        .by_ref()
        .position(|weight| weight >= aim - slack)
        .unwrap_or_else(|| values.len().saturating_sub(1));
    let is_hit = (sample.cumulated().nth(place)? - aim).abs() <= slack;
    let next = values.get(place + 1).copied();
    match (is_hit, rule, next) {
        (false, _, _) | (true, _, None) => Some(values[place]),
        (true, QuantileRule::Eurostat, Some(next)) => Some((values[place] + next) / 2.0),
        (true, QuantileRule::Laeken05, Some(next)) => Some(next),
    }
}
