//! Discontinuities as they are asked from a command line, beside rdrobust 2.1.1 and rddensity 3.0.

use wdl_evaluation::{Cell, Evaluation, EvaluationError, Table};

use crate::asked::{File, ask};

const SENATE: [(&str, &str); 3] = [("outcome", "vote"), ("running", "margin"), ("cutoff", "0")];

fn table<'a>(answer: &'a Evaluation, key: &str) -> &'a Table {
    answer.tables.iter().find(|own| own.key == key).unwrap()
}

fn number(table: &Table, row: usize, key: &str) -> f64 {
    let column = table
        .columns
        .iter()
        .position(|(own, _)| *own == key)
        .unwrap();
    match &table.rows[row][column] {
        Cell::Number(own) => *own,
        Cell::Count(own) => *own as f64,
        other => panic!("{other:?} is no number"),
    }
}

fn near(found: f64, wanted: f64) {
    assert!(
        (found - wanted).abs() <= 1e-8 * wanted.abs(),
        "{found} {wanted}"
    );
}

#[test]
fn senate_by_name() {
    let Some(file) = File::reference("senate.csv", b',') else {
        return;
    };
    let answer = ask("rd", &file, &SENATE).unwrap();
    let robust = &answer.estimates[0];
    assert_eq!(robust.name, "robust");
    near(robust.estimate, 7.506502364866051);
    near(robust.interval.unwrap()[0], 4.093698661453887);
    near(
        number(table(&answer, "sides"), 0, "bandwidth"),
        17.75439819269227,
    );
    near(answer.estimates[1].estimate, 7.414130749110065);
    let given = [("bandwidth", "10"), ("bias-bandwidth", "20,20")];
    let answer = ask("rd", &file, &[&SENATE[..], &given].concat()).unwrap();
    near(
        answer.estimates[0].standard_error.unwrap(),
        2.066582781501344,
    );
    let clustered = ask(
        "rd",
        &file,
        &[&SENATE[..], &[("cluster", "state")]].concat(),
    )
    .unwrap();
    near(clustered.estimates[0].estimate, 7.504956304285024);
    let answer = ask("rd-density", &file, &SENATE[1..]).unwrap();
    near(answer.estimates[0].statistic.unwrap(), -0.8752730140825867);
    near(answer.estimates[0].p_value.unwrap(), 0.38142537375718155);
}

#[test]
fn senate_checks() {
    let Some(file) = File::reference("senate.csv", b',') else {
        return;
    };
    let more = [
        ("covariates", "population,dopen"),
        ("window", "2"),
        ("draws", "500"),
    ];
    let answer = ask("rd-checks", &file, &[&SENATE[..], &more].concat()).unwrap();
    for (key, rows) in [
        ("placebos", 4),
        ("donuts", 3),
        ("bandwidths", 6),
        ("covariates", 2),
        ("window", 1),
    ] {
        assert_eq!(table(&answer, key).rows.len(), rows, "{key}");
    }
    // The third share is the whole bandwidth: the estimate itself.
    let own = number(table(&answer, "bandwidths"), 2, "estimate");
    near(own, answer.estimates[0].estimate);
}

#[test]
fn bad_requests_are_told() {
    let running: Vec<f64> = (0..300).map(|row| f64::from(row % 5) - 2.0).collect();
    let outcome: Vec<f64> = (0..300).map(|row| f64::from(row * 7 % 11)).collect();
    let file = File::default().with("x", &running).with("y", &outcome);
    let base = [("outcome", "y"), ("running", "x")];
    let fault = |more: &[(&str, &str)]| ask("rd", &file, &[&base[..], more].concat()).unwrap_err();
    assert!(matches!(
        fault(&[]),
        EvaluationError::Missing { option: "cutoff" }
    ));
    assert!(matches!(
        fault(&[("cutoff", "9")]),
        EvaluationError::NotEstimable { .. }
    ));
    assert!(matches!(
        fault(&[("cutoff", "0")]),
        EvaluationError::NotEstimable { .. }
    ));
    let twice = [("cutoff", "0"), ("bias-bandwidth", "1")];
    assert!(matches!(fault(&twice), EvaluationError::Options { .. }));
    let window = [("cutoff", "0"), ("window", "1"), ("draws", "200")];
    let answer = ask("rd-checks", &file, &[&base[..], &window].concat()).unwrap();
    assert!(answer.estimates.is_empty());
    assert_eq!(number(table(&answer, "window"), 0, "below"), 60.0);
}

#[test]
fn the_rows_behind_an_estimate_are_those_within_the_bandwidth() {
    // Rows without a score stand in between: places in the table are told, not among the rows used.
    let mut scores = Vec::new();
    let mut outcomes = Vec::new();
    for at in 0..400_u32 {
        let score = f64::from((at * 37) % 400) / 200.0 - 1.0;
        outcomes.push(score + f64::from((at * at) % 17) / 10.0);
        scores.push(match at % 10 {
            3 => String::new(),
            _ => score.to_string(),
        });
    }
    let words: Vec<&str> = scores.iter().map(String::as_str).collect();
    let file = File::default().with("score", &words).with("y", &outcomes);
    for kernel in ["triangular", "uniform"] {
        let options = [
            ("outcome", "y"),
            ("running", "score"),
            ("cutoff", "0"),
            ("kernel", kernel),
        ];
        let answer = ask("rd", &file, &options).unwrap();
        let sides = table(&answer, "sides");
        for (at, (group, column)) in [
            ("below", "effective"),
            ("above", "effective"),
            ("below_bias", "effective_bias"),
            ("above_bias", "effective_bias"),
        ]
        .into_iter()
        .enumerate()
        {
            let behind = answer.behind.iter().find(|own| own.group == group).unwrap();
            assert_eq!(behind.rows.len() as f64, number(sides, at % 2, column));
            let is_above = |row: &usize| scores[*row].parse::<f64>().unwrap() >= 0.0;
            assert!(behind.rows.iter().all(|row| is_above(row) == (at % 2 == 1)));
        }
    }
}
