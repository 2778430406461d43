//! Small areas: the outside reference, second implementations with whole matrices and with draws, and laws.

use proptest::prelude::*;
use wdl_stats::Undefined;
use wdl_stats::areas::{Benchmark, Covariates, Direct, Method, NoEstimate, benchmark, fay_herriot};

use crate::dense;

const METHODS: [Method; 3] = [Method::Reml, Method::Ml, Method::FayHerriot];

fn near(got: f64, want: f64, tolerance: f64) {
    assert!(
        (got - want).abs() <= tolerance * want.abs(),
        "{got} is not {want}"
    );
}

/// Direct estimates and variances of milk.csv, the four major areas as covariates.
fn milk() -> Option<(Vec<Option<Direct>>, Covariates, serde_json::Value)> {
    let folder = std::path::Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/reference/poverty"
    ));
    if !folder.is_dir() {
        println!("skipped: ../shared/reference/poverty is absent");
        return None;
    }
    let (mut direct, mut covariates) = (Vec::new(), Vec::new());
    for row in csv::Reader::from_path(folder.join("milk.csv"))
        .unwrap()
        .records()
    {
        let row = row.unwrap();
        let number = |place: usize| row[place].parse::<f64>().unwrap();
        direct.push(Direct::new(number(2), number(3).powi(2)));
        covariates.push(1.0);
        covariates.extend((2..=4).map(|major| f64::from(number(5) == f64::from(major))));
    }
    let file = std::fs::File::open(folder.join("milk_expected.json")).unwrap();
    let expected: serde_json::Value = serde_json::from_reader(file).unwrap();
    Some((
        direct,
        Covariates::new(4, covariates),
        expected["results"]["REML"].clone(),
    ))
}

#[test]
fn milk_is_as_the_package_sae_has_it() {
    let Some((direct, covariates, expected)) = milk() else {
        return;
    };
    let got = fay_herriot(&direct, &covariates, Method::Reml).unwrap();
    let areas: Vec<_> = got.areas.iter().map(|area| area.unwrap()).collect();
    let errors: Vec<f64> = got
        .coefficient_errors
        .iter()
        .map(|error| error.unwrap())
        .collect();
    for (name, tolerance) in [
        ("tight_precision_1e_13", 1e-8),
        ("default_precision_1e_4", 1e-5),
    ] {
        let expected = &expected[name];
        let number = |name: &str| expected[name].as_f64().unwrap();
        near(got.variance, number("sigma2u"), tolerance);
        near(got.log_likelihood, number("loglike"), tolerance);
        near(got.aic, number("AIC"), tolerance);
        near(got.bic, number("BIC"), tolerance);
        let check = |name: &str, got: &[f64]| {
            let want = expected[name].as_array().unwrap();
            assert_eq!(got.len(), want.len());
            for (got, want) in got.iter().zip(want) {
                near(*got, want.as_f64().unwrap(), tolerance);
            }
        };
        check("beta", &got.coefficients);
        check("se", &errors);
        check(
            "eblup",
            &areas.iter().map(|area| area.estimate).collect::<Vec<f64>>(),
        );
        if expected.get("mse").is_some() {
            check(
                "mse",
                &areas.iter().map(|area| area.mse).collect::<Vec<f64>>(),
            );
        }
    }
}

struct Slow {
    variance: f64,
    areas: Vec<(f64, f64)>,
}

/// Rao and Molina 2015, section 6.1 and 6.2, with whole matrices.
fn slow_fay_herriot(y: &[f64], psi: &[f64], x: &dense::Matrix, method: Method) -> Slow {
    use dense::{column, inverse, less, times, trace, transposed};
    let m = y.len();
    let diagonal = |of: &dyn Fn(usize) -> f64| -> dense::Matrix {
        (0..m)
            .map(|i| (0..m).map(|j| if i == j { of(i) } else { 0.0 }).collect())
            .collect()
    };
    let parts = |a: f64| {
        let v = diagonal(&|i| 1.0 / (a + psi[i]));
        let (q, determinant) = inverse(&times(&times(&transposed(x), &v), x));
        let beta = times(&q, &times(&times(&transposed(x), &v), &column(y)));
        let residual = less(&column(y), &times(x, &beta));
        let squares = times(&times(&transposed(&residual), &v), &residual)[0][0];
        (v, q, beta, squares, 1.0 / determinant)
    };
    let height = |a: f64| {
        let (_, _, _, squares, determinant) = parts(a);
        let logs: f64 = psi.iter().map(|psi| (a + psi).ln()).sum();
        let restricted = if method == Method::Reml {
            -determinant.ln()
        } else {
            0.0
        };
        -(logs + squares + restricted) / 2.0
    };
    let top = 100.0 * y.iter().map(|y| y * y).sum::<f64>();
    let a = match method {
        Method::Reml | Method::Ml => dense::highest(0.0, top, &height),
        Method::FayHerriot => {
            let free = (m - x[0].len()) as f64;
            dense::highest(0.0, top, &|a| -(parts(a).3 - free).abs())
        }
    };
    let (v, q, beta, _, _) = parts(a);
    let (first, second) = (trace(&v), trace(&times(&v, &v)));
    let lost = trace(&times(
        &q,
        &times(&times(&transposed(x), &times(&v, &v)), x),
    ));
    let m = m as f64;
    let (variance, bias) = match method {
        Method::Reml => (2.0 / second, 0.0),
        Method::Ml => (2.0 / second, -lost / second),
        Method::FayHerriot => (
            2.0 * m / first.powi(2),
            2.0 * (m * second - first.powi(2)) / first.powi(3),
        ),
    };
    let area = |i: usize| {
        let row = vec![x[i].clone()];
        let line = times(&row, &beta)[0][0];
        let b = psi[i] / (a + psi[i]);
        let g2 = b * b * times(&times(&row, &q), &transposed(&row))[0][0];
        let g3 = psi[i].powi(2) / (a + psi[i]).powi(3) * variance;
        (
            line + (1.0 - b) * (y[i] - line),
            (1.0 - b) * psi[i] + g2 + 2.0 * g3 - bias * b * b,
        )
    };
    Slow {
        variance: a,
        areas: (0..y.len()).map(area).collect(),
    }
}

fn area() -> impl Strategy<Value = (f64, f64, f64)> {
    (-3.0..3.0f64, 0.05..2.0f64, -1.0..1.0f64)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn areas_are_as_whole_matrices_have_them(rows in prop::collection::vec(area(), 6..14)) {
        let y: Vec<f64> = rows.iter().map(|row| row.0).collect();
        let psi: Vec<f64> = rows.iter().map(|row| row.1).collect();
        let x: dense::Matrix = rows.iter().map(|row| vec![1.0, row.2]).collect();
        let direct: Vec<_> = rows.iter().map(|row| Direct::new(row.0, row.1)).collect();
        let covariates = Covariates::new(2, x.concat());
        for method in METHODS {
            let got = fay_herriot(&direct, &covariates, method).unwrap();
            let want = slow_fay_herriot(&y, &psi, &x, method);
            // The slow search looks for the highest point of a flat top: half the digits, and those of the variance's scale.
            prop_assert!((got.variance - want.variance).abs() < 1e-5 * (1.0 + want.variance), "{method:?} {} {}", got.variance, want.variance);
            for (got, want) in got.areas.iter().zip(&want.areas) {
                let got = got.unwrap();
                prop_assert!((got.estimate - want.0).abs() < 1e-5, "{method:?} {} {}", got.estimate, want.0);
                prop_assert!((got.mse - want.1).abs() < 1e-4 * (1.0 + want.1.abs()), "{method:?} {} {}", got.mse, want.1);
            }
        }
    }

    #[test]
    fn the_unit_of_values_and_covariates_changes_nothing(rows in prop::collection::vec(area(), 8..20)) {
        let fit = |unit: f64, level: f64| {
            let direct: Vec<_> = rows.iter().map(|row| Direct::new(row.0 * unit, row.1 * unit * unit)).collect();
            let x = rows.iter().flat_map(|row| [1.0, level + row.2 * 1e3]).collect();
            fay_herriot(&direct, &Covariates::new(2, x), Method::Reml).unwrap()
        };
        let (one, other) = (fit(1.0, 0.0), fit(1e4, 1e6));
        prop_assert!((one.variance * 1e8 - other.variance).abs() <= 1e-6 * (1e8 + other.variance));
        for (one, other) in one.areas.iter().zip(&other.areas) {
            let (one, other) = (one.unwrap(), other.unwrap());
            prop_assert!((one.estimate * 1e4 - other.estimate).abs() < 1e-3);
            prop_assert!((one.mse * 1e8 - other.mse).abs() < 1e-6 * 1e8);
        }
    }

    #[test]
    fn benchmarked_estimates_add_up(
        rows in prop::collection::vec((0.1..5.0f64, 0.0..3.0f64), 1..20),
        target in -4.0..4.0f64,
    ) {
        let (estimates, shares): (Vec<f64>, Vec<f64>) = rows.into_iter().unzip();
        prop_assume!(shares.iter().sum::<f64>() > 0.01);
        for how in [Benchmark::Ratio, Benchmark::Difference] {
            let (factor, plus) = benchmark(&estimates, &shares, target, how).unwrap();
            let all: f64 = estimates.iter().zip(&shares).map(|(one, share)| share * (one * factor + plus)).sum();
            prop_assert!((all - target).abs() < 1e-9, "{} {}", all, target);
        }
    }
}

#[test]
fn a_total_that_no_factor_reaches_is_told() {
    assert_eq!(
        benchmark(&[-1.0, 0.5], &[1.0, 1.0], 2.0, Benchmark::Ratio),
        Err(Undefined::SumNotPositive)
    );
    assert_eq!(
        benchmark(&[1.0], &[0.0], 2.0, Benchmark::Difference),
        Err(Undefined::NoRows)
    );
}

#[test]
fn an_area_without_a_direct_estimate_gets_the_line() {
    let Some((mut direct, covariates, _)) = milk() else {
        return;
    };
    direct[3] = None;
    for method in METHODS {
        let got = fay_herriot(&direct, &covariates, method).unwrap();
        let area = got.areas[3].unwrap();
        assert_eq!((got.areas_used, area.weight_of_direct), (42, 0.0));
        near(area.estimate, got.coefficients[0], 1e-12);
        assert!(area.mse > got.variance);
    }
}

#[test]
fn collinear_covariates_change_no_estimate_and_have_no_error() {
    let Some((direct, covariates, _)) = milk() else {
        return;
    };
    // The first major area follows from the constant and the other three.
    let rows = (0..covariates.rows()).flat_map(|row| {
        let own = covariates.row(row);
        own.iter()
            .copied()
            .chain([1.0 - own[1] - own[2] - own[3]])
            .collect::<Vec<f64>>()
    });
    let repeated = Covariates::new(5, rows.collect());
    let one = fay_herriot(&direct, &covariates, Method::Reml).unwrap();
    let other = fay_herriot(&direct, &repeated, Method::Reml).unwrap();
    assert_eq!(one.areas, other.areas);
    assert_eq!(
        (other.coefficients[4], other.coefficient_errors[4]),
        (0.0, None)
    );
}

#[test]
fn a_category_that_no_direct_estimate_has_gives_no_number() {
    let direct: Vec<_> = [1.0, 1.4, 2.0, 0.3]
        .map(|y| Direct::new(y, 0.2))
        .into_iter()
        .chain([None])
        .collect();
    let x = vec![1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0];
    let got = fay_herriot(&direct, &Covariates::new(2, x), Method::Reml).unwrap();
    assert_eq!(got.areas[4], Err(NoEstimate::NotIdentified));
    assert!(got.areas[0].is_ok());
}

#[test]
fn no_difference_beyond_sampling_is_a_variance_of_zero() {
    let direct: Vec<_> = [1.0, 1.01, 0.99, 1.0, 1.02]
        .map(|y| Direct::new(y, 1.0))
        .into();
    for method in METHODS {
        let got = fay_herriot(&direct, &Covariates::new(1, vec![1.0; 5]), method).unwrap();
        assert_eq!(got.variance, 0.0);
        near(got.areas[0].unwrap().estimate, 1.004, 1e-12);
    }
    assert!(Direct::new(1.0, 0.0).is_none() && Direct::new(f64::NAN, 1.0).is_none());
    assert!(fay_herriot(&direct[..1], &Covariates::new(1, vec![1.0]), Method::Reml).is_err());
}
