//! The measures of poverty and inequality over whole cents, by their definitions (Eurostat, EU-SILC 131-rev/04).

/// Twice the quantile `part / of` of sorted values: the value where the share is passed, or the sum of the two it lies between.
pub(crate) fn twice_quantile(sorted: &[i64], part: usize, of: usize) -> Option<i64> {
    if sorted.is_empty() {
        return None;
    }
    let aim = sorted.len() * part;
    if aim.is_multiple_of(of) {
        let place = aim / of;
        return Some(sorted[place - 1] + sorted[place.min(sorted.len() - 1)]);
    }
    Some(2 * sorted[aim / of])
}

/// Twenty times the threshold in cents: so many tenths of the median.
pub(crate) fn twenty_thresholds(sorted: &[i64], tenths: i64) -> Option<i64> {
    twice_quantile(sorted, 1, 2).map(|median| tenths * median)
}

/// Those strictly below the threshold.
pub(crate) fn poor(sorted: &[i64], twenty_thresholds: i64) -> Vec<i64> {
    let below = sorted
        .iter()
        .filter(|value| **value * 20 < twenty_thresholds);
    below.copied().collect()
}

/// How far the median of the poor lies under the threshold, as a part of it.
pub(crate) fn gap(sorted: &[i64], twenty_thresholds: i64) -> Option<f64> {
    let median = twice_quantile(&poor(sorted, twenty_thresholds), 1, 2)?;
    let short = twenty_thresholds - 10 * median;
    Some(short as f64 / twenty_thresholds as f64)
}

/// A part of the population: so many of so many.
pub(crate) type Part = (usize, usize);

/// The tails of S80/S20.
pub(crate) const QUINTILES: (Part, Part) = ((1, 5), (4, 5));
/// The tails of the Palma ratio.
pub(crate) const PALMA: (Part, Part) = ((2, 5), (9, 10));

/// The sum above the upper quantile over the sum up to the lower one.
pub(crate) fn share_ratio(sorted: &[i64], (lower, upper): (Part, Part)) -> Option<f64> {
    let lower = twice_quantile(sorted, lower.0, lower.1)?;
    let upper = twice_quantile(sorted, upper.0, upper.1)?;
    let poorest: i64 = sorted.iter().filter(|value| 2 * **value <= lower).sum();
    let richest: i64 = sorted.iter().filter(|value| 2 * **value > upper).sum();
    (poorest > 0 && richest > 0).then(|| richest as f64 / poorest as f64)
}

/// What the poorest part has of the total; who straddles its end counts with the part that lies inside.
pub(crate) fn poorest_share(sorted: &[i64], (part, of): Part) -> Option<f64> {
    let total: i64 = sorted.iter().sum();
    if total <= 0 {
        return None;
    }
    let aim = sorted.len() * part;
    let whole: i64 = sorted[..aim / of].iter().sum();
    let rest = match aim % of {
        0 => 0.0,
        rest => sorted[aim / of] as f64 * rest as f64 / of as f64,
    };
    Some((whole as f64 + rest) / total as f64)
}

/// Half the mean difference of all pairs over the mean.
pub(crate) fn gini(values: &[i64]) -> Option<f64> {
    let total: i64 = values.iter().sum();
    if total <= 0 {
        return None;
    }
    let mut differences: i128 = 0;
    for one in values {
        for other in values {
            differences += i128::from((one - other).abs());
        }
    }
    let count = values.len() as f64;
    Some(differences as f64 / (2.0 * count * total as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: ten incomes from 100 to 1000 cents.
    #[test]
    fn ten_incomes_by_hand() {
        let incomes: Vec<i64> = (1..=10).map(|step| step * 100).collect();
        // The median is 550, the threshold 330: three are below, their median 200.
        assert_eq!(twenty_thresholds(&incomes, 6), Some(6_600));
        assert_eq!(poor(&incomes, 6_600), [100, 200, 300]);
        assert_eq!(gap(&incomes, 6_600), Some(130.0 / 330.0));
        // Up to 250: 100 and 200; above 850: 900 and 1000.
        assert_eq!(share_ratio(&incomes, QUINTILES), Some(1_900.0 / 300.0));
        assert_eq!(gini(&incomes), Some(0.3));
        // A quarter of ten is two and a half.
        assert_eq!(poorest_share(&incomes, (1, 4)), Some(450.0 / 5_500.0));
    }

    #[test]
    fn nobody_has_no_measure() {
        assert_eq!(twenty_thresholds(&[], 6), None);
        assert_eq!(gini(&[0, 0]), None);
        assert_eq!(share_ratio(&[0, 0, 0, 0, 500], QUINTILES), None);
    }
}
