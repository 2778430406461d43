//! Second implementations, slow and obvious, on small random data.

use proptest::prelude::*;
use wdl_stats::{Design, QuantileRule, Sample, arpr, arpt, gini, qsr, quantile, rmpg, scores};

/// Whole weights as so many copies of a row, sorted.
fn copies(rows: &[(i32, u8)]) -> Vec<f64> {
    let mut copies: Vec<f64> = rows
        .iter()
        .flat_map(|(value, weight)| vec![f64::from(*value); usize::from(*weight)])
        .collect();
    copies.sort_by(f64::total_cmp);
    copies
}

/// The quantile of equally weighted, sorted copies; `p` in tenths so that a hit is a whole number.
fn slow_quantile(sorted: &[f64], tenths: usize, rule: QuantileRule) -> Option<f64> {
    let (whole, rest) = (tenths * sorted.len() / 10, tenths * sorted.len() % 10);
    if rest > 0 || whole == 0 {
        return sorted.get(whole).copied();
    }
    let (own, next) = (*sorted.get(whole - 1)?, sorted.get(whole).copied());
    // Copies of one row are one row: an exact hit inside them is none.
    match (rule, next) {
        (_, None) => Some(own),
        (QuantileRule::Eurostat, Some(next)) => Some((own + next) / 2.0),
        (QuantileRule::Laeken05, Some(next)) => Some(next),
    }
}

fn slow_gini(rows: &[f64]) -> Option<f64> {
    let total: f64 = rows.iter().sum();
    let pairs: f64 = rows
        .iter()
        .flat_map(|a| rows.iter().map(move |b| (a - b).abs()))
        .sum();
    (total > 0.0).then(|| pairs / (2.0 * rows.len() as f64 * total))
}

fn agree(got: Option<f64>, want: Option<f64>) -> Result<(), TestCaseError> {
    match (got, want) {
        (Some(got), Some(want)) => {
            prop_assert!(
                (got - want).abs() <= 1e-12 * want.abs().max(1.0),
                "{} {}",
                got,
                want
            );
        }
        _ => prop_assert_eq!(got.is_some(), want.is_some(), "{:?} {:?}", got, want),
    }
    Ok(())
}

fn rows() -> impl Strategy<Value = Vec<(i32, u8)>> {
    prop::collection::vec((0..30_i32, 0..4_u8), 0..25)
}

fn sample(rows: &[(i32, u8)]) -> Sample {
    let values: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
    let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
    Sample::new(&values, &weights).unwrap()
}

proptest! {
    #[test]
    fn measures_equal_the_obvious_ones(rows in rows()) {
        let (sample, copies) = (sample(&rows), copies(&rows));
        for rule in [QuantileRule::Eurostat, QuantileRule::Laeken05] {
            for tenths in 1..10 {
                let got = quantile(&sample, tenths as f64 / 10.0, rule);
                agree(got, slow_quantile(&copies, tenths, rule))?;
            }
            let line = arpt(&sample, rule);
            agree(line, slow_quantile(&copies, 5, rule).map(|median| 0.6 * median))?;
            let Some(line) = line else { continue };
            let poor: Vec<f64> = copies.iter().copied().filter(|x| *x < line).collect();
            agree(arpr(&sample, line), Some(poor.len() as f64 / copies.len() as f64))?;
            let gap = slow_quantile(&poor, 5, rule).map(|median| (line - median) / line);
            agree(rmpg(&sample, line, rule), gap)?;
            let (q1, q4) = (slow_quantile(&copies, 2, rule).unwrap(), slow_quantile(&copies, 8, rule).unwrap());
            let lower: f64 = copies.iter().filter(|x| **x <= q1).sum();
            let upper: f64 = copies.iter().filter(|x| **x > q4).sum();
            agree(qsr(&sample, rule), (lower > 0.0).then(|| upper / lower))?;
        }
        agree(gini(&sample), slow_gini(&copies))?;
    }

    /// The score of a row is its weight times the derivative of the measure by that weight.
    #[test]
    fn gini_scores_are_derivatives(rows in prop::collection::vec((1..30_i32, 1..4_u8), 2..15)) {
        let values: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
        let got = scores::gini(&sample(&rows)).unwrap();
        for row in 0..rows.len() {
            let at = |step: f64| {
                let mut moved = weights.clone();
                moved[row] += step;
                gini(&Sample::new(&values, &moved).unwrap()).unwrap()
            };
            let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
            prop_assert!((got[row] - weights[row] * slope).abs() < 1e-8, "row {} {} {}", row, got[row], slope);
        }
    }

    /// Without strata and clusters the variance is n times the sample variance of the scores.
    #[test]
    fn variance_of_single_rows(scores in prop::collection::vec(-5.0..5.0_f64, 2..20)) {
        let count = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / count;
        let want = count / (count - 1.0) * scores.iter().map(|s| (s - mean).powi(2)).sum::<f64>();
        let got = Design::new(scores.len(), None, None).variance(&scores).unwrap();
        prop_assert!((got - want).abs() < 1e-9);
    }

    /// Rows of one cluster count as one row with their sum.
    #[test]
    fn clusters_are_their_sums(scores in prop::collection::vec((-5.0..5.0_f64, 0..4_u64, 0..2_u64), 2..20)) {
        let score: Vec<f64> = scores.iter().map(|row| row.0).collect();
        let cluster: Vec<u64> = scores.iter().map(|row| row.1).collect();
        let stratum: Vec<u64> = scores.iter().map(|row| row.2).collect();
        let mut sums = std::collections::BTreeMap::new();
        for row in &scores {
            *sums.entry((row.2, row.1)).or_insert(0.0) += row.0;
        }
        let summed: Vec<f64> = sums.values().copied().collect();
        let strata: Vec<u64> = sums.keys().map(|key| key.0).collect();
        let got = Design::new(score.len(), Some(&cluster), Some(&stratum)).variance(&score);
        let want = Design::new(summed.len(), None, Some(&strata)).variance(&summed);
        prop_assert_eq!(got.is_some(), want.is_some());
        if let (Some(got), Some(want)) = (got, want) {
            prop_assert!((got - want).abs() < 1e-9);
        }
    }
}
