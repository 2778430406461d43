//! How strong what was not observed must be to undo a result.

use proptest::prelude::{ProptestConfig, prop_assert, proptest};
use wdl_causal::distribution;
use wdl_causal::sensitivity::{
    Benchmark, Coefficient, Measure, NoBounds, NoRobustness, Pairs, e_value,
};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{ours} is not {theirs}");
}

const DIFFERENCES: [f64; 15] = [
    1.5, -0.4, 2.2, 0.9, 3.1, -1.2, 0.9, 2.8, 0.0, 1.1, -0.7, 4.0, 0.3, 1.9, 2.2,
];

#[test]
fn the_signed_rank_test_is_that_of_scipy() {
    let pairs = Pairs::new(&DIFFERENCES).expect("pairs");
    assert_eq!((pairs.statistic(), pairs.zeros()), (93.0, 1));
    let at = |gamma| pairs.bounds(gamma, 0.05).expect("bounds").p_value;
    // scipy 1.17.1: wilcoxon(alternative="greater", correction=False, method="approx").
    close(at(1.0).0, 0.005_484_248_282_112_365, 1e-14);
    close(at(1.0).1, 0.005_484_248_282_112_365, 1e-14);
    // The bounds' formula on scipy's ranks.
    close(at(1.5).0, 0.000_539_201_550_554_668_3, 1e-14);
    close(at(1.5).1, 0.027_235_195_013_738_698, 1e-14);
    close(at(3.0).1, 0.150_693_461_458_524_64, 1e-14);
}

#[test]
fn without_bias_the_estimate_is_the_median_of_walsh_averages() {
    let bounds = Pairs::new(&DIFFERENCES).and_then(|own| own.bounds(1.0, 0.05));
    let bounds = bounds.expect("bounds");
    close(bounds.estimate.0, 1.2, 1e-12);
    close(bounds.estimate.1, 1.2, 1e-12);
}

/// The statistic of differences less a constant, on all pairs at once.
fn above(differences: &[f64], constant: f64) -> f64 {
    let mut count = 0.0;
    for (at, own) in differences.iter().enumerate() {
        for other in &differences[at..] {
            count += f64::from(u8::from(0.5 * own + 0.5 * other > constant));
        }
    }
    count
}

#[test]
fn the_critical_gamma_is_where_the_bound_is_alpha() {
    let pairs = Pairs::new(&DIFFERENCES).expect("pairs");
    let gamma = pairs.critical_gamma(0.05).expect("significant");
    close(
        pairs.bounds(gamma, 0.05).expect("bounds").p_value.1,
        0.05,
        1e-9,
    );
    assert!(
        Pairs::new(&[1.0, -1.1, 0.5, -0.6])
            .expect("pairs")
            .critical_gamma(0.05)
            .is_none()
    );
}

#[test]
fn what_are_no_pairs_is_refused() {
    assert_eq!(
        Pairs::new(&[1.0, f64::NAN]).err(),
        Some(NoBounds::NotFinite(1))
    );
    assert_eq!(Pairs::new(&[1.0, 0.0, 0.0]).err(), Some(NoBounds::TooFew));
    let pairs = Pairs::new(&DIFFERENCES).expect("pairs");
    assert_eq!(pairs.bounds(0.9, 0.05), Err(NoBounds::Gamma(0.9)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn limits_are_where_the_slow_statistic_crosses(
        whole in proptest::collection::vec(-20_i32..30, 3..25),
        gamma in 1.0_f64..4.0,
    ) {
        let differences: Vec<f64> = whole.iter().map(|own| f64::from(*own) * 0.25).collect();
        let Ok(pairs) = Pairs::new(&differences) else { return Ok(()) };
        let own = pairs.bounds(gamma, 0.1).expect("bounds");
        let wider = pairs.bounds(gamma + 0.5, 0.1).expect("bounds");
        prop_assert!(wider.p_value.1 >= own.p_value.1 && wider.p_value.0 <= own.p_value.0);
        prop_assert!(wider.estimate.0 <= own.estimate.0 && wider.estimate.1 >= own.estimate.1);
        prop_assert!(own.estimate.0 <= own.estimate.1);
        let count = differences.len() as f64;
        let all = count * (count + 1.0) / 2.0;
        let likely = gamma / (1.0 + gamma);
        // The mean of where the statistic stops being above its expectation and where it is below it.
        for (estimate, expected) in [(own.estimate.0, likely * all), (own.estimate.1, (1.0 - likely) * all)] {
            prop_assert!(above(&differences, estimate + 1e-9) <= expected + 1e-9);
            prop_assert!(above(&differences, estimate - 0.126) >= expected - all.sqrt() || estimate <= differences.iter().copied().fold(f64::INFINITY, f64::min));
        }
        let deviation = (likely * (1.0 - likely) * all * (2.0 * count + 1.0) / 3.0).sqrt();
        let reach = distribution::normal_quantile(0.95) * deviation;
        if own.interval.0.is_finite() {
            prop_assert!(above(&differences, own.interval.0) <= likely * all + reach);
            prop_assert!(above(&differences, own.interval.0 - 1e-9) > likely * all + reach);
        } else {
            prop_assert!(all <= likely * all + reach);
        }
        if own.interval.1.is_finite() {
            prop_assert!(above(&differences, own.interval.1 - 1e-9) >= (1.0 - likely) * all - reach);
            prop_assert!(above(&differences, own.interval.1) < (1.0 - likely) * all - reach);
        }
    }
}

#[test]
fn e_values_are_the_published_ones() {
    // VanderWeele and Ding (2017): a risk ratio of 3.9 (1.8 to 8.7).
    let own = e_value(Measure::RiskRatio, 3.9, Some((1.8, 8.7))).expect("a ratio");
    close(own.estimate, 7.26, 0.005);
    close(own.limit.expect("a limit"), 3.0, 0.005);
    // A protective ratio is that of its inverse.
    let inverse = e_value(Measure::RiskRatio, 1.0 / 3.9, Some((1.0 / 8.7, 1.0 / 1.8)));
    let inverse = inverse.expect("a ratio");
    close(inverse.estimate, own.estimate, 1e-12);
    close(
        inverse.limit.expect("a limit"),
        own.limit.expect("a limit"),
        1e-12,
    );
}

#[test]
fn e_values_of_other_measures_go_by_the_ratio() {
    let of = |measure, value| e_value(measure, value, None).expect("a ratio");
    close(of(Measure::OddsRatioCommon, 4.0).risk_ratio, 2.0, 1e-15);
    close(of(Measure::OddsRatioRare, 4.0).risk_ratio, 4.0, 1e-15);
    close(
        of(Measure::StandardisedDifference, 0.5).risk_ratio,
        0.455_f64.exp(),
        1e-15,
    );
    close(of(Measure::HazardRatioCommon, 1.0).risk_ratio, 1.0, 1e-15);
    // A doubled hazard: (1 - 0.5^√2) / (1 - 0.5^√½).
    let doubled = (1.0 - (-std::f64::consts::LN_2 * 2.0_f64.sqrt()).exp())
        / (1.0 - (-std::f64::consts::LN_2 * 0.5_f64.sqrt()).exp());
    close(
        of(Measure::HazardRatioCommon, 2.0).risk_ratio,
        doubled,
        1e-14,
    );
    close(of(Measure::RiskRatio, 1.0).estimate, 1.0, 0.0);
    assert_eq!(
        e_value(Measure::RiskRatio, 1.2, Some((0.9, 1.6))).and_then(|own| own.limit),
        Some(1.0)
    );
    assert!(e_value(Measure::RiskRatio, -1.0, None).is_none());
    assert!(e_value(Measure::RiskRatio, f64::NAN, None).is_none());
    assert!(e_value(Measure::RiskRatio, 2.0, Some((2.5, 3.0))).is_none());
}

#[test]
fn an_e_value_is_the_least_joint_strength() {
    // The bounding factor of two equal strengths E is E² / (2E - 1): just the ratio.
    for ratio in [1.01, 1.5, 3.9, 40.0] {
        let own = e_value(Measure::RiskRatio, ratio, None)
            .expect("a ratio")
            .estimate;
        close(own * own / (2.0 * own - 1.0), ratio, 1e-12 * ratio);
    }
}

/// The Darfur regression of Cinelli and Hazlett (2020): its coefficient, and the covariate `female` as a benchmark.
fn darfur() -> (Coefficient, Benchmark) {
    let own = Coefficient::new(0.097_315_819_284_958_97, 0.023_256_537_809_811_18, 783.0);
    let benchmark = Benchmark {
        with_treatment: 0.009_081_065_190_328_759,
        with_outcome: 0.109_033_915_427_842_83,
    };
    (own.expect("a coefficient"), benchmark)
}

#[test]
fn robustness_is_that_of_sensemakr() {
    let (own, benchmark) = darfur();
    // PySensemakr, the statistic rounded to 4.184 there.
    let rounded = Coefficient::new(4.184, 1.0, 783.0).expect("a coefficient");
    close(rounded.partial_r2(), 0.021_868_492_115_065_804, 1e-15);
    close(rounded.robustness_value(1.0), 0.138_762_504_363_6, 2e-7);
    close(
        rounded.robustness_value_of_significance(1.0, 0.05),
        0.076_243_122_269_3,
        1e-12,
    );
    let extreme = Coefficient::new(60.0, 1.0, 20.0).expect("a coefficient");
    close(
        extreme.robustness_value_of_significance(1.0, 0.05),
        0.993_201_294_070_3,
        1e-12,
    );
    for (times, estimate, error) in [
        (1.0, 0.075_220_271_214_453_82, 0.021_873_327_743_756_985),
        (2.0, 0.052_915_172_384_457_68, 0.020_350_062_077_963_464),
        (3.0, 0.030_396_023_464_161_91, 0.018_670_064_817_092_15),
    ] {
        let adjusted = own.benchmarked(benchmark, times).expect("a strength");
        close(adjusted.estimate, estimate, 1e-12);
        close(adjusted.standard_error, error, 1e-12);
    }
    // The paper's own figures: 2.2 %, 13.9 %, 7.6 %.
    close(own.partial_r2(), 0.022, 5e-4);
    close(own.robustness_value(1.0), 0.139, 5e-4);
    close(own.robustness_value_of_significance(1.0, 0.05), 0.076, 5e-4);
}

#[test]
fn at_its_robustness_value_nothing_is_left() {
    let (own, _) = darfur();
    let value = own.robustness_value(1.0);
    close(
        own.adjusted(value, value).expect("shares").estimate,
        0.0,
        1e-14,
    );
    let half = own.robustness_value(0.5);
    let adjusted = own.adjusted(half, half).expect("shares");
    close(adjusted.estimate, 0.5 * 0.097_315_819_284_958_97, 1e-14);
    let value = own.robustness_value_of_significance(1.0, 0.05);
    let statistic = own.adjusted(value, value).expect("shares").statistic;
    close(
        statistic,
        distribution::student_quantile(0.975, 782.0),
        1e-10,
    );
    let weak = Coefficient::new(0.1, 0.1, 100.0).expect("a coefficient");
    close(weak.robustness_value_of_significance(1.0, 0.05), 0.0, 0.0);
}

#[test]
fn impossible_strengths_are_refused() {
    let (own, benchmark) = darfur();
    assert_eq!(
        own.benchmarked(benchmark, 200.0),
        Err(NoRobustness::Impossible)
    );
    assert_eq!(own.adjusted(1.0, 0.1), Err(NoRobustness::NotAShare));
    assert_eq!(own.adjusted(0.1, f64::NAN), Err(NoRobustness::NotAShare));
    assert!(
        own.benchmarked(benchmark, 9.0)
            .expect("a strength")
            .is_capped
    );
    assert_eq!(
        Coefficient::new(1.0, 0.0, 10.0).err(),
        Some(NoRobustness::NotACoefficient)
    );
    assert_eq!(
        Coefficient::new(1.0, 1.0, 1.0).err(),
        Some(NoRobustness::NotACoefficient)
    );
}
