//! `honest-did`, `rosenbaum`, `e-value`, `robustness-value`, `power`, `placebo-power`, `interrupted-series`, `cost`.

use wdl_evaluation::{Cell, Evaluation, EvaluationError};

use crate::asked::{File, ask, reference_path};

#[track_caller]
fn close(ours: f64, theirs: f64, tolerance: f64) {
    assert!((ours - theirs).abs() <= tolerance, "{ours} is not {theirs}");
}

#[track_caller]
fn number(cell: &Cell) -> f64 {
    match cell {
        Cell::Number(number) => *number,
        other => panic!("{other:?} is no number"),
    }
}

fn has_note(answer: &Evaluation, key: &str) -> bool {
    answer.notes.iter().any(|note| note.key == key)
}

/// An event study as a file: rows and columns out of the order of time, the reference among them.
fn event_study(coefficients: &[f64], covariance: &[Vec<f64>], before: usize) -> File {
    let count = coefficients.len();
    // Before the reference, which is -1, and after it.
    let place = |at: usize| at as i32 - before as i32 - i32::from(at < before);
    let mut order: Vec<Option<usize>> = (0..count).rev().map(Some).collect();
    order.insert(2, None);
    let periods: Vec<i32> = order.iter().map(|own| own.map_or(-1, place)).collect();
    let estimates: Vec<f64> = order
        .iter()
        .map(|own| own.map_or(0.0, |at| coefficients[at]))
        .collect();
    let mut file = File::default().with("time", &periods).with("b", &estimates);
    for (column, own) in order.iter().enumerate() {
        let values: Vec<f64> = order
            .iter()
            .map(|row| match (row, own) {
                (Some(row), Some(own)) => covariance[*row][*own],
                _ => 0.0,
            })
            .collect();
        file = file.with(&format!("v{column}"), &values);
    }
    file
}

#[test]
fn honest_did_of_the_reference() {
    let Some(path) = reference_path("honest_did.json") else {
        return;
    };
    let value: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let list = |value: &serde_json::Value| -> Vec<f64> {
        let own = value.as_array().unwrap().iter();
        own.map(|own| own.as_f64().unwrap()).collect()
    };
    let coefficients = list(&value["input"]["betahat"]);
    let covariance: Vec<Vec<f64>> = value["input"]["sigma"]
        .as_array()
        .unwrap()
        .iter()
        .map(list)
        .collect();
    let file = event_study(&coefficients, &covariance, 4);
    let columns: Vec<String> = (0..9).map(|at| format!("v{at}")).collect();
    let columns = columns.join(",");
    let common = [
        ("period", "time"),
        ("estimate", "b"),
        ("covariance", columns.as_str()),
    ];
    let answer = ask("honest-did", &file, &common).unwrap();
    assert_eq!((answer.sample.rows, answer.sample.used), (9, 8));
    let theirs = &value["moderndid_0.2.0"]["DeltaRM_CLF_grid1000"];
    for (row, theirs) in answer.tables[0].rows.iter().zip(theirs.as_array().unwrap()) {
        close(number(&row[0]), theirs["Mbar"].as_f64().unwrap(), 0.0);
        close(number(&row[2]), theirs["lb"].as_f64().unwrap(), 0.005);
        close(number(&row[3]), theirs["ub"].as_f64().unwrap(), 0.005);
    }
    let breakdown = number(&answer.figures["breakdown"]);
    assert!(breakdown > 1.5 && breakdown < 2.0);
    let mut smooth = common.to_vec();
    smooth.extend([("restriction", "smoothness"), ("bounds", "0.01,0.03")]);
    let answer = ask("honest-did", &file, &smooth).unwrap();
    close(
        number(&answer.tables[0].rows[0][2]),
        0.154_968_048_526,
        1e-4,
    );
    close(
        number(&answer.tables[0].rows[1][3]),
        0.348_594_562_215,
        1e-4,
    );
    // Of the magnitudes no estimator has a bounded bias.
    let mut wrong = common.to_vec();
    wrong.push(("interval", "fixed-length"));
    let fault = ask("honest-did", &file, &wrong).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::Options {
            option: "interval",
            ..
        }
    ));
}

#[test]
fn an_event_study_with_a_gap_is_refused() {
    let file = File::default()
        .with("time", &[-3, -1, 0, 1])
        .with("b", &[0.1, 0.0, 1.0, 1.2])
        .with("a", &[1.0, 0.0, 0.0, 0.0])
        .with("r", &[0.0, 0.0, 0.0, 0.0])
        .with("c", &[0.0, 0.0, 1.0, 0.0])
        .with("d", &[0.0, 0.0, 0.0, 1.0]);
    let common = [
        ("period", "time"),
        ("estimate", "b"),
        ("covariance", "a,r,c,d"),
    ];
    let fault = ask("honest-did", &file, &common).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
    let common = [
        ("period", "time"),
        ("estimate", "b"),
        ("covariance", "a,c,d"),
    ];
    let fault = ask("honest-did", &file, &common).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
}

#[test]
fn rosenbaum_of_fifteen_pairs() {
    let differences = [
        1.5, -0.4, 2.2, 0.9, 3.1, -1.2, 0.9, 2.8, 0.0, 1.1, -0.7, 4.0, 0.3, 1.9, 2.2,
    ];
    let mut outcome = Vec::new();
    let (mut treated, mut pair) = (Vec::new(), Vec::new());
    for (at, own) in differences.iter().enumerate() {
        outcome.extend([10.0, 10.0 + own]);
        treated.extend([0, 1]);
        pair.extend([at, at]);
    }
    let file = File::default()
        .with("y", &outcome)
        .with("d", &treated)
        .with("p", &pair);
    let common = [("outcome", "y"), ("treatment", "d"), ("pair", "p")];
    let answer = ask("rosenbaum", &file, &common).unwrap();
    close(answer.estimates[0].estimate, 1.2, 1e-9);
    // The bounds' formula on scipy's ranks.
    close(
        number(&answer.tables[0].rows[1][2]),
        0.027_235_195_013_738_698,
        1e-12,
    );
    close(
        number(&answer.tables[0].rows[3][2]),
        0.150_693_461_458_524_64,
        1e-12,
    );
    treated[1] = 0;
    let file = File::default()
        .with("y", &outcome)
        .with("d", &treated)
        .with("p", &pair);
    let fault = ask("rosenbaum", &file, &common).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
}

#[test]
fn the_published_e_value() {
    let options = [("estimate", "3.9"), ("lower", "1.8"), ("upper", "8.7")];
    let answer = ask("e-value", &File::default(), &options).unwrap();
    close(answer.estimates[0].estimate, 7.26, 0.005);
    close(answer.estimates[1].estimate, 3.0, 0.005);
    let fault = ask("e-value", &File::default(), &options[..2]).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::Options {
            option: "upper",
            ..
        }
    ));
    let fault = ask("e-value", &File::default(), &[("estimate", "-2")]).unwrap_err();
    assert!(matches!(
        fault,
        EvaluationError::Options {
            option: "estimate",
            ..
        }
    ));
}

/// A made table: a treatment that goes with age, an outcome of both.
fn made() -> File {
    let age: Vec<f64> = (0..60).map(|at| f64::from((at * 17) % 31)).collect();
    let noise = |at: usize, by: usize| ((at * at * by) % 23) as f64 / 5.0;
    let treatment: Vec<f64> = (0..60)
        .map(|at| f64::from(u8::from(age[at] + 4.0 * noise(at, 7) > 24.0)))
        .collect();
    let outcome: Vec<f64> = (0..60)
        .map(|at| 2.0 * treatment[at] + 0.2 * age[at] + noise(at, 11))
        .collect();
    let district: Vec<&str> = (0..60)
        .map(|at| ["north", "south", "east"][at % 3])
        .collect();
    File::default()
        .with("y", &outcome)
        .with("d", &treatment)
        .with("age", &age)
        .with("district", &district)
}

#[test]
fn a_robustness_value_with_a_benchmark() {
    let common = [
        ("outcome", "y"),
        ("treatment", "d"),
        ("covariates", "district"),
    ];
    let mut options = common.to_vec();
    options.push(("benchmark", "age"));
    let answer = ask("robustness-value", &made(), &options).unwrap();
    let own = &answer.estimates[0];
    let (statistic, degrees) = (own.statistic.unwrap(), own.degrees_of_freedom.unwrap());
    // A constant, the treatment, two districts and age.
    close(degrees, 55.0, 0.0);
    let r2 = statistic.powi(2) / (statistic.powi(2) + degrees);
    close(number(&answer.figures["partial_r2"]), r2, 1e-12);
    // At the value itself nothing is left of the estimate.
    let value = number(&answer.figures["robustness_value"]);
    let bias = own.standard_error.unwrap() * (degrees * value * value / (1.0 - value)).sqrt();
    close(bias, own.estimate.abs(), 1e-9);
    // Age by itself as a benchmark is the same as age among the covariates, by its own t.
    let with_outcome = number(&answer.figures["benchmark_with_outcome"]);
    let swapped = ask(
        "robustness-value",
        &made(),
        &[
            ("outcome", "y"),
            ("treatment", "age"),
            ("covariates", "d,district"),
        ],
    )
    .unwrap();
    close(number(&swapped.figures["partial_r2"]), with_outcome, 1e-12);
    assert_eq!(answer.tables[0].rows.len(), 3);
    let fault = ask(
        "robustness-value",
        &made(),
        &[("outcome", "y"), ("treatment", "d"), ("covariates", "d")],
    );
    assert!(fault.is_err());
}

#[test]
fn power_by_formula() {
    let options = [("treated", "30"), ("others", "45"), ("effects", "0.5")];
    let answer = ask("power", &File::default(), &options).unwrap();
    // statsmodels 0.15.0, TTestIndPower.
    close(
        number(&answer.tables[0].rows[0][1]),
        0.553_086_583_494_661_4,
        1e-9,
    );
    close(answer.estimates[0].estimate, 0.669_186_179_067_784_4, 1e-9);
    let options = [
        ("design", "proportions"),
        ("base", "0.2"),
        ("treated", "200"),
        ("others", "200"),
        ("effects", "0.1"),
    ];
    let answer = ask("power", &File::default(), &options).unwrap();
    close(
        number(&answer.tables[0].rows[0][1]),
        0.637_510_819_958_149,
        1e-6,
    );
    let options = [
        ("design", "panel"),
        ("treated", "30"),
        ("others", "50"),
        ("before", "5"),
        ("after", "3"),
        ("correlation", "0.4"),
    ];
    let answer = ask("power", &File::default(), &options).unwrap();
    let change: f64 = 2.6 / 5.0 + 1.8 / 3.0 - 0.8;
    let error = (change * (1.0 / 30.0 + 1.0 / 50.0)).sqrt();
    close(number(&answer.figures["standard_error"]), error, 1e-12);
    let fault = ask("power", &File::default(), &options[..5]).unwrap_err();
    assert!(matches!(fault, EvaluationError::NotEstimable { .. }));
    // Even scores on both sides of a cutoff: a line on each side multiplies the variance by four.
    let options = [
        ("design", "discontinuity"),
        ("treated", "1000"),
        ("others", "1000"),
    ];
    let answer = ask("power", &File::default(), &options).unwrap();
    let error = number(&answer.figures["standard_error"]);
    close(error.powi(2), 4.0 * 2.0 / 1000.0, 3e-5);
    let options = [
        ("design", "clusters"),
        ("treated", "1"),
        ("others", "1"),
        ("size", "20"),
        ("correlation", "0.1"),
    ];
    assert!(ask("power", &File::default(), &options).is_err());
}

#[test]
fn power_by_placebo() {
    let (mut unit, mut period, mut outcome) = (Vec::new(), Vec::new(), Vec::new());
    for own in 0..40_u32 {
        for time in 0..6_u32 {
            unit.push(own);
            period.push(2015 + time);
            outcome.push(f64::from(
                (own * own * 7 + time * time * own * 13 + time * 5) % 97,
            ));
        }
    }
    let file = File::default()
        .with("u", &unit)
        .with("t", &period)
        .with("y", &outcome);
    let options = [
        ("outcome", "y"),
        ("unit", "u"),
        ("period", "t"),
        ("treated", "15"),
        ("before", "4"),
        ("draws", "500"),
    ];
    let answer = ask("placebo-power", &file, &options).unwrap();
    assert!(answer.estimates[0].estimate > 0.0);
    close(number(&answer.figures["true_size"]), 0.05, 0.04);
    let again = ask("placebo-power", &file, &options).unwrap();
    assert_eq!(
        (answer.estimates, answer.figures),
        (again.estimates, again.figures)
    );
    unit[0] = 1;
    let file = File::default()
        .with("u", &unit)
        .with("t", &period)
        .with("y", &outcome);
    let fault = ask("placebo-power", &file, &options).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
}

#[test]
fn an_interrupted_series_in_any_order_of_rows() {
    let mut months: Vec<u32> = (0..48).collect();
    months.reverse();
    let outcome: Vec<f64> = months
        .iter()
        .map(|month| {
            let time = f64::from(*month);
            let since = time - 30.0;
            let jump = if since >= 0.0 { 3.0 + 0.2 * since } else { 0.0 };
            20.0 + 0.3 * time
                + jump
                + 2.0 * (1.7 * time).sin()
                + f64::from((month * month * 37) % 11) / 5.0
        })
        .collect();
    let file = File::default().with("t", &months).with("y", &outcome);
    let options = [("outcome", "y"), ("period", "t"), ("start", "30")];
    let answer = ask("interrupted-series", &file, &options).unwrap();
    // statsmodels 0.15.0, OLS with HAC errors of three lags, corrected.
    close(answer.estimates[0].estimate, 3.476_336_944_395_43, 1e-8);
    close(
        answer.estimates[0].standard_error.unwrap(),
        0.506_925_029_722_336_9,
        1e-8,
    );
    close(answer.estimates[1].estimate, 0.168_593_752_635_836_29, 1e-9);
    assert!(has_note(&answer, "correlated_residuals"));
    assert_eq!(answer.tables[0].rows.len(), 18);
    close(number(&answer.tables[0].rows[0][0]), 30.0, 0.0);
    months[5] = 3;
    let file = File::default().with("t", &months).with("y", &outcome);
    let fault = ask("interrupted-series", &file, &options).unwrap_err();
    assert!(matches!(fault, EvaluationError::Data { .. }));
}

#[test]
fn a_cost_says_when_its_interval_has_no_end() {
    let costs: Vec<f64> = (0..80_u32)
        .map(|at| 500.0 + f64::from((at * at * 31) % 101) + if at % 2 == 1 { 300.0 } else { 0.0 })
        .collect();
    let outcome = |gain: f64| -> Vec<f64> {
        (0..80_u32)
            .map(|at| f64::from((at * at * 17) % 29) + if at % 2 == 1 { gain } else { 0.0 })
            .collect()
    };
    let treated: Vec<u32> = (0..80).map(|at| at % 2).collect();
    let file = |gain| {
        File::default()
            .with("cost", &costs)
            .with("y", &outcome(gain))
            .with("d", &treated)
    };
    let options = [
        ("cost", "cost"),
        ("outcome", "y"),
        ("treatment", "d"),
        ("worths", "0,10,100"),
    ];
    let clear = ask("cost", &file(20.0), &options).unwrap();
    let [low, high] = clear.estimates[0].interval.unwrap();
    assert!(low < clear.estimates[0].estimate && clear.estimates[0].estimate < high);
    let ratio = clear.estimates[1].estimate / clear.estimates[2].estimate;
    close(clear.estimates[0].estimate, ratio, 1e-12);
    assert!(
        number(&clear.tables[0].rows[2][3]) > 0.99 && number(&clear.tables[0].rows[0][3]) < 0.01
    );
    let unclear = ask("cost", &file(1.0), &options).unwrap();
    assert_eq!(unclear.estimates[0].interval, None);
    assert!(has_note(&unclear, "fieller_outside") && has_note(&unclear, "bootstrap_unbounded"));
    let alone = ask("cost", &file(20.0), &options[..2]).unwrap();
    assert!(alone.estimates[0].interval.is_some());
}
