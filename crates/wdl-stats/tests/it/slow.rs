//! Second implementations, slow and obvious, on small random data.

use proptest::prelude::*;
use wdl_stats::measures::{
    Lorenz, Share, arpr, arpt, atkinson, entropy, fgt, gini, mean, palma, qsr, quantile_share,
    rmpg, sen, sst, watts,
};
use wdl_stats::scores::{self, Method, Scores, Threshold};
use wdl_stats::{Design, Measured, QuantileRule, Sample, Undefined, quantile};

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

fn agree(got: Measured, want: Option<f64>) -> Result<(), TestCaseError> {
    match (got.ok(), want) {
        (Some(got), Some(want)) => {
            prop_assert!(
                (got - want).abs() <= 1e-12 * want.abs().max(1.0),
                "{} {}",
                got,
                want
            );
        }
        _ => prop_assert_eq!(got.is_ok(), want.is_some(), "{:?} {:?}", got, want),
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
            let line = arpt(&sample, 0.6, rule);
            agree(line, slow_quantile(&copies, 5, rule).map(|median| 0.6 * median))?;
            let Ok(line) = line else { continue };
            let poor: Vec<f64> = copies.iter().copied().filter(|x| *x < line).collect();
            let rate = poor.len() as f64 / copies.len() as f64;
            agree(arpr(&sample, line), (line > 0.0).then_some(rate))?;
            let gap = slow_quantile(&poor, 5, rule).map(|median| (line - median) / line);
            agree(rmpg(&sample, line, rule), gap.filter(|_| line > 0.0))?;
            for (ratio, from, to) in [(qsr(&sample, rule), 2, 8), (palma(&sample, rule), 4, 9)] {
                let (low, high) = (slow_quantile(&copies, from, rule).unwrap(), slow_quantile(&copies, to, rule).unwrap());
                let lower: f64 = copies.iter().filter(|x| **x <= low).sum();
                let upper: f64 = copies.iter().filter(|x| **x > high).sum();
                agree(ratio, (lower > 0.0 && upper > 0.0).then(|| upper / lower))?;
            }
        }
        agree(gini(&sample), slow_gini(&copies))?;
    }

    /// Poverty indices from copies of rows, pair by pair where they are made of pairs.
    #[test]
    fn poverty_indices_equal_the_obvious_ones(rows in rows(), line in 1..30_i32) {
        let (sample, copies) = (sample(&rows), copies(&rows));
        let line = f64::from(line) + 0.5;
        let count = copies.len() as f64;
        let gaps: Vec<f64> = copies.iter().map(|x| (1.0 - x / line).max(0.0)).collect();
        let any = |value: f64| (!copies.is_empty()).then_some(value);
        for power in [1.0, 2.0] {
            let want = gaps.iter().map(|gap| gap.powf(power)).sum::<f64>() / count;
            agree(fgt(&sample, line, power), any(want))?;
        }
        let pairs: f64 = gaps.iter().flat_map(|a| gaps.iter().map(move |b| a.max(*b))).sum();
        agree(sst(&sample, line), any(pairs / (count * count)))?;
        let poor: Vec<f64> = copies.iter().copied().filter(|x| *x < line).collect();
        let rate = poor.len() as f64 / count;
        let gap = poor.iter().map(|x| 1.0 - x / line).sum::<f64>() / poor.len() as f64;
        let among = slow_gini(&poor).unwrap_or(0.0);
        let want = if poor.is_empty() { 0.0 } else { rate * (gap + (1.0 - gap) * among) };
        agree(sen(&sample, line), any(want))?;
    }

    /// Lorenz curve and shares from copies of rows.
    #[test]
    fn shares_equal_the_obvious_ones(rows in rows()) {
        let (sample, copies) = (sample(&rows), copies(&rows));
        let total: f64 = copies.iter().sum();
        let parts = |from: usize, to: usize| -> f64 {
            // Each copy ten times over: a tenth is a whole number of them.
            let tenths = copies.iter().flat_map(|x| std::iter::repeat_n(*x, 10));
            let n = copies.len();
            tenths.skip(from * n).take((to - from) * n).sum::<f64>() / (10.0 * total)
        };
        for (from, to) in [(0, 1), (0, 4), (3, 7), (9, 10), (0, 10)] {
            let share = Share { from: from as f64 / 10.0, to: to as f64 / 10.0 };
            agree(quantile_share(&sample, share), (total > 0.0).then(|| parts(from, to)))?;
        }
        if let Ok(curve) = Lorenz::of(&sample) {
            let points = curve.points(10);
            prop_assert!(points.windows(2).all(|two| two[0].amount <= two[1].amount + 1e-12));
            prop_assert!((points[10].amount - 1.0).abs() < 1e-12);
        }
    }

    /// The score of a row is its weight times the derivative of the measure by that weight.
    #[test]
    fn scores_are_derivatives(rows in prop::collection::vec((1..30_i32, 1..4_u8), 3..15), line in 5..25_i32) {
        let values: Vec<f64> = rows.iter().map(|row| f64::from(row.0)).collect();
        let weights: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
        let whole = sample(&rows);
        let line = f64::from(line) + 0.5;
        let threshold = Threshold::fixed(line);
        let method = Method::default();
        type Case<'a> = (&'a str, Result<Scores, Undefined>, Box<dyn Fn(&Sample) -> Measured>);
        let cases: Vec<Case<'_>> = vec![
            ("mean", scores::mean(&whole), Box::new(mean)),
            ("gini", scores::gini(&whole), Box::new(gini)),
            ("arpr", scores::arpr(&whole, &threshold, method), Box::new(move |s| arpr(s, line))),
            ("fgt1", scores::fgt(&whole, &threshold, 1.0, method), Box::new(move |s| fgt(s, line, 1.0))),
            ("fgt2", scores::fgt(&whole, &threshold, 2.0, method), Box::new(move |s| fgt(s, line, 2.0))),
            ("watts", scores::watts(&whole, &threshold), Box::new(move |s| watts(s, line))),
            ("sen", scores::sen(&whole, &threshold, method), Box::new(move |s| sen(s, line))),
            ("sst", scores::sst(&whole, &threshold), Box::new(move |s| sst(s, line))),
            ("atkinson 0.5", scores::atkinson(&whole, 0.5), Box::new(|s| atkinson(s, 0.5))),
            ("atkinson 1", scores::atkinson(&whole, 1.0), Box::new(|s| atkinson(s, 1.0))),
            ("atkinson 2", scores::atkinson(&whole, 2.0), Box::new(|s| atkinson(s, 2.0))),
            ("entropy 0", scores::entropy(&whole, 0.0), Box::new(|s| entropy(s, 0.0))),
            ("entropy 1", scores::entropy(&whole, 1.0), Box::new(|s| entropy(s, 1.0))),
            ("entropy 2", scores::entropy(&whole, 2.0), Box::new(|s| entropy(s, 2.0))),
            ("entropy -1", scores::entropy(&whole, -1.0), Box::new(|s| entropy(s, -1.0))),
        ];
        for (name, got, measure) in cases {
            let got = got.unwrap();
            for (place, row) in whole.rows().enumerate() {
                let at = |step: f64| {
                    let mut moved = weights.clone();
                    moved[row] += step;
                    measure(&Sample::new(&values, &moved).unwrap()).unwrap()
                };
                let slope = (at(1e-5) - at(-1e-5)) / 2e-5;
                let want = weights[row] * slope;
                prop_assert!((got.own[place] - want).abs() < 1e-7, "{} row {}: {} {}", name, row, got.own[place], want);
            }
        }
    }

    /// What a threshold's scores are multiplied with is the derivative by the threshold, where no density is in it.
    #[test]
    fn factors_of_the_threshold_are_derivatives(rows in prop::collection::vec((1..30_i32, 1..4_u8), 3..15), line in 5..25_i32) {
        let whole = sample(&rows);
        let line = f64::from(line) + 0.5;
        let threshold = Threshold::fixed(line);
        let method = Method::default();
        let slope = |measure: &dyn Fn(f64) -> Measured| (measure(line + 1e-5).unwrap() - measure(line - 1e-5).unwrap()) / 2e-5;
        let cases = [
            (scores::fgt(&whole, &threshold, 1.0, method), slope(&|z| fgt(&whole, z, 1.0))),
            (scores::fgt(&whole, &threshold, 2.0, method), slope(&|z| fgt(&whole, z, 2.0))),
            (scores::watts(&whole, &threshold), slope(&|z| watts(&whole, z))),
            (scores::sst(&whole, &threshold), slope(&|z| sst(&whole, z))),
        ];
        for (got, want) in cases {
            prop_assert!((got.unwrap().of_threshold - want).abs() < 1e-7);
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
        let rows = Sample::new(&vec![1.0; score.len()], &vec![1.0; score.len()]).unwrap();
        let design = Design::new(score.len(), Some(&cluster), Some(&stratum));
        let got = design.variance(&design.totals(&rows, &score));
        let want = Design::new(summed.len(), None, Some(&strata)).variance(&summed);
        prop_assert_eq!(got.is_ok(), want.is_ok());
        if let (Ok(got), Ok(want)) = (got, want) {
            prop_assert!((got - want).abs() < 1e-9);
        }
    }

    /// The variance of a sum is that of its parts and twice their covariance.
    #[test]
    fn covariances_add_up(rows in prop::collection::vec((-5.0..5.0_f64, -5.0..5.0_f64, 0..3_u64), 2..20)) {
        let one: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let other: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let both: Vec<f64> = rows.iter().map(|row| row.0 + row.1).collect();
        let strata: Vec<u64> = rows.iter().map(|row| row.2).collect();
        let design = Design::new(rows.len(), None, Some(&strata));
        let variance = |totals: &[f64]| design.variance(totals).unwrap();
        let got = variance(&one) + variance(&other) + 2.0 * design.covariance(&one, &other).unwrap();
        prop_assert!((got - variance(&both)).abs() < 1e-9);
    }
}
