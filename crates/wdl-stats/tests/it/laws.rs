//! What always holds, and what is not defined.

use proptest::prelude::*;
use wdl_stats::measures::{
    arpr, arpt, atkinson, entropy, fgt, gini, mean, palma, qsr, rmpg, sen, sst, watts,
};
use wdl_stats::scores::{self, Method, Threshold};
use wdl_stats::{
    Design, Measured, QuantileRule, Resampling, Sample, SampleError, Undefined, bootstrap_errors,
    quantile, sum,
};

const RULE: QuantileRule = QuantileRule::Eurostat;

fn all(values: &[f64], weights: &[f64]) -> Vec<Measured> {
    let sample = Sample::new(values, weights).unwrap();
    let line = arpt(&sample, 0.6, RULE);
    vec![
        line,
        line.and_then(|line| arpr(&sample, line)),
        line.and_then(|line| rmpg(&sample, line, RULE)),
        qsr(&sample, RULE),
        gini(&sample),
        mean(&sample),
        line.and_then(|line| fgt(&sample, line, 2.0)),
        line.and_then(|line| sen(&sample, line)),
        line.and_then(|line| sst(&sample, line)),
        line.and_then(|line| watts(&sample, line)),
        palma(&sample, RULE),
        atkinson(&sample, 0.5),
        entropy(&sample, 0.0),
    ]
}

proptest! {
    #[test]
    fn the_order_of_rows_changes_no_byte(
        mut rows in prop::collection::vec((-10.0..1000.0_f64, 0.0..9.0_f64), 0..60),
        seed in 0..1000_usize,
    ) {
        let split = |rows: &[(f64, f64)]| -> (Vec<f64>, Vec<f64>) { rows.iter().copied().unzip() };
        let (values, weights) = split(&rows);
        let before = all(&values, &weights);
        let turn = seed % rows.len().max(1);
        rows.rotate_left(turn);
        rows.reverse();
        let (values, weights) = split(&rows);
        prop_assert_eq!(before, all(&values, &weights));
    }

    #[test]
    fn the_scale_of_weights_changes_nothing(
        rows in prop::collection::vec((0.0..1000.0_f64, 0.1..9.0_f64), 1..60),
        scale in prop::sample::select(vec![1e-300, 1e-6, 1.0 / 3.0, 7.0, 1e6, 1e100, 1e306]),
    ) {
        let (values, weights): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let scaled: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        for (a, b) in all(&values, &weights).into_iter().zip(all(&values, &scaled)) {
            match (a, b) {
                (Ok(a), Ok(b)) => prop_assert!((a - b).abs() <= 1e-11 * a.abs().max(1.0)),
                _ => prop_assert_eq!(a, b),
            }
        }
    }

    #[test]
    fn bounds(rows in prop::collection::vec((0.0..1000.0_f64, 0.1..9.0_f64), 1..60)) {
        let (values, weights): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        let sample = Sample::new(&values, &weights).unwrap();
        let gini = gini(&sample).unwrap_or(0.0);
        prop_assert!((-1e-12..1.0).contains(&gini));
        let line = arpt(&sample, 0.6, RULE).unwrap();
        prop_assert!(arpr(&sample, line).unwrap_or(0.0) <= 0.5 + 1e-12);
        prop_assert!(quantile(&sample, 0.2, RULE).unwrap() <= quantile(&sample, 0.8, RULE).unwrap());
        prop_assert_eq!(arpr(&sample, 1e9), Ok(1.0));
    }
}

#[test]
fn what_is_not_defined_says_so() {
    let empty = all(&[], &[]);
    assert_eq!(empty, vec![Err(Undefined::NoRows); empty.len()]);
    let zeros = all(&[0.0; 4], &[1.0; 4]);
    let want = [
        Ok(0.0),
        Err(Undefined::ThresholdNotPositive),
        Err(Undefined::ThresholdNotPositive),
        Err(Undefined::LowerSumNotPositive),
        Err(Undefined::SumNotPositive),
        Ok(0.0),
    ];
    assert_eq!(zeros[..6], want);
    let nobody_poor = all(&[10.0; 4], &[1.0; 4]);
    assert_eq!(nobody_poor[1], Ok(0.0));
    assert_eq!(nobody_poor[2], Err(Undefined::NobodyBelow));
    assert_eq!(nobody_poor[3], Err(Undefined::NobodyAbove));
    assert_eq!(nobody_poor[6..10], [Ok(0.0); 4]);
    let with_a_zero = all(&[0.0, 5.0, 9.0], &[1.0; 3]);
    assert_eq!(with_a_zero[9], Err(Undefined::ValueNotPositive));
    assert_eq!(with_a_zero[11..], [Err(Undefined::ValueNotPositive); 2]);
    let one = Sample::new(&[5.0], &[2.0]).unwrap();
    assert_eq!(quantile(&one, 0.5, RULE), Ok(5.0));
    assert_eq!(
        Threshold::of_median(&one, 0.6, Method::default()),
        Err(Undefined::NoDensity)
    );
    let single = Design::new(1, None, None);
    assert_eq!(single.variance(&[1.0]), Err(Undefined::TooFewRows));
}

#[test]
fn everybody_poor_and_negative_incomes() {
    let negative = Sample::new(&[-5.0, -1.0, 2.0], &[1.0; 3]).unwrap();
    assert_eq!(arpr(&negative, 3.0), Ok(1.0));
    assert!(
        fgt(&negative, 3.0, 1.0).unwrap() > 1.0,
        "a debt is a gap above one"
    );
    assert_eq!(gini(&negative), Err(Undefined::SumNotPositive));
    assert_eq!(watts(&negative, 3.0), Err(Undefined::ValueNotPositive));
    for line in [-1.0, 0.0, f64::NAN, f64::INFINITY] {
        let got = [sst(&negative, line), arpr(&negative, line)];
        assert_eq!(got, [Err(Undefined::ThresholdNotPositive); 2], "{line}");
    }
}

/// Weights and values near the ends of what a double holds: the median, the mean and the errors are those of the same rows in another unit.
#[test]
fn sizes_beyond_a_square_change_nothing() {
    let values: Vec<f64> = (1..40).map(|row| f64::from(row * row % 37) + 1.0).collect();
    let weights: Vec<f64> = (1..40).map(|row| 1.0 + f64::from(row % 5)).collect();
    let design = Design::new(values.len(), None, None);
    let of = |of_values: f64, of_weights: f64| -> Vec<f64> {
        let own: Vec<f64> = values.iter().map(|own| own * of_values).collect();
        let weights: Vec<f64> = weights.iter().map(|own| own * of_weights).collect();
        let sample = Sample::new(&own, &weights).unwrap();
        assert!(sample.is_in_range());
        let method = Method::default();
        let line = Threshold::of_median(&sample, 0.6, method).unwrap();
        let every = [
            scores::sen(&sample, &line, method),
            scores::sst(&sample, &line),
            scores::fgt(&sample, &line, 1.0, method),
            scores::rmpg(&sample, &line, method),
            scores::gini(&sample),
            scores::qsr(&sample, method),
        ];
        let mut got: Vec<f64> = every
            .into_iter()
            .flat_map(|scores| {
                let scores = scores.unwrap();
                let error = design.standard_error(&design.totals(&sample, &scores.own));
                [error.unwrap(), scores.of_threshold * of_values]
            })
            .collect();
        got.push(mean(&sample).unwrap() / of_values);
        got.push(line.value / of_values);
        got.push(sample.effective_rows());
        got
    };
    let plain = of(1.0, 1.0);
    let far = 2.0_f64.powi(330);
    for (values, weights) in [
        (1.0, 1e100),
        (1.0, 1e306),
        (1.0, 1e-305),
        (far, 1e100),
        (1.0 / far, 1e-200),
    ] {
        for (own, other) in plain.iter().zip(of(values, weights)) {
            assert!(
                (own - other).abs() <= 1e-9 * own.abs(),
                "{own} {other} {values} {weights}"
            );
        }
    }
    let largest = Sample::new(&[1.0, 2.0, 3.0, 4.0], &[1e300, 1e308, 1e308, 1e307]).unwrap();
    assert_eq!(quantile(&largest, 0.5, RULE), Ok(3.0));
    assert!(mean(&largest).unwrap() > 2.0);
    let too_large = Sample::new(&[1e300, 1e308], &[1.0; 2]).unwrap();
    assert!(!too_large.is_in_range());
}

#[test]
fn minus_zero_is_zero() {
    let plus = all(&[0.0, 1.0, 4.0], &[1.0; 3]);
    assert_eq!(plus, all(&[-0.0, 1.0, 4.0], &[1.0; 3]));
}

#[test]
fn incomes_beyond_32_bits_keep_their_cents() {
    let sample = Sample::new(&[3_000_000_000.25, 3_000_000_000.75], &[1.0; 2]).unwrap();
    assert_eq!(mean(&sample), Ok(3_000_000_000.5));
}

#[test]
fn rows_without_weight_do_not_count() {
    let sample = Sample::new(&[1.0, 2.0, 3.0], &[1.0, 0.0, 1.0]).unwrap();
    assert_eq!(sample.len(), 2);
    assert_eq!(quantile(&sample, 0.5, RULE), Ok(2.0), "the mean of 1 and 3");
    assert_eq!(quantile(&sample, 0.5, QuantileRule::Laeken05), Ok(3.0));
}

#[test]
fn bad_rows_are_refused() {
    let check = |values: &[f64], weights: &[f64], want: SampleError| {
        assert_eq!(Sample::new(values, weights).err(), Some(want));
    };
    check(
        &[1.0],
        &[],
        SampleError::Length {
            values: 1,
            weights: 0,
        },
    );
    check(&[1.0, f64::NAN], &[1.0, 1.0], SampleError::Value { row: 1 });
    check(
        &[1.0, f64::INFINITY],
        &[1.0, 1.0],
        SampleError::Value { row: 1 },
    );
    check(&[1.0, 2.0], &[-1.0, 1.0], SampleError::Weight { row: 0 });
    check(
        &[1.0, 2.0],
        &[1.0, f64::NAN],
        SampleError::Weight { row: 1 },
    );
}

#[test]
fn sums_keep_their_low_bits() {
    assert_eq!(sum([1e16, 1.0, -1e16]), 1.0);
    assert_eq!(sum((0..1_000_000).map(|_| 0.1)), 100_000.0);
}

#[test]
fn a_replicate_that_is_undefined_does_not_count() {
    let sample = Sample::new(&[0.0, 0.0, 0.0, 9.0], &[1.0; 4]).unwrap();
    let design = Design::new(4, None, None);
    let resampling = Resampling {
        replicates: 50,
        seed: 1,
    };
    let errors = bootstrap_errors(&design, resampling, &|draw| {
        vec![gini(&draw.of(&sample)), Err(Undefined::NobodyBelow)]
    });
    assert!(errors[0].is_ok_and(f64::is_finite));
    assert_eq!(errors[1], Err(Undefined::TooFewRows));
}

/// 60 % of 5,001.10 are 3,000.66; in binary the product is a little more.
#[test]
fn who_stands_on_the_line_is_not_below_it() {
    let sample = Sample::new(&[3000.66, 5001.10, 9000.0], &[1.0; 3]).unwrap();
    let line = arpt(&sample, 0.6, RULE).unwrap();
    assert!(
        line > 3000.66,
        "the case must be one where the product is more"
    );
    assert_eq!(arpr(&sample, line), Ok(0.0));
    assert_eq!(rmpg(&sample, line, RULE), Err(Undefined::NobodyBelow));
}
