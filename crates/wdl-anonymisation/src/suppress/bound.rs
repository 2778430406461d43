//! How few blanked cells could ever do: bounds that hold for every way to choose them.

use std::collections::BTreeMap;

use super::units::{FEW_COLUMNS, Part};

/// Cost below which no solution in groups can lie.
///
/// In a group of at least k, the records that stay untouched are all alike; if theirs is a lacking pattern of n records, at least k − n others are blanked.
/// Give each lacking record of a pattern of n the charge yₙ = min(Y, (k − n)(1 − Y)/n): no group's charges exceed its blanked records, whatever Y is.
/// The charges grow linearly between the places where Y = (k − n)/k, so that the best Y is one of them.
pub(super) fn groups(part: &Part) -> u64 {
    let k = f64::from(part.k);
    let mut of_size: BTreeMap<u32, u32> = BTreeMap::new();
    lacking(part).for_each(|rows| *of_size.entry(rows).or_default() += rows);
    let charged = |n: u32| {
        let most = (k - f64::from(n)) / k;
        of_size
            .iter()
            .map(|(m, records)| {
                f64::from(*records) * most.min((k - f64::from(*m)) * (1.0 - most) / f64::from(*m))
            })
            .sum::<f64>()
    };
    let blanked = (1..part.k).map(charged).fold(0.0, f64::max);
    whole(blanked) * cheapest(part)
}

/// Cost below which no solution can lie, blanked cells being a category of their own: each lacking record needs at least the cheapest set without which its group is large enough.
pub(super) fn own_category(part: &Part) -> u64 {
    if part.width() > FEW_COLUMNS {
        return lacking(part)
            .map(|rows| cheapest(part) * u64::from(rows))
            .sum();
    }
    let mut least = vec![part.cost(part.everything()); part.units.len()];
    for set in 1..=part.everything() {
        let mut sizes: BTreeMap<Vec<Option<u32>>, usize> = BTreeMap::new();
        (0..part.units.len()).for_each(|unit| {
            *sizes.entry(part.visible(unit, set)).or_default() += part.units[unit].rows.len()
        });
        for (unit, least) in least.iter_mut().enumerate() {
            if sizes[&part.visible(unit, set)] >= part.k as usize {
                *least = (*least).min(part.cost(set));
            }
        }
    }
    let short = |unit: &usize| part.units[*unit].rows.len() < part.k as usize;
    (0..part.units.len())
        .filter(short)
        .map(|unit| least[unit] * part.units[unit].rows.len() as u64)
        .sum()
}

/// Sizes of the patterns that have too few records.
fn lacking(part: &Part) -> impl Iterator<Item = u32> + '_ {
    part.units
        .iter()
        .map(|unit| crate::risk::index(unit.rows.len()))
        .filter(|rows| *rows < part.k)
}

fn cheapest(part: &Part) -> u64 {
    (0..part.width())
        .map(|c| part.cost(1 << c))
        .min()
        .unwrap_or(0)
}

/// The smallest whole number not below a sum that rounding may have raised a little.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, at least zero"
)]
fn whole(total: f64) -> u64 {
    (total - 1e-6).ceil().max(0.0) as u64
}
