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

/// Ten times the threshold in cents: 60 % of the median.
pub(crate) fn ten_thresholds(sorted: &[i64]) -> Option<i64> {
    twice_quantile(sorted, 1, 2).map(|median| 3 * median)
}

/// Those strictly below the threshold.
pub(crate) fn poor(sorted: &[i64], ten_thresholds: i64) -> Vec<i64> {
    let below = sorted.iter().filter(|value| **value * 10 < ten_thresholds);
    below.copied().collect()
}

/// How far the median of the poor lies under the threshold, as a part of it.
pub(crate) fn gap(sorted: &[i64], ten_thresholds: i64) -> Option<f64> {
    let median = twice_quantile(&poor(sorted, ten_thresholds), 1, 2)?;
    let short = ten_thresholds - 5 * median;
    Some(short as f64 / ten_thresholds as f64)
}

/// The sum above the 80 % quantile over the sum up to the 20 % quantile.
pub(crate) fn quintile_ratio(sorted: &[i64]) -> Option<f64> {
    let lower = twice_quantile(sorted, 1, 5)?;
    let upper = twice_quantile(sorted, 4, 5)?;
    let poorest: i64 = sorted.iter().filter(|value| 2 * **value <= lower).sum();
    let richest: i64 = sorted.iter().filter(|value| 2 * **value > upper).sum();
    (poorest > 0).then(|| richest as f64 / poorest as f64)
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
        assert_eq!(ten_thresholds(&incomes), Some(3_300));
        assert_eq!(poor(&incomes, 3_300), [100, 200, 300]);
        assert_eq!(gap(&incomes, 3_300), Some(130.0 / 330.0));
        // Up to 250: 100 and 200; above 850: 900 and 1000.
        assert_eq!(quintile_ratio(&incomes), Some(1_900.0 / 300.0));
        assert_eq!(gini(&incomes), Some(0.3));
    }

    #[test]
    fn nobody_has_no_measure() {
        assert_eq!(ten_thresholds(&[]), None);
        assert_eq!(gini(&[0, 0]), None);
        assert_eq!(quintile_ratio(&[0, 0, 0, 0, 500]), None);
    }
}
