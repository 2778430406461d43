//! Coefficients of agreement against values from outside, by their laws, and on bad codes.

use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};
use wdl_qualitative::agreement::{
    Codes, Metric, NoAgreement, Weights, cohen_kappa, fleiss_kappa, gwet_ac1, krippendorff_alpha,
    percentage_agreement, unit_bootstrap,
};

use crate::elsewhere;

type Rows = Vec<Vec<Option<f64>>>;

fn check(value: f64, expected: f64, tolerance: f64, what: &str) {
    let error = (value - expected).abs();
    assert!(error <= tolerance, "{what}: {value} is not {expected}");
}

fn sheet(value: &serde_json::Value) -> Rows {
    let rows = value.as_array().expect("rows").iter();
    rows.map(|row| {
        let cells = row.as_array().expect("cells").iter();
        cells.map(serde_json::Value::as_f64).collect()
    })
    .collect()
}

/// A small generator, so that the same sheet can be made anywhere: `s ← 1103515245 s + 12345 mod 2³¹`, of which the upper bits.
struct Generator(u64);

impl Generator {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = (self.0 * 1_103_515_245 + 12_345) % (1 << 31);
        (self.0 >> 16) % below
    }
}

/// Sixty units, four coders, the last two with gaps.
fn generated() -> Rows {
    let mut random = Generator(7);
    let mut rows = vec![vec![None; 60]; 4];
    for unit in 0..60 {
        let truth = random.next(4);
        for (coder, row) in rows.iter_mut().enumerate() {
            let (right, noise, gap) = (random.next(10), random.next(4), random.next(8));
            let code = if right < 7 { truth } else { noise };
            let is_missing = gap == 0 && coder >= 2;
            row[unit] = (!is_missing).then_some(code as f64 + 1.0);
        }
    }
    rows
}

#[test]
fn alpha_meets_the_values_computed_elsewhere() {
    let Some(expected) = elsewhere::expected() else {
        return;
    };
    let all = &expected["krippendorff_alpha"];
    let metrics = [
        ("nominal", Metric::Nominal),
        ("ordinal", Metric::Ordinal),
        ("interval", Metric::Interval),
        ("ratio", Metric::Ratio),
    ];
    let mut compared = 0;
    for (data, key) in [
        ("data_krippendorff2011_C", "krippendorff2011_C"),
        ("data_krippendorff2011_A", "krippendorff2011_A_binary"),
        ("data_wikipedia", "wikipedia"),
    ] {
        let codes = Codes::new(&sheet(&all[data])).expect("codes");
        for (name, metric) in metrics {
            if let Some(value) = all["alpha"][format!("{key}_{name}")].as_f64() {
                let alpha = krippendorff_alpha(&codes, metric).expect("a value").alpha;
                check(alpha, value, 1e-12, &format!("{key} {name}"));
                compared += 1;
            }
        }
    }
    assert_eq!(compared, 9);
}

#[test]
fn alpha_of_generated_codes_meets_the_python_package() {
    // krippendorff 0.9.0.
    let codes = Codes::new(&generated()).expect("codes");
    for (metric, expected) in [
        (Metric::Nominal, 0.4791987128485298),
        (Metric::Ordinal, 0.5272141626984358),
        (Metric::Interval, 0.5324021488871834),
        (Metric::Ratio, 0.5455577145768291),
    ] {
        let alpha = krippendorff_alpha(&codes, metric).expect("a value").alpha;
        check(alpha, expected, 1e-12, &format!("{metric:?}"));
    }
}

#[test]
fn kappas_of_generated_codes_meet_the_python_packages() {
    // statsmodels' cohens_kappa; irrCAC 0.4 for Fleiss and AC1.
    let rows = generated();
    let two = Codes::new(&rows[..2]).expect("codes");
    for (weights, kappa, error, null) in [
        (
            Weights::None,
            0.4678492239467849,
            0.08274887711377295,
            0.07354548036007753,
        ),
        (
            Weights::Linear,
            0.46335078534031415,
            0.09518488070652108,
            0.09224359780217654,
        ),
        (
            Weights::Quadratic,
            0.4787644787644788,
            0.11404438242017428,
            0.1267205108605537,
        ),
    ] {
        let found = cohen_kappa(&two, weights).expect("a value");
        check(found.kappa, kappa, 1e-12, "kappa");
        check(found.standard_error, error, 1e-12, "its error");
        check(
            found.standard_error_null,
            null,
            1e-12,
            "its error without agreement",
        );
        assert_eq!(found.units, 60);
    }
    let four = Codes::new(&rows).expect("codes");
    for (codes, fleiss, fleiss_error, ac1, ac1_error) in [
        (
            &four,
            0.482156439670294,
            0.058548391677275,
            0.486186909266399,
            0.058178498537131,
        ),
        (
            &two,
            0.464783497491173,
            0.084863912470112,
            0.467291448301375,
            0.08513369379813,
        ),
    ] {
        let found = fleiss_kappa(codes).expect("a value");
        check(found.coefficient, fleiss, 1e-12, "Fleiss");
        check(
            found.standard_error.expect("units"),
            fleiss_error,
            1e-12,
            "its error",
        );
        let found = gwet_ac1(codes).expect("a value");
        check(found.coefficient, ac1, 1e-12, "AC1");
        check(
            found.standard_error.expect("units"),
            ac1_error,
            1e-12,
            "its error",
        );
    }
    assert!(
        fleiss_kappa(&four)
            .expect("a value")
            .standard_error_null
            .is_none()
    );
    let pairs = percentage_agreement(&two).expect("a value");
    check(pairs.pairwise, 0.6, 1e-15, "pairs");
    check(
        pairs.unanimous,
        0.6,
        1e-15,
        "two coders agree in pairs or not at all",
    );
}

#[test]
fn the_null_error_of_fleiss_is_the_spread_under_chance() {
    let mut random = Generator(11);
    let mut kappas = Vec::new();
    let mut errors = Vec::new();
    for _ in 0..3000 {
        let rows: Rows = (0..4)
            .map(|_| {
                (0..80)
                    .map(|_| Some((random.next(10).min(4)) as f64))
                    .collect()
            })
            .collect();
        let found = fleiss_kappa(&Codes::new(&rows).expect("codes")).expect("a value");
        kappas.push(found.coefficient);
        errors.push(found.standard_error_null.expect("whole units"));
    }
    let mean = kappas.iter().sum::<f64>() / 3000.0;
    let spread = (kappas.iter().map(|own| (own - mean).powi(2)).sum::<f64>() / 2999.0).sqrt();
    let told = errors.iter().sum::<f64>() / 3000.0;
    assert!(
        (told / spread - 1.0).abs() < 0.05,
        "{told} against {spread}"
    );
}

/// The coincidence matrix as Krippendorff writes it, slow and obvious.
fn alpha_by_coincidences(rows: &Rows, metric: Metric) -> f64 {
    let units: Vec<Vec<f64>> = (0..rows[0].len())
        .map(|unit| {
            rows.iter()
                .filter_map(|row| row[unit])
                .collect::<Vec<f64>>()
        })
        .filter(|codes| codes.len() > 1)
        .collect();
    let all: Vec<f64> = units.iter().flatten().copied().collect();
    let count = |code: f64| all.iter().filter(|own| **own == code).count() as f64;
    let mut values = all.clone();
    values.sort_by(f64::total_cmp);
    values.dedup();
    let distance = |left: f64, right: f64| {
        let (low, high) = (left.min(right), left.max(right));
        match metric {
            Metric::Nominal => f64::from(left != right),
            Metric::Interval => (left - right).powi(2),
            Metric::Ratio if left == right => 0.0,
            Metric::Ratio => ((left - right) / (left + right)).powi(2),
            Metric::Ordinal => {
                let between = values.iter().filter(|own| **own >= low && **own <= high);
                let between: f64 = between.map(|own| count(*own)).sum();
                (between - (count(low) + count(high)) / 2.0).powi(2)
            }
        }
    };
    let mut observed = 0.0;
    for unit in &units {
        for (at, left) in unit.iter().enumerate() {
            for (other, right) in unit.iter().enumerate() {
                if at != other {
                    observed += distance(*left, *right) / (unit.len() - 1) as f64;
                }
            }
        }
    }
    let expected: f64 = all
        .iter()
        .flat_map(|left| all.iter().map(move |right| (*left, *right)))
        .map(|(left, right)| distance(left, right))
        .sum();
    1.0 - (all.len() - 1) as f64 * observed / expected
}

fn sheets() -> impl Strategy<Value = Rows> {
    (2_usize..5, 3_usize..12).prop_flat_map(|(coders, units)| {
        let cell = prop::option::weighted(0.8, (0_u8..5).prop_map(f64::from));
        prop::collection::vec(prop::collection::vec(cell, units), coders)
    })
}

proptest! {
    #[test]
    fn alpha_is_that_of_the_coincidence_matrix(rows in sheets()) {
        let codes = Codes::new(&rows).expect("codes");
        for metric in [Metric::Nominal, Metric::Ordinal, Metric::Interval, Metric::Ratio] {
            let Ok(found) = krippendorff_alpha(&codes, metric) else { continue };
            let slow = alpha_by_coincidences(&rows, metric);
            prop_assert!((found.alpha - slow).abs() < 1e-11, "{metric:?}: {} and {slow}", found.alpha);
            prop_assert!(found.alpha <= 1.0);
        }
    }

    #[test]
    fn the_order_of_coders_does_not_matter(rows in sheets(), seed in any::<u64>()) {
        let mut turned = rows.clone();
        turned.rotate_left(seed as usize % rows.len());
        let (one, other) = (Codes::new(&rows).expect("codes"), Codes::new(&turned).expect("codes"));
        let alphas = [&one, &other].map(|codes| krippendorff_alpha(codes, Metric::Nominal).map(|own| own.alpha));
        match alphas {
            [Ok(one), Ok(other)] => prop_assert!((one - other).abs() < 1e-12),
            [one, other] => prop_assert!(one == other),
        }
        let kappas = [&one, &other].map(|codes| gwet_ac1(codes).map(|own| own.coefficient));
        match kappas {
            [Ok(one), Ok(other)] => prop_assert!((one - other).abs() < 1e-12),
            [one, other] => prop_assert!(one == other),
        }
    }
}

#[test]
fn the_interval_holds_alpha_and_depends_on_the_seed_alone() {
    let codes = Codes::new(&generated()).expect("codes");
    let alpha = krippendorff_alpha(&codes, Metric::Nominal)
        .expect("a value")
        .alpha;
    let interval = unit_bootstrap(&codes, Metric::Nominal, 0.95, 2000, 1).expect("an interval");
    assert!(interval.lower < alpha && alpha < interval.upper);
    // Fleiss' linearised error is close to alpha's.
    let error = fleiss_kappa(&codes)
        .expect("a value")
        .standard_error
        .expect("units");
    assert!((interval.standard_error / error - 1.0).abs() < 0.15);
    let again = unit_bootstrap(&codes, Metric::Nominal, 0.95, 2000, 1);
    assert_eq!(again, Ok(interval.clone()));
    let other = unit_bootstrap(&codes, Metric::Nominal, 0.95, 2000, 2).expect("an interval");
    assert_ne!(other.lower, interval.lower);
}

#[test]
fn perfect_agreement_is_one() {
    let rows: Rows = vec![vec![Some(1.0), Some(2.0), Some(5.0), None]; 3];
    let codes = Codes::new(&rows).expect("codes");
    for metric in [
        Metric::Nominal,
        Metric::Ordinal,
        Metric::Interval,
        Metric::Ratio,
    ] {
        let alpha = krippendorff_alpha(&codes, metric).expect("a value");
        assert_eq!(alpha.alpha, 1.0);
        assert_eq!(alpha.left_out, [3]);
    }
    assert_eq!(fleiss_kappa(&codes).expect("a value").coefficient, 1.0);
    assert_eq!(
        percentage_agreement(&codes).expect("a value").unanimous,
        1.0
    );
}

#[test]
fn undefined_cases_say_why() {
    let one: Rows = vec![vec![Some(1.0), Some(2.0)]];
    assert_eq!(Codes::new(&one), Err(NoAgreement::OneCoder));
    let ragged: Rows = vec![vec![Some(1.0)], vec![]];
    assert_eq!(Codes::new(&ragged), Err(NoAgreement::Ragged(1)));
    let wrong: Rows = vec![vec![Some(1.0)], vec![Some(f64::NAN)]];
    assert_eq!(
        Codes::new(&wrong),
        Err(NoAgreement::NotFinite { coder: 1, unit: 0 })
    );

    let apart: Rows = vec![vec![Some(1.0), None], vec![None, Some(1.0)]];
    let apart = Codes::new(&apart).expect("codes");
    let none = Err(NoAgreement::NoPairableUnits);
    assert_eq!(
        krippendorff_alpha(&apart, Metric::Nominal).map(|own| own.alpha),
        none
    );
    assert_eq!(
        cohen_kappa(&apart, Weights::None).map(|own| own.kappa),
        none
    );
    assert_eq!(fleiss_kappa(&apart).map(|own| own.coefficient), none);
    assert_eq!(gwet_ac1(&apart).map(|own| own.coefficient), none);
    assert_eq!(percentage_agreement(&apart).map(|own| own.pairwise), none);

    let same: Rows = vec![vec![Some(3.0); 5]; 2];
    let same = Codes::new(&same).expect("codes");
    let none = Err(NoAgreement::NoVariation);
    for metric in [
        Metric::Nominal,
        Metric::Ordinal,
        Metric::Interval,
        Metric::Ratio,
    ] {
        assert_eq!(krippendorff_alpha(&same, metric).map(|own| own.alpha), none);
    }
    assert_eq!(
        cohen_kappa(&same, Weights::Linear).map(|own| own.kappa),
        none
    );
    assert_eq!(fleiss_kappa(&same).map(|own| own.coefficient), none);
    assert_eq!(gwet_ac1(&same).map(|own| own.coefficient), none);
    // Without a correction for chance there is a value.
    assert_eq!(percentage_agreement(&same).map(|own| own.pairwise), Ok(1.0));

    let three: Rows = vec![vec![Some(1.0), Some(2.0)]; 3];
    let three = Codes::new(&three).expect("codes");
    assert_eq!(
        cohen_kappa(&three, Weights::None).map(|own| own.kappa),
        Err(NoAgreement::NotTwoCoders(3))
    );
    let below: Rows = vec![vec![Some(1.0), Some(2.0)], vec![Some(1.0), Some(-2.0)]];
    let below = Codes::new(&below).expect("codes");
    assert_eq!(
        krippendorff_alpha(&below, Metric::Ratio).map(|own| own.alpha),
        Err(NoAgreement::Negative { coder: 1, unit: 1 })
    );
    assert!(krippendorff_alpha(&below, Metric::Interval).is_ok());
    assert_eq!(
        unit_bootstrap(&below, Metric::Nominal, 1.0, 10, 1).map(|own| own.lower),
        Err(NoAgreement::NoLevel)
    );
}

#[test]
fn alpha_of_many_units_is_fast() {
    let mut random = Generator(3);
    let rows: Rows = (0..5)
        .map(|_| (0..20_000).map(|_| Some(random.next(5) as f64)).collect())
        .collect();
    let start = std::time::Instant::now();
    let codes = Codes::new(&rows).expect("codes");
    let alpha = krippendorff_alpha(&codes, Metric::Ordinal)
        .expect("a value")
        .alpha;
    let took = start.elapsed();
    println!("20,000 units by 5 coders: {took:?}, alpha {alpha:.4}");
    assert!(took.as_secs_f64() < 0.3, "{took:?}");
}
