//! Comparisons on observed columns as they are asked from a command line: values of MatchIt 4.5.1 and DoubleML 0.11.4, and bad inputs by name.

use wdl_evaluation::{Cell, Evaluation, EvaluationError, Table};

use crate::asked::{File, ask, reference_path};

const LALONDE: [(&str, &str); 3] = [
    ("outcome", "re78"),
    ("treatment", "treat"),
    ("covariates", "age,educ,race,married,nodegree,re74,re75"),
];

/// The reference values under a key.
fn expected(key: &str) -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(reference_path("expected.json")?).unwrap();
    let mut all: serde_json::Value = serde_json::from_str(&text).unwrap();
    Some(all[key].take())
}

fn table<'a>(answer: &'a Evaluation, key: &str) -> &'a Table {
    answer.tables.iter().find(|own| own.key == key).unwrap()
}

fn cell(table: &Table, row: &str, key: &str) -> f64 {
    let at = table
        .columns
        .iter()
        .position(|(own, _)| *own == key)
        .unwrap();
    let row = table
        .rows
        .iter()
        .find(|own| match &own[0] {
            Cell::Words(words) => words == row,
            Cell::Said(said) => said.key == row,
            Cell::Number(_) | Cell::Count(_) | Cell::Flag(_) | Cell::None => false,
        })
        .unwrap();
    number(&row[at])
}

fn number(cell: &Cell) -> f64 {
    match cell {
        Cell::Number(own) => *own,
        Cell::Count(own) => *own as f64,
        other => panic!("{other:?} is no number"),
    }
}

#[track_caller]
fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!(
        (found - wanted).abs() <= tolerance * (1.0 + wanted.abs()),
        "{found} is not {wanted}"
    );
}

fn told(answer: &Evaluation, key: &str) -> bool {
    answer.notes.iter().any(|own| own.key == key)
}

fn left_out(answer: &Evaluation) -> usize {
    answer.sample.left_out.iter().map(|own| own.count).sum()
}

#[test]
fn lalonde_matched() {
    let (Some(file), Some(wanted)) = (
        File::reference("lalonde.csv", b','),
        expected("lalonde_matchit_ipw_aipw"),
    ) else {
        return;
    };
    let value = |key: &str, at: usize| wanted[key][at].as_f64().unwrap();
    let run =
        |more: &[(&str, &str)]| ask("matching", &file, &[&LALONDE[..], more].concat()).unwrap();
    let old = ("neighbour", "below-first");
    let own = run(&[old]);
    near(
        own.estimates[0].estimate,
        value("nn_1to1_ps_att_diffmeans", 0),
        1e-9,
    );
    assert_eq!(own.estimates[1].name, "att_adjusted");
    near(
        own.estimates[1].estimate,
        value("nn_1to1_ps_reg_att", 0),
        1e-8,
    );
    near(
        own.estimates[1].standard_error.unwrap(),
        value("nn_1to1_ps_reg_att_cluster_se", 0),
        1e-8,
    );
    assert_eq!((own.sample.used, left_out(&own)), (370, 244));
    let balance = table(&own, "balance");
    for (at, name) in [
        (0, "propensity"),
        (1, "age"),
        (2, "educ"),
        (4, "race=hispan"),
        (5, "race=white"),
        (6, "married"),
        (8, "re74"),
        (9, "re75"),
    ] {
        near(
            cell(balance, name, "smd_before"),
            value("nn_smd_unmatched", at),
            1e-8,
        );
        near(
            cell(balance, name, "smd_after"),
            value("nn_smd_matched", at),
            1e-8,
        );
    }
    // From MatchIt's own summary of the match.
    near(
        cell(balance, "age", "variance_ratio_after"),
        0.463_337_982_700,
        1e-9,
    );
    assert!(told(&own, "imbalance") && told(&own, "no_unobserved_confounding"));
    let own = run(&[old, ("replace", "")]);
    near(own.estimates[0].estimate, value("nn_replace_att", 0), 1e-9);
    let used = cell(table(&own, "groups"), "others", "weighted");
    near(used, value("nn_replace_ncontrols", 0), 0.0);
    assert!(told(&own, "abadie_imbens"));
    assert!(cell(table(&own, "groups"), "others", "effective") < used);
    let own = run(&[("estimator", "mahalanobis")]);
    near(
        own.estimates[0].estimate,
        value("nn_mahalanobis_att", 0),
        1e-9,
    );
    let own = run(&[("estimator", "subclasses")]);
    near(own.estimates[0].estimate, value("subclass6_att", 0), 1e-9);
    assert_eq!(table(&own, "subclasses").rows.len(), 6);
    let own = run(&[("estimator", "coarsened")]);
    near(own.estimates[0].estimate, value("cem_att", 0), 1e-9);
    let groups = table(&own, "groups");
    near(cell(groups, "treated", "weighted"), value("cem_n", 0), 0.0);
    near(cell(groups, "others", "weighted"), value("cem_n", 1), 0.0);
    assert!(told(&own, "estimand_of_the_matched"));
    assert_eq!(own.sample.used, 140);
    // The caliper holds, unlike that of the reference's version, so some treated stay alone.
    let own = run(&[("caliper", "0.2")]);
    assert!(number(&own.figures["unmatched"]) > 0.0);
    let own = run(&[("within", "race"), ("estimand", "atc"), ("replace", "")]);
    near(
        cell(table(&own, "balance"), "race=white", "smd_after"),
        0.0,
        1e-12,
    );
}

#[test]
fn lalonde_weighted() {
    let (Some(file), Some(wanted)) = (
        File::reference("lalonde.csv", b','),
        expected("lalonde_matchit_ipw_aipw"),
    ) else {
        return;
    };
    let value = |key: &str| wanted[key][0].as_f64().unwrap();
    let run = |more: &[(&str, &str)]| ask("weight", &file, &[&LALONDE[..], more].concat()).unwrap();
    // The reference's score stopped early, at 2e-7 of its maximum.
    for (key, estimand, normalisation) in [
        ("ipw_att_hajek", "att", "hajek"),
        ("ipw_att_horvitz", "att", "horvitz-thompson"),
        ("ipw_ate_hajek", "ate", "hajek"),
        ("ipw_ate_ht", "ate", "horvitz-thompson"),
    ] {
        let own = run(&[
            ("estimator", "ipw"),
            ("estimand", estimand),
            ("normalisation", normalisation),
        ]);
        near(own.estimates[0].estimate, value(key), 3e-7);
        assert_eq!(own.estimates[0].name, estimand);
    }
    for (key, error, estimand) in [
        ("aipw_ate", "aipw_ate_se_if", "ate"),
        ("aipw_att", "aipw_att_se_if", "att"),
    ] {
        let own = run(&[("estimand", estimand)]);
        near(own.estimates[0].estimate, value(key), 3e-7);
        near(own.estimates[0].standard_error.unwrap(), value(error), 3e-7);
        assert!(told(&own, "outside_overlap"));
    }
    let own = run(&[("estimator", "entropy"), ("estimand", "att")]);
    near(number(&own.figures["largest_smd_after"]), 0.0, 1e-8);
    assert!(!told(&own, "imbalance"));
    // Overlap weights of a logit even out the means exactly too (Li, Morgan, Zaslavsky 2018, theorem 3).
    let own = run(&[("estimator", "ipw"), ("estimand", "ato")]);
    near(number(&own.figures["largest_smd_after"]), 0.0, 1e-6);
    let own = run(&[("trim", "0.1")]);
    assert_eq!(own.sample.used + left_out(&own), 614);
    assert!(left_out(&own) > 100 && told(&own, "estimand_of_the_kept"));
    let bound = number(&run(&[("crump", "")]).figures["trim"]);
    assert!(bound > 0.0 && bound < 0.2);
    // Clusters of one row are rows, but for the factor.
    let rows: Vec<usize> = (0..614).collect();
    let file = file.with("row", &rows);
    let asked = [&LALONDE[..], &[("estimand", "att"), ("cluster", "row")]].concat();
    let own = ask("weight", &file, &asked).unwrap();
    near(
        own.estimates[0].standard_error.unwrap(),
        value("aipw_att_se_if") * (614.0_f64 / 613.0).sqrt(),
        3e-7,
    );
}

/// Forty rows with overlap.
fn made() -> File {
    let rows = 0..40_i32;
    let x: Vec<i32> = rows.clone().map(|row| row * 7 % 11).collect();
    let d: Vec<i32> = rows
        .clone()
        .map(|row| i32::from(row * 5 % 13 < 6))
        .collect();
    let y: Vec<f64> = rows
        .map(|row| f64::from(row * 7 % 11) + f64::from(row * 3 % 5) / 2.0)
        .collect();
    let doubled: Vec<i32> = x.iter().map(|own| 3 - 2 * own).collect();
    File::default()
        .with("y", &y)
        .with("d", &d)
        .with("x", &x)
        .with("doubled", &doubled)
        .with("none", &[0; 40])
        .with("all", &[1; 40])
}

fn why(method: &str, file: &File, options: &[(&str, &str)]) -> EvaluationError {
    ask(method, file, options).unwrap_err()
}

fn words(fault: EvaluationError) -> String {
    match fault {
        EvaluationError::NotEstimable { detail } => detail.en.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn bad_inputs_of_matching_and_weights_are_told() {
    let file = made();
    let asked = |treatment: &'static str, covariates: &'static str| {
        [
            ("outcome", "y"),
            ("treatment", treatment),
            ("covariates", covariates),
        ]
    };
    for method in ["matching", "weight"] {
        let fault =
            |treatment, covariates| words(why(method, &file, &asked(treatment, covariates)));
        assert_eq!(fault("none", "x"), "nobody is treated");
        assert_eq!(fault("all", "x"), "everybody is treated");
        let told_apart = fault("d", "x,d");
        assert!(
            told_apart.contains("exactly who is treated"),
            "{told_apart}"
        );
        let fault = why(method, &file, &asked("x", "doubled"));
        assert!(matches!(fault, EvaluationError::NotZeroOne { .. }));
        let own = ask(method, &file, &asked("d", "x,doubled")).unwrap();
        let note = own.notes.iter().find(|own| own.key == "collinear").unwrap();
        assert!(note.text.en.contains("doubled") && note.text.it.contains("doubled"));
        let mut x = vec!["1"; 40];
        x[3] = "inf";
        let broken = made().with("broken", &x);
        let fault = why(method, &broken, &asked("d", "broken"));
        assert!(matches!(fault, EvaluationError::Infinite { count: 1, .. }));
    }
    let more = |more: &[(&'static str, &'static str)]| [&asked("d", "x")[..], more].concat();
    let apart: Vec<f64> = (0..40_i32)
        .map(|row| f64::from(row) + f64::from(row * row % 7) / 10.0)
        .collect();
    let file = made().with("apart", &apart);
    let alone = [&asked("d", "apart")[..], &[("caliper", "0.000000001")]].concat();
    assert!(words(why("matching", &file, &alone)).starts_with("nobody found a match"));
    let alone = [&asked("d", "apart")[..], &[("estimator", "exact")]].concat();
    assert!(words(why("matching", &file, &alone)).starts_with("nobody found a match"));
    for (method, options, option) in [
        ("matching", more(&[("caliper", "-1")]), "caliper"),
        ("matching", more(&[("estimand", "ate")]), "estimand"),
        (
            "matching",
            more(&[("estimator", "exact"), ("ratio", "2")]),
            "ratio",
        ),
        ("matching", more(&[("bins", "3")]), "bins"),
        ("weight", more(&[("trim", "0.6")]), "trim"),
        ("weight", more(&[("trim", "0.1"), ("crump", "")]), "crump"),
        ("weight", more(&[("estimand", "ato")]), "estimand"),
        (
            "weight",
            more(&[("normalisation", "hajek")]),
            "normalisation",
        ),
    ] {
        let fault = why(method, &file, &options);
        assert!(
            matches!(fault, EvaluationError::Options { option: own, .. } if own == option),
            "{fault:?}"
        );
    }
    let one = more(&[("cluster", "all")]);
    assert!(words(why("weight", &file, &one)).contains("one cluster"));
    let negative = more(&[("weights", "doubled")]);
    assert!(matches!(
        why("weight", &file, &negative),
        EvaluationError::Data { .. }
    ));
    let beyond: Vec<i32> = (0..40_i32)
        .map(|row| row % 3 + 9 * i32::from(row * 5 % 13 < 6))
        .collect();
    let file = made().with("beyond", &beyond);
    let asked = [&asked("d", "beyond")[..], &[("estimator", "entropy")]].concat();
    assert!(words(why("weight", &file, &asked)).contains("`beyond`"));
}

const PENSIONS: [(&str, &str); 3] = [
    ("outcome", "nettfa"),
    ("covariates", "inc,age,fsize,marr,male,incsq,agesq"),
    ("fold-column", "fold"),
];

/// The pensions with the folds of the reference.
fn pensions() -> Option<File> {
    let file = File::reference("401ksubs.csv.gz", b',')?;
    let folds: Vec<usize> = (0..9275).map(|row| row % 5).collect();
    Some(file.with("fold", &folds))
}

#[test]
fn pensions_by_double_machine_learning() {
    let (Some(file), Some(wanted)) = (pensions(), expected("double_ml_401k")) else {
        return;
    };
    let run = |more: &[(&str, &str)]| ask("dml", &file, &[&PENSIONS[..], more].concat()).unwrap();
    for (key, model) in [
        ("plr_ols_partialling_out_folds_rowmod5", "plr"),
        ("irm_ate_ols_logit_folds_rowmod5", "irm-ate"),
        ("irm_atte_ols_logit_folds_rowmod5", "irm-atte"),
    ] {
        let own = run(&[("treatment", "e401k"), ("model", model)]);
        let (estimate, wanted) = (&own.estimates[0], &wanted[key]);
        near(estimate.estimate, wanted["coef"].as_f64().unwrap(), 1e-8);
        near(
            estimate.standard_error.unwrap(),
            wanted["se"].as_f64().unwrap(),
            1e-8,
        );
        assert_eq!(own.figures["folds"], Cell::Count(5));
    }
    let instrument = [("treatment", "p401k"), ("instrument", "e401k")];
    let own = run(&[&instrument[..], &[("model", "pliv")]].concat());
    let wanted_iv = &wanted["pliv_ols_folds_rowmod5"];
    near(
        own.estimates[0].estimate,
        wanted_iv["coef"].as_f64().unwrap(),
        1e-8,
    );
    near(
        own.estimates[0].standard_error.unwrap(),
        wanted_iv["se"].as_f64().unwrap(),
        1e-8,
    );
    assert!(told(&own, "exclusion") && !told(&own, "no_unobserved_confounding"));
    let own = run(&[&instrument[..], &[("model", "iivm")]].concat());
    assert!(told(&own, "monotonicity"));
    let own = run(&[("treatment", "e401k")]);
    let wanted = &wanted["plr_ols_sens_cf0.03"];
    let sensitivity = table(&own, "sensitivity");
    let at = |column: usize| number(&sensitivity.rows[0][column]);
    near(at(2), wanted["theta"]["lower"][0].as_f64().unwrap(), 1e-8);
    near(at(3), wanted["theta"]["upper"][0].as_f64().unwrap(), 1e-8);
    // The reference searched its value to 1e-7.
    near(
        number(&own.figures["robustness_value"]),
        wanted["rv"][0].as_f64().unwrap(),
        1e-6,
    );
}

#[test]
fn pensions_by_group() {
    let (Some(file), Some(wanted)) = (pensions(), expected("double_ml_401k")) else {
        return;
    };
    let wanted = &wanted["irm_ate_ols_logit_folds_rowmod5"]["coef"];
    let asked = [&PENSIONS[..], &[("treatment", "e401k"), ("draws", "500")]].concat();
    let own = ask("heterogeneity", &file, &asked).unwrap();
    near(own.estimates[0].estimate, wanted.as_f64().unwrap(), 1e-8);
    assert_eq!(own.estimates[1].name, "projection:constant");
    assert_eq!(own.estimates.len(), 9);
    let groups = table(&own, "group_effects");
    // Groups of one size: the mean of their effects is the effect.
    let effects: Vec<f64> = groups.rows.iter().map(|row| number(&row[2])).collect();
    near(
        effects.iter().sum::<f64>() / 5.0,
        own.estimates[0].estimate,
        1e-9,
    );
    // A single group column: a projection on its indicator has the same two means.
    let marr = [("modifiers", "marr"), ("group", "marr")];
    let own = ask("heterogeneity", &file, &[&asked[..], &marr].concat()).unwrap();
    let groups = table(&own, "group_effects");
    let (single, married) = (cell(groups, "0", "effect"), cell(groups, "1", "effect"));
    near(own.estimates[1].estimate, single, 1e-9);
    near(own.estimates[2].estimate, married - single, 1e-9);
    assert!(cell(groups, "0", "band_lower") < cell(groups, "0", "lower"));
}

#[test]
fn bad_inputs_of_double_machine_learning_are_told() {
    let file = made();
    let base = [("outcome", "y"), ("treatment", "d"), ("covariates", "x")];
    let more = |more: &[(&'static str, &'static str)]| [&base[..], more].concat();
    let own = ask("dml", &file, &more(&[("repeats", "3"), ("folds", "4")])).unwrap();
    let repeats = table(&own, "repeats");
    let mut estimates: Vec<f64> = repeats.rows.iter().map(|row| number(&row[1])).collect();
    estimates.sort_by(f64::total_cmp);
    near(own.estimates[0].estimate, estimates[1], 1e-14);
    let again = ask("dml", &file, &more(&[("repeats", "3"), ("folds", "4")])).unwrap();
    assert_eq!(own.estimates, again.estimates);
    assert_eq!(
        why("dml", &file, &more(&[("model", "pliv")])),
        EvaluationError::Missing {
            option: "instrument"
        }
    );
    for (options, option) in [
        (more(&[("instrument", "x")]), "instrument"),
        (more(&[("folds", "1")]), "folds"),
        (more(&[("folds", "41")]), "folds"),
        (more(&[("repeats", "0")]), "repeats"),
        (more(&[("confounding", "0.1")]), "confounding"),
        (more(&[("confounding", "0.1,1")]), "confounding"),
        (more(&[("clip", "0.5")]), "clip"),
        (more(&[("ridge", "-1")]), "ridge"),
        (more(&[("fold-column", "x"), ("folds", "3")]), "folds"),
    ] {
        let fault = why("dml", &file, &options);
        assert!(
            matches!(fault, EvaluationError::Options { option: own, .. } if own == option),
            "{fault:?}"
        );
    }
    let with = |treatment: &'static str, covariates: &'static str, model: &'static str| {
        let asked = [
            ("outcome", "y"),
            ("treatment", treatment),
            ("covariates", covariates),
            ("model", model),
        ];
        why("dml", &file, &asked)
    };
    assert_eq!(words(with("none", "x", "irm-ate")), "nobody is treated");
    assert!(words(with("d", "x,d", "irm-ate")).contains("exactly who is treated"));
    assert!(words(with("doubled", "x", "plr")).contains("no variation of the treatment"));
    assert!(matches!(
        with("x", "doubled", "irm-atte"),
        EvaluationError::Data { .. }
    ));
    let broken = more(&[("cluster", "x"), ("fold-column", "d")]);
    assert!(matches!(
        why("dml", &file, &broken),
        EvaluationError::Data { .. }
    ));
    for groups in ["1", "21"] {
        let fault = why("heterogeneity", &file, &more(&[("groups", groups)]));
        assert!(matches!(
            fault,
            EvaluationError::Options {
                option: "groups",
                ..
            }
        ));
    }
    let fault = why(
        "heterogeneity",
        &file,
        &[
            ("outcome", "y"),
            ("treatment", "x"),
            ("covariates", "doubled"),
        ],
    );
    assert!(matches!(fault, EvaluationError::NotZeroOne { .. }));
}

#[test]
fn a_rule_for_whom_to_treat() {
    // An effect of two where `a` is above 5 and of minus one elsewhere; treatment by a coin of its own.
    let n = 600_u32;
    let a: Vec<u32> = (0..n).map(|row| (row * 7 + row / 11) % 11).collect();
    let d: Vec<u32> = (0..n).map(|row| (row * 37 + row / 5) % 97 % 2).collect();
    let y: Vec<f64> = (0..n as usize)
        .map(|row| {
            let noise = (row as f64 * 0.618_033_988_749_895).fract() - 0.5;
            let effect = if a[row] > 5 { 2.0 } else { -1.0 };
            f64::from(d[row]) * effect + noise + 0.1 * f64::from(a[row])
        })
        .collect();
    let file = File::default().with("y", &y).with("d", &d).with("a", &a);
    let asked = [("outcome", "y"), ("treatment", "d"), ("covariates", "a")];
    let own = ask("policy-tree", &file, &asked).unwrap();
    let rule = table(&own, "rule");
    assert!(
        rule.rows
            .iter()
            .any(|row| row[0] == Cell::Words("a ≤ 5".to_owned()))
    );
    let share = f64::from(a.iter().filter(|own| **own > 5).count() as u32) / f64::from(n);
    near(number(&own.figures["share_treated"]), share, 1e-12);
    let value = &own.estimates[0];
    assert_eq!(value.name, "policy_value");
    assert!((value.estimate - 2.0 * share).abs() < 4.0 * value.standard_error.unwrap());
    // What it costs comes off what it brings; at a cost above every effect nobody is treated.
    let dear = [&asked[..], &[("cost", "5")]].concat();
    let none = ask("policy-tree", &file, &dear).unwrap();
    near(number(&none.figures["share_treated"]), 0.0, 1e-12);
    assert_eq!(none.estimates[0].estimate, 0.0);
    for (option, value) in [("depth", "3"), ("leaf-min", "0"), ("folds", "2")] {
        let asked = [&asked[..], &[(option, value)]].concat();
        assert!(ask("policy-tree", &file, &asked).is_err(), "{option}");
    }
}

#[test]
fn the_rows_behind_a_matching_are_those_that_were_matched() {
    // Twelve treated and fifteen others, of whom each treated takes one.
    let ages: Vec<f64> = (0..27).map(|at| f64::from(at * 7 % 27)).collect();
    let treated: Vec<i64> = (0..27).map(|at| i64::from(at % 9 < 4)).collect();
    let outcome: Vec<f64> = ages.iter().map(|age| age / 3.0).collect();
    let file = File::default()
        .with("age", &ages)
        .with("treated", &treated)
        .with("y", &outcome);
    let options = [
        ("outcome", "y"),
        ("treatment", "treated"),
        ("covariates", "age"),
    ];
    let answer = ask("matching", &file, &options).unwrap();
    let rows = |group: &str| {
        let own = answer.behind.iter().find(|own| own.group == group);
        own.unwrap().rows.clone()
    };
    let of = |wanted: i64| -> Vec<usize> { (0..27).filter(|at| treated[*at] == wanted).collect() };
    assert_eq!(rows("treated"), of(1));
    let others = rows("others");
    assert_eq!(others.len(), 12);
    assert!(others.iter().all(|row| treated[*row] == 0));
    assert_eq!(answer.estimates[0].units, Some(12));
}
